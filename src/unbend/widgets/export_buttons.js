// Buttons: Python makes the bytes, the browser copies or saves them.

function render({ model, el }) {
  const texts = model.get("texts");
  const root = document.createElement("div");
  root.className = "ub-export";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  for (const name of model.get("buttons")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => model.send({ ask: name }));
    root.append(button);
  }
  root.append(said);
  el.append(root);

  const answered = async (message, buffers) => {
    if (message.problem) {
      said.textContent = message.problem;
      return;
    }
    const blob = new Blob([buffers[0]]);
    if (message.copy) {
      const text = await blob.text();
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = texts.copied;
      } catch {
        save(blob, message.name);
      }
    } else save(blob, message.name);
  };
  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    said.textContent = `${texts.saved} ${name}`;
  }
  model.on("msg:custom", answered);
  return () => model.off("msg:custom", answered);
}

export default { render };
