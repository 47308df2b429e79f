// The structure that the network view draws: columns of neurons at their heights, arrows, activation curves.
import { activations } from "./records.js";
import { valueNames } from "./formulas.js";

const TOP = 30;

function curveOf(activation) {
  const x = Float64Array.from({ length: 61 }, (_, i) => -3 + i / 10);
  const y = new Float64Array(61);
  activations[activation].values(61, x, y);
  const [low, high] = [Math.min(...y), Math.max(...y)];
  const half = (high - low) / 2 || 1;
  return Array.from(x, (v, i) => [v / 3, (y[i] - (low + high) / 2) / half]);
}

// layers: { inputs, outputs, activation }; the rows of neurons fill this height as long as they fit
export function diagramOf(layers, inputs, { height, numbers = false, headings = null }) {
  const sizes = [inputs.length, ...layers.map(({ outputs }) => outputs)];
  const tallest = Math.max(...sizes);
  const pitch = Math.max(40, Math.min(numbers ? 92 : 84, height / tallest));
  const radius = Math.min(24, pitch >= 68 ? (pitch - 30) / 2 : pitch * 0.4);
  const columns = sizes.map((size, k) => ({
    heading: headings ? headings[k] : "", size, curve: k ? curveOf(layers[k - 1].activation) : [],
    neurons: valueNames(layers, k, inputs).map((name, index) => ({
      index, name: k ? name : name.length > 9 ? `${name.slice(0, 8)}…` : name, x: 70 + 150 * k,
      y: TOP + (headings ? 30 : 0) + ((tallest - size) * pitch) / 2 + index * pitch + pitch / 2,
    })),
  }));
  const arrows = layers.flatMap(({ inputs: rows, outputs }, k) =>
    Array.from({ length: rows * outputs }, (_, n) => [k, Math.floor(n / outputs), n % outputs]));
  return { columns, arrows, bottom: TOP + (headings ? 30 : 0) + tallest * pitch, radius, tight: pitch < 68 };
}

// the weights as the view reads them: float32, of each layer W, then b
export function packed(layers) {
  const all = new Float32Array(layers.reduce((sum, { W, b }) => sum + W.length + b.length, 0));
  let start = 0;
  for (const { W, b } of layers)
    for (const part of [W, b]) {
      all.set(part, start);
      start += part.length;
    }
  return all;
}
