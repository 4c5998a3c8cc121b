// Selecting rows for bulk actions: a page, a range with Shift, or all that match.
import {words} from "./arrive.js";

const picks = () => [...document.querySelectorAll(".pick")];
let last = null;

function count() {
  const bulk = document.querySelector("[data-bulk]");
  if (!bulk) return;
  const all = picks(), chosen = all.filter(box => box.checked), head = document.querySelector("[data-pick-all]");
  const total = Number(bulk.dataset.total || 0), whole = bulk.querySelector("[data-bulk-all]"), field = bulk.querySelector("[data-bulk-all-field]");
  if (chosen.length < all.length) field.value = "";
  bulk.hidden = !chosen.length;
  bulk.querySelector("[data-bulk-count]").textContent = words.selected.replace("{n}", (field.value ? total : chosen.length).toLocaleString("en"));
  if (whole) whole.hidden = Boolean(field.value) || chosen.length < all.length || total <= all.length;
  if (head) { head.checked = chosen.length > 0 && chosen.length === all.length; head.indeterminate = chosen.length > 0 && chosen.length < all.length; }
}

document.addEventListener("click", event => {
  const box = event.target;
  if (box.matches?.(".pick")) {
    const all = picks(), a = all.indexOf(last), b = all.indexOf(box);
    if (event.shiftKey && a >= 0) for (const one of all.slice(Math.min(a, b), Math.max(a, b) + 1)) one.checked = box.checked;
    last = box;
    count();
  } else if (box.matches?.("[data-pick-all]")) { for (const one of picks()) one.checked = box.checked; count(); }
  else if (box.closest?.("[data-bulk-none]")) { for (const one of picks()) one.checked = false; count(); }
  else if (box.closest?.("[data-bulk-all]")) { document.querySelector("[data-bulk-all-field]").value = "1"; count(); }
});
document.addEventListener("change", event => event.target.matches?.(".pick") && count());
document.addEventListener("htmx:after:settle", count);
addEventListener("pageshow", count);
