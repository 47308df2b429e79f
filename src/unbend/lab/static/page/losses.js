// The loss of every row, and its derivative by the output.
import { losses } from "./records.js";

// row losses into value; the slopes, of a mean over n rows, into slope; y has values (rows, outputs) or class numbers
export function lossOfRows(name, output, y, n, outputs, value, slope) {
  if (losses[name].classes) return crossEntropy(output, y, n, outputs, value, slope);
  const each = outputs === 1 ? value : new Float64Array(n * outputs);
  losses[name].both(n * outputs, output, y, each, slope);
  for (let i = 0; i < n * outputs; i++) slope[i] = slope[i] / outputs / n;
  if (outputs > 1)
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let j = 0; j < outputs; j++) sum += each[row * outputs + j];
      value[row] = sum / outputs;
    }
}

// -log softmax(output)[class] couples the outputs of a row, so that no record holds it as a formula; the largest output
// is subtracted so that nothing overflows
function crossEntropy(output, y, n, outputs, value, slope) {
  for (let row = 0; row < n; row++) {
    const start = row * outputs;
    let most = -Infinity;
    for (let j = 0; j < outputs; j++) most = Math.max(most, output[start + j]);
    let total = 0;
    for (let j = 0; j < outputs; j++) total += slope[start + j] = Math.exp(output[start + j] - most);
    value[row] = Math.log(total) - (output[start + y[row]] - most);
    for (let j = 0; j < outputs; j++) slope[start + j] = (slope[start + j] / total - (j === y[row] ? 1 : 0)) / n;
  }
}

export function softmax(output) {
  const most = Math.max(...output);
  const parts = output.map((o) => Math.exp(o - most));
  const total = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / total);
}
