// The data: thumbnails of the toy sets, noise, held-out share, another draw, and a reader's own table.
import { FIELDS } from "./fields.js";
import { toyDatasets } from "./records.js";
import { toyDataset } from "./data.js";
import { canBeInput, canBeTarget, readTable } from "./table.js";
import { control } from "./controls.js";
import { button, h, write } from "./elements.js";
import { say } from "./words.js";

const CLASSES = ["#b5471b", "#1b6ca8"];

function thumbnail(name) {
  const canvas = h("canvas", { width: "112", height: "112" });
  const pen = canvas.getContext("2d");
  const { u, v, y, box, classes } = toyDataset({ name, noise: 0, held: 0.3, seed: 0, inputs: ["x1"] });
  const most = Math.max(...y.map(Math.abs));
  y.forEach((value, n) => {
    const plus = classes.length ? value === 1 : value > 0;
    pen.globalAlpha = classes.length ? 1 : Math.min(1, Math.abs(value) / most);
    pen.fillStyle = CLASSES[plus ? 1 : 0];
    const [x, z] = [u, v].map((values, i) => ((values[n] - box[i][0]) / (box[i][1] - box[i][0])) * 112);
    pen.fillRect(x - 2, 110 - z, 4, 4);
  });
  return h("img", { src: canvas.toDataURL(), alt: "" });
}

export function dataPanel(app) {
  const { values } = app;
  const names = Object.fromEntries(FIELDS.playground.data.options);
  const choose = (name) => {
    values.data = name;
    app.changed("data");
    app.build();
  };
  const pick = (name, picture) =>
    h("label", { class: "thumbnail", title: say(`lab_playground.set_${name}`) },
      h("input", { type: "radio", name: "data", value: name, checked: values.data === name, onchange: () => choose(name) }), picture,
      h("span", {}, say(`lab_file.short_${name}`)));
  const sets = Object.keys(toyDatasets).filter((name) => name in names).map((name) => pick(name, thumbnail(name)));
  if (app.own.table) sets.push(pick("own", h("span", { class: "own", "aria-hidden": "true" }, "▦")));
  return h("section", { class: "data", "aria-label": say("lab_playground.part_data") },
    h("h2", {}, say("lab_playground.part_data")), h("div", { class: "thumbnails", role: "radiogroup", "aria-label": say("lab_playground.data") }, sets));
}

export function settingsPanel(app) {
  const part = (name) => control("playground", name, app.changed);
  return h("section", { class: "settings", "aria-label": say("lab_file.settings") },
    app.values.data === "own" ? null : part("noise"), part("held"),
    button(say("lab_file.new_data"), () => app.next("seed"), { class: "wide" }),
    tableInput(app), h("h2", {}, say("lab_playground.part_learning")), part("batch"), part("patience"));
}

function tableInput(app) {
  const told = h("p", { class: "note", role: "status" }, app.own.table ? readMessage(app.own) : "");
  const read = async (file) => {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      let text;
      try {
        text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch {
        text = new TextDecoder("euc-kr").decode(bytes);
      }
      const table = readTable(text);
      app.useTable((own) => own.take(table, file.name));
    } catch (problem) {
      write(told, problem.key ? say(problem.key, problem.values) : say("lab_file.table_unreadable"));
      told.classList.add("bad");
    }
  };
  const file = h("input", { type: "file", accept: ".csv,.tsv,.txt", onchange: (e) => e.target.files[0] && read(e.target.files[0]) });
  const zone = h("label", { class: "drop" }, h("span", {}, say("lab_file.table_drop")), file);
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
  });
  return h("details", { class: "own-table", open: app.values.data === "own" }, h("summary", {}, say("lab_file.own_table")), zone, told,
    app.values.data === "own" ? tableChoices(app) : null);
}

const readMessage = ({ name, table }) =>
  say("lab_file.table_read", { name, rows: table.rows.toLocaleString("en"), columns: table.columns.length });

// target, columns and the two axes of the reader's table
function tableChoices(app) {
  const { table: { columns }, target, inputs, axes } = app.own;
  const choose = (part) => app.useTable((own) => own.choose(part));
  const list = (label, options, value, set) =>
    h("label", { class: "choice" }, h("span", {}, label), h("select", { onchange: (e) => set(e.target.value) },
      options.map((name) => h("option", { value: name, selected: name === value }, name))));
  const shownNames = app.own.columns.columns.map(({ name }) => name);
  const box = ({ name }) => h("label", { class: "switch" }, h("input", { type: "checkbox", checked: inputs.includes(name), onchange: (e) => choose({ inputs: e.target.checked ? [...inputs, name] : inputs.filter((other) => other !== name) }) }), name);
  return h("div", { class: "choices" },
    list(say("lab_playground.target"), columns.filter(canBeTarget).map(({ name }) => name), target, (name) => choose({ target: name })),
    shownNames.length > 2 ? axes.map((name, n) => list(say("lab_file.axis", { n: n + 1 }), shownNames, name, (to) => choose({ axes: axes.map((old, m) => (m === n ? to : old === to ? name : old)) }))) : null,
    h("fieldset", {}, h("legend", {}, say("lab_file.columns")), columns.filter((column) => column.name !== target && canBeInput(column)).map(box)));
}
