// A map over a rectangle in three sheets, each drawn when it changes: shades on a canvas as small as their grid, which the
// browser enlarges; the line at 0 and the pieces; points, axes and a cross that can be moved.

const PLUS = [27, 108, 168];
const MINUS = [181, 71, 27];
const CLASSES = [MINUS, PLUS, [26, 122, 66], [122, 63, 160], [150, 112, 0], [70, 80, 90], [190, 40, 110], [0, 125, 130]];
const MARGIN = { left: 54, right: 10, top: 8, bottom: 34 };
const short = (v) => String(Number(v.toPrecision(3))).replace("-", "−");
const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
// one number per colour, as canvases store them
const ink = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
// a style sheet's colour #rrggbb as three numbers
const colour = (element, name, otherwise) => {
  const text = getComputedStyle(element).getPropertyValue(name).trim();
  return /^#[0-9a-f]{6}$/i.test(text) ? [1, 3, 5].map((n) => parseInt(text.slice(n, n + 2), 16)) : otherwise;
};
const rgb = (c) => `rgb(${c.join(" ")})`;
const write = (element, text) => element.textContent === text || (element.textContent = text);
// the colours on this paper
function coloursOf(element) {
  const paper = colour(element, "--ub-paper", [255, 255, 255]);
  const text = colour(element, "--ub-ink", [29, 35, 41]);
  const mix = (from, to, share) => from.map((v, n) => Math.round(v + (to[n] - v) * share));
  const fade = (c, share) => mix(paper, c, share);
  const isDark = paper[1] < 128;
  return {
    fade, mark: (c) => rgb(mix(c, text, isDark ? 0.35 : 0.2)), paper: rgb(paper), ink: rgb(text), soft: rgb(colour(element, "--ub-soft", [77, 89, 101])),
    inks: Uint32Array.from({ length: 256 }, (_, i) => ink(fade(i < 128 ? MINUS : PLUS, (0.75 * Math.abs(i - 128)) / 128))),
    classes: Uint32Array.from(CLASSES, (c) => ink(fade(c, 0.4))),
  };
}
const dark = matchMedia("(prefers-color-scheme: dark)");
const sharpness = () => Math.max(1, Math.min(2, devicePixelRatio || 1));

