// A button that copies a text and says so.

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ub-button";
  button.textContent = model.get("label");
  const said = document.createElement("span");
  said.className = "ub-said";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    const text = model.get("text");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text }); // no clipboard: the old way
      el.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    said.textContent = `✓ ${model.get("copied")}`;
    setTimeout(() => (said.textContent = ""), 4000);
  });
  const relabel = () => (button.textContent = model.get("label"));
  model.on("change:label", relabel);
  el.append(button, said);
  return () => model.off("change:label", relabel);
}

export default { render };
