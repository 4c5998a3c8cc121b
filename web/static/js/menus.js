// Menus are <details>: they open without scripts. With them: arrows, Home, End, Esc, one open at a time, never cut off by their box.
const isMenu = node => node instanceof HTMLDetailsElement && node.classList.contains("menu");
const entries = menu => [...menu.querySelectorAll(".menu-list .entry")].filter(entry => !entry.disabled);

document.addEventListener("toggle", event => {
  const menu = event.target;
  if (!isMenu(menu) || !menu.open) return;
  for (const other of document.querySelectorAll("details.menu[open]")) if (other !== menu && !other.contains(menu)) other.open = false;
  place(menu);
}, true);

function place(menu) {
  const list = menu.querySelector(".menu-list"), box = menu.querySelector("summary").getBoundingClientRect();
  const width = list.offsetWidth, height = list.offsetHeight, below = innerHeight - box.bottom - 12;
  list.style.position = "fixed";
  list.style.right = "auto";
  list.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
  list.style.top = `${height > below && box.top > below ? Math.max(8, box.top - height - 4) : box.bottom + 4}px`;
}

export function shut(menu, {focus = false} = {}) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("click", event => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target) || event.target.closest(".entry")) shut(menu);
});
// A resize comes from the window, which is no node that a menu could contain.
for (const moved of ["scroll", "resize"]) addEventListener(moved, event => {
  const within = event.target instanceof Node ? event.target : null;
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(within)) place(menu);
}, {capture: true, passive: true});

document.addEventListener("keydown", event => {
  const menu = event.target.closest?.("details.menu");
  if (!menu || event.isComposing) return;
  if (event.key === "Escape" && menu.open) { event.preventDefault(); event.stopPropagation(); shut(menu, {focus: true}); return; }
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!step && !["Home", "End"].includes(event.key)) return;
  if (!menu.open) { if (step !== 1 || event.target.closest("summary") === null) return; menu.open = true; }
  event.preventDefault();
  const all = entries(menu), at = all.indexOf(document.activeElement);
  const next = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : (at + step + all.length) % all.length;
  requestAnimationFrame(() => all[at === -1 && step === -1 ? all.length - 1 : next]?.focus());
});
document.addEventListener("focusout", event => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) shut(menu);
});
