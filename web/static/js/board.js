// The board: drag, arrows with Alt, or "m" and the card's own menu. A move shows at once; what the server refuses goes back with a word.
import {arrive, isTyping, library, post, words} from "./arrive.js";
import {close, open} from "./dialogs.js";
import {say} from "./toasts.js";

const load = library(new URL("../vendor/sortablejs-1.15.7/Sortable.min.js", import.meta.url), "Sortable");

arrive("[data-cards]", async list => {
  const Sortable = await load().catch(() => null);
  if (!Sortable || !list.isConnected) return;
  let home = null;
  new Sortable(list, {
    group: "cards", draggable: ".card-o[data-move-url]", filter: ".menu", preventOnFilter: false, animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 180, delayOnTouchOnly: true, touchStartThreshold: 6, chosenClass: "lifted", ghostClass: "gap", scrollSensitivity: 80, emptyInsertThreshold: 40,
    onStart: event => { home = {list: event.from, next: event.item.nextElementSibling}; },
    onChange: event => mark(event.to),
    onEnd: event => {
      mark(null);
      if (!event.item.getAttribute("style")) event.item.removeAttribute("style"); // htmx would copy an empty one, and the CSP complain
      if (event.from !== event.to || event.oldIndex !== event.newIndex) send(event.item, event.to, home);
    },
  });
});
function mark(list) {
  for (const column of document.querySelectorAll(".col.over")) column.classList.remove("over");
  list?.closest(".col").classList.add("over");
}

const neighbour = (card, way) => { let one = card[way]; while (one && !one.dataset.card) one = one[way]; return one?.dataset.card ?? ""; };

async function send(card, list, home) {
  card.classList.add("saving");
  const back = () => { home.list.insertBefore(card, home.next?.isConnected ? home.next : null); };
  try {
    const answer = await post(card.dataset.moveUrl, {
      stage_id: list.dataset.cards, before_id: neighbour(card, "previousElementSibling"), after_id: neighbour(card, "nextElementSibling"),
    });
    const html = await answer.text(), away = answer.headers.get("HX-Redirect"), elsewhere = answer.headers.get("HX-Retarget");
    if (away) { location.href = away; return; }
    if (!answer.ok || elsewhere) back();
    const target = elsewhere ? document.querySelector(elsewhere) : card;
    if (html.trim()) await window.htmx.swap({text: html, sourceElement: card, target, swap: !answer.ok ? "none" : elsewhere ? "innerHTML" : "outerHTML"});
    if (!answer.ok && !html.includes("data-toast")) say(words.notMoved, {kind: "wait"});
    document.getElementById(card.id)?.querySelector("[data-row]").focus({preventScroll: true});
  } catch {
    back();
    say(words.away, {kind: "bad"});
  } finally {
    card.classList.remove("saving");
  }
}

// The ways without dragging: the menu ("m"), and Alt with the arrows, up and down within the column, left and right to the next one.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-move-menu]");
  if (button) { event.preventDefault(); offer(button.closest("[data-card]")); }
});
document.addEventListener("keydown", event => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event)) return;
  const card = document.activeElement?.closest?.("[data-card][data-move-url]") ?? carried() ?? document.querySelector(".card-o.at[data-move-url]");
  if (!card || document.querySelector("dialog[open]")) return;
  if (event.key === "m" && !event.altKey && !card.classList.contains("saving")) { event.preventDefault(); offer(card); }
  const step = event.altKey && STEPS[event.key];
  if (step) { event.preventDefault(); inTurn(card.id, step); }
});

// Arrows that come while a move is being saved wait for it: the saved card is another element, found by its id.
const STEPS = {ArrowUp: card => shift(card, -1), ArrowDown: card => shift(card, 1), ArrowLeft: card => across(card, -1), ArrowRight: card => across(card, 1)};
let moves = Promise.resolve(), held = "";
const carried = () => document.activeElement === document.body ? document.getElementById(held) : null; // between two of its places no card has the focus
function inTurn(id, step) {
  held = id;
  moves = moves.then(() => { const card = document.getElementById(id); return card && step(card); });
}

const place = card => ({list: card.parentElement, next: card.nextElementSibling});
const beside = (card, by) => { let one = card; do one = by < 0 ? one.previousElementSibling : one.nextElementSibling; while (one && !one.dataset.card); return one; };

function shift(card, by) {
  const other = beside(card, by), home = place(card);
  if (!other) return;
  if (by < 0) other.before(card); else other.after(card);
  return send(card, home.list, home);
}
function across(card, by) {
  const lists = [...document.querySelectorAll("[data-stage] [data-cards]")], list = lists[lists.indexOf(card.parentElement) + by];
  if (list) return carryTo(card, list);
}
function carryTo(card, list) {
  const home = place(card);
  list.prepend(card);
  card.scrollIntoView({block: "nearest", inline: "nearest"});
  return send(card, list, home);
}

function offer(card) {
  const dialog = document.createElement("dialog"), body = document.createElement("div"), head = document.createElement("h2");
  dialog.className = "dialog asks ways";
  dialog.setAttribute("aria-labelledby", head.id = "move-title");
  head.className = "dialog-head";
  head.textContent = card.querySelector("[data-move-menu]").ariaLabel;
  body.className = "dialog-main me-ways";
  const choice = (text, act, isHere = false) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "entry";
    one.textContent = text;
    if (isHere) one.setAttribute("aria-current", "true");
    one.onclick = () => { close(dialog); act(); };
    body.append(one);
  };
  for (const column of document.querySelectorAll("[data-stage]")) {
    const isHere = column.contains(card);
    choice(column.dataset.stageName, () => { if (!isHere) inTurn(card.id, one => carryTo(one, column.querySelector("[data-cards]"))); }, isHere);
  }
  const line = document.createElement("hr");
  for (const [text, by] of [[words.up, -1], [words.down, 1]]) if (beside(card, by)) { if (line.parentElement !== body) body.append(line); choice(text, () => inTurn(card.id, one => shift(one, by))); }
  choice(words.no, () => {});
  dialog.append(head, body);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", event => {
    const all = [...body.querySelectorAll("button")], step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) { event.preventDefault(); all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus(); }
  });
  open(dialog);
  (body.querySelector("[aria-current] + .entry") ?? body.firstElementChild).focus();
}
