// Elements of the page: h("button", { class: "main", onclick: f }, "Run").

export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== "string") element[key] = value;
    else if (value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

export const button = (text, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, text);

// a text only where it is another one, so that screen readers do not repeat it
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// what is built anew keeps the focus where it was: on the element in the same place
export function keepingFocus(root, build) {
  const path = [];
  let at = document.activeElement;
  for (; at && at !== root; at = at.parentElement) path.unshift([...(at.parentElement?.children ?? [])].indexOf(at));
  build();
  if (at) path.reduce((element, n) => element?.children[n], root)?.focus({ preventScroll: true });
}

export function download(name, text, type = "text/plain") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
