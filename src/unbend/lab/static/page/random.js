// NumPy's default_rng: the same bits from the same seeds (SeedSequence, PCG64 XSL RR 128/64), and its draws.

// 32-bit words mixed into a pool of four (M. E. O'Neill's seed_seq_fe), then eight words for state and increment
function seedWords(entropy) {
  let hash = 0x43b0d7e5;
  const hashed = (value) => {
    value = Math.imul(value ^ hash, (hash = Math.imul(hash, 0x931e8875)));
    return value ^ (value >>> 16);
  };
  const mixed = (x, y) => {
    const value = Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715);
    return value ^ (value >>> 16);
  };
  const pool = [0, 1, 2, 3].map((i) => hashed(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
  for (const word of entropy.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mixed(pool[to], hashed(word));
  hash = 0x8b51f9dd;
  return Array.from({ length: 8 }, (_, i) => {
    const value = Math.imul(pool[i % 4] ^ hash, (hash = Math.imul(hash, 0x58f38ded)));
    return (value ^ (value >>> 16)) >>> 0;
  });
}

const MULTIPLIER = Uint32Array.of(0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05); // 128 bits, lowest word first

// the upper word of the product of two 32-bit words, from products of 16-bit halves; Math.imul gives the lower one
function upper(x, y) {
  const x0 = x & 0xffff;
  const x1 = x >>> 16;
  const y0 = y & 0xffff;
  const y1 = y >>> 16;
  const middle = x1 * y0 + ((x0 * y0) >>> 16);
  return x1 * y1 + Math.floor(middle / 65536) + ((x0 * y1 + (middle & 0xffff)) / 65536 >>> 0);
}

// the standard normal's ziggurat of 256 strips (Marsaglia & Tsang 2000), by the words of 52 bits that NumPy compares
const R = 3.6541528853610088;
const AREA = 0.004928673233974655; // of each strip
const [inside, width, height] = (() => {
  const density = (x) => Math.exp(-0.5 * x * x);
  const x = Array(256).fill(0); // of the strips' right ends, the narrowest first; strip 0 is the tail's
  x[0] = AREA / density(R);
  x[255] = R;
  for (let i = 254; i > 0; i--) x[i] = Math.sqrt(-2 * Math.log(AREA / x[i + 1] + density(x[i + 1])));
  const strips = (f) => Float64Array.from(x, (_, i) => f(i));
  return [
    strips((i) => (i === 0 ? R / x[0] : i === 1 ? 0 : x[i - 1] / x[i]) * 2 ** 52),
    strips((i) => x[i] / 2 ** 52),
    strips((i) => (i === 0 ? 1 : density(x[i]))),
  ];
})();

export class Random {
  // the entropy is a list of whole numbers below 2^32, as in default_rng([seed, 3])
  constructor(...entropy) {
    const words = seedWords(entropy);
    const from = (i) => [words[i + 2], words[i + 3], words[i], words[i + 1]];
    const [start, stream] = [from(0), from(4)];
    this.increment = Uint32Array.from(stream, (word, i) => (word << 1) | (i ? stream[i - 1] >>> 31 : 1));
    this.state = new Uint32Array(4);
    this.next = new Uint32Array(4); // a place for the next state
    this.half = null;
    this.step();
    this.add(start);
    this.step();
  }

  add(words) {
    let carry = 0;
    for (let i = 0; i < 4; i++) {
      carry += this.state[i] + words[i];
      this.state[i] = carry;
      carry = carry > 0xffffffff ? 1 : 0;
    }
  }

  // state · multiplier + increment
  step() {
    const { state, increment, next } = this;
    next.set(increment);
    for (let i = 0; i < 4; i++) {
      let carry = 0;
      for (let j = 0; i + j < 4; j++) {
        const sum = next[i + j] + (Math.imul(state[i], MULTIPLIER[j]) >>> 0) + carry;
        next[i + j] = sum;
        carry = upper(state[i], MULTIPLIER[j]) + Math.floor(sum / 4294967296);
      }
    }
    this.state = next;
    this.next = state;
  }

  // 64 random bits as this.low and this.high
  draw() {
    this.step();
    const state = this.state;
    const turn = state[3] >>> 26;
    const by = turn & 31;
    const swapped = turn >= 32;
    const low = swapped ? state[1] ^ state[3] : state[0] ^ state[2];
    const high = swapped ? state[0] ^ state[2] : state[1] ^ state[3];
    this.low = (by ? (low >>> by) | (high << (32 - by)) : low) >>> 0;
    this.high = (by ? (high >>> by) | (low << (32 - by)) : high) >>> 0;
  }

  word() {
    if (this.half !== null) {
      const word = this.half;
      this.half = null;
      return word;
    }
    this.draw();
    this.half = this.high;
    return this.low;
  }

  double() {
    this.draw();
    return (this.high * 2097152 + (this.low >>> 11)) / 2 ** 53;
  }

  normal() {
    for (;;) {
      this.draw();
      const strip = this.low & 0xff;
      const bits = (this.high % 2 ** 29) * 2 ** 23 + (this.low >>> 9); // 52 of them, after the sign's
      const x = bits * width[strip] * (this.low & 0x100 ? -1 : 1);
      if (bits < inside[strip]) return x;
      if (strip > 0) {
        if ((height[strip - 1] - height[strip]) * this.double() + height[strip] < Math.exp(-0.5 * x * x)) return x;
        continue;
      }
      for (;;) {
        const far = -Math.log1p(-this.double()) / R;
        const y = -Math.log1p(-this.double());
        if (y + y > far * far) return Math.floor(bits / 256) & 1 ? -(R + far) : R + far;
      }
    }
  }

  // 0 … most, each as likely: as many bits as it has, drawn again where they are more
  integer(most) {
    if (most === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(most);
    for (;;) {
      const value = (this.word() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  // a shuffled copy
  permutation(rows) {
    const order = Int32Array.from(rows);
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.integer(i);
      const moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }
}
