(() => {
  "use strict";
  const { rows } = JSON.parse(document.getElementById("unbend-why").textContent);
  const choice = document.getElementById("why-choice"), select = choice.querySelector("select");
  const bars = document.getElementById("why-bars"), body = bars.querySelector("tbody");
  const pattern = body.querySelector("svg");
  select.addEventListener("change", () => {
    document.getElementById("why-label").textContent = select.selectedOptions[0].textContent;
    const row = rows[select.value];
    bars.querySelector("thead th:last-child").textContent = row.head;
    body.replaceChildren(...row.bars.map(([name, share, text], i) => {
      const line = document.createElement("tr"), cells = [0, 1, 2].map(() => line.insertCell());
      const parts = name.replace(/_|[^\s_]{12}(?=[^\s_]{3})/g, "$&\u200b").split("\u200b");
      parts.forEach((part) => cells[0].append(part, document.createElement("wbr")));
      cells[1].className = "bar";
      cells[1].style.width = "45%";
      if (share !== null) {
        const bar = pattern.cloneNode(true), rect = bar.querySelector("rect");
        rect.setAttribute("x", share < 0 ? 100 + share : 100);
        rect.setAttribute("width", Math.abs(share));
        rect.setAttribute("fill", share < 0 ? "#d95f02" : "#1f77b4");
        cells[1].append(bar);
      }
      cells[2].className = "number";
      cells[2].textContent = text;
      if (i === row.bars.length - 1) line.className = "chosen";
      return line;
    }));
  });
  choice.hidden = false;
})();
