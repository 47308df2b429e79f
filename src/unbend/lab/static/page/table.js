// A reader's table as numbers: delimiter, decimal commas, gaps and texts are recognised; what is left out is said.

const DELIMITERS = [",", ";", "\t", "|"];
export const MOST_ROWS = 5000;
const MOST_CLASSES = 8;

// the cells of a CSV text; quotes as in RFC 4180
function cellsOf(text, delimiter) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let n = 0; n < text.length; n++) {
    const c = text[n];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[n + 1] === '"') (cell += c), n++;
      else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === delimiter || c === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (c === "\n") rows.push([]);
    } else if (c !== "\r") cell += c;
  }
  rows.at(-1).push(cell.trim());
  return rows.filter((row) => row.some((value) => value !== ""));
}

const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "-", "?"]);
const numberOf = (text, comma) => {
  const plain = text.replace("−", "-").replace(/^\+/, "");
  const value = comma ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/(?<=\d),(?=\d{3}\b)/g, "");
  return /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value) ? Number(value) : NaN;
};

// { columns: [{ name, texts, numbers or null, levels }], rows }; throws the name of a message and its values
export function readTable(text) {
  const clean = text.replace(/^\ufeff/, "");
  const head = clean.split("\n", 1)[0];
  const delimiter = DELIMITERS.reduce((best, d) => (head.split(d).length > head.split(best).length ? d : best));
  const [names, ...rows] = cellsOf(clean, delimiter);
  if (!names || !rows.length) throw { key: "lab_file.table_empty", values: {} };
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged >= 0) throw { key: "lab_file.table_ragged", values: { row: ragged + 2, got: rows[ragged].length, wanted: names.length } };
  const columns = names.map((name, i) => {
    const texts = rows.map((row) => row[i]);
    const known = texts.filter((value) => !MISSING.has(value.toLowerCase()));
    const comma = delimiter !== "," && known.some((value) => /^-?\d+,\d+$/.test(value));
    const numbers = texts.map((value) => numberOf(value, comma));
    const isNumber = known.length > 0 && known.every((value) => Number.isFinite(numberOf(value, comma)));
    const levels = [...new Set(known)].sort();
    return { name: name || `c${i + 1}`, texts, numbers: isNumber ? numbers : null, levels };
  });
  return { columns, rows: rows.length };
}

const isClasses = ({ numbers, levels }) => levels.length >= 2 && levels.length <= MOST_CLASSES && (!numbers || (levels.length <= 3 && numbers.every((v) => !Number.isFinite(v) || Number.isInteger(v))));
export const canBeTarget = (column) => isClasses(column) || (column.numbers !== null && column.levels.length > 1);
export const canBeInput = (column) => (column.numbers ? column.levels.length > 1 : column.levels.length === 2);

// what the engine trains on: inputs without gaps (the median, or the first level), rows that have a target
export function chosenColumns(table, target, inputs) {
  const goal = table.columns.find(({ name }) => name === target);
  const classes = isClasses(goal) ? goal.levels : [];
  const rows = goal.texts.map((_, row) => row).filter((row) => (classes.length ? classes.includes(goal.texts[row]) : Number.isFinite(goal.numbers[row])));
  const used = rows.length > MOST_ROWS ? rows.filter((_, n) => Math.floor((n * MOST_ROWS) / rows.length) !== Math.floor(((n - 1) * MOST_ROWS) / rows.length)) : rows;
  const columns = table.columns.filter(({ name }) => inputs.includes(name)).map((column) => {
    if (!column.numbers) return { name: `${column.name}=${column.levels[1]}`, values: used.map((row) => (column.texts[row] === column.levels[1] ? 1 : 0)) };
    const known = used.map((row) => column.numbers[row]).filter(Number.isFinite).sort((a, b) => a - b);
    const middle = known[known.length >> 1] ?? 0;
    return { name: column.name, values: used.map((row) => (Number.isFinite(column.numbers[row]) ? column.numbers[row] : middle)) };
  });
  const values = used.map((row) => (classes.length ? classes.indexOf(goal.texts[row]) : goal.numbers[row]));
  return { columns, target: { name: target, values, classes }, rows: used.length, all: table.rows };
}
