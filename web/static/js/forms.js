// Forms: sent once, errors found at once, Ctrl+Enter saves, nothing typed is lost by a slip.
import {words} from "./arrive.js";

const isOurs = form => form instanceof HTMLFormElement && form.method === "post" && !form.hasAttribute("hx-post");

document.addEventListener("submit", event => {
  if (event.defaultPrevented || !isOurs(event.target)) return;
  if (event.target.classList.contains("sending")) { event.preventDefault(); return; }
  event.target.classList.add("sending");
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form.sending")) form.classList.remove("sending"); });

const firstWrong = root => root.querySelector?.("[aria-invalid=true]");
firstWrong(document)?.focus();
// What is kept as it was typed (a password) does not learn by itself that it is wrong.
function tellKept(field) {
  const isWrong = document.getElementById(`${field.id}-error`) !== null;
  if (isWrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
}
document.addEventListener("htmx:after:settle", event => {
  document.querySelectorAll("input[hx-preserve]").forEach(tellKept);
  const wrong = event.detail.task?.type === "main" && firstWrong(event.target.isConnected ? event.target : document);
  if (wrong) setTimeout(() => wrong.focus());
});

document.addEventListener("keydown", event => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form");
  if (!form || event.target.closest(".palette")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".primary[type=submit], button.primary:not([type=button])") ?? undefined);
});

// data-reveal beside a password field shows and hides it.
document.addEventListener("click", event => {
  const eye = event.target.closest("[data-reveal]");
  if (!eye) return;
  const field = document.getElementById(eye.dataset.reveal);
  field.type = field.type === "password" ? "text" : "password";
  eye.setAttribute("aria-pressed", String(field.type === "text"));
});

// data-autosend: a filter form that needs no button.
document.addEventListener("change", event => event.target.form?.matches("[data-autosend]") && event.target.form.requestSubmit());

// A long form that was changed and not sent asks before the page is left. Drafts keep themselves.
let changed = null;
document.addEventListener("input", event => { const form = event.target.closest?.("form[data-guard]"); if (form) changed = form; });
document.addEventListener("submit", event => { if (event.target === changed) changed = null; });
addEventListener("beforeunload", event => { if (changed?.isConnected) { event.preventDefault(); event.returnValue = words.leave; } });
