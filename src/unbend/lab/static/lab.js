// What every page needs beside its widgets: title and language of the document, the list of keys, the language switch.
(() => {
  document.documentElement.lang = new URLSearchParams(location.search).get("lang") || document.documentElement.lang;
  const settle = () => {
    const head = document.querySelector(".lab-head");
    if (!head || document.title === head.dataset.title) return;
    document.title = head.dataset.title;
    document.documentElement.lang = head.dataset.language;
  };
  // what folds starts folded where there is little room
  const folded = new WeakSet();
  const fold = () => {
    for (const part of document.querySelectorAll(".lab-play details[open]"))
      if (!folded.has(part)) {
        folded.add(part);
        part.open = innerWidth >= 700;
      }
  };
  new MutationObserver(() => (settle(), fold())).observe(document, { childList: true, subtree: true });

  const typing = (event) => {
    const at = event.composedPath()[0];
    return at.isContentEditable || /^(textarea|select)$/i.test(at.tagName) || (at.tagName === "INPUT" && /^(text|search|number)$/.test(at.type));
  };
  const keys = () => document.querySelector(".lab-dialog")?.showModal();
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !typing(event)) keys();
  });
  document.addEventListener("click", (event) => {
    const at = event.target.closest?.(".lab-keys, [data-lang]");
    if (!at) return;
    if (at.matches(".lab-keys")) return keys();
    event.preventDefault(); // the same state, said in the other language
    const url = new URL(location.href);
    url.searchParams.set("lang", at.dataset.lang);
    location.assign(url);
  });
})();
