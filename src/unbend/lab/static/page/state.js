// The state of the page: every field's value, read from the URL's hash and written back where it is not the default.
import { FIELDS } from "./fields.js";
import { language, speak } from "./words.js";

export const MOST_LAYERS = 6;
export const MOST_NEURONS = 12;
export const state = { page: "playground", values: {} };

function valueOf(field, text) {
  if (field.kind === "switch") return text === "1";
  if (field.kind === "choice") return field.options.some(([value]) => value === text) ? text : field.default;
  if (field.kind !== "number") return text;
  const value = Number(text);
  const allowed = field.marks.length ? field.marks.includes(value) : value >= field.low && value <= field.high;
  return text !== "" && allowed ? value : field.default;
}

export function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  speak(given.get("lang") ?? (navigator.language.startsWith("ko") ? "ko" : "en"));
  state.page = given.get("page") in FIELDS ? given.get("page") : "playground";
  for (const [page, fields] of Object.entries(FIELDS)) {
    state.values[page] ??= {};
    for (const [name, field] of Object.entries(fields)) {
      const here = page === state.page && given.has(name);
      if (here) state.values[page][name] = valueOf(field, given.get(name));
      else if (page === state.page || !(name in state.values[page])) state.values[page][name] = field.default;
    }
  }
}

export function writeHash() {
  const changed = Object.entries(FIELDS[state.page])
    .filter(([name, field]) => state.values[state.page][name] !== field.default && state.values[state.page][name] !== "own")
    .map(([name]) => [name, typeof state.values[state.page][name] === "boolean" ? (state.values[state.page][name] ? "1" : "0") : state.values[state.page][name]]);
  const all = new URLSearchParams([["page", state.page], ["lang", language()], ...changed]);
  history.replaceState(null, "", `#${all.toString().replaceAll("%2C", ",")}`);
}

// "8tanh,8relu" as [[8, "tanh"], [8, "relu"]]: what is no layer is left out
export function layersOf(text, known) {
  const layers = text.split(",").map((part) => /^(\d+)(\w+)$/.exec(part));
  return layers.filter((found) => found && found[2] in known && found[1] >= 1 && found[1] <= MOST_NEURONS)
    .map((found) => [Number(found[1]), found[2]]).slice(0, MOST_LAYERS);
}
