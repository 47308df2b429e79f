// The run of the page Network: 2-hidden-3 neurons, some minibatches of 1000 rows, as in the lab's minibatch_demo.
import { drawnSectors } from "./data.js";
import { Random } from "./random.js";
import { backward, copied, forward, newLayers, workspace } from "./network.js";
import { lossOfRows } from "./losses.js";
import { BETAS, optimizers } from "./records.js";

export const SHOWN_ROWS = 10;

export function minibatchRun({ hidden, activation, steps, batch, rate, seed }) {
  const random = new Random(seed, 1);
  const [x1, x2, y] = drawnSectors(random);
  const rows = x1.length;
  const layers = newLayers([2, hidden, 3], [activation, "identity"], seed);
  const gradients = copied(layers);
  const places = workspace(layers, Math.max(batch, SHOWN_ROWS));
  const x = new Float64Array(2 * batch);
  const target = new Float64Array(batch);
  const value = new Float64Array(batch);
  let [order, used, chosen, before, after] = [[], 0, [], NaN, NaN];
  const loss = () => {
    lossOfRows("cross_entropy", forward(layers, x, batch, places, true), target, batch, 3, value, places[1].delta);
    return value.reduce((a, b) => a + b, 0) / batch;
  };
  for (let step = 1; step <= steps; step++) {
    if (order.length - used < batch) [order, used] = [random.permutation(Array.from({ length: rows }, (_, i) => i)), 0];
    chosen = order.slice(used, used + batch);
    used += batch;
    chosen.forEach((row, n) => {
      x.set([x1[row], x2[row]], 2 * n);
      target[n] = y[row];
    });
    before = loss();
    backward(layers, x, batch, places, gradients);
    const [c1, c2] = BETAS.map((beta) => 1 - beta ** step);
    layers.forEach(({ W, b }, k) => {
      optimizers.sgd.move(W.length, W, gradients[k].W, rate, 0, c1, c2);
      optimizers.sgd.move(b.length, b, gradients[k].b, rate, 0, c1, c2);
    });
  }
  if (steps) after = loss();
  return { layers, x1, x2, y, rows, chosen: [...chosen], before, after, shown: valuesOf(layers, x1, x2) };
}

// z and h of every layer for the first rows
function valuesOf(layers, x1, x2) {
  const x = Float64Array.from({ length: 2 * SHOWN_ROWS }, (_, n) => (n % 2 ? x2 : x1)[n >> 1]);
  const places = workspace(layers, SHOWN_ROWS, false);
  forward(layers, x, SHOWN_ROWS, places);
  return { x, places };
}
