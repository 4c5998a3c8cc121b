// form[data-draft="followup:…"]: what is being written is kept in this browser, per company, person and record, until it is saved.
// What any other form held when its sender turned out to be signed out is kept until they are back, and open that form again.
import {arrive, scope, words} from "./arrive.js";
import {say} from "./toasts.js";

const PREFIX = "draft:", WEEKS_2 = 14 * 24 * 3600 * 1000;
const key = form => `${PREFIX}${scope}:${form.dataset.draft}`;
const fields = form => [...form.elements].filter(f => f.name && !["hidden", "password", "file", "submit", "button"].includes(f.type));
const value = field => ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;

function keep(form) {
  const typed = [...form.querySelectorAll("textarea, input[type=text]")].some(field => field.value.trim());
  if (typed) write(key(form), form); else drop(form);
}
function write(name, form) {
  try { localStorage.setItem(name, JSON.stringify({at: Date.now(), values: fields(form).map(f => [f.name, value(f)])})); } catch { /* private mode, or full: then there is no draft */ }
}
const drop = form => localStorage.removeItem(key(form));

arrive("form[data-draft]", form => {
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keep(form), 300); });
  form.addEventListener("htmx:after:request", event => {
    if (event.detail.ctx.sourceElement !== form || event.detail.ctx.response.status >= 400) return;
    clearTimeout(timer);
    drop(form);
    form.reset();
  });
  if (!form.hasAttribute("hx-post")) form.addEventListener("submit", () => { clearTimeout(timer); drop(form); });
  restore(form);
});

function restore(form) {
  const kept = JSON.parse(localStorage.getItem(key(form)) || "null");
  if (!kept || Date.now() - kept.at > WEEKS_2) { drop(form); return; }
  if (form.querySelector("[aria-invalid=true]") || [...form.querySelectorAll("textarea")].some(area => area.value)) return;
  fill(form, kept);
}
function fill(form, kept) {
  fields(form).forEach((field, at) => {
    const [name, was] = kept.values[at] ?? [];
    if (name !== field.name) return;
    if (typeof was === "boolean") field.checked = was; else field.value = was;
  });
  say(words.draft, {kind: "news"});
}

const SENT = "form[method=post]:not([data-draft])";
const WAIT = 3600 * 1000; // longer ago it was about something else
const cut = form => `${PREFIX}${scope}:cut:${new URL(form.action).pathname}`;
document.addEventListener("htmx:before:swap", ({detail: {ctx}}) => rescue(ctx));
document.addEventListener("htmx:after:request", ({detail: {ctx}}) => rescue(ctx));
function rescue({sourceElement: form, response}) {
  if (response?.status === 401 && form instanceof HTMLFormElement && form.matches(SENT)) write(cut(form), form);
}
arrive(SENT, form => {
  const kept = JSON.parse(localStorage.getItem(cut(form)) || "null");
  if (!kept) return;
  localStorage.removeItem(cut(form));
  if (Date.now() - kept.at < WAIT) fill(form, kept);
});

document.addEventListener("submit", event => {
  if (!event.target.matches("[data-sign-out]")) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
});
