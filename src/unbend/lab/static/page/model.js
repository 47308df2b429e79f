// What a view of the widgets asks of its model, without a notebook behind it.

export class Model {
  constructor(values) {
    this.values = values;
    this.listeners = new Map();
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const listener of this.listeners.get(`change:${name}`) ?? []) listener();
  }

  // several values; of those that are the same as before nobody hears
  update(values) {
    const changed = Object.keys(values).filter((name) => values[name] !== this.values[name]);
    for (const name of changed) this.values[name] = values[name];
    const told = new Set(changed.flatMap((name) => [...(this.listeners.get(`change:${name}`) ?? [])]));
    for (const listener of told) listener();
  }

  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(listener);
  }

  off(event, listener) {
    this.listeners.get(event)?.delete(listener);
  }

  save_changes() {}
}
