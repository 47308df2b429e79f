// A plane with curves, segments and points; points move by pointer and by keys. Redrawn at the width there is.

const SVG = "http://www.w3.org/2000/svg";
const make = (name, attributes = {}, text) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};

// an attribute, only where it changes: each one that is set is drawn again
const set = (node, name, value) => node.getAttribute(name) === value || node.setAttribute(name, value);

function ticks(low, high, most) {
  const rough = (high - low) / most;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * ten).find((s) => s >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

const short = (v) => String(Number(v.toPrecision(4))).replace("-", "−");

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "ub-plot";
  const svg = make("svg", { role: model.get("movable") ? "group" : "img" });
  const axes = make("g", { class: "axes", "aria-hidden": "true" });
  const segments = make("g", { class: "segments" });
  const lines = make("g", { class: "lines" });
  const dots = make("g", { class: "dots" });
  svg.append(axes, segments, lines, dots);
  const legend = document.createElement("div");
  legend.className = "legend";
  root.append(svg, legend);
  el.append(root);

  let width = 0;
  let height = 0;
  const margin = { left: 46, right: 12, top: 24, bottom: 34 };
  const scale = (ends, from, to) => (v) => from + ((v - ends[0]) / (ends[1] - ends[0])) * (to - from);
  const X = () => scale(model.get("x_range"), margin.left, width - margin.right);
  // with y_log in powers of ten, which need positive ends
  const power = (v) => (model.get("y_log") ? Math.log10(Math.max(v, Number.MIN_VALUE)) : v);
  const Y = () => {
    const place = scale(model.get("y_range").map(power), height - margin.bottom, margin.top);
    return (v) => place(power(v));
  };
  const yTicks = () => {
    const [low, high] = model.get("y_range");
    if (!model.get("y_log")) return ticks(low, high, height / 50);
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const tens = Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, i) => 10 ** (first + i));
    return tens.length > 1 ? tens : ticks(low, high, 4).filter((v) => v > 0);
  };

  function drawAxes() {
    axes.replaceChildren();
    const [x, y] = [X(), Y()];
    const [left, right] = [margin.left, width - margin.right];
    const [top, bottom] = [margin.top, height - margin.bottom];
    for (const v of ticks(...model.get("x_range"), width / 80)) {
      axes.append(make("line", { x1: x(v), x2: x(v), y1: top, y2: bottom, class: Math.abs(v) < 1e-12 ? "zero" : "grid" }));
      axes.append(make("text", { x: x(v), y: bottom + 15, "text-anchor": "middle" }, short(v)));
    }
    for (const v of yTicks()) {
      axes.append(make("line", { x1: left, x2: right, y1: y(v), y2: y(v), class: Math.abs(v) < 1e-12 ? "zero" : "grid" }));
      axes.append(make("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, short(v)));
    }
    axes.append(make("text", { x: (left + right) / 2, y: height - 4, "text-anchor": "middle", class: "name" }, model.get("x_label")));
    axes.append(make("text", { x: 4, y: 14, class: "name" }, model.get("y_label")));
  }

  function drawLines() {
    const [x, y] = [X(), Y()];
    const limit = (v) => Math.max(-1e4, Math.min(1e4, v));
    const all = model.get("lines");
    while (lines.children.length > all.length) lines.lastChild.remove();
    while (lines.children.length < all.length) lines.append(make("path"));
    all.forEach((line, n) => {
      let d = "";
      let pen = "M";
      line.x.forEach((v, i) => {
        if (line.y[i] === null) pen = "M";
        else {
          d += `${pen}${limit(x(v)).toFixed(1)} ${limit(y(line.y[i])).toFixed(1)}`;
          pen = "L";
        }
      });
      const one = d && !d.includes("L"); // a dot
      const path = lines.children[n];
      path.setAttribute("d", one ? `${d}h0` : d);
      set(path, "class", one ? `${line.look} one` : line.look);
      if (one) path.removeAttribute("clip-path");
      else set(path, "clip-path", "inset(0)");
    });
    drawLegend(all.filter(({ name }) => name));
    segments.replaceChildren(...model.get("segments").map(([a, b, c, d]) => make("line", { x1: x(a), y1: y(b), x2: x(c), y2: y(d) })));
    set(svg, "aria-label", model.get("label"));
  }

  let named = "";
  function drawLegend(entries) {
    const now = JSON.stringify(entries.map(({ name, look }) => [name, look]));
    if (now === named) return;
    named = now;
    legend.replaceChildren(
      ...entries.map(({ name, look }) => {
        const entry = document.createElement("span");
        const mark = make("svg", { width: 34, height: 10, "aria-hidden": "true" });
        mark.append(make("path", { d: "M1 5L33 5", class: look }));
        entry.append(mark, name);
        return entry;
      }),
    );
  }

  let waiting = 0;
  function move(i, x, y) {
    const [xs, ys] = [model.get("x_range"), model.get("y_range")];
    const round = (v, ends) => {
      const unit = 10 ** Math.floor(Math.log10((ends[1] - ends[0]) / 500));
      return Number((Math.round(Math.max(ends[0], Math.min(ends[1], v)) / unit) * unit).toPrecision(12));
    };
    const points = model.get("points").map((p) => [...p]);
    points[i] = [round(x, xs), round(y, ys)];
    model.set("points", points);
    place();
    if (!waiting) waiting = requestAnimationFrame(() => ((waiting = 0), model.save_changes()));
  }

  function place() {
    const [x, y] = [X(), Y()];
    model.get("points").forEach(([a, b], i) => {
      const dot = dots.children[i];
      if (!dot) return;
      dot.setAttribute("transform", `translate(${x(a)} ${y(b)})`);
      dot.setAttribute("aria-label", `${model.get("point_label")} ${i + 1}: ${short(a)}, ${short(b)}`);
    });
  }

  function drawDots() {
    const movable = model.get("movable");
    if (dots.children.length !== model.get("points").length)
      dots.replaceChildren(
        ...model.get("points").map((_, i) => {
          const dot = make("g", movable ? { tabindex: 0, role: "button", class: "movable" } : { role: "img" });
          if (movable) dot.append(make("circle", { r: 16, class: "reach" }));
          dot.append(make("circle", { r: movable ? 7 : 4 }));
          if (movable) listen(dot, i);
          return dot;
        }),
      );
    place();
  }

  function listen(dot, i) {
    const inverse = (event) => {
      const box = svg.getBoundingClientRect();
      const [xs, ys] = [model.get("x_range"), model.get("y_range")];
      const u = (event.clientX - box.left - margin.left) / (width - margin.left - margin.right);
      const v = (height - margin.bottom - (event.clientY - box.top)) / (height - margin.top - margin.bottom);
      return [xs[0] + u * (xs[1] - xs[0]), ys[0] + v * (ys[1] - ys[0])];
    };
    dot.addEventListener("pointerdown", (event) => {
      dot.setPointerCapture(event.pointerId);
      dot.focus();
      event.preventDefault();
    });
    dot.addEventListener("pointermove", (event) => dot.hasPointerCapture(event.pointerId) && move(i, ...inverse(event)));
    dot.addEventListener("keydown", (event) => {
      const [x, y] = model.get("points")[i];
      const [xs, ys] = [model.get("x_range"), model.get("y_range")];
      const [dx, dy] = [(xs[1] - xs[0]) / 100, (ys[1] - ys[0]) / 100];
      const to = {
        ArrowLeft: [x - dx, y], ArrowRight: [x + dx, y], ArrowUp: [x, y + dy], ArrowDown: [x, y - dy],
        PageUp: [x, y + 10 * dy], PageDown: [x, y - 10 * dy], Home: [xs[0], y], End: [xs[1], y],
      }[event.key];
      if (!to) return;
      event.preventDefault();
      move(i, ...to);
    });
  }

  function draw() {
    width = Math.max(260, Math.min(720, root.clientWidth || 640));
    height = model.get("height") || Math.round(Math.min(440, Math.max(240, 0.64 * width)));
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) svg.setAttribute(key, value);
    drawAxes();
    drawLines();
    drawDots();
  }

  const seen = new ResizeObserver(() => root.clientWidth !== width && draw());
  seen.observe(root);
  // changes come several at a time: one picture for all of them
  const due = new Set();
  const later = (does) => () => {
    if (!due.size) requestAnimationFrame(() => ((due.has(draw) ? [draw] : [...due]).forEach((f) => f()), due.clear()));
    due.add(does);
  };
  const [linesLater, dotsLater, allLater] = [later(drawLines), later(drawDots), later(draw)];
  const heard = { lines: linesLater, segments: linesLater, label: linesLater, points: dotsLater, x_range: allLater, y_range: allLater, y_label: allLater };
  for (const [name, does] of Object.entries(heard)) model.on(`change:${name}`, does);
  draw();
  return () => {
    seen.disconnect();
    for (const [name, does] of Object.entries(heard)) model.off(`change:${name}`, does);
  };
}

export default { render };
