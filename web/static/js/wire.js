// The line to the server: a sign of life at once, and a plain sentence when it is cut.
import {words} from "./arrive.js";
import {say} from "./toasts.js";

const bar = document.getElementById("working");
let open = 0;
const show = () => bar.classList.toggle("on", open > 0);

document.addEventListener("htmx:before:request", () => { open += 1; show(); });
document.addEventListener("htmx:finally:request", () => { open = Math.max(0, open - 1); show(); });

// Leaving for another page is work too; coming back by the back button is not.
addEventListener("beforeunload", () => bar.classList.add("on"));
addEventListener("pageshow", () => { open = 0; show(); });

document.addEventListener("htmx:error", event => {
  const {error, ctx} = event.detail;
  if (!ctx?.request) return;
  say(ctx.request.signal?.reason === "timeout" || error?.name === "TimeoutError" ? words.slow : words.away, {kind: "bad"});
});
// A refusal brings its own toast. What comes without one (a proxy's page, a crash) is never swapped in.
document.addEventListener("htmx:response:error", event => {
  const {ctx} = event.detail;
  const ours = ctx.text?.includes("data-toast") || ctx.hx?.redirect || [409, 422].includes(ctx.response.status);
  if (!ours) say(words.broken, {kind: "bad"});
});
