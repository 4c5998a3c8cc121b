import {words} from "./arrive.js";
import {say} from "./toasts.js";

// The clipboard needs https; over plain http in the office the old way still works.
async function copy(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const went = document.execCommand("copy");
  area.remove();
  if (!went) throw new Error("not allowed");
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button.dataset.copy).then(() => say(words.copied), () => say(words.notCopied, {kind: "wait"}));
});
