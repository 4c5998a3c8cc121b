// Edit in place: Esc cancels, the focus stays where it was, leaving an untouched field puts it back.
let from = null;

document.addEventListener("htmx:before:request", event => {
  const fact = event.target.closest?.("[data-fact], [data-fact-form]");
  if (fact) from = fact.closest("dd");
});
document.addEventListener("htmx:after:settle", event => {
  const cell = event.target;
  if (!(cell instanceof HTMLElement) || cell !== from) return;
  const field = cell.querySelector("[data-fact-form] :is(input:not([type=hidden]), select, textarea, .ts-control input)");
  setTimeout(() => {
    (field ?? cell.querySelector("[data-fact]"))?.focus();
    if (field?.select && field.type !== "date") field.select();
  });
});
document.addEventListener("keydown", event => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  const form = event.target.closest?.("[data-fact-form]");
  if (!form) return;
  event.preventDefault();
  form.querySelector("[data-cancel]").click();
});
