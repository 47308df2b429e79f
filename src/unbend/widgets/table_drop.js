// A place to drop, choose or paste a table. Too large a file is refused here, before it is read.

function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

let places = 0;

function render({ model, el }) {
  const texts = model.get("texts");
  const id = `ub-table-${++places}`;
  const root = document.createElement("div");
  root.className = "ub-drop";
  const choose = document.createElement("input");
  choose.type = "file";
  choose.id = `${id}-file`;
  choose.accept = ".csv,.tsv,.txt,.parquet,.feather,.arrow,text/csv,text/plain";
  const label = document.createElement("label");
  label.htmlFor = choose.id;
  label.textContent = texts.drop;
  const paste = document.createElement("textarea");
  paste.id = `${id}-text`;
  paste.rows = 4;
  paste.spellcheck = false;
  const pasteLabel = document.createElement("label");
  pasteLabel.htmlFor = paste.id;
  pasteLabel.textContent = texts.paste;
  const use = document.createElement("button");
  use.type = "button";
  use.textContent = texts.use;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = texts.remove;
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  root.append(label, choose, pasteLabel, paste, use, said, remove);
  el.append(root);

  const refuse = (text) => {
    said.textContent = text;
    said.className = "problem";
  };
  async function take(file, name) {
    if (!file.size) return refuse(texts.empty);
    if (file.size > model.get("most_mb") * 1e6) return refuse(texts.too_large);
    said.className = "";
    said.textContent = texts.reading;
    const content = base64(new Uint8Array(await file.arrayBuffer()));
    if (content === model.get("content") && name === model.get("name")) return show(); // the same once more
    model.set("problem", "");
    model.set("name", name);
    model.set("content", content);
    model.save_changes();
  }
  const show = () => {
    remove.hidden = !model.get("content");
    if (model.get("problem")) refuse(model.get("problem"));
    else {
      said.className = "";
      said.textContent = model.get("content") ? model.get("name") : "";
    }
    if (remove.hidden) choose.value = "";
  };

  remove.addEventListener("click", () => {
    model.set("problem", "");
    model.set("name", "");
    model.set("content", "");
    model.save_changes();
  });
  for (const name of ["content", "problem"]) model.on(`change:${name}`, show);
  show();
  choose.addEventListener("change", () => choose.files.length && take(choose.files[0], choose.files[0].name));
  use.addEventListener("click", () => paste.value.trim() && take(new Blob([paste.value]), "pasted.csv"));
  const over = (event) => {
    event.preventDefault();
    root.classList.toggle("over", event.type === "dragover");
  };
  for (const kind of ["dragover", "dragleave", "drop"]) root.addEventListener(kind, over);
  root.addEventListener("drop", (event) => {
    const file = event.dataTransfer.files[0];
    const text = event.dataTransfer.getData("text/plain");
    if (file) take(file, file.name);
    else if (text) take(new Blob([text]), "dropped.csv");
  });
  return () => ["content", "problem"].forEach((name) => model.off(`change:${name}`, show));
}

export default { render };
