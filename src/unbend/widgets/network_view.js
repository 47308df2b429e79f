// A network: arrows and neurons as SVG, over it the neurons' maps, of each column one canvas as small as the maps, which
// the browser enlarges. Only numbers change while it trains.

const SVG = "http://www.w3.org/2000/svg";
const make = (name, attributes = {}, text) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};
const short = (v) => {
  const size = Math.abs(v);
  const text = v === 0 ? "0" : size >= 1e-3 && size < 1e4 ? String(Number(v.toPrecision(3))) : v.toExponential(1);
  return text.replaceAll("-", "−");
};
// attributes and texts, only where they change: each one that is set is drawn again
const set = (node, name, value) => node.getAttribute(name) === value || node.setAttribute(name, value);
const write = (node, text) => node.textContent === text || (node.textContent = text);
const MOST_LABELS = 80; // between two columns; more would be a grey wood
const PLUS = [27, 108, 168];
const MINUS = [181, 71, 27];
// a style sheet's colour #rrggbb as three numbers
const colour = (element, name) => {
  const text = getComputedStyle(element).getPropertyValue(name).trim();
  return /^#[0-9a-f]{6}$/i.test(text) ? [1, 3, 5].map((n) => parseInt(text.slice(n, n + 2), 16)) : [255, 255, 255];
};
// from minus over the paper's colour to plus, one number per colour, as canvases store them
const paletteOn = (paper) =>
  Uint32Array.from({ length: 256 }, (_, i) => {
    const share = Math.min(1, Math.abs(i - 128) / 127);
    const [r, g, b] = (i < 128 ? MINUS : PLUS).map((c, n) => Math.round(paper[n] + (c - paper[n]) * share));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
const dark = matchMedia("(prefers-color-scheme: dark)");

// the view of one structure; other sizes or activations make another
function mount(model, el) {
  const texts = model.get("texts");
  const columns = model.get("columns").map((column) => ({ ...column, neurons: column.neurons.map((n) => ({ ...n })) }));
  const radius = model.get("radius");
  const numbers = model.get("numbers");
  const root = document.createElement("div");
  root.className = "ub-network";
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  sheet.tabIndex = -1;
  const svg = make("svg", { role: "group", "aria-label": texts.diagram });
  const lines = make("g", { class: "arrows" });
  const labels = make("g", { class: "labels", "aria-hidden": "true" });
  const neurons = make("g");
  svg.append(lines, labels, neurons);
  const sheets = columns.map(() => document.createElement("canvas"));
  for (const canvas of sheets) canvas.setAttribute("aria-hidden", "true");
  sheet.append(svg, ...sheets);
  const said = document.createElement("div");
  said.className = "formula";
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  const rows = [document.createElement("p"), document.createElement("p")];
  const large = document.createElement("canvas"); // the chosen neuron's map
  large.setAttribute("aria-hidden", "true");
  large.hidden = true;
  said.append(large, ...rows);
  const legend = document.createElement("p");
  legend.className = "legend";
  for (const sign of ["plus", "minus"]) {
    const mark = make("svg", { width: 30, height: 8, class: "arrows", "aria-hidden": "true" });
    mark.append(make("line", { x1: 0, x2: 30, y1: 4, y2: 4, "stroke-width": 2.5, class: sign }));
    legend.append(mark, texts[sign] ?? "");
  }
  root.append(sheet, legend, said);
  el.append(root);
  let palette = paletteOn(colour(root, "--ub-paper"));

  // of the whole of weights: where W and b of each layer begin
  const offsets = [];
  let total = 0;
  for (let k = 1; k < columns.length; k++) {
    const [rows, width] = [columns[k - 1].size, columns[k].size];
    offsets.push({ W: total, b: total + rows * width, width });
    total += (rows + 1) * width;
  }
  const floats = () => {
    const view = model.get("weights");
    const all = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    return all.length === total ? all : new Float32Array(total);
  };
  const weight = (all, k, i, j) => all[offsets[k].W + i * offsets[k].width + j];
  const bias = (all, k, j) => all[offsets[k].b + j];

  const arrows = model.get("arrows").map(([k, i, j]) => {
    const line = make("line", { "data-arrow": `${k} ${i} ${j}` });
    lines.append(line);
    return { k, i, j, line, label: make("text") };
  });
  const nodes = [];
  const place = {};
  columns.forEach((column, k) => {
    column.head = make("text", { class: "heading", "text-anchor": "middle", y: 40 }, column.heading);
    neurons.append(column.head);
    for (const neuron of column.neurons) {
      if (neuron.index === null) {
        const left = column.size - column.neurons.length + 1;
        neuron.node = make("text", { class: "gap", "text-anchor": "middle" }, `⋮ +${left}`);
        neurons.append(neuron.node);
        continue;
      }
      const node = make("g", { class: k ? "neuron" : "neuron input", "data-neuron": `${k - 1} ${neuron.index}`, ...(k ? { tabindex: -1, role: "button" } : { role: "img" }) });
      const half = 0.92 * radius;
      node.append(make("rect", { x: -half, y: -half, width: 2 * half, height: 2 * half, rx: k ? radius : 6 }));
      if (column.curve.length) {
        const d = column.curve.map(([a, b], n) => `${n ? "L" : "M"}${(0.6 * radius * a).toFixed(1)} ${(-0.6 * radius * b).toFixed(1)}`).join("");
        node.append(make("path", { d }));
      }
      node.append(make("text", k ? { class: "name", y: -radius - 5, "text-anchor": "middle" } : { class: "name", x: -radius - 2, y: 4, "text-anchor": "end" }, neuron.name));
      neuron.bias = make("text", { class: "bias", y: radius + 12, "text-anchor": "middle" });
      node.append(neuron.bias);
      neuron.node = node;
      neurons.append(node);
      place[`${k} ${neuron.index}`] = neuron;
      nodes.push({ k, ...neuron });
      if (k) {
        const choose = () => {
          model.set("chosen", [k - 1, neuron.index]);
          model.save_changes();
          mark();
        };
        node.addEventListener("pointerenter", choose);
        node.addEventListener("focus", () => (choose(), stopAt(node)));
        node.addEventListener("click", choose);
        node.addEventListener("keydown", (event) => move(event, k, neuron.index));
      }
    }
  });

  // one stop of the Tab key for all neurons; the arrow keys move between them, as they lie in the picture
  let stop = null;
  function stopAt(node) {
    stop?.setAttribute("tabindex", -1);
    (stop = node).setAttribute("tabindex", 0);
  }
  const drawn = (k) => columns[k]?.neurons.filter((neuron) => neuron.index !== null) ?? [];
  function move(event, k, index) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const layer = drawn(k);
    const at = layer.findIndex((neuron) => neuron.index === index);
    const nearest = (next) => next > 0 && drawn(next).reduce((best, one) => (!best || Math.abs(one.y - layer[at].y) < Math.abs(best.y - layer[at].y) ? one : best), null);
    const to = { ArrowUp: layer[at - 1], ArrowDown: layer[at + 1], ArrowLeft: nearest(k - 1), ArrowRight: nearest(k + 1), Home: layer[0], End: layer.at(-1) };
    if (!(event.key in to)) return;
    event.preventDefault();
    if (to[event.key]) to[event.key].node.focus();
  }
  const [layer, index] = model.get("chosen");
  stopAt((place[`${layer + 1} ${index}`] ?? drawn(1)[0]).node);

  let width = 0;
  function layOut() {
    const natural = columns.at(-1).neurons[0].x + 70;
    const [least, most] = numbers ? [110 * columns.length, 1.9 * natural] : [(columns.length > 4 ? 84 : 62) * columns.length + 60, 1200];
    width = Math.max(least, Math.min(root.clientWidth || natural, most)); // narrower than the least: the sheet scrolls
    const first = columns[0].neurons[0].x;
    // wider gaps where arrows are many, as long as the narrowest is wide enough
    const last = columns.length - 1;
    let places = columns.map(({ neurons }) => (neurons[0].x - first) / (natural - 70 - first || 1));
    if (places.some((p, k) => k && (p - places[k - 1]) * (width - 132) < (numbers ? 100 : 90))) places = columns.map((_, k) => k / last);
    const at = (k) => 66 + places[k] * (width - 132);
    const height = model.get("bottom") + 16;
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) svg.setAttribute(key, value);
    sheet.style.setProperty("--ub-print-zoom", Math.min(1, 660 / width)); // as wide as paper, maps and arrows alike
    const narrow = (width - 132) / (columns.length - 1) < 120;
    columns.forEach((column, k) => {
      const x = at(k);
      column.head.setAttribute("x", Math.max(x, 40));
      column.head.setAttribute("y", narrow && k % 2 ? 22 : 44);
      for (const neuron of column.neurons) {
        neuron.at = [x, neuron.y];
        if (neuron.index === null) Object.entries({ x, y: neuron.y + 8 }).forEach(([a, v]) => neuron.node.setAttribute(a, v));
        else neuron.node.setAttribute("transform", `translate(${x} ${neuron.y})`);
      }
    });
    for (const arrow of arrows) {
      let [from, to] = [place[`${arrow.k} ${arrow.i}`].at, place[`${arrow.k + 1} ${arrow.j}`].at];
      // from edge to edge; between maps, which stand close, from side to side, or arrows would cross the maps above and below
      const side = numbers ? 0 : 0.92 * radius;
      [from, to] = [[from[0] + side, from[1]], [to[0] - side, to[1]]];
      const gap = numbers ? radius / Math.hypot(to[0] - from[0], to[1] - from[1]) : 0;
      const put = (t) => [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
      const [[x1, y1], [x2, y2]] = [put(gap), put(1 - gap)];
      for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) arrow.line.setAttribute(key, value.toFixed(1));
      arrow.put = put;
    }
    side = 0;
    spread();
    draw();
    drawMaps();
    mark();
  }

  // labels stand where they cover the least of those that stand already; one that would hide others waits until its
  // neuron is chosen
  function spread() {
    const taken = nodes.flatMap(({ k, node, at, index }) => {
      const [x, y] = place[`${k} ${index}`].at;
      return [[x - 22, y - radius - 16, x + 22, y + radius + 18]];
    });
    const common = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 3) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 2);
    const many = columns.map((_, k) => arrows.filter((arrow) => arrow.k === k).length > MOST_LABELS);
    for (const arrow of numbers ? arrows : []) {
      let best = [Infinity];
      for (const t of [0.3, 0.36, 0.24, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72, 0.78]) {
        const [x, y] = arrow.put(t);
        const box = [x - 19, y - 7, x + 19, y + 7];
        const cost = taken.reduce((sum, other) => sum + common(box, other), 0);
        if (cost < best[0]) best = [cost, x, y, box];
      }
      const crowded = many[arrow.k] || best[0] > 200;
      arrow.label.toggleAttribute("data-crowded", crowded);
      if (!crowded) taken.push(best[3]);
      arrow.label.setAttribute("x", best[1]);
      arrow.label.setAttribute("y", best[2] + 4);
    }
  }

  function draw() {
    const all = floats();
    const values = model.get("values");
    let largest = 0;
    for (const { W, b } of offsets) for (let n = W; n < b; n++) largest = Math.max(largest, Math.abs(all[n]));
    for (const { k, i, j, line, label } of arrows) {
      const w = weight(all, k, i, j);
      set(line, "class", `${w < 0 ? "minus" : ""}${k === model.get("chosen")[0] && j === model.get("chosen")[1] ? " chosen" : ""}`);
      set(line, "stroke-width", (0.6 + (4.4 * Math.abs(w)) / (largest || 1)).toFixed(1));
      if (numbers) {
        write(label, short(w));
        set(label, "class", w < 0 ? "minus" : "plus");
      }
    }
    for (const { k, index, name, node } of nodes) {
      const neuron = place[`${k} ${index}`];
      const value = values[k]?.[index] ?? "";
      if (k === 0) {
        const label = model.get("labels")[index] ?? "";
        const told = label !== name && label ? (label.length > 12 ? `${label.slice(0, 11)}…` : label) : "";
        write(neuron.bias, [told, value && `= ${value}`].filter(Boolean).join(" "));
        set(node, "aria-label", `${texts.input} ${name} ${told && label} ${value}`);
        continue;
      }
      const b = short(bias(all, k - 1, index));
      write(neuron.bias, numbers ? `b = ${b}` : `b ${b}`);
      set(node, "aria-label", `${name}, ${texts.bias} ${b}${value && `, = ${value}`}`);
    }
    const formula = model.get("formula");
    write(rows[0], formula ? model.get("symbols") : texts.choose);
    write(rows[1], formula);
  }

  // each column's canvas, with the places of its maps on it; made anew for maps of another size
  let [images, side] = [[], 0];
  function placeMaps(grid) {
    side = grid;
    const half = 0.92 * radius - 1; // inside the neuron's frame
    images = columns.map((column, k) => {
      const heights = column.neurons.filter(({ index }) => index !== null).map(({ y }) => y);
      const pitch = column.neurons.length > 1 ? column.neurons[1].y - column.neurons[0].y : 2 * half;
      const density = Math.round((pitch * grid) / (2 * half)) / pitch; // of canvas rows, whole from neuron to neuron
      const starts = heights.map((y) => Math.round((y - heights[0]) * density));
      const canvas = sheets[k];
      [canvas.width, canvas.height] = [grid, starts.at(-1) + grid];
      Object.assign(canvas.style, { left: `${column.neurons[0].at[0] - half}px`, top: `${heights[0] - half}px`, width: `${2 * half}px`, height: `${canvas.height / density}px` });
      const pen = canvas.getContext("2d");
      const image = pen.createImageData(canvas.width, canvas.height);
      return { pen, image, dots: new Uint32Array(image.data.buffer), starts };
    });
  }

  function drawMaps() {
    const grid = model.get("grid");
    root.classList.toggle("mapped", grid > 0);
    if (!grid) return;
    const maps = model.get("maps");
    const bytes = new Uint8Array(maps.buffer, maps.byteOffset, maps.byteLength);
    if (bytes.length !== nodes.length * grid * grid) return;
    if (side !== grid) placeMaps(grid);
    let from = 0;
    for (const { pen, image, dots, starts } of images) {
      for (const start of starts) for (let p = start * grid; p < (start + grid) * grid; p++) dots[p] = palette[bytes[from++]];
      pen.putImageData(image, 0, 0);
    }
    enlarge(grid);
  }

  function enlarge(grid) {
    const [layer, neuron] = model.get("chosen");
    const column = nodes.filter(({ k }) => k - 1 === layer);
    const n = grid ? column.findIndex(({ index }) => index === neuron) : -1;
    large.hidden = n < 0;
    if (n < 0) return;
    if (large.width !== grid) large.width = large.height = grid;
    const { image, starts } = images[layer + 1];
    large.getContext("2d").putImageData(image, 0, -starts[n], 0, starts[n], grid, grid);
  }

  let marked = "";
  function mark() {
    const [layer, neuron] = model.get("chosen");
    if (side) enlarge(side);
    for (const { k, index, node } of nodes) node.classList.toggle("chosen", k - 1 === layer && index === neuron);
    const now = `${layer} ${neuron}`;
    lines.classList.toggle("some", nodes.some(({ k, index }) => k - 1 === layer && index === neuron));
    if (now !== marked)
      for (const { k, j, line, label } of arrows) {
        const mine = k === layer && j === neuron;
        line.classList.toggle("chosen", mine);
        label.toggleAttribute("data-chosen", mine);
        if (mine || numbers) labels.append(label);
        else label.remove();
      }
    marked = now;
    if (!numbers) {
      const all = floats();
      for (const { k, i, j, label, put } of arrows.filter((a) => a.k === layer && a.j === neuron)) {
        const w = weight(all, k, i, j);
        const [x, y] = put(0.42);
        Object.entries({ x, y: y + 4, class: w < 0 ? "minus" : "plus" }).forEach(([a, v]) => label.setAttribute(a, v));
        label.textContent = short(w);
      }
    }
  }

  const seen = new ResizeObserver(() => root.clientWidth && layOut());
  seen.observe(root);
  const repaint = () => ((palette = paletteOn(colour(root, "--ub-paper"))), drawMaps());
  dark.addEventListener("change", repaint);
  layOut();
  return {
    redraw: () => (draw(), mark()),
    drawMaps,
    close: () => (dark.removeEventListener("change", repaint), seen.disconnect(), root.remove()),
  };
}

function render({ model, el }) {
  let view = mount(model, el);
  let waiting = 0;
  // what changed since the last picture: another structure is mounted anew, maps and numbers are drawn apart
  const due = new Set();
  const later = (part) => () => {
    due.add(part);
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      if (due.has("columns")) {
        view.close();
        view = mount(model, el);
      } else {
        if (due.has("maps")) view.drawMaps();
        if (due.has("numbers")) view.redraw();
      }
      due.clear();
    });
  };
  const [numbers, maps] = [later("numbers"), later("maps")];
  const heard = { columns: later("columns"), maps, grid: maps, weights: numbers, chosen: numbers, formula: numbers, values: numbers, labels: numbers };
  for (const [name, does] of Object.entries(heard)) model.on(`change:${name}`, does);
  return () => {
    cancelAnimationFrame(waiting);
    view.close();
    for (const [name, does] of Object.entries(heard)) model.off(`change:${name}`, does);
  };
}

export default { render };
