// The page Playground: what the controls change, the loop of training and drawing.
import { activations, features, toyDatasets } from "./records.js";
import { folded } from "./network.js";
import { layersOf, state, writeHash } from "./state.js";
import { dataPanel, settingsPanel } from "./data_panel.js";
import { NetworkPanel } from "./network_panel.js";
import { History } from "./history.js";
import { OutputPanel } from "./output_panel.js";
import { OwnTable } from "./own_table.js";
import { takeAway } from "./take_away_panel.js";
import { PRESETS } from "./presets.js";
import { control } from "./controls.js";
import { button, h, keepingFocus, write } from "./elements.js";
import { shown } from "./numbers.js";
import { say } from "./words.js";

const NEW_RUN = new Set(["data", "noise", "held", "seed", "inputs", "layers", "loss", "optimizer", "start"]);
const OTHER_STEPS = new Set(["rate", "batch", "penalty", "decay", "patience"]);
const MILLISECONDS = 12; // of training for one picture, at most
const NUMBERS = 100; // milliseconds between two showings of what is read, while it trains: nobody reads faster

export class Playground {
  constructor(root, engine) {
    this.root = root;
    this.engine = engine;
    this.own = new OwnTable();
    this.history = new History();
    this.generation = 0;
    this.running = false;
    this.shown = -Infinity; // when the numbers were
    this.changed = (name) => this.change(name);
  }

  get values() {
    return state.values.playground;
  }

  get ownTable() {
    return this.values.data === "own" && this.own.table !== null;
  }

  get layers() {
    return layersOf(this.values.layers, activations);
  }

  get inputNames() {
    const names = this.values.inputs.split(",").filter((name) => name in features);
    return names.length ? names : ["x1", "x2"];
  }

  // the whole page, in the language there is now; the run goes on
  build() {
    keepingFocus(this.root, () => this.buildParts());
  }

  buildParts() {
    if (this.values.data === "own" && !this.own.table) this.values.data = "circle";
    this.network?.close?.();
    this.output?.close();
    this.network = new NetworkPanel(this);
    this.output = new OutputPanel(this);
    this.message = h("p", { class: "message", role: "status" });
    this.counter = h("b", { class: "epoch" }, "0");
    this.runButton = button("", () => this.toggle(), { class: "main" });
    const setting = (name) => control("playground", name, this.changed, name === "loss" ? this.lossNames() : null);
    this.root.replaceChildren(
      h("h1", { class: "hidden" }, say("lab_pages.page_playground")),
      h("div", { class: "top" }, h("div", { class: "run" }, this.runButton, button(say("lab.run_step"), () => this.step()), h("span", { class: "epochs" }, say("lab_playground.epoch"), " ", this.counter)),
      h("div", { class: "bar" }, button(say("lab_file.again"), () => this.reset()), button(say("lab_file.new_weights"), () => this.next("start")),
        ...["speed", "rate", "optimizer", "loss", "penalty", "decay"].filter((name) => name !== "decay" || this.values.penalty !== "none").map(setting))),
      h("div", { class: "panels" }, dataPanel(this), this.network.root, this.output.root, settingsPanel(this)), this.message, takeAway(this));
    this.output.mount();
    this.drawRun();
    if (this.data) this.attach();
    else this.begin();
  }

  presets() {
    return h("nav", { class: "presets", "aria-label": say("lab_file.presets") }, h("span", {}, say("lab_file.presets")),
      Object.keys(PRESETS).map((name) => button(say(`lab_file.preset_${name}`), () => this.preset(PRESETS[name]))));
  }

  // a built page and the run there is already
  attach() {
    this.output.setData(this.data);
    this.network.rebuild(this.picture.layers, this.data.names);
    this.draw();
  }

  lossNames() {
    const classes = this.ownTable ? this.own.columns.target.classes.length : toyDatasets[this.values.data].classes;
    return classes > 2 ? ["cross_entropy"] : classes ? ["logistic", "cross_entropy", "squared"] : ["squared", "absolute", "huber"];
  }

  settings() {
    const { loss, optimizer, penalty, decay, rate, batch, start, patience } = this.values;
    const allowed = this.lossNames();
    return { layers: this.layers, loss: allowed.includes(loss) ? loss : allowed[0], optimizer, penalty, decay, rate, batch, seed: start, patience };
  }

  async begin() {
    const generation = ++this.generation;
    this.data = null;
    const { data: name, noise, held, seed } = this.values;
    const about = this.ownTable ? { table: this.own.columns, axes: this.own.axes } : { name, noise: noise / 100, inputs: this.inputNames };
    const data = await this.engine.ask("begin", { data: { ...about, held: held / 100, seed }, settings: this.settings() });
    if (generation !== this.generation) return;
    this.data = data;
    this.history.clear();
    this.output.setData(data);
    await this.draw(true);
    if (this.running) this.loop(this.generation);
  }

  // a picture of the run as it is; with rebuild, of another network
  async draw(rebuild = false) {
    const generation = this.generation;
    const picture = await this.engine.ask("picture", this.wants());
    if (generation !== this.generation) return;
    if (rebuild) this.network.rebuild(picture.layers, this.data.names);
    this.show(picture);
  }

