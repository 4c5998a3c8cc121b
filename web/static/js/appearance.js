// Light, dark, or as the system: at once here, in a cookie for the next page, and for other tabs.
import {arrive, post} from "./arrive.js";

const root = document.documentElement;
const mark = () => { for (const one of document.querySelectorAll("[data-set-theme]")) one.setAttribute("aria-pressed", String(one.dataset.setTheme === root.dataset.theme)); };

document.addEventListener("click", event => {
  const choice = event.target.closest("[data-set-theme]")?.dataset.setTheme;
  if (!choice) return;
  root.dataset.theme = choice;
  document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  mark();
  // Signed in, the choice follows the person to other devices; the cookie serves until the next try if this one fails.
  if (document.body.dataset.themeAddress) post(document.body.dataset.themeAddress, {theme: choice}).catch(() => {});
});
mark();

const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
arrive("[data-command-key]", key => { if (isMac) key.textContent = "⌘K"; });
