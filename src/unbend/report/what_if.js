(() => {
  "use strict";
  /*functions*/
  const functions = { /*table*/ };
  const model = JSON.parse(document.getElementById("unbend-model").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const forms = { d: Float64Array, f: Float32Array, h: Int16Array };
  const layers = model.layers.map((layer) => ({
    ...layer, W: new forms[layer.form](bytes(layer.W)), b: new Float64Array(bytes(layer.b)),
    h: functions[layer.h] || ((x) => x),
  }));

  function output(features) {
    let x = features;
    for (const { blocks, rows, scales, W, b, h } of layers) {
      const y = new Array(b.length);
      let start = 0, place = 0;
      for (const [first, n, to, m] of blocks) {
        const inputs = Array.from({ length: n }, (_, i) =>
          x[first < 0 ? rows[i - 1 - first] : first + i] * (scales.length ? scales[place + i] : 1));
        for (let j = 0; j < m; j++) {
          let sum = b[to + j];
          for (let i = 0; i < n; i++) sum += inputs[i] * W[start + i * m + j];
          y[to + j] = h(sum);
        }
        start += n * m;
        place += n;
      }
      x = y;
    }
    return x;
  }

  const values = model.columns.map((column) => column.value);
  function follow() { // months, weekdays and hours follow their dates
    model.columns.forEach((column, i) => {
      if (!("dates" in column)) return;
      const days = values[column.dates], day = Math.floor(days);
      const part = column.part === "month" ? new Date(day * 86400000).getUTCMonth()
        : column.part === "weekday" ? (((day + 3) % 7) + 7) % 7 : Math.floor((days - day) * 24 + 1e-7) % 24;
      values[i] = column.of[part];
    });
  }
  follow();
  const features = () => model.columns.flatMap((column, i) =>
    column.choices ? column.choices[values[i]][1] : column.features.map(([f]) => (f === "value" ? values[i] : 0)));
  const number = (v) => new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 4 }).format(v).replace("-", "\u2212");
  const shown = (column, v) =>
    column.kind === "date" ? new Date(v * 86400000).toISOString().slice(0, 10) : number(v);

  function answer() {
    const out = output(features());
    const place = document.getElementById("what-if-answer");
    if (!model.classes.length) {
      place.textContent = `${model.target} = ${number(out[0])}`;
      return;
    }
    const scores = out.length === 1 ? [0, out[0]] : out;
    const top = Math.max(...scores);
    const parts = scores.map((s) => Math.exp(s - top));
    const sum = parts.reduce((a, b) => a + b, 0);
    const order = parts.map((p, k) => [p / sum, model.classes[k]]).sort((a, b) => b[0] - a[0]).slice(0, 6);
    place.textContent = order.map(([p, name]) => `${name} ${(100 * p).toFixed(1)}\u00a0%`).join(" · ");
  }

  function control(column, i) {
    const label = document.createElement("label"), name = document.createElement("span");
    const value = document.createElement("output");
    const parts = column.name.replace(/_|[^\s_]{12}(?=[^\s_]{3})/g, "$&\u200b").split("\u200b");
    parts.forEach((part) => name.append(part, document.createElement("wbr")));
    let input;
    if (column.choices) {
      input = document.createElement("select");
      column.choices.forEach(([text], k) => input.add(new Option(text, k)));
      input.value = column.value;
    } else {
      input = document.createElement("input");
      Object.assign(input, { type: "range", min: column.low, max: column.high, step: column.step });
      input.value = column.value;
      value.textContent = shown(column, column.value);
    }
    input.addEventListener("input", () => {
      values[i] = Number(input.value);
      if (!column.choices) value.textContent = shown(column, values[i]);
      follow();
      answer();
    });
    label.append(name, input, value);
    return label;
  }

  const place = document.getElementById("what-if");
  model.columns.forEach((column, i) => { if (column.shown) place.append(control(column, i)); });
  answer();
  window.unbendWhatIf = { model, features, output };
})();
