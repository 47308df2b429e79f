// Take it away: the network as a file, the state as a link.
import { HELPERS } from "./helpers.js";
import { asJavaScript, asJson, asPython } from "./take_away.js";
import { button, download, h, write } from "./elements.js";
import { say } from "./words.js";

export function takeAway(app) {
  const told = h("span", { role: "status" });
  const content = (write_) => write_(app.rawLayers(), app.data.names, HELPERS);
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      write(told, say("lab.export_copied"));
    } catch {
      download("network.py", text);
    }
  };
  return h("section", { class: "take-away", "aria-label": say("lab_file.take_away") },
    h("h2", {}, say("lab_file.take_away")),
    h("div", { class: "buttons" },
      button(say("lab_file.as_json"), () => download("network.json", content(asJson), "application/json")),
      button(say("lab_file.as_js"), () => download("network.mjs", content(asJavaScript), "text/javascript")),
      button(say("lab.export_python"), () => copy(content(asPython))),
      button(say("lab_file.copy_link"), () => copy(location.href)), told));
}
