// Minibatch training as in ub.train: the same rows in the same order, the same steps; losses and scores of every epoch.
import { BETAS, optimizers } from "./records.js";
import { backward, copied, forward, newLayers, workspace } from "./network.js";
import { lossOfRows } from "./losses.js";
import { Random } from "./random.js";

// data: { x, y, inputs, outputs, classes, trainRows, validationRows, ySpread };
// settings: { layers: [[neurons, activation], …], loss, optimizer, penalty, decay, rate, batch, seed, patience }
export class Training {
  constructor(data, settings) {
    this.data = data;
    this.settings = settings;
    const sizes = [data.inputs, ...settings.layers.map(([neurons]) => neurons), data.outputs];
    this.layers = newLayers(sizes, [...settings.layers.map(([, name]) => name), "identity"], settings.seed);
    const zeros = () => this.layers.map(({ W, b }) => ({ W: new Float64Array(W.length), b: new Float64Array(b.length) }));
    this.gradients = zeros();
    this.states = optimizers[settings.optimizer].state.map(zeros);
    this.random = new Random(settings.seed, 0);
    this.steps = 0;
    this.wide = data.classes.length > 0 && data.outputs > 1; // y holds class numbers
    this.prepare();
    this.all = workspace(this.layers, Math.max(data.trainRows.length, data.validationRows.length), false);
    this.sides = [data.trainRows, data.validationRows].map((rows) => this.taken(rows));
    this.epoch = 0;
    this.last = this.standing();
    this.news = [this.last]; // of epochs not yet told to the page
    this.best = { loss: Infinity, epoch: 0 };
    this.stopped = null;
  }

  prepare() {
    const { batch } = this.settings;
    const { inputs, outputs } = this.data;
    this.places = workspace(this.layers, batch);
    this.batch = { x: new Float64Array(batch * inputs), y: new Float64Array(batch * outputs), value: new Float64Array(batch) };
  }

  // another learning rate, batch size, penalty or patience; the weights stay
  change(settings) {
    this.settings = settings;
    this.prepare();
    this.stopped = null;
    this.best = { loss: this.last.losses[1], epoch: this.epoch };
  }

  taken(rows) {
    const { inputs } = this.data;
    const x = new Float64Array(rows.length * inputs);
    const y = new Float64Array(rows.length);
    rows.forEach((row, n) => {
      x.set(this.data.x.subarray(row * inputs, (row + 1) * inputs), n * inputs);
      y[n] = this.data.y[row];
    });
    return { x, y, n: rows.length };
  }

  // one pass over the training rows; the mean of the minibatches' losses on the way
  pass() {
    const { data, settings, batch, places } = this;
    const { inputs, outputs } = data;
    const order = this.random.permutation(data.trainRows);
    let total = 0;
    for (let start = 0; start < order.length; start += settings.batch) {
      const n = Math.min(settings.batch, order.length - start);
      for (let row = 0; row < n; row++) {
        const from = order[start + row];
        for (let i = 0; i < inputs; i++) batch.x[row * inputs + i] = data.x[from * inputs + i];
        batch.y[row] = data.y[from];
      }
      const output = forward(this.layers, batch.x, n, places, true);
      lossOfRows(settings.loss, output, batch.y, n, outputs, batch.value, places.at(-1).delta);
      for (let row = 0; row < n; row++) total += batch.value[row];
      backward(this.layers, batch.x, n, places, this.gradients);
      this.move();
    }
    return total / order.length;
  }

  move() {
    const { optimizer, penalty, rate, decay } = this.settings;
    const { move } = optimizers[penalty === "l1" ? `${optimizer}_l1` : optimizer];
    this.steps += 1;
    const [c1, c2] = BETAS.map((beta) => 1 - beta ** this.steps);
    this.layers.forEach(({ W, b }, k) => {
      move(W.length, W, ...this.states.map((s) => s[k].W), this.gradients[k].W, rate, penalty === "none" ? 0 : decay, c1, c2);
      move(b.length, b, ...this.states.map((s) => s[k].b), this.gradients[k].b, rate, 0, c1, c2);
    });
  }

  // an epoch with its losses and scores; undone where a number stops being finite
  train() {
    if (this.stopped) return;
    const before = [copied(this.layers), this.states.map(copied), this.steps];
    this.pass();
    const now = this.standing();
    const finite = this.layers.every(({ W, b }) => W.every(Number.isFinite) && b.every(Number.isFinite));
    if (!finite || !now.losses.every(Number.isFinite)) {
      [this.layers, this.states, this.steps] = before;
      this.stopped = { reason: "diverged", epoch: this.epoch + 1 };
      return;
    }
    this.epoch++;
    this.news.push((this.last = now));
    if (now.losses[1] < this.best.loss) this.best = { loss: now.losses[1], epoch: this.epoch };
    else if (this.settings.patience && this.epoch - this.best.epoch >= this.settings.patience)
      this.stopped = { reason: "patience", epoch: this.best.epoch };
  }

  // losses and scores (accuracy, R²) on training and validation rows, with the weights as they are
  standing() {
    const parts = this.sides.map(({ x, y, n }) => {
      const output = forward(this.layers, x, n, this.all);
      return [this.meanLoss(output, y, n), this.score(output, y, n)];
    });
    return { losses: parts.map(([loss]) => loss), scores: parts.map(([, score]) => score) };
  }

  meanLoss(output, y, n) {
    const { outputs, classes, ySpread } = this.data;
    const value = (this.value ??= new Float64Array(this.data.y.length));
    lossOfRows(this.settings.loss, output, y, n, outputs, value, (this.slope ??= new Float64Array(value.length * outputs)));
    let sum = 0;
    for (let row = 0; row < n; row++) sum += value[row];
    if (classes.length) return sum / n;
    return this.settings.loss === "squared" ? ySpread * Math.sqrt(sum / n) : sum / n;
  }

  score(output, y, n) {
    if (this.data.classes.length) {
      let right = 0;
      for (let row = 0; row < n; row++) right += this.answer(output, row) === y[row] ? 1 : 0;
      return right / n;
    }
    let [mean, total, left] = [0, 0, 0];
    for (let row = 0; row < n; row++) mean += y[row] / n;
    for (let row = 0; row < n; row++) {
      total += (y[row] - mean) ** 2;
      left += (y[row] - output[row]) ** 2;
    }
    return total > 0 ? 1 - left / total : NaN;
  }

  // the class that an output means
  answer(output, row) {
    const { outputs } = this.data;
    if (outputs === 1) return output[row] > (this.settings.loss === "logistic" ? 0 : 0.5) ? 1 : 0;
    let best = 0;
    for (let j = 1; j < outputs; j++) if (output[row * outputs + j] > output[row * outputs + best]) best = j;
    return best;
  }

  // how often each class was given each answer, on the validation rows
  confusion() {
    const { x, y, n } = this.sides[1];
    const output = forward(this.layers, x, n, this.all);
    const table = this.data.classes.map(() => this.data.classes.map(() => 0));
    for (let row = 0; row < n; row++) table[y[row]][this.answer(output, row)] += 1;
    return table;
  }
}
