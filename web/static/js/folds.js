// On a phone the panels beside the timeline start folded. Forms of files are sent as soon as files are chosen.
import {arrive} from "./arrive.js";

const phone = matchMedia("(max-width: 640px)");
const opened = new Set();  // by id: a panel that the person has opened stays open when htmx brings it anew

arrive("details[data-fold-on-phone]", panel => {
  if (phone.matches && !opened.has(panel.id)) panel.open = false;
  panel.addEventListener("toggle", () => { if (panel.open) opened.add(panel.id); else opened.delete(panel.id); });
});
// On a wide screen they are plain panels, which a click does not fold.
document.addEventListener("click", event => {
  const title = event.target.closest("details[data-fold-on-phone] > summary");
  if (title && !phone.matches) event.preventDefault();
});

// Where the line of stages is wider than the screen, the present one is in sight.
arrive(".line", line => {
  const now = line.querySelector("[aria-current=step]");
  if (now && line.scrollWidth > line.clientWidth) line.scrollLeft = now.offsetLeft - line.offsetLeft - (line.clientWidth - now.offsetWidth) / 2;
});

arrive("form[data-send-on-choice]", form => {
  form.classList.add("sends-itself");
  form.addEventListener("change", event => { if (event.target.type === "file" && event.target.files.length) form.requestSubmit(); });
});

// The box for writing folds when the focus leaves it. Left by a press elsewhere it stays, or it would draw from under the pointer what is pressed.
document.addEventListener("pointerdown", event => {
  const box = document.activeElement?.closest?.(".write");
  if (box && !box.contains(event.target)) box.classList.add("open");
});
