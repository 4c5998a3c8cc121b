// Ctrl/⌘K: a combobox (ARIA 1.2) over GET <palette>?q=, which answers with a piece of HTML. Old questions are dropped, composing is not disturbed.
import {words} from "./arrive.js";
import {close, open} from "./dialogs.js";

const address = document.body.dataset.palette, dialog = document.getElementById("palette");
if (address && dialog) begin();

function begin() {
  const field = dialog.querySelector("#palette-input"), list = dialog.querySelector("#palette-list"), said = dialog.querySelector("#palette-said");
  const options = () => [...list.querySelectorAll("[role=option][href]")];
  let asked = null, timer = 0, at = -1;

  const show = () => { open(dialog); field.focus(); field.select(); ask(); };
  document.addEventListener("click", event => event.target.closest("[data-palette-open]") && show());
  document.addEventListener("keydown", event => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    if (dialog.open) close(dialog); else show();
  });

  async function ask() {
    asked?.abort();
    const mine = asked = new AbortController();
    list.classList.add("busy");
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(field.value.trim())}`, {signal: mine.signal, credentials: "same-origin", headers: {"HX-Request": "true", "Accept": "text/html"}});
      const away = answer.headers.get("HX-Redirect");
      if (away) { location.href = away; return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine !== asked) return;
      list.innerHTML = html;
      choose(options().length ? 0 : -1);
      said.textContent = options().length ? String(options().length) : words.nothing;
    } catch (error) {
      if (error.name !== "AbortError") { list.replaceChildren(); said.textContent = words.away; choose(-1); }
    } finally {
      if (mine === asked) list.classList.remove("busy");
    }
  }

  function choose(next) {
    const all = options();
    all[at]?.setAttribute("aria-selected", "false");
    for (const one of all) one.setAttribute("aria-selected", "false");
    at = next;
    const chosen = all[at];
    if (!chosen) { field.removeAttribute("aria-activedescendant"); return; }
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({block: "nearest"});
    field.setAttribute("aria-activedescendant", chosen.id);
  }

  field.addEventListener("input", event => { if (event.isComposing) return; clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = options(), step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && all.length) { event.preventDefault(); choose((at + step + all.length) % all.length); }
    else if (event.key === "Home" && event.ctrlKey) { event.preventDefault(); choose(0); }
    else if (event.key === "End" && event.ctrlKey) { event.preventDefault(); choose(all.length - 1); }
    else if (event.key === "Enter" && all[at]) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(all[at].href, "_blank", "noopener"); else { close(dialog); all[at].click(); }
    }
  });
  list.addEventListener("pointermove", event => {
    const over = options().indexOf(event.target.closest("[role=option]"));
    if (over >= 0 && over !== at) choose(over);
  });
}
