// arrive(".thing", element => …): once for each such element, now and when htmx brings it.
export function arrive(selector, welcome) {
  const met = new WeakSet();
  const meet = root => {
    const found = [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
    for (const one of found) if (!met.has(one)) { met.add(one); welcome(one); }
  };
  meet(document);
  document.addEventListener("htmx:after:process", event => event.target.querySelectorAll && meet(event.target));
}

export const words = JSON.parse(document.body.dataset.speech || "{}");
export const scope = document.body.dataset.scope || "";

// True while keys belong to a field or to an input method.
export const isTyping = event => event.isComposing || event.keyCode === 229 ||
  Boolean(event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]"));

// A POST as htmx would send it; resolves to the Response, rejects when there is no connection.
export function post(url, values) {
  return fetch(url, {
    method: "POST", body: new URLSearchParams(values), credentials: "same-origin", signal: AbortSignal.timeout(20000),
    headers: {"X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, "HX-Request": "true", "Accept": "text/html"},
  });
}

// A library of somebody else's, fetched once and only where it is needed; resolves to what it is called in the window.
export function library(url, name) {
  let loaded = null;
  return () => loaded ??= new Promise((ready, fail) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => ready(window[name]);
    script.onerror = fail;
    document.head.append(script);
  });
}
