// The network as files: JSON that unbend.load reads, Python, a JavaScript module.
import { activations } from "./records.js";

const EXPORTED = "export"; // apart, or the line in the text would count as one of this module
const rowsOf = ({ W, inputs, outputs }) => Array.from({ length: inputs }, (_, i) => Array.from(W.subarray(i * outputs, (i + 1) * outputs)));

export function asJson(layers, inputs) {
  return `${JSON.stringify({
    format: "unbend.network", version: 1, dtype: "float64",
    layers: layers.map((layer) => ({ inputs: layer.inputs, outputs: layer.outputs, activation: layer.activation, W: rowsOf(layer), b: [...layer.b] })),
    extra: { inputs },
  }, null, 1)}\n`;
}

export function asPython(layers, inputs) {
  const parts = layers.map((layer) => `    (${JSON.stringify(rowsOf(layer))}, ${JSON.stringify([...layer.b])}),`);
  return `import unbend as ub

# inputs: ${inputs.join(", ")}
net = ub.Network.from_arrays([
${parts.join("\n")}
], activations=${JSON.stringify(layers.map(({ activation }) => activation))}, dtype="float64")
print(net([${inputs.map(() => "0.5").join(", ")}]))
`;
}

export function asJavaScript(layers, inputs, helpers) {
  const names = [...new Set(layers.map(({ activation }) => activation))];
  return `// inputs: ${inputs.join(", ")}
${helpers.trim()}
const activations = {
${names.map((name) => `  ${name}: ${activations[name].values},`).join("\n")}
};
const layers = [
${layers.map(({ activation, W, b }) => `  { activation: "${activation}", W: [${[...W]}], b: [${[...b]}] },`).join("\n")}
];

/** The network's outputs for one row of ${inputs.length} inputs. */
${EXPORTED} function output(row) {
  let x = row;
  for (const { activation, W, b } of layers) {
    const z = b.map((bias, j) => x.reduce((sum, value, i) => sum + value * W[i * b.length + j], bias));
    activations[activation](z.length, z, (x = []));
  }
  return x;
}
`;
}
