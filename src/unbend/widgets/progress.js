// A bar that moves while something runs, and a button to stop it.

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "ub-progress";
  const bar = Object.assign(document.createElement("progress"), { max: 1 });
  const text = document.createElement("span");
  const stop = Object.assign(document.createElement("button"), { type: "button", className: "ub-button" });
  box.append(bar, text, stop);
  let timer = 0;
  const show = () => {
    const running = model.get("running");
    box.hidden = !running;
    bar.value = model.get("share");
    bar.setAttribute("aria-label", model.get("text"));
    text.textContent = model.get("text");
    stop.textContent = model.get("label");
    if (running && !timer)
      timer = setInterval(() => {
        model.set("tick", model.get("tick") + 1);
        model.save_changes();
      }, 400);
    if (!running && timer) timer = clearInterval(timer) || 0;
  };
  stop.addEventListener("click", () => {
    model.set("stops", model.get("stops") + 1);
    model.save_changes();
  });
  for (const name of ["share", "text", "running"]) model.on(`change:${name}`, show);
  show();
  el.append(box);
  return () => {
    clearInterval(timer);
    for (const name of ["share", "text", "running"]) model.off(`change:${name}`, show);
  };
}

export default { render };
