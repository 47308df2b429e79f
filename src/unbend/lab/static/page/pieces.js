// The exact linear pieces over a rectangle: cells cut layer by layer where a neuron bends (Hanin & Rolnick 2019, section 3).
import { activations } from "./records.js";

const EDGE = 1e-11; // of the size of a line's terms: a corner nearer than that lies on the line
const MOST = 4000;

export const isPiecewise = (layers) => layers.every(({ activation }) => activations[activation].pieces !== null);

// polygons [x, y, x, y, …] cut by a x + b y + c = 0
function cut(polygon, a, b, c) {
  const corners = polygon.length / 2;
  const sides = new Float64Array(corners);
  let [below, above] = [false, false];
  for (let n = 0; n < corners; n++) {
    const [p, q] = [a * polygon[2 * n], b * polygon[2 * n + 1]];
    const side = p + q + c;
    sides[n] = Math.abs(side) <= EDGE * (Math.abs(p) + Math.abs(q) + Math.abs(c)) ? 0 : side;
    below ||= sides[n] < 0;
    above ||= sides[n] > 0;
  }
  if (!below || !above) return [polygon];
  const [low, high] = [[], []];
  for (let n = 0; n < corners; n++) {
    const m = (n + 1) % corners;
    const [x, y] = [polygon[2 * n], polygon[2 * n + 1]];
    if (sides[n] <= 0) low.push(x, y);
    if (sides[n] >= 0) high.push(x, y);
    if (sides[n] * sides[m] < 0) {
      const t = sides[n] / (sides[n] - sides[m]);
      const at = [x + t * (polygon[2 * m] - x), y + t * (polygon[2 * m + 1] - y)];
      low.push(...at);
      high.push(...at);
    }
  }
  return [low, high];
}

function middle(polygon) {
  let [x, y] = [0, 0];
  for (let n = 0; n < polygon.length; n += 2) [x, y] = [x + polygon[n], y + polygon[n + 1]];
  return [(2 * x) / polygon.length, (2 * y) / polygon.length];
}

// Polygons and maps [a, b, c] (one per output: a u + b v + c) of all pieces; null where there are more than a few
// thousand. The embedding has one [a, b, c] for each of the network's inputs.
export function linearPieces(layers, [[u0, u1], [v0, v1]], embedding) {
  let cells = [{ polygon: [u0, v0, u1, v0, u1, v1, u0, v1], maps: embedding }];
  for (const { inputs, outputs, activation, W, b } of layers) {
    const { breaks, lines } = activations[activation].pieces;
    const next = [];
    for (const { polygon, maps } of cells) {
      const sums = Array.from({ length: outputs }, (_, j) => {
        const sum = [0, 0, b[j]];
        for (let i = 0; i < inputs; i++) for (let d = 0; d < 3; d++) sum[d] += W[i * outputs + j] * maps[i][d];
        return sum;
      });
      let parts = [polygon];
      for (const [p, q, r] of sums) for (const at of breaks) parts = parts.flatMap((part) => cut(part, p, q, r - at));
      for (const part of parts) {
        const [x, y] = middle(part);
        const mapped = sums.map(([p, q, r]) => {
          const value = p * x + q * y + r;
          const [slope, intercept] = lines[breaks.filter((at) => at < value).length];
          return [slope * p, slope * q, slope * r + intercept];
        });
        next.push({ polygon: part, maps: mapped });
      }
      if (next.length > MOST) return null;
    }
    cells = next;
  }
  return cells;
}

// the polygons' edges as x, y, x, y: those between two cells once
export function edgesOf(cells) {
  const edges = new Map();
  for (const { polygon } of cells)
    for (let n = 0; n < polygon.length; n += 2) {
      const m = (n + 2) % polygon.length;
      const edge = [polygon[n], polygon[n + 1], polygon[m], polygon[m + 1]];
      const [a, b, c, d] = edge.map(Math.fround);
      edges.set(a < c || (a === c && b < d) ? `${a} ${b} ${c} ${d}` : `${c} ${d} ${a} ${b}`, edge);
    }
  return Float32Array.from([...edges.values()].flat());
}
