// [data-arrange]: rows with data-place are put in order by dragging, or with Alt and the arrows. Each has buttons that do the same.
import {arrive, library} from "./arrive.js";

const load = library(new URL("../vendor/sortablejs-1.15.7/Sortable.min.js", import.meta.url), "Sortable");

const rows = body => [...body.querySelectorAll("[data-place]")];
const put = (row, position) => window.htmx.ajax("POST", row.dataset.place, {source: row, target: row.closest("[data-arrange]"), swap: "innerHTML", values: {position}});

arrive("[data-arrange] tbody", async body => {
  const Sortable = await load().catch(() => null);
  if (!Sortable || !body.isConnected) return;
  new Sortable(body, {
    draggable: "[data-place]", filter: "form, button", preventOnFilter: false, chosenClass: "lifted", ghostClass: "gap", delay: 180, delayOnTouchOnly: true,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onEnd: ({item, oldIndex, newIndex}) => { if (!item.getAttribute("style")) item.removeAttribute("style"); if (oldIndex !== newIndex) put(item, rows(body).indexOf(item)); },
  });
});
document.addEventListener("keydown", event => {
  const row = event.target.closest?.("[data-place]"), by = {ArrowUp: -1, ArrowDown: 1}[event.key];
  if (!row || !by || !event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const all = rows(row.parentElement), position = all.indexOf(row) + by;
  if (position >= 0 && position < all.length) put(row, position)?.then(() => document.querySelector(`[data-place="${CSS.escape(row.dataset.place)}"] [data-row]`)?.focus());
});
