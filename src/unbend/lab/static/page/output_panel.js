// The output: the surface with points and pieces, the curves of loss or score, the numbers, the answer at one place.
import SurfaceView from "./surface_view.js";
import Plot from "./plot.js";
import { Model } from "./model.js";
import { control } from "./controls.js";
import { h, write } from "./elements.js";
import { shown } from "./numbers.js";
import { say } from "./words.js";

const MOST_POINTS = 300; // of a curve

export class OutputPanel {
  constructor(app) {
    this.app = app;
    const texts = { label: say("lab.surface_label"), learn: say("lab.surface_learn"), judge: say("lab.surface_judge"), cross: say("lab.surface_cross") };
    this.surface = new Model({ grid: new Float32Array(0), side: 0, size: 1, squash: false, discrete: false, hide_held: false, ends: [], classes: [], box: [[-6, 6], [-6, 6]], names: ["x1", "x2"], points: new Float32Array(0), edges: new Float32Array(0), at: [], here: "", caption: "", texts });
    this.surface.save_changes = () => app.draw();
    this.curve = new Model({ points: [], lines: [], segments: [], x_range: [0, 10], y_range: [0, 1], x_label: say("lab_playground.epoch"), y_label: "", y_log: false, label: say("lab_playground.losses"), point_label: "", movable: false, height: 170 });
    const [map, plot] = (this.places = [h("div", { class: "map" }), h("div", { class: "curve" })]);
    this.scores = h("table", { class: "scores" });
    this.said = h("p", { class: "said", role: "status", "aria-live": "polite" });
    this.confusion = h("div", { class: "confusion" });
    const switches = (...names) => h("div", { class: "switches" }, names.map((name) => control("playground", name, app.changed)));
    this.root = h("section", { class: "output", "aria-label": say("lab_file.output") },
      h("h2", {}, say("lab_file.output")), map, switches("pieces", "discrete", "hide"), this.scores, this.said, switches("curve", "log"), plot, this.confusion);
  }

  // once the panel is in the page: the views read its colours
  mount() {
    const closers = [SurfaceView.render({ model: this.surface, el: this.places[0] }), Plot.render({ model: this.curve, el: this.places[1] })];
    this.close = () => closers.forEach((close) => close());
  }

  // another data set
  setData(data) {
    this.data = data;
    const held = new Set(data.validationRows);
    const points = new Float32Array(4 * data.u.length);
    const centre = data.classes.length ? 0 : data.centre;
    data.u.forEach((u, n) => points.set([u, data.v[n], data.values[n] - centre, held.has(n) ? 1 : 0], 4 * n));
    const { box, axes, classes } = data;
    const ends = classes.length === 2 ? [classes[0], classes[1]] : classes.length ? [] : [centre - data.size, centre + data.size].map((v) => shown(v, 3));
    this.ends = ends;
    this.surface.update({ box, names: axes, classes, points, at: [], here: "", ends, edges: new Float32Array(0) });
  }

  // a picture's surface, and with numbers what can be read: scores, curves
  show(picture, neuron, numbers) {
    const { values } = this.app;
    const { pieces } = picture;
    const captions = { two: "lab_playground.pieces_two", later: "lab_playground.pieces_later", curved: "lab_file.pieces_curved", inputs: "lab_file.pieces_inputs", many: "lab_file.pieces_many" };
    const caption = neuron ? say("lab_file.map_of", { name: neuron }) : !pieces ? "" : pieces.why ? say(captions[pieces.why]) : say("lab_playground.pieces_found", { count: pieces.count.toLocaleString("en") });
    const now = { grid: picture.surface, side: picture.side, size: picture.size, squash: picture.squash, line: picture.line, edges: pieces?.edges ?? new Float32Array(0), caption };
    const kept = { discrete: values.discrete && !neuron, hide_held: values.hide, ends: neuron ? [shown(-picture.size, 3), shown(picture.size, 3)] : this.ends };
    for (const name of Object.keys(kept)) if (String(kept[name]) === String(this.surface.get(name))) delete kept[name];
    if (picture.here) now.here = this.answer(picture.here);
    this.surface.update({ ...now, ...kept });
    if (!numbers) return;
    this.showScores();
    this.showCurve();
    this.showConfusion(picture.confusion);
  }

