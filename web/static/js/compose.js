// While an input method composes (Chinese, Japanese, …), letters are not words yet: what asks the server as one types waits until they are.
const asks = target => target.closest?.("[hx-trigger*=input]");

document.addEventListener("input", event => { if (event.isComposing && asks(event.target)) event.stopImmediatePropagation(); }, true);
document.addEventListener("compositionend", event => { if (asks(event.target)) event.target.dispatchEvent(new Event("input", {bubbles: true})); });
