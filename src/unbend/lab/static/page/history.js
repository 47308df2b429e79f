// Losses and scores of a run's epochs: of few epochs all, of many every second, fourth, eighth …; and those of the last.
const MOST = 2000; // kept

export class History {
  constructor() {
    this.clear();
  }

  clear() {
    this.kept = [];
    this.stride = 1;
    this.epoch = -1;
    this.last = [];
  }

  // entries of the epochs from `from` on
  add(entries, from) {
    if (from === 0) this.clear();
    this.epoch = from - 1;
    for (const entry of entries) {
      this.epoch++;
      this.last = entry;
      if (this.epoch % this.stride === 0) this.kept.push([this.epoch, entry]);
      if (this.kept.length <= MOST) continue;
      this.stride *= 2;
      this.kept = this.kept.filter(([epoch]) => epoch % this.stride === 0);
    }
  }

  // about `most` of [epoch, entry], the last one among them
  drawn(most) {
    const step = Math.ceil(this.kept.length / most) || 1;
    const some = this.kept.filter((_, n) => n % step === 0);
    if (this.last.length && some.at(-1)?.[0] !== this.epoch) some.push([this.epoch, this.last]);
    return some;
  }
}
