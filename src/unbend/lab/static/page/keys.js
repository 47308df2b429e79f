// The list of keys, opened by its button or by "?".
import { button, h } from "./elements.js";
import { say } from "./words.js";

const KEYS = { tab: ["Tab"], space: ["Space"], arrows: ["←", "→", "↑", "↓", "PageUp", "PageDown", "Home", "End"], question: ["?"], escape: ["Esc"] };

export function showKeys() {
  const rows = Object.entries(KEYS).flatMap(([name, keys]) => [h("dt", {}, keys.map((key) => h("kbd", {}, key))), h("dd", {}, say(`lab.key_${name}`))]);
  const dialog = h("dialog", { class: "keys", "aria-label": say("lab.keys"), onclose: () => dialog.remove() },
    h("h2", {}, say("lab.keys")), h("dl", {}, rows), button(say("lab.close"), () => dialog.close(), { class: "main" }));
  document.body.append(dialog);
  dialog.showModal();
}

export const keysButton = () => button("?", showKeys, { class: "ask", "aria-label": say("lab.keys"), "aria-haspopup": "dialog" });
