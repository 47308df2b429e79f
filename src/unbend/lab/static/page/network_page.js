// The page Network: one minibatch after another, with every weight, bias and value shown.
import NetworkView from "./network_view.js";
import { activations } from "./records.js";
import { minibatchRun, SHOWN_ROWS } from "./minibatches.js";
import { diagramOf, packed } from "./diagram.js";
import { symbols, withNumbers } from "./formulas.js";
import { asJavaScript, asJson } from "./take_away.js";
import { HELPERS } from "./helpers.js";
import { FIELDS } from "./fields.js";
import { Model } from "./model.js";
import { control } from "./controls.js";
import { state, writeHash } from "./state.js";
import { button, download, h, keepingFocus, write } from "./elements.js";
import { shown } from "./numbers.js";
import { say } from "./words.js";

const INPUTS = ["x1", "x2"];

export class NetworkPage {
  constructor(root) {
    this.root = root;
  }

  get values() {
    return state.values.network;
  }

  build() {
    keepingFocus(this.root, () => this.buildParts());
  }

  buildParts() {
    const changed = () => {
      writeHash();
      this.draw();
    };
    this.place = h("div", { class: "diagram wide", id: "layers", tabindex: "-1" });
    this.told = h("p", { class: "said", role: "status", "aria-live": "polite" });
    this.arrays = h("div", { class: "arrays" });
    const step = button(say("lab_file.next_minibatch"), () => {
      this.values.steps = Math.min(200, this.values.steps + 1);
      const slider = this.root.querySelector("[data-name=steps]");
      slider.value = this.values.steps;
      slider.dispatchEvent(new Event("input"));
    }, { class: "main" });
    this.root.replaceChildren(
      h("h1", {}, say("lab_pages.page_network")), h("p", { class: "note" }, say("lab_file.sectors")),
      h("div", { class: "bar" }, step, Object.keys(FIELDS.network).map((name) => control("network", name, changed))),
      this.told, h("div", { class: "beside" }, this.place, h("section", { "aria-label": say("lab.arrays") }, h("h2", {}, say("lab.arrays")), this.arrays)),
      h("section", { class: "take-away" }, h("h2", {}, say("lab_file.take_away")), h("div", { class: "buttons" },
        button(say("lab_file.as_json"), () => download("network.json", asJson(this.run.layers, INPUTS), "application/json")),
        button(say("lab_file.as_js"), () => download("network.mjs", asJavaScript(this.run.layers, INPUTS, HELPERS), "text/javascript")))));
    this.structure = "";
    this.draw();
  }

  draw() {
    this.run = minibatchRun(this.values);
    const { layers, rows, chosen, before, after } = this.run;
    const structure = `${this.values.hidden} ${this.values.activation}`;
    if (structure !== this.structure) this.rebuild();
    this.structure = structure;
    this.model.update({ weights: packed(layers), values: this.rowValues().map((column) => Array.from(column, (v) => shown(v, 3))), ...this.formula() });
    const list = chosen.slice(0, 6).map((row) => row + 1).join(", ") + (chosen.length > 6 ? " …" : "");
    write(this.told, this.values.steps
      ? say("lab.step_summary", { step: this.values.steps, count: chosen.length, all: rows, rows: list, before: before.toFixed(4), after: after.toFixed(4) })
      : say("lab.no_step", { rows }));
    this.drawArrays();
  }

  rebuild() {
    const { layers } = this.run;
    const headings = [say("lab.network_input"), this.values.activation, say("lab_file.output_layer")];
    const { tight, ...structure } = diagramOf(layers, INPUTS, { height: 92 * Math.max(3, this.values.hidden), numbers: true, headings });
    const texts = { diagram: say("lab.network_diagram"), bias: say("lab.network_bias"), input: say("lab.network_input"), plus: say("lab.network_plus"), minus: say("lab.network_minus"), choose: say("lab.network_choose") };
    this.close?.();
    this.model = new Model({ ...structure, weights: packed(layers), maps: new Uint8Array(0), grid: 0, values: [], labels: INPUTS, chosen: [], symbols: "", formula: "", texts, numbers: true });
    this.model.save_changes = () => this.model.update(this.formula());
    this.close = NetworkView.render({ model: this.model, el: this.place });
  }

  // x, then h of every layer, of the row that is shown
  rowValues() {
    const { layers, shown: { x, places } } = this.run;
    const row = this.values.row - 1;
    return [x.subarray(2 * row, 2 * row + 2), ...layers.map(({ outputs }, k) => places[k].h.subarray(row * outputs, (row + 1) * outputs))];
  }

  formula() {
    const [k, j] = this.model.get("chosen");
    if (k === undefined) return {};
    return { symbols: symbols(this.run.layers, k, j, INPUTS), formula: withNumbers(this.run.layers, k, j, INPUTS, this.rowValues()) };
  }

  drawArrays() {
    const [first, second] = this.run.layers;
    const { x, places } = this.run.shown;
    const name = this.values.activation;
    const tables = [
      ["x", say("lab.array_input"), x, 2, true], ["W1", say("lab.array_weights"), first.W, first.outputs], ["b1", say("lab.array_bias"), first.b, first.outputs],
      ["z1", "x W1 + b1", places[0].z, first.outputs, true], ["h1", name in activations ? `${name}(z1)` : name, places[0].h, first.outputs, true],
      ["W2", say("lab.array_weights"), second.W, 3], ["b2", say("lab.array_bias"), second.b, 3], ["y", "h1 W2 + b2", places[1].h, 3, true],
    ];
    this.arrays.replaceChildren(...tables.map(([title, about, values, width, hasRows]) => {
      const count = Math.min(values.length / width, hasRows ? SHOWN_ROWS : Infinity);
      const rows = Array.from({ length: count }, (_, i) => h("tr", hasRows && i === this.values.row - 1 ? { "aria-current": "true" } : {},
        hasRows ? h("th", { scope: "row" }, String(i + 1)) : null, Array.from(values.subarray(i * width, (i + 1) * width), (v) => h("td", {}, shown(v, 3)))));
      return h("div", { tabindex: "0", role: "group", "aria-label": title }, h("table", {}, h("caption", {}, h("b", {}, title), ` ${about} `, h("small", {}, `(${count} × ${width})`)), rows));
    }));
  }
}
