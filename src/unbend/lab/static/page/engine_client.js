// The page's side of the engine: a worker made from the script in this file; where there can be none, the same code here.

export class Engine {
  constructor() {
    this.waiting = new Map();
    this.last = 0;
    const receive = ({ id, answer }) => {
      this.waiting.get(id)(answer);
      this.waiting.delete(id);
    };
    try {
      const source = `${document.getElementById("engine").textContent}\nengine_module.startWorker(self);`;
      const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const worker = new Worker(address);
      worker.onmessage = (event) => receive(event.data);
      worker.onerror = () => this.stayHere(receive);
      this.send = (message) => worker.postMessage(message);
    } catch {
      this.stayHere(receive);
    }
  }

  // without a worker: in turns with the page
  stayHere(receive) {
    const answer = engine_module.startEngine(receive);
    this.send = (message) => setTimeout(() => answer(message), 0);
  }

  // the answer to a message
  ask(type, content = {}) {
    const id = ++this.last;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.send({ ...content, type, id });
    });
  }
}