  wants() {
    const at = this.output.surface.get("at");
    return { focus: this.focus ?? null, pieces: this.values.pieces && !this.focus, at: at.length ? at : null };
  }

  show(picture) {
    this.picture = picture;
    if (!this.network.model) this.network.rebuild(picture.layers, this.data.names); // asked for before the first picture came
    this.history.add(picture.history, picture.from);
    write(this.counter, picture.epoch.toLocaleString("en"));
    const now = performance.now();
    const numbers = !this.running || now - this.shown >= NUMBERS;
    if (numbers) this.shown = now;
    this.network.show(picture, numbers);
    this.output.show(picture, this.focus ? this.focusName() : "", numbers);
    write(this.message, this.notice(picture));
  }

  notice({ stopped }) {
    const { rate, patience } = this.values;
    const names = this.layers.map(([, name]) => name);
    const flat = names.find((name) => !activations[name].learns);
    const parts = [
      stopped?.reason === "diverged" ? say("lab.diverged", { epoch: stopped.epoch, rate: shown(rate) }) : "",
      stopped?.reason === "patience" ? say("lab.stop_rule", { patience, epoch: stopped.epoch }) : "",
      flat ? say("lab.no_slope", { name: flat }) : names.length && !names.some((name) => activations[name].bends) ? say("lab.no_bend") : "",
      this.ownTable ? say("lab_file.scaled") : "",
    ];
    return parts.filter(Boolean).join(" ");
  }

  // one picture after another: while one is drawn, the next is made
  async loop(generation) {
    const epochs = { 1: 1, 10: 10 }[this.values.speed] ?? 100000;
    const next = () => this.engine.ask("picture", { ...this.wants(), epochs, milliseconds: MILLISECONDS });
    let coming = next();
    while (this.running && generation === this.generation) {
      const picture = await coming;
      if (generation !== this.generation) return;
      if (picture.stopped) this.running = false;
      coming = this.running ? next() : null;
      await new Promise(requestAnimationFrame);
      if (generation !== this.generation) return;
      this.show(picture);
    }
    const last = await coming;
    if (last && generation === this.generation) this.show(last);
    this.drawRun();
    if (generation === this.generation) this.draw();
  }

  toggle(on = !this.running) {
    if (on === this.running) return;
    this.running = on;
    this.drawRun();
    if (on && this.data) this.loop(this.generation);
  }

  drawRun() {
    write(this.runButton, this.running ? say("lab.run_pause") : say("lab.run_run"));
    this.root.classList.toggle("running", this.running);
  }

  async step() {
    this.toggle(false);
    const generation = this.generation;
    const picture = await this.engine.ask("picture", { ...this.wants(), epochs: 1 });
    if (generation !== this.generation) return;
    this.show(picture);
    this.draw();
  }

  // the same weights as at first
  async reset() {
    const generation = ++this.generation;
    await this.engine.ask("reset");
    if (generation !== this.generation) return;
    this.history.clear();
    await this.draw();
    if (this.running) this.loop(this.generation);
  }

  next(name) {
    this.values[name] = (this.values[name] + 1) % 100;
    this.change(name);
  }

  change(name) {
    writeHash();
    if (name === "penalty") this.build();
    if (name === "speed" && this.running) this.loop(++this.generation);
    if (NEW_RUN.has(name)) this.begin();
    else if (OTHER_STEPS.has(name)) this.engine.ask("change", { settings: this.settings() }).then(() => this.draw());
    else if (this.data) this.draw();
  }

  setLayers(layers) {
    this.values.layers = layers.map(([neurons, name]) => `${neurons}${name}`).join(",");
    this.network.drawStrip();
    this.change("layers");
  }

  setInputs(name) {
    const names = Object.keys(features).filter((other) => (other === name) !== this.inputNames.includes(other));
    this.values.inputs = (names.length ? names : ["x1"]).join(",");
    this.network.drawStrip();
    this.change("inputs");
  }

  async edit(weight) {
    await this.engine.ask("set", weight);
    if (!this.running) this.draw();
  }

  // a neuron whose map is drawn large
  look(neuron) {
    if (String(neuron) === String(this.focus ?? null)) return;
    this.focus = neuron;
    if (!this.running && this.data) this.draw();
  }

  focusName() {
    const [k, j] = this.focus;
    if (k < 0) return this.data.names[j];
    return k === this.picture.layers.length - 1 ? `y${j + 1}` : k ? `h${k + 1}_${j + 1}` : `h${j + 1}`;
  }

  preset(hash) {
    location.hash = `page=playground&lang=${new URLSearchParams(location.hash.slice(1)).get("lang") ?? "en"}&${hash}`;
  }

  // a state from the URL
  restore() {
    this.generation += 1;
    this.running = false;
    this.data = null;
    this.focus = null;
    this.build();
  }

  // the reader's table, or another target, other columns or axes of it
  useTable(change) {
    change(this.own);
    this.values.data = "own";
    this.generation += 1;
    this.data = null;
    this.build();
  }

  // the network in the units of the inputs
  rawLayers() {
    const { layers, scalers, yScaler } = this.picture;
    return folded(layers, scalers, yScaler);
  }
}
