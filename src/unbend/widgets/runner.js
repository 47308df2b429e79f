// Run, pause, step, reset. The next slice is asked for when the last one has come.

function render({ model, el }) {
  const texts = model.get("texts");
  const root = document.createElement("div");
  root.className = "ub-runner";
  const bar = document.createElement("div");
  bar.className = "bar";
  const button = (text, does) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", does);
    bar.append(made);
    return made;
  };
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  const table = document.createElement("table");
  root.append(bar, said, table);
  el.append(root);

  let running = false;
  let waiting = false; // for a slice: what is asked meanwhile is sent after it, since messages can overtake each other
  const later = [];
  const show = () => {
    run.textContent = running ? texts.pause : texts.run;
    run.dataset.running = running;
  };
  const ask = (name) => {
    if (waiting) return later.push(name);
    waiting = name === "more";
    model.send({ ask: name });
  };
  const set = (on) => {
    if (on === running) return;
    running = on;
    show();
    if (!on) ask("pause");
    else if (!waiting) ask("more");
  };
  const run = button(texts.run, () => set(!running));
  run.className = "main";
  for (const name of model.get("buttons"))
    button(texts[name], () => {
      if (name !== "keep") set(false);
      ask(name);
    }).dataset.name = name;
  show();

  // the next slice is worked on while this one is drawn; never more than one is under way
  let drawing = 0;
  const answered = (message) => {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      root.dataset.updates = Number(root.dataset.updates || 0) + 1; // pictures that were drawn
    });
    waiting = false;
    for (const name of later.splice(0)) ask(name);
    if (!message.more) set(false);
    else if (running) ask("more");
  };
  const words = () => {
    if (said.textContent !== model.get("message")) said.textContent = model.get("message");
  };
  const scores = () => {
    const row = (cells, tag) => {
      const line = document.createElement("tr");
      cells.forEach((cell, i) => {
        const box = document.createElement(!cell ? "td" : i ? tag : "th");
        if (box.tagName === "TH") box.scope = tag === "th" ? "col" : "row";
        box.textContent = cell;
        box.classList.toggle("number", /^[\d.e+-]+$/.test(cell));
        line.append(box);
      });
      return line;
    };
    table.replaceChildren(row(model.get("heads"), "th"), ...model.get("scores").map((cells) => row(cells, "td")));
  };
  // the space bar runs and pauses, unless it presses something or writes
  const key = (event) => {
    const at = event.composedPath()[0];
    if (event.key !== " " || event.defaultPrevented || /^(button|input|select|textarea|a|summary)$/i.test(at.tagName) || at.isContentEditable) return;
    event.preventDefault();
    set(!running);
  };
  // nobody answers any more: what was asked for will not come
  const lost = () => {
    running = waiting = false;
    later.length = 0;
    show();
    said.textContent = "";
  };
  document.addEventListener("unbend:lost", lost);
  document.addEventListener("keydown", key);
  model.on("msg:custom", answered);
  const heard = { message: words, scores, heads: scores };
  for (const [name, does] of Object.entries(heard)) model.on(`change:${name}`, does);
  words();
  scores();
  return () => {
    running = false;
    document.removeEventListener("keydown", key);
    document.removeEventListener("unbend:lost", lost);
    model.off("msg:custom", answered);
    for (const [name, does] of Object.entries(heard)) model.off(`change:${name}`, does);
  };
}

export default { render };
