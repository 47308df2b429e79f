// A lost server is said in words, what runs is paused, and the page comes back by itself once the server answers again.
(() => {
  const state = () => document.querySelector("#App")?.dataset.connectionState;
  let opened = false;
  let lost = 0; // checks in a row without a connection
  const show = (on) => {
    const said = document.querySelector(".lab-lost");
    if (said) said.hidden = !on;
  };
  setInterval(async () => {
    const now = state();
    if (now === "OPEN") {
      opened = true;
      lost = 0;
      show(false);
      if (new URLSearchParams(location.search).has("_from")) {
        const url = new URL(location.href); // has been read
        url.searchParams.delete("_from");
        history.replaceState(history.state, "", url);
      }
    }
    if (!opened || now === "OPEN" || ++lost < 2) return;
    show(true);
    document.dispatchEvent(new Event("unbend:lost"));
    const answers = await fetch(location.href, { method: "HEAD", cache: "no-store" }).then((answer) => answer.ok, () => false);
    if (answers && state() !== "OPEN") location.reload();
  }, 1000);
})();
