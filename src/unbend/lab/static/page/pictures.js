// What a picture of a training shows: every neuron's map, the surface, the pieces, the answer at one place.
import { forward, workspace } from "./network.js";
import { edgesOf, isPiecewise, linearPieces } from "./pieces.js";
import { softmax } from "./losses.js";

export const SIDE = 56; // points along one side of the surface
const EVERY = 2; // a neuron's map takes every second one
const LIVE = 8; // milliseconds that the pieces may take to be counted for every picture

export class Pictures {
  constructor(run) {
    this.run = run;
    const [[a, b], [c, d]] = run.data.box;
    const line = (low, high, i) => low + ((high - low) * i) / (SIDE - 1);
    const points = Array.from({ length: SIDE * SIDE }, (_, n) => n);
    this.rows = run.data.rowsAt(
      Float64Array.from(points, (n) => line(a, b, n % SIDE)),
      Float64Array.from(points, (n) => line(c, d, Math.floor(n / SIDE))),
    );
    this.places = workspace(run.layers, SIDE * SIDE, false);
    const { y, trainRows, ySpread, yScaler, classes } = run.data;
    const spread = yScaler ? ySpread : 1;
    let mean = 0;
    for (const row of trainRows) mean += y[row] / trainRows.length;
    this.centre = classes.length ? 0 : mean;
    this.spread = spread;
    this.middle = spread * this.centre + (yScaler?.centre ?? 0); // in the target's unit
    this.size = classes.length ? 1 : spread * y.reduce((most, v) => Math.max(most, Math.abs(v - mean)), 0) || 1;
    this.inputMaps = this.mapsOf(this.rows, run.data.inputs, true);
    this.counted = { epoch: -1, milliseconds: 0, result: null };
  }

  take({ focus = null, pieces = false, at = null, paused = true }) {
    const { run } = this;
    const output = forward(run.layers, this.rows, SIDE * SIDE, this.places);
    const maps = run.layers.map(({ outputs }, k) => this.mapsOf(this.places[k].h, outputs, false));
    const all = new Uint8Array([this.inputMaps, ...maps].reduce((sum, part) => sum + part.length, 0));
    [this.inputMaps, ...maps].reduce((start, part) => (all.set(part, start), start + part.length), 0);
    return {
      epoch: run.epoch, layers: run.layers, maps: all, grid: SIDE / EVERY, stopped: run.stopped,
      ...(focus ? this.neuron(focus) : this.surface(output)),
      pieces: pieces ? this.pieces(paused) : null, here: at ? this.here(at) : null,
      confusion: paused && run.data.classes.length ? run.confusion() : null,
    };
  }

  // each neuron's values as bytes, scaled by the largest of them: 128 is 0; rows from top to bottom
  mapsOf(values, width, centred) {
    const side = SIDE / EVERY;
    const maps = new Uint8Array(width * side * side);
    for (let j = 0; j < width; j++) {
      let mean = 0;
      if (centred) for (let n = j; n < values.length; n += width) mean += (values[n] * width) / values.length;
      let most = 0;
      for (let n = j; n < values.length; n += width) most = Math.max(most, Math.abs(values[n] - mean));
      const scale = most > 0 ? 127 / most : 0;
      for (let row = 0; row < side; row++)
        for (let i = 0; i < side; i++) {
          const n = (SIDE - 1 - EVERY * row) * SIDE + EVERY * i;
          maps[(j * side + row) * side + i] = 128 + scale * (values[n * width + j] - mean);
        }
    }
    return maps;
  }

  // log-odds of two classes, the class of several, or the value above the mean
  surface(output) {
    const { classes, outputs } = this.run.data;
    const surface = new Float32Array(SIDE * SIDE);
    const squash = classes.length === 2 && this.run.settings.loss !== "squared";
    if (classes.length > 2) surface.forEach((_, n) => (surface[n] = this.run.answer(output, n)));
    else if (outputs === 2) surface.forEach((_, n) => (surface[n] = output[2 * n + 1] - output[2 * n]));
    else if (classes.length) surface.forEach((_, n) => (surface[n] = squash ? output[n] : 2 * output[n] - 1));
    else surface.forEach((_, n) => (surface[n] = this.spread * (output[n] - this.centre)));
    return { surface, size: this.size, squash, line: true };
  }

  // one neuron's map in the surface's place
  neuron([layer, j]) {
    const [values, width] = layer < 0 ? [this.rows, this.run.data.inputs] : [this.places[layer].h, this.run.layers[layer].outputs];
    const surface = Float32Array.from({ length: SIDE * SIDE }, (_, n) => values[n * width + j]);
    return { surface, size: surface.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1, squash: false, line: false };
  }

  // edges and number of the pieces, or the name of the reason why there are none
  pieces(paused) {
    const { run, counted } = this;
    if (run.data.axes.length < 2) return { why: "two" };
    if (!run.data.embedding) return { why: "inputs" };
    if (!isPiecewise(run.layers)) return { why: "curved" };
    if (counted.milliseconds > LIVE && !paused && run.epoch % 20) return { why: "later" };
    const start = performance.now();
    const cells = linearPieces(run.layers, run.data.box, run.data.embedding);
    this.counted = { milliseconds: performance.now() - start, result: cells && { count: cells.length, edges: edgesOf(cells) } };
    return this.counted.result ?? { why: "many" };
  }

  // the output at a place of the plane, and the affine map around it where every layer is piecewise affine
  here([u, v]) {
    const { data, layers, settings } = this.run;
    const row = data.rowsAt(Float64Array.of(u), Float64Array.of(v));
    const output = Array.from(forward(layers, row, 1, this.places).subarray(0, data.outputs));
    if (!data.classes.length) return { value: this.spread * output[0] + (data.yScaler?.centre ?? 0) };
    const winner = this.run.answer(output, 0);
    if (settings.loss === "cross_entropy") return { winner, probability: softmax(output)[winner] };
    if (settings.loss !== "logistic") return { winner, score: output[0] };
    const p = 1 / (1 + Math.exp(-output[0]));
    return { winner, probability: winner ? p : 1 - p };
  }
}
