// Shortcuts of one letter. Silent while typing or composing, and where the person has switched them off.
import {isTyping} from "./arrive.js";
import {open} from "./dialogs.js";

const rows = () => [...document.querySelectorAll("[data-row]")].filter(row => row.offsetParent);
const current = () => document.querySelector(".at [data-row]") ?? (document.activeElement?.matches("[data-row]") ? document.activeElement : null);
let going = 0;

function step(by) {
  const all = rows(), at = all.indexOf(current()), next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  if (!next) return;
  for (const row of document.querySelectorAll(".at")) row.classList.remove("at");
  next.closest("tr, li, article")?.classList.add("at");
  next.focus();
  next.scrollIntoView({block: "nearest"});
}
const press = selector => { const one = [...document.querySelectorAll(selector)].find(found => found.offsetParent); one?.click(); return Boolean(one); };
const into = selector => { const one = document.querySelector(selector); one?.focus(); one?.select?.(); return Boolean(one); };

const KEYS = {
  "?": () => open(document.getElementById("keys")),
  "c": () => press("[data-create]") || press("[data-palette-open]"),
  "/": () => into("[data-search]") || press("[data-palette-open]"),
  "j": () => step(1), "k": () => step(-1),
  "x": () => current()?.closest("tr")?.querySelector(".pick")?.click(),
  "e": () => press("[data-edit]"),
  "n": () => into("[data-write]"),
};

document.addEventListener("click", event => event.target.closest("[data-keys-open]") && open(document.getElementById("keys")));
document.addEventListener("keydown", event => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
  if (document.querySelector("dialog[open]")) return;
  if (Date.now() - going < 1200) {
    going = 0;
    const way = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (way) { event.preventDefault(); way.click(); }
    return;
  }
  if (event.key === "g") { going = Date.now(); return; }
  if (!(event.key in KEYS) || (event.key === "?" && !document.getElementById("keys"))) return;
  event.preventDefault();
  KEYS[event.key]();
});
// Esc leaves the field that "/" or "n" went to.
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && event.target.matches?.("[data-search], [data-write]")) event.target.blur();
});
