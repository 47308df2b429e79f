// A field as a labelled control: a list, a slider or a check box.
import { FIELDS } from "./fields.js";
import { state } from "./state.js";
import { language } from "./words.js";
import { h } from "./elements.js";
import { shown } from "./numbers.js";

export function control(page, name, changed, only = null) {
  const field = FIELDS[page][name];
  const values = state.values[page];
  const set = (value) => {
    values[name] = value;
    changed(name);
  };
  const label = field.label[language()];
  if (field.kind === "switch")
    return h("label", { class: "switch" }, h("input", { type: "checkbox", checked: values[name], onchange: (e) => set(e.target.checked) }), label);
  if (field.kind === "choice" || field.marks.length) {
    const number = field.kind === "number";
    const options = number ? field.marks.map((mark) => [String(mark), shown(mark)]) : field.options.map(([value, text]) => [value, text[language()]]);
    const list = h("select", { "data-name": name, onchange: (e) => set(number ? Number(e.target.value) : e.target.value) },
      options.filter(([value]) => !only || only.includes(value)).map(([value, text]) => h("option", { value, selected: value === String(values[name]) }, text)));
    return h("label", { class: "choice" }, h("span", {}, label), list);
  }
  const told = h("output", {}, shown(values[name]));
  const slider = h("input", { type: "range", min: String(field.low), max: String(field.high), step: String(field.step), value: String(values[name]), "data-name": name });
  slider.addEventListener("input", () => {
    told.textContent = shown(Number(slider.value));
    set(Number(slider.value));
  });
  return h("label", { class: "slider" }, h("span", {}, label, " ", told), slider);
}
