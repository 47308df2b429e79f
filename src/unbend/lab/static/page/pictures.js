// What a picture of a training shows: every neuron's map, the surface, the pieces, the answer at one place.
import { forward, workspace } from "./network.js";
import { edgesOf, isPiecewise, linearPieces } from "./pieces.js";
import { softmax } from "./losses.js";

const SIDES = { fine: 56, coarse: 40 }; // points along one side of the surface: at rest, and while it trains
const EVERY = 2; // a neuron's map takes every second one
const LIVE = 8; // milliseconds that the pieces may take to be counted for every picture

// each neuron's values as bytes, scaled by the largest of them: 128 is 0; rows from top to bottom
function mapsOf(values, side, width, centred) {
  const grid = side / EVERY;
  const maps = new Uint8Array(width * grid * grid);
  for (let j = 0; j < width; j++) {
    let mean = 0;
    if (centred) for (let n = j; n < values.length; n += width) mean += (values[n] * width) / values.length;
    let most = 0;
    for (let n = j; n < values.length; n += width) most = Math.max(most, Math.abs(values[n] - mean));
    const scale = most > 0 ? 127 / most : 0;
    for (let row = 0; row < grid; row++)
      for (let i = 0; i < grid; i++) {
        const n = (side - 1 - EVERY * row) * side + EVERY * i;
        maps[(j * grid + row) * grid + i] = 128 + scale * (values[n * width + j] - mean);
      }
  }
  return maps;
}

export class Pictures {
  constructor(run) {
    this.run = run;
    const { y, trainRows, ySpread, yScaler, classes } = run.data;
    const spread = yScaler ? ySpread : 1;
    let mean = 0;
    for (const row of trainRows) mean += y[row] / trainRows.length;
    this.centre = classes.length ? 0 : mean;
    this.spread = spread;
    this.middle = spread * this.centre + (yScaler?.centre ?? 0); // in the target's unit
    this.size = classes.length ? 1 : spread * y.reduce((most, v) => Math.max(most, Math.abs(v - mean)), 0) || 1;
    this.grids = { fine: this.gridOf(SIDES.fine), coarse: this.gridOf(SIDES.coarse) };
    this.counted = { epoch: -1, milliseconds: 0, result: null };
  }

  // rows of the network's inputs on a grid over the box, places for the neurons' values there, the inputs' own maps
  gridOf(side) {
    const { data, layers } = this.run;
    const [[a, b], [c, d]] = data.box;
    const line = (low, high, i) => low + ((high - low) * i) / (side - 1);
    const points = Array.from({ length: side * side }, (_, n) => n);
    const [u, v] = [Float64Array.from(points, (n) => line(a, b, n % side)), Float64Array.from(points, (n) => line(c, d, Math.floor(n / side)))];
    const rows = data.rowsAt(u, v);
    return { side, rows, places: workspace(layers, side * side, false), inputMaps: mapsOf(rows, side, data.inputs, true) };
  }

  take({ focus = null, pieces = false, at = null, paused = true }) {
    const { run } = this;
    const grid = paused ? this.grids.fine : this.grids.coarse;
    const { side, places } = grid;
    const output = forward(run.layers, grid.rows, side * side, places);
    const maps = [grid.inputMaps, ...run.layers.map(({ outputs }, k) => mapsOf(places[k].h, side, outputs, false))];
    const all = new Uint8Array(maps.reduce((sum, part) => sum + part.length, 0));
    maps.reduce((start, part) => (all.set(part, start), start + part.length), 0);
    return {
      epoch: run.epoch, layers: run.layers, maps: all, grid: side / EVERY, side, stopped: run.stopped,
      ...(focus ? this.neuron(focus, grid) : this.surface(output, side * side)),
      pieces: pieces ? this.pieces(paused) : null, here: at ? this.here(at) : null,
      confusion: paused && run.data.classes.length ? run.confusion() : null,
    };
  }

  // log-odds of two classes, the class of several, or the value above the mean
  surface(output, points) {
    const { classes, outputs } = this.run.data;
    const surface = new Float32Array(points);
    const squash = classes.length === 2 && this.run.settings.loss !== "squared";
    if (classes.length > 2) surface.forEach((_, n) => (surface[n] = this.run.answer(output, n)));
    else if (outputs === 2) surface.forEach((_, n) => (surface[n] = output[2 * n + 1] - output[2 * n]));
    else if (classes.length) surface.forEach((_, n) => (surface[n] = squash ? output[n] : 2 * output[n] - 1));
    else surface.forEach((_, n) => (surface[n] = this.spread * (output[n] - this.centre)));
    return { surface, size: this.size, squash, line: true };
  }

  // one neuron's map in the surface's place
  neuron([layer, j], { rows, side, places }) {
    const [values, width] = layer < 0 ? [rows, this.run.data.inputs] : [places[layer].h, this.run.layers[layer].outputs];
    const surface = Float32Array.from({ length: side * side }, (_, n) => values[n * width + j]);
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
    const output = Array.from(forward(layers, row, 1, this.grids.fine.places).subarray(0, data.outputs));
    if (!data.classes.length) return { value: this.spread * output[0] + (data.yScaler?.centre ?? 0) };
    const winner = this.run.answer(output, 0);
    if (settings.loss === "cross_entropy") return { winner, probability: softmax(output)[winner] };
    if (settings.loss !== "logistic") return { winner, score: output[0] };
    const p = 1 / (1 + Math.exp(-output[0]));
    return { winner, probability: winner ? p : 1 - p };
  }
}
