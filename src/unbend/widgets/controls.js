// A panel of native controls. Values are texts as in the URL; only those that differ from the default are written there.

function write(name, text, spec, version) {
  const url = new URL(window.location.href);
  if (text === spec.default) url.searchParams.delete(name);
  else url.searchParams.set(name, text);
  url.searchParams.set("v", version);
  window.history.replaceState(window.history.state, "", url);
}

function number(spec, text, id, changed) {
  const input = document.createElement("input");
  input.type = "range";
  input.id = id;
  const marks = spec.marks;
  if (marks.length) Object.assign(input, { min: 0, max: marks.length - 1, step: 1 });
  else Object.assign(input, { min: spec.low, max: spec.high, step: spec.step });
  const shown = document.createElement("output");
  shown.htmlFor = id;
  const value = () => (marks.length ? marks[Number(input.value)] : Number(input.value));
  const show = () => {
    const text = String(Number(value().toPrecision(10)));
    shown.textContent = text.replace("-", "−");
    input.setAttribute("aria-valuetext", text);
    return text;
  };
  const put = (text) => {
    input.value = marks.length ? marks.indexOf(Number(text)) : Number(text);
    show();
  };
  put(text);
  input.addEventListener("input", () => changed(show()));
  return [[input, shown], put];
}

function choice(spec, text, id, changed) {
  const select = document.createElement("select");
  select.id = id;
  for (const [value, words] of spec.options) select.add(new Option(words, value));
  select.value = text;
  select.addEventListener("change", () => changed(select.value));
  return [[select], (text) => (select.value = text)];
}

function onOff(spec, text, id, changed) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.id = id;
  box.checked = text === "1";
  box.addEventListener("change", () => changed(box.checked ? "1" : "0"));
  return [[box], (text) => (box.checked = text === "1")];
}

function line(spec, text, id, changed) {
  const input = document.createElement(spec.rows > 1 ? "textarea" : "input");
  input.id = id;
  input.maxLength = spec.max_length;
  input.spellcheck = false;
  input.autocomplete = "off";
  if (spec.rows > 1) input.rows = spec.rows;
  input.value = text;
  let waiting = 0;
  const send = () => {
    clearTimeout(waiting);
    changed(input.value);
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(send, 350);
  });
  input.addEventListener("change", send);
  return [[input], (text) => text !== input.value && (input.value = text)];
}

const KINDS = { number, choice, switch: onOff, line };
let panels = 0;
const LONG = 34; // letters of a choice that one column does not show

function render({ model, el }) {
  const mine = ++panels;
  const panel = document.createElement("div");
  panel.className = "ub-controls";
  panel.setAttribute("role", "group");
  el.append(panel);
  let puts = {};

  // a field that needs others is shown while one of them is shown and has the text, or reaches the number
  const fit = () => {
    const [specs, raw] = [model.get("specs"), model.get("raw")];
    const named = Object.fromEntries(specs.map((spec) => [spec.name, spec]));
    const meets = ([other, least]) => (typeof least === "number" ? Number(raw[other]) >= least : raw[other] === least);
    const counts = (spec) => !spec || !spec.needs.length || spec.needs.some((need) => counts(named[need[0]]) && meets(need));
    for (const spec of specs) panel.querySelector(`[data-name="${spec.name}"]`).hidden = !counts(spec);
  };
  const set = (spec, text) => {
    model.set("raw", { ...model.get("raw"), [spec.name]: text });
    fit();
    model.save_changes();
  };
  let named = [];
  const build = () => {
    puts = {};
    const url = new URL(window.location.href); // what belonged to the fields before these
    for (const name of named) if (!model.get("specs").some((spec) => spec.name === name)) url.searchParams.delete(name);
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
    named = model.get("specs").map((spec) => spec.name);
    panel.replaceChildren();
    for (const spec of model.get("specs")) {
      const id = `ub-${mine}-${spec.name}`;
      const row = document.createElement("div");
      row.className = `ub-${spec.kind}`;
      row.classList.toggle("wide", (spec.options ?? []).some(([, words]) => words.length > LONG));
      row.dataset.name = spec.name;
      if (spec.kind === "action") {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = spec.label;
        button.addEventListener("click", () => set(spec, String(Number(model.get("raw")[spec.name] || 0) + 1)));
        row.append(button);
      } else {
        const label = document.createElement("label");
        label.htmlFor = id;
        label.textContent = spec.label;
        const changed = (text) => {
          write(spec.name, text, spec, model.get("version"));
          set(spec, text);
        };
        const [parts, put] = KINDS[spec.kind](spec, model.get("raw")[spec.name] ?? spec.default, id, changed);
        puts[spec.name] = put;
        row.append(label, ...parts);
      }
      panel.append(row);
    }
    fit();
  };
  const fromPython = () => {
    for (const spec of model.get("specs")) {
      const text = model.get("raw")[spec.name];
      if (!puts[spec.name] || text === undefined) continue;
      puts[spec.name](text);
      write(spec.name, text, spec, model.get("version"));
    }
    fit();
  };
  model.on("change:specs", build);
  model.on("change:raw", fromPython);
  build();
  return () => {
    model.off("change:specs", build);
    model.off("change:raw", fromPython);
  };
}

export default { render };
