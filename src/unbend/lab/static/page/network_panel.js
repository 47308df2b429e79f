// The network: its inputs, layers and activations, the diagram with every neuron's map, and the weights to edit.
import { activations, features } from "./records.js";
import NetworkView from "./network_view.js";
import { diagramOf, packed } from "./diagram.js";
import { symbols, valueNames, withNumbers } from "./formulas.js";
import { Model } from "./model.js";
import { MOST_LAYERS, MOST_NEURONS } from "./state.js";
import { button, h, keepingFocus } from "./elements.js";
import { say } from "./words.js";

const BELOW = 160; // pixels of the first screen for the formula and the weights

export class NetworkPanel {
  constructor(app) {
    this.app = app;
    this.place = h("div", { class: "diagram", id: "network", tabindex: "-1" });
    this.strip = h("div", { class: "strip" });
    this.inputs = h("div", { class: "inputs", role: "group", "aria-label": say("lab_file.inputs") });
    this.editor = h("div", { class: "editor", role: "group", "aria-label": say("lab_file.weights") });
    this.root = h("section", { class: "net", "aria-label": say("lab_playground.part_network") },
      h("h2", {}, say("lab_playground.part_network")), this.inputs, this.strip, this.place, this.editor);
    this.chosen = null;
    this.place.addEventListener("click", (event) => this.pick(event));
    for (const [over, out] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
      this.place.addEventListener(over, (event) => this.look(event.target.closest("[data-neuron]")));
      this.place.addEventListener(out, () => this.look(null));
    }
    this.drawStrip();
  }

  // chips of inputs, and for every layer its neurons and activation
  drawStrip() {
    keepingFocus(this.root, () => this.buildStrip());
  }

  buildStrip() {
    const { app } = this;
    const { values } = app;
    const chips = app.ownTable ? [] : Object.keys(features).map((name) => {
      const on = app.inputNames.includes(name);
      return button(name, () => app.setInputs(name), { "aria-pressed": String(on) });
    });
    this.inputs.replaceChildren(...(chips.length ? [h("span", {}, say("lab_file.inputs")), ...chips] : []));
    const layers = app.layers;
    const change = (k, part) => app.setLayers(layers.map((layer, n) => (n === k ? [part[0] ?? layer[0], part[1] ?? layer[1]] : layer)));
    const layerBox = ([neurons, activation], k) => {
      const name = say("lab_file.layer", { layer: k + 1 });
      return h("div", { class: "layer", role: "group", "aria-label": name },
        button("−", () => change(k, [neurons - 1]), { "aria-label": say("lab_file.fewer_neurons", { layer: k + 1 }), disabled: neurons <= 1 }),
        h("b", {}, String(neurons)),
        button("+", () => change(k, [neurons + 1]), { "aria-label": say("lab_file.more_neurons", { layer: k + 1 }), disabled: neurons >= MOST_NEURONS }),
        h("select", { "aria-label": say("lab_playground.activation", { layer: k + 1 }), onchange: (e) => change(k, [null, e.target.value]) },
          Object.keys(activations).map((option) => h("option", { selected: option === activation }, option))));
    };
    this.strip.replaceChildren(
      h("div", { class: "depth" },
        button("−", () => app.setLayers(layers.slice(0, -1)), { "aria-label": say("lab_file.fewer_layers"), disabled: layers.length === 0 }),
        h("b", {}, say("lab_file.layers_count", { count: layers.length })),
        button("+", () => app.setLayers([...layers, layers.at(-1) ?? [4, values.loss === "squared" ? "relu" : "tanh"]]), { "aria-label": say("lab_file.more_layers"), disabled: layers.length >= MOST_LAYERS })),
      ...layers.map(layerBox));
  }

