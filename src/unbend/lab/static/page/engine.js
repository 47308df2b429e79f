// The training behind the page, in a worker: it trains and takes a picture whenever one is asked for.
import { Training } from "./training.js";
import { Pictures } from "./pictures.js";
import { tableDataset, toyDataset } from "./data.js";

// answers messages by post(message); every message has an id, which its answer repeats
export function startEngine(post) {
  let run = null;
  let pictures = null;

  const datasetOf = ({ data, settings }) => {
    const dataset = data.table ? tableDataset(data) : toyDataset(data);
    dataset.outputs = settings.loss === "cross_entropy" ? dataset.classes.length : 1;
    return dataset;
  };
  const begin = (data, settings) => {
    run = new Training(data, settings);
    pictures = new Pictures(run);
  };
  const does = {
    // a new run; what the page draws of its data
    begin(message) {
      begin(datasetOf(message), message.settings);
      const { u, v, y, box, names, axes, classes, target, trainRows, validationRows, yScaler } = run.data;
      const values = yScaler ? y.map((value) => value * yScaler.scale + yScaler.centre) : y;
      return { u, v, values, box, names, axes, classes, target, trainRows, validationRows, centre: pictures.middle, size: pictures.size };
    },
    change: ({ settings }) => run.change(settings),
    reset: () => begin(run.data, run.settings),
    // one weight (i of layer k to neuron j), or the bias where i is null
    set({ k, i, j, value }) {
      const layer = run.layers[k];
      if (i === null) layer.b[j] = value;
      else layer.W[i * layer.outputs + j] = value;
    },
    // train for some epochs, within some milliseconds, and take a picture
    picture({ epochs = 0, milliseconds = 0, ...wants }) {
      const until = performance.now() + milliseconds;
      for (let n = 0; n < epochs && !run.stopped && (n === 0 || performance.now() < until); n++) run.train();
      const news = run.news.splice(0).map(({ losses, scores }) => [...losses, ...scores]);
      const from = run.epoch + 1 - news.length;
      return { ...pictures.take({ ...wants, paused: epochs === 0 || run.stopped !== null }), history: news, from, scalers: run.data.xScalers, yScaler: run.data.yScaler };
    },
  };
  return (message) => post({ id: message.id, answer: does[message.type](message) });
}

// in a worker's own scope
export function startWorker(scope) {
  const receive = startEngine((message) => scope.postMessage(message));
  scope.onmessage = (event) => receive(event.data);
}
