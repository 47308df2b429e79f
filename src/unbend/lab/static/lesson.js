// A lesson's question, whose answer is shown once one was given, and the dialog that makes links with hidden controls.
(() => {
  const rewrite = (name, value) => {
    const url = new URL(location.href);
    url.searchParams.set(name, value);
    history.replaceState(history.state, "", url);
  };
  const answer = (question, given) => {
    const { answer: right, right: yes, wrong: no, noted } = question.dataset;
    question.querySelector(".said").textContent = right === "" ? noted : given === right ? yes : no;
    question.dataset.given = right === "" ? "noted" : given === right ? "right" : "wrong";
    question.parentElement.querySelector(".answer").open = true;
  };
  // what the URL says was answered
  const restored = new WeakSet();
  const restore = () => {
    const question = document.querySelector(".lab-lesson .question");
    if (!question || restored.has(question)) return;
    restored.add(question);
    const given = new URLSearchParams(location.search).get("answer");
    const option = [...question.querySelectorAll("input")].find((input) => input.value === given);
    if (!option) return;
    option.checked = true;
    answer(question, given);
  };
  new MutationObserver(restore).observe(document, { childList: true, subtree: true });

  // the link with what is not ticked hidden, and the same as a step of a lesson
  const makeLink = (dialog) => {
    const url = new URL(location.href);
    const hidden = [...dialog.querySelectorAll("input:not(:checked)")].map((box) => box.value);
    for (const name of ["_hide", "lesson", "step", "answer"]) url.searchParams.delete(name);
    if (hidden.length) url.searchParams.set("_hide", hidden.join(","));
    const page = url.pathname.split("/").filter(Boolean).at(-1);
    const state = new URLSearchParams([...url.searchParams].filter(([name]) => name !== "lang" && name !== "v"));
    const spoken = decodeURIComponent(String(state).replaceAll("+", "%20")).replaceAll(" ", "%20");
    dialog.querySelector(".link").value = url.href.replaceAll("%2C", ",");
    dialog.querySelector(".as_step").value = `## …\npage: ${page}${spoken ? `?${spoken}` : ""}\n\n…\n\n### …?\n- [ ] …\n- [x] …\n\n…`;
  };
  document.addEventListener("change", (event) => {
    const at = event.target;
    const question = at.closest?.(".lab-lesson .question");
    if (question) {
      rewrite("answer", at.value);
      answer(question, at.value);
    }
    const dialog = at.closest?.(".lab-share");
    if (dialog) makeLink(dialog);
  });
  document.addEventListener("click", async (event) => {
    const opener = event.target.closest?.(".lab-share-open");
    if (opener) {
      const dialog = document.querySelector(".lab-share");
      makeLink(dialog);
      dialog.showModal();
    }
    const copies = event.target.closest?.("[data-copies]");
    if (!copies) return;
    const text = copies.closest(".lab-share").querySelector(`.${copies.dataset.copies}`);
    text.select();
    await navigator.clipboard?.writeText(text.value).catch(() => document.execCommand("copy"));
    copies.textContent = copies.dataset.done;
  });
})();