  answer({ value, winner, probability, score }) {
    const { axes, target, classes } = this.data;
    const place = axes.map((name, n) => `${name} = ${shown(this.surface.get("at")[n], 3)}`).join(", ");
    const answer = value !== undefined ? `${target} = ${shown(value)}` : `${target} = ${classes[winner]} (${probability === undefined ? shown(score) : `${Math.round(100 * probability)} %`})`;
    return say("lab_playground.here", { place, answer });
  }

  lossName() {
    const { loss } = this.app.settings();
    if (this.data.classes.length && loss !== "squared") return say("lab_playground.nats");
    return this.data.classes.length || loss !== "squared" ? say(`lab_file.loss_${loss}`) : say("lab_playground.rmse", { target: this.data.target });
  }

  scoreName() {
    return this.data.classes.length ? say("lab_playground.accuracy") : "R²";
  }

  showScores() {
    const [train, validation, score, heldScore] = this.app.history.last;
    const percent = (v) => (this.data.classes.length ? `${(100 * v).toFixed(1)} %` : shown(v, 3));
    if (!this.cells) {
      this.cells = Array.from({ length: 4 }, () => h("td"));
      this.names = [h("th", { scope: "row" }), h("th", { scope: "row" })];
      this.scores.append(h("tr", {}, h("td"), h("th", { scope: "col" }, say("lab_playground.training")), h("th", { scope: "col" }, say("lab_playground.validation"))),
        ...[0, 1].map((n) => h("tr", {}, this.names[n], this.cells[2 * n], this.cells[2 * n + 1])));
    }
    write(this.names[0], this.lossName());
    write(this.names[1], this.scoreName());
    [shown(train), shown(validation), percent(score), percent(heldScore)].forEach((text, n) => write(this.cells[n], text));
  }

  showCurve() {
    const { history, values } = this.app;
    const first = values.curve === "loss" ? 0 : 2;
    const drawn = history.drawn(MOST_POINTS);
    const line = (k, name, look) => ({ x: drawn.map(([epoch]) => epoch), y: drawn.map(([, entry]) => entry[first + k]), name, look });
    const lines = [line(0, say("lab_playground.training"), "main"), line(1, say("lab_playground.validation"), "second")];
    const all = lines.flatMap(({ y }) => y).filter(Number.isFinite);
    let end = 10; // in steps, so that the axes stay as they are from picture to picture
    while (end < history.epoch) end = Math.ceil(1.25 * end);
    const top = values.curve === "loss" ? 1.05 * Math.max(...all, 1e-9) : 1;
    const log = values.log && values.curve === "loss";
    const bottom = log ? 10 ** Math.floor(Math.log10(Math.max(1e-12, Math.min(...all.filter((v) => v > 0))))) : Math.min(0, ...all.map((v) => Math.max(-1, v)));
    const next = { lines, y_log: log, y_label: values.curve === "loss" ? this.lossName() : this.scoreName(), x_range: [0, end], y_range: [bottom, top] };
    for (const name of ["x_range", "y_range"]) if (String(next[name]) === String(this.curve.get(name))) delete next[name];
    for (const name of ["y_log", "y_label"]) if (next[name] === this.curve.get(name)) delete next[name];
    this.curve.update("y_log" in next ? { ...next, y_range: [bottom, top] } : next);
  }

  showConfusion(table) {
    if (!table) return;
    const { classes, target } = this.data;
    const row = (cells) => h("tr", {}, cells);
    this.confusion.replaceChildren(h("table", {}, h("caption", {}, say("lab_file.confusion", { target })),
      row([h("td"), ...classes.map((name) => h("th", { scope: "col" }, name))]),
      ...table.map((counts, n) => row([h("th", { scope: "row" }, classes[n]), ...counts.map((count) => h("td", {}, String(count)))]))));
  }
}
