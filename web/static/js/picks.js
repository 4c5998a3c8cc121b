// select[data-pick] becomes a field that finds while typing (Tom Select); with an address in it, it asks the server: [{value, text, note}].
import {arrive, library, words} from "./arrive.js";

const load = library(new URL("../vendor/tom-select-2.6.2/tom-select.complete.min.js", import.meta.url), "TomSelect");

const plain = text => { const node = document.createElement("div"); node.textContent = text; return node; };
function option(data) {
  const node = plain(data.text);
  if (data.note) { const note = document.createElement("small"); note.textContent = data.note; node.append(note); }
  return node;
}

arrive("select[data-pick]", async select => {
  const TomSelect = await load().catch(() => null);
  if (!TomSelect || !select.isConnected || select.tomselect) return;
  const url = select.dataset.pick, creates = "pickCreate" in select.dataset;
  const pick = new TomSelect(select, {
    maxOptions: 200, create: creates, persist: !creates, closeAfterSelect: !select.multiple, selectOnTab: true, openOnFocus: true,
    plugins: select.multiple ? {remove_button: {title: words.remove}} : {},
    valueField: "value", labelField: "text", searchField: ["text", "note", "value"],
    ...(url ? {load: (query, done) => fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`, {credentials: "same-origin", headers: {Accept: "application/json"}})
      .then(answer => answer.ok ? answer.json() : []).then(found => { pick.clearOptions(); done(found); }, () => done()), searchField: [], preload: "focus", loadThrottle: 150} : {}),
    render: {
      option, item: data => plain(data.text),
      no_results: () => Object.assign(plain(words.nothing), {className: "no-results"}),
      option_create: data => Object.assign(plain(words.create.replace("{text}", data.input)), {className: "create"}),
    },
  });
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"], label[for="${CSS.escape(select.id)}-ts-control"]`);
  select.setAttribute("aria-hidden", "true");
  if (label) pick.control_input.setAttribute("aria-label", label.textContent.replace("*", "").trim());
  for (const told of ["aria-invalid", "aria-describedby"]) if (select.hasAttribute(told)) pick.control_input.setAttribute(told, select.getAttribute(told));
});
