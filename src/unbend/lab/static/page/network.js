// A network as plain arrays: layers h(x W + b) with W row after row, row i the weights of input i. Forward and backward.
import { activations } from "./records.js";
import { Random } from "./random.js";

// as Network(layers, seed): normal weights of the variance that suits the activation, biases 0
export function newLayers(sizes, names, seed) {
  const random = new Random(seed);
  return names.map((activation, k) => {
    const [inputs, outputs] = [sizes[k], sizes[k + 1]];
    const he = activations[activation].init === "he";
    const deviation = Math.sqrt(2 / (he ? inputs : inputs + outputs));
    const W = Float64Array.from({ length: inputs * outputs }, () => deviation * random.normal());
    return { inputs, outputs, activation, W, b: new Float64Array(outputs) };
  });
}

export const copied = (layers) => layers.map((layer) => ({ ...layer, W: layer.W.slice(), b: layer.b.slice() }));

// places for the values of n rows: z, h, slope and delta of every layer
export function workspace(layers, n, learning = true) {
  return layers.map(({ outputs }) => {
    const place = () => new Float64Array(n * outputs);
    return { z: place(), h: place(), slope: learning ? place() : null, delta: learning ? place() : null };
  });
}

// z = x W + b for n rows
function affine({ inputs, outputs, W, b }, x, n, z) {
  for (let row = 0; row < n; row++) {
    const start = row * outputs;
    for (let j = 0; j < outputs; j++) z[start + j] = b[j];
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i];
      const weights = i * outputs;
      for (let j = 0; j < outputs; j++) z[start + j] += value * W[weights + j];
    }
  }
}

// the output of n rows; every layer's values are in places[k].h afterwards, its slopes in places[k].slope
export function forward(layers, x, n, places, slopes = false) {
  layers.forEach((layer, k) => {
    const { z, h, slope } = places[k];
    affine(layer, k ? places[k - 1].h : x, n, z);
    const { both, values } = activations[layer.activation];
    if (slopes) both(n * layer.outputs, z, h, slope);
    else values(n * layer.outputs, z, h);
  });
  return places.at(-1).h;
}

// after a forward pass with slopes: the loss's derivatives by W and b in gradients[k]; its derivative by the output is
// in the last layer's delta (Rumelhart, Hinton & Williams 1986, eq. 4-7)
export function backward(layers, x, n, places, gradients) {
  for (let k = layers.length - 1; k >= 0; k--) {
    const { inputs, outputs, W } = layers[k];
    const { slope, delta } = places[k];
    const from = k ? places[k - 1].h : x;
    const before = k ? places[k - 1].delta : null;
    const { W: dW, b: db } = gradients[k];
    dW.fill(0);
    db.fill(0);
    for (let row = 0; row < n; row++) {
      const start = row * outputs;
      for (let j = 0; j < outputs; j++) db[j] += delta[start + j] *= slope[start + j];
      for (let i = 0; i < inputs; i++) {
        const value = from[row * inputs + i];
        const weights = i * outputs;
        let sum = 0;
        for (let j = 0; j < outputs; j++) {
          const d = delta[start + j];
          dW[weights + j] += value * d;
          sum += W[weights + j] * d;
        }
        if (before) before[row * inputs + i] = sum;
      }
    }
  }
}

// the network on raw columns, from one trained on (x - centre)/scale and with an output that is scaled back
export function folded(layers, x, y) {
  const raw = copied(layers);
  const [first, last] = [raw[0], raw.at(-1)];
  if (x)
    for (let i = 0; i < first.inputs; i++)
      for (let j = 0; j < first.outputs; j++) {
        const w = (first.W[i * first.outputs + j] /= x[i].scale);
        first.b[j] -= x[i].centre * w;
      }
  if (y) {
    last.W.forEach((w, n) => (last.W[n] = w * y.scale));
    last.b.forEach((b, j) => (last.b[j] = b * y.scale + y.centre));
  }
  return raw;
}
