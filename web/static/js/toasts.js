// Toasts leave after 10 s (5 s without undo), not while the pointer or the focus is on them.
import {arrive, words} from "./arrive.js";

const place = document.getElementById("toasts");

export function say(text, {kind = "good"} = {}) {
  const toast = document.createElement("div"), line = document.createElement("p"), close = document.createElement("button");
  toast.className = "toast-z";
  toast.dataset.toast = kind;
  line.textContent = text;
  close.type = "button";
  close.dataset.closeToast = "";
  close.ariaLabel = words.close;
  close.textContent = "×";
  toast.append(line, close);
  place.append(toast);
  watch(toast);
}

function watch(toast) {
  let left = toast.querySelector("form") || toast.dataset.toast === "bad" ? 10000 : 5000, since = 0, timer = 0;
  const go = () => { since = Date.now(); timer = setTimeout(() => remove(toast), left); };
  const wait = () => { clearTimeout(timer); left -= Date.now() - since; };
  for (const stop of ["pointerenter", "focusin"]) toast.addEventListener(stop, wait);
  for (const start of ["pointerleave", "focusout"]) toast.addEventListener(start, () => { clearTimeout(timer); left = Math.max(left, 2000); go(); });
  go();
}

function remove(toast) {
  toast.classList.add("going");
  setTimeout(() => toast.remove(), 150);
}

const met = new WeakSet();
arrive("[data-toast]", toast => { if (!met.has(toast)) { met.add(toast); watch(toast); } });
document.addEventListener("click", event => {
  const close = event.target.closest("[data-close-toast]");
  if (close) remove(close.closest("[data-toast]"));
});
place.addEventListener("submit", event => setTimeout(() => remove(event.target.closest("[data-toast]")), 0));

// A modal dialog lies over everything and makes the rest inert: toasts go with it.
export function carry(to) {
  (to ?? document.body).append(place);
}
