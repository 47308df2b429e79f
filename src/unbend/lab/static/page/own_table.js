// A reader's table: what is predicted from which columns, and the two that are drawn as axes.
import { canBeInput, canBeTarget, chosenColumns } from "./table.js";

const MOST_INPUTS = 12; // at first

export class OwnTable {
  constructor() {
    this.table = null;
  }

  inputsFor(table, target) {
    return table.columns.filter((column) => column.name !== target && canBeInput(column)).map(({ name }) => name);
  }

  // another table: the last column that can be predicted is the target; throws the name of a message where there is none
  take(table, name) {
    const target = table.columns.filter(canBeTarget).at(-1)?.name;
    if (!target || !this.inputsFor(table, target).length) throw { key: "lab_file.table_columns", values: {} };
    this.table = table;
    this.name = name;
    this.target = null;
    this.choose({ target });
  }

  // another target, other inputs or axes; one input at least stays
  choose({ target = this.target, inputs = null, axes = null }) {
    if (target !== this.target) this.inputs = this.inputsFor(this.table, target).slice(0, MOST_INPUTS);
    else if (inputs?.length) this.inputs = inputs;
    this.target = target;
    this.columns = chosenColumns(this.table, target, this.inputs);
    const names = this.columns.columns.map(({ name }) => name);
    this.axes = (axes ?? strongest(this.columns.columns, this.columns.target.values)).filter((name) => names.includes(name)).slice(0, 2);
  }
}

// names of columns by their correlation with the target, the strongest first
function strongest(columns, y) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const dot = (a, b) => a.reduce((sum, value, n) => sum + value * b[n], 0);
  const centred = (values) => values.map((value) => value - mean(values));
  const goal = centred(y);
  const size = ({ values }) => {
    const x = centred(values);
    return Math.abs(dot(x, goal)) / Math.sqrt(dot(x, x) || 1);
  };
  const ranked = columns.map((column) => [column.name, size(column)]).sort(([, a], [, b]) => b - a);
  return ranked.map(([name]) => name);
}
