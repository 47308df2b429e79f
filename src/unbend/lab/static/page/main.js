// The frame of the page: its two parts, the language, the URL.
import { Engine } from "./engine_client.js";
import { Playground } from "./playground.js";
import { NetworkPage } from "./network_page.js";
import { keysButton, showKeys } from "./keys.js";
import { readHash, state, writeHash } from "./state.js";
import { button, h, keepingFocus } from "./elements.js";
import { language, languages, say, speak } from "./words.js";

readHash();
const parts = { playground: document.getElementById("playground"), network: document.getElementById("network-page") };
const pages = { playground: new Playground(parts.playground, new Engine()), network: new NetworkPage(parts.network) };
const DIAGRAMS = { playground: "network", network: "layers" };
const skip = document.querySelector(".skip");
const header = document.querySelector("header");

function frame() {
  document.documentElement.lang = language();
  document.title = `unbend · ${say(`lab_pages.page_${state.page}`)}`;
  skip.textContent = say("lab_file.skip");
  skip.href = `#${DIAGRAMS[state.page]}`;
  const tab = (name) => button(say(`lab_pages.page_${name}`), () => open(name), { "aria-current": name === state.page ? "page" : null });
  const other = languages.find((name) => name !== language());
  const inside = [h("strong", {}, "unbend"), h("nav", { "aria-label": say("lab.pages") }, Object.keys(pages).map(tab)),
    state.page === "playground" ? pages.playground.presets() : null, h("span", { class: "grow" }), keysButton(), button(say(`lab.language_${other}`), () => speakNow(other), { lang: other })];
  keepingFocus(header, () => header.replaceChildren(...inside.filter(Boolean)));
  document.querySelector("footer").textContent = say("lab_file.offline");
  for (const [name, part] of Object.entries(parts)) part.hidden = name !== state.page;
}

function open(name) {
  state.page = name;
  pages.playground.toggle(false);
  writeHash();
  frame();
  pages[name].build();
}

function speakNow(name) {
  speak(name);
  writeHash();
  frame();
  pages[state.page].build();
}

skip.addEventListener("click", (event) => {
  event.preventDefault(); // the hash is the page's state
  document.getElementById(DIAGRAMS[state.page]).focus();
});
addEventListener("hashchange", () => {
  readHash();
  writeHash();
  frame();
  if (state.page === "playground") pages.playground.restore();
  else pages.network.build();
});
addEventListener("keydown", (event) => {
  if (event.key === "?" && !/^(number|text)$/.test(event.target.type) && !document.querySelector("dialog")) return showKeys();
  const typing = /^(input|select|textarea|button|summary)$/i.test(event.target.tagName) || event.target.closest("[data-neuron], dialog");
  if (event.key !== " " || typing || state.page !== "playground") return;
  event.preventDefault();
  pages.playground.toggle();
});
writeHash();
frame();
pages[state.page].build();
document.body.dataset.ready = "true";
