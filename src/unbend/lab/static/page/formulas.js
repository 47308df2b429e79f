// A neuron's formula, in symbols and with its numbers.
import { shown } from "./numbers.js";

// what enters layer k; the outputs' names where k is the number of layers
export function valueNames(layers, k, inputs) {
  if (k === 0) return inputs;
  const stem = k === layers.length ? "y" : k === 1 ? "h" : `h${k}_`;
  return Array.from({ length: layers[k - 1].outputs }, (_, j) => `${stem}${j + 1}`);
}

const applied = (activation, sum) => (activation === "identity" ? sum : `${activation}(${sum})`);

function added(terms) {
  return terms.join(" + ").replaceAll("+ −", "− ") || "0";
}

export function symbols(layers, k, j, inputs) {
  const before = k ? `${k + 1}_` : "";
  const between = Math.max(layers[k].inputs, layers[k].outputs) > 9 ? "_" : "";
  const terms = valueNames(layers, k, inputs).map((name, i) => `${name}·w${before}${i + 1}${between}${j + 1}`);
  return `${valueNames(layers, k + 1, inputs)[j]} = ${applied(layers[k].activation, added([...terms, `b${before}${j + 1}`]))}`;
}

// with four digits; what is 0 is left out; values are those of one row, which are then put in
export function withNumbers(layers, k, j, inputs, values = null) {
  const { W, b, outputs, activation } = layers[k];
  const terms = valueNames(layers, k, inputs).map((name, i) => {
    const w = W[i * outputs + j];
    return w === 0 ? null : `${shown(w)}·${values ? bracketed(values[k][i]) : name}`;
  });
  const sum = added([...terms.filter(Boolean), ...(b[j] === 0 && terms.some(Boolean) ? [] : [shown(b[j])])]);
  const left = `${valueNames(layers, k + 1, inputs)[j]} = ${applied(activation, sum)}`;
  return values ? `${left} = ${shown(values[k + 1][j])}` : left;
}

const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
