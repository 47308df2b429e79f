"""`sums_javascript`: exported JavaScript that adds up what a text's n-grams say; without dependencies."""

from __future__ import annotations

from collections.abc import Sequence

from ...words import say
from .tables import CONSTANTS, NgramSums, kind_runs

_SOURCE = r"""
const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// weights of n-grams; the text's row is log2(1 + count) times idf, divided by its length
class Sums {
  constructor(longest, words, across, mask, outputs, buckets, idf, codes, scales) {
    Object.assign(this, { longest, words, across, mask, outputs, idf: bytesOf(idf) });
    this.row = new Map(Array.from(new Uint32Array(bytesOf(buckets).buffer), (bucket, row) => [bucket, row]));
    this.codes = new Int8Array(bytesOf(codes).buffer);
    this.scales = new Float32Array(bytesOf(scales).buffer);
  }

  counts(text) {
    const points = Array.from((text ?? "").normalize("NFC").toLowerCase().normalize("NFC"), (c) => c.codePointAt(0));
    const found = new Map();
    for (let at = 0; at === 0 || at < points.length; at += @chunk@) {
      for (const bucket of hashes(padded(points.slice(at, at + @chunk@)), this)) {
        const row = this.row.get(bucket);
        if (row !== undefined) found.set(row, (found.get(row) ?? 0) + 1);
      }
    }
    return found;
  }

  of(text) {
    const k = this.outputs, sums = new Array(k).fill(0);
    let squares = 0;
    for (const [row, count] of this.counts(text)) {
      const value = (this.idf[row] / @steps@) * Math.log2(1 + count);
      squares += value * value;
      for (let i = row * k; i < row * k + k; i++) {
        sums[i - row * k] += value * this.codes[i] * this.scales[Math.floor(i / @block@)];
      }
    }
    return squares > 0 ? sums.map((sum) => sum / Math.sqrt(squares)) : sums;
  }
}

// from each of these code points on: 0 spaces, 1 letters, 2 signs
const runs = @runs@;
const kinds = @kinds@;

function kindOf(c) {
  let low = 0, high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle] <= c) low = middle + 1;
    else high = middle;
  }
  return kinds[low - 1];
}

function mix(h, c) {
  h = Math.imul(h ^ c, 0x01000193);
  return h ^ (h >>> 15);
}

function bucketOf(h, mask) {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) & mask) >>> 0;
}

// code points with single spaces, also at both ends
function padded(points) {
  const text = [32];
  for (const point of points) {
    const c = kindOf(point) === 0 ? 32 : point;
    if (c !== 32 || text[text.length - 1] !== 32) text.push(c);
  }
  if (text[text.length - 1] !== 32) text.push(32);
  return text;
}

// the hash of the word that begins at i, and where it ends
function word(text, i) {
  const sort = kindOf(text[i]);
  let h = 0x2f6b9d31;
  while (i < text.length && text[i] !== 32 && kindOf(text[i]) === sort) h = mix(h, text[i++]);
  return [h, i];
}

// those of a character n-gram that ends in c, h is its hash without it: as it is, and without a final consonant
function* ending(h, c, size, mask) {
  yield bucketOf(mix(h, c) ^ size, mask);
  if (c >= 0xac00 && c <= 0xd7a3 && (c - 0xac00) % 28 > 0) yield bucketOf(mix(h, c - ((c - 0xac00) % 28)) ^ size, mask);
}

// the bucket of each n-gram of characters, word, and pair of words
function* hashes(text, { longest, words, across, mask }) {
  for (let i = 0; i < text.length; i++) {
    let h = 0x811c9dc5;
    for (let size = 1; size <= longest && i + size <= text.length; size++) {
      const c = text[i + size - 1];
      if (size > 1 || c !== 32) yield* ending(h, c, size, mask);
      h = mix(h, c);
      if (size > 1 && c === 32) break;
    }
    if (text[i] === 32) continue;
    h = 0x811c9dc5;
    for (let k = i, size = 0, crossed = false; across && k < text.length && size < longest; k++) {
      crossed ||= text[k] === 32;
      if (text[k] === 32) continue;
      size++;
      if (crossed) yield* ending(h, text[k], size, mask);
      h = mix(h, text[k]);
    }
    if (words && (text[i - 1] === 32 || kindOf(text[i - 1]) !== kindOf(text[i]))) {
      const [own, end] = word(text, i);
      yield bucketOf(own, mask);
      const next = text[end] === 32 ? end + 1 : end;
      if (words > 1 && next < text.length && text[next] !== 32) yield bucketOf(mix(own, word(text, next)[0]), mask);
    }
  }
}

const sums = [
@tables@
];
"""
_TABLE = """\
  // {comment}
  new Sums({longest}, {words}, {across}, {mask}, {outputs}, "{buckets}", "{idf}",
    "{codes}",
    "{scales}"),"""


def sums_javascript(tables: Sequence[NgramSums]) -> str:
    """``sums``: for each table an object with ``of(text)``, its sums, and ``counts(text)`` of each row."""
    starts, kinds = zip(*kind_runs(), strict=True)
    sources = [
        _TABLE.format(comment=say("text.export_table", rows=len(one.buckets)), **one.settings(), **one.encoded())
        for one in tables
    ]
    source = _SOURCE
    values = {**CONSTANTS, "runs": list(starts), "kinds": list(kinds), "tables": "\n".join(sources)}
    for name, value in values.items():
        source = source.replace(f"@{name}@", str(value))
    return source