  // another structure: the view is made anew
  rebuild(layers, names) {
    this.layers = layers;
    this.names = names;
    this.chosen = null;
    const top = this.place.getBoundingClientRect().top + scrollY;
    const room = innerWidth >= 1100 ? innerHeight - top - BELOW : 520;
    const { tight, ...structure } = diagramOf(layers, names.map((name, i) => (this.app.ownTable ? `x${i + 1}` : name)), { height: Math.max(300, room) });
    const texts = { diagram: say("lab.network_diagram"), bias: say("lab.network_bias"), input: say("lab.network_input"), plus: say("lab.network_plus"), minus: say("lab.network_minus"), choose: say("lab_file.choose") };
    const values = { ...structure, weights: packed(layers), maps: new Uint8Array(0), grid: 0, values: [], labels: names, chosen: [], symbols: "", formula: "", texts, numbers: false };
    this.close?.();
    this.model = new Model(values);
    this.place.classList.toggle("tight", tight);
    this.close = NetworkView.render({ model: this.model, el: this.place });
    const choosing = () => this.choose(this.model.get("chosen"));
    this.model.save_changes = choosing;
    this.drawEditor();
  }

  // a picture's maps, and with numbers what can be read: arrows, biases, the formula, the weights to edit
  show(picture, numbers) {
    this.layers = picture.layers;
    this.model.update({ maps: picture.maps, grid: picture.grid, ...(numbers ? { weights: packed(this.layers), ...this.formula() } : {}) });
    if (numbers) this.fillEditor();
  }

  formula() {
    if (!this.chosen) return {};
    const [k, j] = this.chosen;
    const inputs = this.app.ownTable ? this.names.map((_, i) => `x${i + 1}`) : this.names;
    return { symbols: symbols(this.layers, k, j, inputs), formula: withNumbers(this.layers, k, j, inputs) };
  }

  choose([k, j]) {
    if (this.chosen?.[0] === k && this.chosen[1] === j) return;
    this.chosen = [k, j];
    this.model.update(this.formula());
    this.drawEditor();
  }

  // an arrow near the pointer: its weight is ready to be typed
  pick(event) {
    const near = [...this.place.querySelectorAll("[data-arrow]")].map((line) => {
      const box = line.ownerSVGElement.getBoundingClientRect();
      const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => Number(line.getAttribute(name)));
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      const t = Math.max(0, Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)));
      return [Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1)), line];
    }).sort(([a], [b]) => a - b)[0];
    const neuron = event.target.closest("[data-neuron]");
    if (neuron || !near || near[0] > 9) return;
    const [k, i, j] = near[1].dataset.arrow.split(" ").map(Number);
    this.model.set("chosen", [k, j]);
    this.choose([k, j]);
    const field = this.editor.querySelector(`[data-weight="${i}"]`);
    field?.focus();
    field?.select();
  }

  // the neuron under the pointer or in focus is drawn large, in the surface's place
  look(element) {
    const neuron = element ? element.dataset.neuron.split(" ").map(Number) : null;
    this.app.look(neuron);
  }

  drawEditor() {
    if (!this.chosen) return this.editor.replaceChildren();
    const [k, j] = this.chosen;
    const inputs = valueNames(this.layers, k, this.names);
    const field = (label, i) => {
      const input = h("input", { type: "number", step: "0.1", "data-weight": String(i) });
      input.addEventListener("input", () => input.value !== "" && Number.isFinite(Number(input.value)) && this.app.edit({ k, i, j, value: Number(input.value) }));
      return h("label", {}, h("span", {}, label), input);
    };
    this.editor.replaceChildren(h("b", {}, say("lab_file.weights_of", { name: valueNames(this.layers, k + 1, this.names)[j] })),
      ...inputs.map((name, i) => field(name, i)), field(say("lab.network_bias"), null));
    this.fillEditor();
  }

  fillEditor() {
    if (!this.chosen) return;
    const [k, j] = this.chosen;
    const { W, b, outputs } = this.layers[k];
    for (const input of this.editor.querySelectorAll("input")) {
      if (input === document.activeElement && !this.app.running) continue;
      const i = input.dataset.weight;
      const text = String(Number((i === "null" ? b[j] : W[i * outputs + j]).toPrecision(4)));
      if (input !== document.activeElement && input.value !== text) input.value = text;
    }
  }
}
