// What every page needs beside its widgets: title and language of the document, its landmark and skip link, dark colours,
// the list of keys, the language switch.
(() => {
  document.documentElement.lang = new URLSearchParams(location.search).get("lang") || document.documentElement.lang;
  // the head that came with the page is seen until marimo's is there, or says that it cannot be
  const take_over = () => {
    const shell = document.querySelector(".lab-shell");
    if (shell && document.querySelector("#root .lab-head, #App[data-connection-state=CLOSED]")) shell.remove();
  };
  const settle = () => {
    const head = document.querySelector(".lab-head");
    if (!head || document.title === head.dataset.title) return;
    document.title = head.dataset.title;
    document.documentElement.lang = head.dataset.language;
  };
  // marimo's own parts are dark by a class of the body
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    if (!document.body) return; // while the head is read
    for (const name of ["dark", "dark-theme"]) document.body.classList.toggle(name, dark.matches);
    for (const name of ["light", "light-theme"]) document.body.classList.toggle(name, !dark.matches);
  };
  dark.addEventListener("change", paint);

  // the sheet is the page's main part; over navigation and title the skip link leads to the first setting
  const deep = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const node of root.querySelectorAll("*")) {
      const inner = node.shadowRoot && deep(node.shadowRoot, selector);
      if (inner) return inner;
    }
    return null;
  };
  const landmarks = () => {
    const [head, sheet] = [document.querySelector("#root .lab-head"), document.querySelector("#App")];
    if (!head || !sheet) return;
    sheet.setAttribute("role", "main");
    const skip = document.querySelector(".lab-skip") ?? document.createElement("a");
    if (!skip.isConnected) {
      skip.className = "lab-skip";
      skip.href = "#App";
      skip.addEventListener("click", (event) => {
        event.preventDefault();
        deep(document, ".ub-controls :is(input, select, textarea), .ub-drop input")?.focus();
      });
      document.body.prepend(skip);
    }
    if (skip.textContent !== head.dataset.skip) skip.textContent = head.dataset.skip;
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
  new MutationObserver(() => (take_over(), settle(), paint(), landmarks(), fold())).observe(document, { childList: true, subtree: true });

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
    const page = document.querySelector(".lab-head")?.dataset.page;
    if (page) url.searchParams.set("_from", page); // its table and its training go along
    location.assign(url);
  });
})();
