// Data sets for training: toy data drawn as in the package, and a reader's table, scaled.
import { features, sectors, toyDatasets } from "./records.js";
import { Random } from "./random.js";

// the columns x1, x2, y of a toy data set, drawn by this generator
export function drawn(record, random, noise) {
  const { rows } = record;
  const columns = record.draws.flatMap(({ count, kind, a, b }) => {
    const group = Array.from({ length: count }, () => new Float64Array(rows));
    for (let row = 0; row < rows; row++)
      for (const column of group) column[row] = kind === "normal" ? a + b * random.normal() : a + (b - a) * random.double();
    return group;
  });
  const odd = Float64Array.from({ length: rows }, (_, i) => i % 2);
  const [x1, x2, y] = [0, 0, 0].map(() => new Float64Array(rows));
  record.compute(rows, ...columns, odd, noise, x1, x2, y);
  return [x1, x2, y];
}

export const drawnSectors = (random) => drawn(sectors, random, 0);

// training and validation row numbers, at least one on either side
function split(rows, share, random) {
  const shuffled = random.permutation(Array.from({ length: rows }, (_, i) => i));
  const half = Math.round(share * rows);
  const even = Math.abs(share * rows - Math.trunc(share * rows)) === 0.5 && half % 2 ? half - 1 : half; // as Python rounds
  const count = Math.min(Math.max(even, 1), rows - 1);
  return { trainRows: shuffled.slice(count).sort(), validationRows: shuffled.slice(0, count).sort() };
}

function boxOf(...columns) {
  return columns.map((values) => {
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const margin = high > low ? 0.08 * (high - low) : 1;
    return [low - margin, high + margin];
  });
}

// inputs of rows of the plane (u, v): one after another for each row
function featureRows(names, u, v) {
  const rows = new Float64Array(u.length * names.length);
  const column = new Float64Array(u.length);
  names.forEach((name, i) => {
    features[name](u.length, u, v, column);
    column.forEach((value, row) => (rows[row * names.length + i] = value));
  });
  return rows;
}

// of the names, x1 and x2 are straight in the plane; any other input makes pieces curved there
export function toyDataset({ name, noise, held, seed, inputs }) {
  const random = new Random(seed, 2);
  const record = toyDatasets[name];
  const [u, v, y] = drawn(record, random, noise);
  const chosen = Object.keys(features).filter((feature) => inputs.includes(feature));
  return {
    x: featureRows(chosen, u, v), y, u, v, names: chosen, inputs: chosen.length, outputs: 1, target: "y", axes: ["x1", "x2"],
    classes: record.classes ? ["A", "B"] : [], box: boxOf(u, v), ySpread: 1, ...split(record.rows, held, random),
    rowsAt: (a, b) => featureRows(chosen, a, b),
    embedding: chosen.every((feature) => feature === "x1" || feature === "x2")
      ? chosen.map((feature) => (feature === "x1" ? [1, 0, 0] : [0, 1, 0])) : null,
  };
}

const median = (values) => {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

function scalerOf(values) {
  const centre = values.reduce((a, b) => a + b, 0) / values.length;
  const scale = Math.sqrt(values.reduce((a, b) => a + (b - centre) ** 2, 0) / values.length);
  return { centre, scale: scale > 1e-12 * Math.abs(centre) && scale > 0 ? scale : 1 };
}

// a table { name, columns: [{ name, values }], target: { name, values, classes } } of numbers without gaps
export function tableDataset({ table, axes, held, seed }) {
  const { columns, target } = table;
  const rows = target.values.length;
  const parts = split(rows, held, new Random(seed, 2));
  const taken = (values) => Array.from(parts.trainRows, (row) => values[row]);
  const scalers = columns.map(({ values }) => scalerOf(taken(values)));
  const [p, q = -1] = axes.map((name) => columns.findIndex((column) => column.name === name));
  const middles = columns.map(({ values }) => median(values));
  const scaled = (i, value) => (value - scalers[i].centre) / scalers[i].scale;
  const k = columns.length;
  const x = new Float64Array(rows * k);
  columns.forEach(({ values }, i) => values.forEach((value, row) => (x[row * k + i] = scaled(i, value))));
  const yScaler = target.classes.length ? null : scalerOf(taken(target.values));
  const y = Float64Array.from(target.values, (value) => (yScaler ? (value - yScaler.centre) / yScaler.scale : value));
  const [u, v] = [p, q].map((i) => (i < 0 ? new Float64Array(rows) : Float64Array.from(columns[i].values)));
  const at = (i, a, b) => scaled(i, i === p ? a : i === q ? b : middles[i]);
  return {
    x, y, u, v, names: columns.map(({ name }) => name), inputs: k, outputs: target.classes.length > 2 ? target.classes.length : 1,
    target: target.name, axes: [p, q].filter((i) => i >= 0).map((i) => columns[i].name), classes: target.classes,
    box: q < 0 ? [boxOf(u)[0], [-1, 1]] : boxOf(u, v), ySpread: yScaler ? yScaler.scale : 1, xScalers: scalers, yScaler, ...parts,
    rowsAt: (a, b) => {
      const points = new Float64Array(a.length * k);
      for (let row = 0; row < a.length; row++) for (let i = 0; i < k; i++) points[row * k + i] = at(i, a[row], b[row]);
      return points;
    },
    embedding: columns.map((_, i) => {
      const { centre, scale } = scalers[i];
      return i === p ? [1 / scale, 0, -centre / scale] : i === q ? [0, 1 / scale, -centre / scale] : [0, 0, scaled(i, middles[i])];
    }),
  };
}
