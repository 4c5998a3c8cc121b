// The number at the bell, asked for while somebody looks: not in a hidden tab, and no more once the server says who-are-you.
const EVERY = 30000; // milliseconds
const bell = document.querySelector("[data-bell]");
let asked = Date.now(), timer = 0;

async function ask() {
  asked = Date.now();
  const answer = await fetch(bell.dataset.bell, {credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(10000)}).catch(() => null);
  if (answer?.ok) show(await answer.text());
  else if (answer && answer.status < 500) clearInterval(timer);
}
function show(html) {
  const count = document.getElementById("bell-count"), fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (count && count.textContent.trim() !== fresh.textContent.trim()) count.replaceChildren(...fresh.childNodes);
}
const look = () => document.visibilityState === "visible" && Date.now() - asked >= EVERY - 1000 && ask();

if (bell) {
  timer = setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