function ticks(low, high) {
  const rough = (high - low) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * ten).find((s) => s >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

// each class and side has a shape of its own
function shape(pen, kind, x, y, r) {
  pen.beginPath();
  if (kind === 0) pen.arc(x, y, r, 0, 2 * Math.PI);
  else {
    const corners = [0, 3, 4, 5, 6, 3, 4, 8][kind % 8];
    const turn = kind === 5 || kind === 6 ? Math.PI / corners : 0;
    for (let i = 0; i <= corners; i++) {
      const angle = turn - Math.PI / 2 + (2 * Math.PI * i) / corners;
      pen.lineTo(x + 1.25 * r * Math.cos(angle), y + 1.25 * r * Math.sin(angle));
    }
  }
}

function render({ model, el }) {
  const texts = model.get("texts");
  const root = document.createElement("div");
  root.className = "ub-surface";
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  const legend = document.createElement("div");
  legend.className = "legend";
  const caption = document.createElement("p");
  caption.className = "caption";
  const here = document.createElement("p");
  here.setAttribute("role", "status");
  here.setAttribute("aria-live", "polite");
  const small = document.createElement("canvas");
  const frame = document.createElement("div");
  frame.className = "shades";
  frame.append(small);
  const middle = document.createElement("canvas");
  middle.className = "lines";
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  sheet.append(frame, middle, canvas);
  root.append(sheet, legend, caption, here);
  el.append(root);
  const little = small.getContext("2d");
  const pencil = middle.getContext("2d");
  const pen = canvas.getContext("2d");
  let paint = coloursOf(root);
  let width = 0;
  let height = 0;

  const right = () => width - MARGIN.right;
  const bottom = () => height - MARGIN.bottom;
  const X = (u) => MARGIN.left + ((u - model.get("box")[0][0]) / (model.get("box")[0][1] - model.get("box")[0][0])) * (right() - MARGIN.left);
  const Y = (v) => bottom() - ((v - model.get("box")[1][0]) / (model.get("box")[1][1] - model.get("box")[1][0])) * (bottom() - MARGIN.top);

  // the grid's values, or nothing where there are none yet
  function values() {
    const all = floats(model.get("grid"));
    const side = model.get("side");
    return side > 1 && all.length === side * side ? all : null;
  }

  let image = null;
  function shades(all) {
    const side = model.get("side");
    const many = model.get("classes").length > 2;
    const size = model.get("size") || 1;
    const level = model.get("squash") ? (v) => Math.tanh(v / 2) : (v) => Math.max(-1, Math.min(1, v / size));
    const shade = model.get("discrete") ? (v) => Math.sign(v) * 0.6 : level;
    if (image?.width !== side) fitShades(side);
    const dots = new Uint32Array(image.data.buffer);
    for (let row = 0; row < side; row++)
      for (let i = 0; i < side; i++) {
        const v = all[(side - 1 - row) * side + i];
        dots[row * side + i] = many ? paint.classes[v % CLASSES.length] : paint.inks[Math.round(128 + 127 * shade(v))];
      }
    small.classList.toggle("crisp", many || model.get("discrete") === true);
    little.putImageData(image, 0, 0);
  }

  // the first and the last point of the grid lie on the frame, so that half a dot stands out on every side
  function fitShades(side) {
    small.width = small.height = side;
    image = little.createImageData(side, side);
    const [wide, high] = [right() - MARGIN.left, bottom() - MARGIN.top];
    const over = 0.5 / (side - 1);
    Object.assign(frame.style, { left: `${MARGIN.left}px`, top: `${MARGIN.top}px`, width: `${wide}px`, height: `${high}px` });
    Object.assign(small.style, { left: `${-over * wide}px`, top: `${-over * high}px`, width: `${(1 + 2 * over) * wide}px`, height: `${(1 + 2 * over) * high}px` });
  }

  // where neighbours on the grid lie on two sides
  function lines(all) {
    const side = model.get("side");
    const many = model.get("classes").length > 2;
    const [dx, dy] = [(right() - MARGIN.left) / (side - 1), (bottom() - MARGIN.top) / (side - 1)];
    const at = (i, j) => [MARGIN.left + i * dx, bottom() - j * dy];
    pencil.strokeStyle = paint.ink;
    pencil.lineWidth = 1.6;
    pencil.beginPath();
    for (let j = 0; j + 1 < side; j++)
      for (let i = 0; i + 1 < side; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const cuts = [];
        corners.forEach(([a, b], n) => {
          const [c, d] = corners[(n + 1) % 4];
          const [p, q] = [all[b * side + a], all[d * side + c]];
          if (many ? p === q : p > 0 === q > 0) return;
          const t = many ? 0.5 : p / (p - q);
          const [[x1, y1], [x2, y2]] = [at(a, b), at(c, d)];
          cuts.push([x1 + t * (x2 - x1), y1 + t * (y2 - y1)]);
        });
        for (let n = 0; n + 1 < cuts.length; n += 2) {
          pencil.moveTo(...cuts[n]);
          pencil.lineTo(...cuts[n + 1]);
        }
      }
    pencil.stroke();
  }

  function pieces() {
    const edges = floats(model.get("edges"));
    pencil.strokeStyle = paint.ink;
    pencil.lineWidth = 0.9;
    pencil.setLineDash([3, 2]);
    pencil.beginPath();
    for (let n = 0; n < edges.length; n += 4) {
      pencil.moveTo(X(edges[n]), Y(edges[n + 1]));
      pencil.lineTo(X(edges[n + 2]), Y(edges[n + 3]));
    }
    pencil.stroke();
    pencil.setLineDash([]);
  }

  function points() {
    const all = floats(model.get("points"));
    const classes = model.get("classes");
    for (let n = 0; n < all.length; n += 4) {
      const [u, v, value, held] = all.subarray(n, n + 4);
      if (held && model.get("hide_held")) continue;
      const kind = classes.length ? value : 0;
      const colour = classes.length ? CLASSES[value % CLASSES.length] : paint.fade(value < 0 ? MINUS : PLUS, 0.25 + 0.75 * Math.min(1, Math.abs(value) / (model.get("size") || 1)));
      shape(pen, kind, X(u), Y(v), 3.4);
      const ink = paint.mark(colour);
      pen.fillStyle = held ? paint.paper : ink;
      pen.strokeStyle = held ? ink : paint.paper;
      pen.lineWidth = held ? 1.8 : 1;
      pen.fill();
      pen.stroke();
    }
  }

  function axes() {
    pen.fillStyle = paint.soft;
    pen.font = "12px system-ui, sans-serif";
    const [[a, b], [c, d]] = model.get("box");
    const [first, second] = model.get("names");
    // numbers, or the names of an axis' places, shortened to the room there is
    const [across = [], up = []] = model.get("levels") ?? [];
    const cut = (text, room) => {
      if (pen.measureText(text).width <= room) return text;
      let end = text.length - 1;
      while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > room) end--;
      return `${text.slice(0, end)}…`;
    };
    const step = (names, length, least) => Math.max(1, Math.ceil((least * names.length) / length)); // not all fit
    const every = step(across, right() - MARGIN.left, 30);
    pen.textAlign = "center";
    if (across.length) across.forEach((name, i) => i % every || pen.fillText(cut(name, (every * (right() - MARGIN.left)) / across.length - 4), X(i), bottom() + 14));
    else for (const v of ticks(a, b)) pen.fillText(short(v), X(v), bottom() + 14);
    pen.textAlign = "right";
    if (up.length) up.forEach((name, i) => i % step(up, bottom() - MARGIN.top, 14) || pen.fillText(cut(name, MARGIN.left - 18), MARGIN.left - 5, Y(i) + 4));
    else for (const v of ticks(c, d)) pen.fillText(short(v), MARGIN.left - 5, Y(v) + 4);
    pen.fillStyle = paint.ink;
    pen.textAlign = "center";
    pen.fillText(first, (MARGIN.left + right()) / 2, height - 4);
    pen.save();
    pen.translate(11, (MARGIN.top + bottom()) / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(second ?? "", 0, 0);
    pen.restore();
    pen.strokeStyle = "#8b97a2";
    pen.lineWidth = 1;
    pen.strokeRect(MARGIN.left, MARGIN.top, right() - MARGIN.left, bottom() - MARGIN.top);
  }

  function cross() {
    const at = model.get("at");
    if (at.length !== 2) return;
    const [x, y] = [X(at[0]), Y(at[1])];
    for (const [ink, wide] of [[paint.paper, 4], [paint.ink, 1.6]]) {
      pen.strokeStyle = ink;
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(x - 11, y);
      pen.lineTo(x + 11, y);
      pen.moveTo(x, y - 11);
      pen.lineTo(x, y + 11);
      pen.stroke();
    }
  }

  function drawFront() {
    pen.setTransform(sharpness(), 0, 0, sharpness(), 0, 0);
    pen.clearRect(0, 0, width, height);
    points();
    axes();
    cross();
  }

  function drawGrid() {
    pencil.setTransform(sharpness(), 0, 0, sharpness(), 0, 0);
    pencil.clearRect(0, 0, width, height);
    const all = values();
    frame.hidden = !all;
    if (all) shades(all);
    if (all && model.get("line") !== false) lines(all);
    pieces();
  }

  function tell() {
    write(caption, model.get("caption"));
    write(here, model.get("here") || texts.cross);
    const label = `${texts.label} ${model.get("caption")}`;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  function key() {
    legend.replaceChildren();
    const classes = model.get("classes");
    const entry = (text, kind, colour, hollow) => {
      const drawing = document.createElement("canvas");
      drawing.width = drawing.height = 28;
      const brush = drawing.getContext("2d");
      brush.setTransform(2, 0, 0, 2, 0, 0);
      shape(brush, kind, 7, 7, 4.2);
      brush.fillStyle = hollow ? paint.paper : paint.mark(colour);
      brush.strokeStyle = paint.mark(colour);
      brush.lineWidth = 1.8;
      brush.fill();
      brush.stroke();
      const mark = document.createElement("img"); // a picture that stays costs nothing when others change
      mark.src = drawing.toDataURL();
      mark.alt = "";
      const box = document.createElement("span");
      box.append(mark, text);
      legend.append(box);
    };
    classes.slice(0, 12).forEach((name, n) => entry(name, n, CLASSES[n % CLASSES.length], false));
    entry(texts.learn, 0, [112, 124, 136], false);
    if (!model.get("hide_held")) entry(texts.judge, 0, [112, 124, 136], true);
    if (classes.length <= 2) scale();
  }

  // the colours' meaning: the ends of the shades and their middle
  function scale() {
    const bar = document.createElement("span");
    bar.className = "scale";
    const stripe = document.createElement("i");
    const shade = (c) => rgb(paint.fade(c, 0.75));
    stripe.style.background = `linear-gradient(to right, ${shade(MINUS)}, ${paint.paper}, ${shade(PLUS)})`;
    const [low, high] = model.get("ends")?.length ? model.get("ends") : [short(-model.get("size")), short(model.get("size"))];
    bar.append(low, stripe, high);
    legend.append(bar);
  }

  function size() {
    width = Math.max(260, Math.min(520, root.clientWidth || 480));
    height = width - 20;
    for (const one of [canvas, middle]) {
      [one.width, one.height] = [sharpness() * width, sharpness() * height];
      Object.assign(one.style, { width: `${width}px`, height: `${height}px` });
    }
    image = null;
    drawGrid();
    drawFront();
  }

  function go(u, v) {
    const [[a, b], [c, d]] = model.get("box");
    model.set("at", [Math.max(a, Math.min(b, u)), Math.max(c, Math.min(d, v))]);
    model.save_changes();
    later(drawFront)();
  }
  canvas.addEventListener("pointerdown", (event) => {
    const place = canvas.getBoundingClientRect();
    const [[a, b], [c, d]] = model.get("box");
    const u = a + ((event.clientX - place.left - MARGIN.left) / (right() - MARGIN.left)) * (b - a);
    const v = c + ((bottom() - (event.clientY - place.top)) / (bottom() - MARGIN.top)) * (d - c);
    go(u, v);
  });
  canvas.addEventListener("keydown", (event) => {
    const [[a, b], [c, d]] = model.get("box");
    const [u, v] = model.get("at").length ? model.get("at") : [(a + b) / 2, (c + d) / 2];
    const [du, dv] = [(b - a) / 50, (d - c) / 50];
    const to = {
      ArrowLeft: [u - du, v], ArrowRight: [u + du, v], ArrowUp: [u, v + dv], ArrowDown: [u, v - dv],
      PageUp: [u, v + 10 * dv], PageDown: [u, v - 10 * dv], Home: [a, v], End: [b, v],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    go(...to);
  });

  // changes come several at a time, and only together they fit: one picture for all of them
  let waiting = 0;
  const due = new Set();
  const later = (...parts) => () => {
    for (const part of parts) due.add(part);
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      for (const part of due) part();
      due.clear();
    });
  };
  const [grid, front, words, all] = [later(drawGrid), later(drawFront), later(tell), later(key, drawGrid, drawFront)];
  const seen = new ResizeObserver(() => root.clientWidth && size());
  seen.observe(root);
  const repaint = () => ((paint = coloursOf(root)), all());
  dark.addEventListener("change", repaint);
  const heard = { grid, edges: grid, discrete: grid, at: front, levels: front, names: front, points: front, hide_held: all, ends: all, size: all, box: all, classes: all, here: words, caption: words };
  for (const [name, does] of Object.entries(heard)) model.on(`change:${name}`, does);
  key();
  tell();
  size();
  return () => {
    seen.disconnect();
    dark.removeEventListener("change", repaint);
    cancelAnimationFrame(waiting);
    for (const [name, does] of Object.entries(heard)) model.off(`change:${name}`, does);
  };
}

export default { render };
