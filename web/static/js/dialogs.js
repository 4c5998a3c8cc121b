// One native dialog for whatever htmx puts into #dialog, questions before dangerous forms, and dialogs that lie ready in the page.
import {words} from "./arrive.js";
import {carry} from "./toasts.js";

const frame = document.getElementById("dialog-frame"), inside = document.getElementById("dialog");
const openers = new WeakMap();

export function open(dialog) {
  if (dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  carry(dialog);
  const first = dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("[autofocus]") ?? dialog.querySelector(".dialog-main input:not([type=hidden]):not([type=checkbox]), .dialog-main select, .dialog-main textarea, input:not([type=hidden])");
  first?.focus();
}

export function close(dialog = document.querySelector("dialog[open]")) {
  dialog?.close();
}

document.addEventListener("close", event => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  carry(document.querySelector("dialog[open]"));
  if (event.target === frame) inside.replaceChildren();
  const opener = openers.get(event.target);
  if (opener?.isConnected) opener.focus({preventScroll: true});
}, true);
// Whichever way a dialog is closed by hand: what was typed is not thrown away without a question.
function leave(dialog) {
  if (isDirty(dialog)) ask(words.leave).then(yes => yes && close(dialog)); else close(dialog);
}
document.addEventListener("cancel", event => {
  if (!(event.target instanceof HTMLDialogElement) || !isDirty(event.target)) return;
  event.preventDefault();
  leave(event.target);
}, true);

let isDone = false; // it is emptied when its close event comes, which may be after the swap
document.addEventListener("htmx:after:swap", event => {
  if (event.detail.ctx.target !== inside) return;
  if (isDone) { isDone = false; return; }
  if (inside.childElementCount) open(frame); else close(frame);
});
// Done in the dialog, and nothing of it is left to show: only pieces elsewhere and toasts.
document.addEventListener("htmx:before:swap", event => {
  const {ctx, tasks} = event.detail;
  if (ctx.target === inside && frame.open && ctx.response?.status < 400 && !tasks.some(task => task.type === "main")) { isDone = true; close(frame); }
});
document.addEventListener("dialog:close", () => close(frame));

document.addEventListener("click", event => {
  const opens = event.target.closest("[data-opens]"), closes = event.target.closest("dialog [data-close]");
  if (opens) { event.preventDefault(); open(document.getElementById(opens.dataset.opens)); }
  else if (closes) { event.preventDefault(); leave(closes.closest("dialog")); }
  else if (event.target instanceof HTMLDialogElement && !isDirty(event.target) && isOutside(event)) close(event.target);
});
// Forms that only ask (filters) lose nothing, and drafts keep themselves. A refused form holds what was typed as if it had come so.
const isDirty = dialog => [...dialog.querySelectorAll("form[method=post]:not([data-draft], [data-autosend])")]
  .some(form => form.querySelector("[aria-invalid=true]") || [...form.elements].some(field => field.name && isChanged(field)));
function isChanged(field) {
  if (["hidden", "submit", "button", "fieldset"].includes(field.type)) return false;
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.matches("select") ? touched.has(field) : field.value !== field.defaultValue;
}
const touched = new WeakSet(); // a select does not know what it was when nothing in it was marked
document.addEventListener("change", event => event.target.matches?.("select") && touched.add(event.target));
function isOutside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// data-confirm on a form: ask in a dialog of ours, not in the browser's.
const sure = new WeakSet();
document.addEventListener("submit", event => {
  const form = event.target, question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (!question || sure.has(form)) { sure.delete(form); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, {verb: event.submitter?.textContent.trim(), danger: event.submitter?.classList.contains("danger")}).then(yes => {
    if (!yes) return;
    sure.add(form);
    form.requestSubmit(event.submitter ?? undefined);
  });
}, true);

export function ask(question, {verb = "", danger = false} = {}) {
  return new Promise(answer => {
    const dialog = document.createElement("dialog"), main = document.createElement("div"), text = document.createElement("p"), row = document.createElement("div");
    dialog.className = "dialog asks";
    dialog.setAttribute("aria-label", question);
    main.className = "dialog-main asks-main";
    row.className = "together";
    text.textContent = question;
    const yes = button(verb || words.yes, danger ? "box primary danger" : "box primary"), no = button(words.no, "box");
    row.append(yes, no);
    main.append(text, row);
    dialog.append(main);
    document.body.append(dialog);
    yes.onclick = () => { dialog.returnValue = "yes"; dialog.close("yes"); };
    no.onclick = () => dialog.close("no");
    dialog.addEventListener("close", () => { answer(dialog.returnValue === "yes"); dialog.remove(); });
    open(dialog);
    yes.focus();
  });
}

function button(label, kind) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = kind;
  one.textContent = label;
  return one;
}
