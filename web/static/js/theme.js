// Runs before the first paint, so that the page never flashes in the other theme. The person's choice is on <html data-theme>.
(() => {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
  };
  show();
  dark.addEventListener("change", show);
  new MutationObserver(show).observe(root, {attributeFilter: ["data-theme"]});
})();
