"""`write_text`: a table of n-grams as an ES module without dependencies, for browsers and node."""

from __future__ import annotations

import json

from ...text.fasttext import NgramTable
from ...words import say
from .parts import encoded_arrays, head_lines, settings

_CODE = """\
export const classes = {class_list};
const OUTPUTS = {outputs}, BUCKETS = {buckets}, SHORTEST = {shortest}, LONGEST = {longest}, WORD_NGRAMS = {word_ngrams};

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const textsOf = (text) => atob(text).split("\\0").slice(0, -1); // bytes as characters
const words = new Map(textsOf("{words}").map((word, row) => [word, row]));
const labels = new Set(textsOf("{labels}"));
const kept = {kept};
const tree = {tree};
{weights}

function hash(text) {{
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) {{
    h = Math.imul(h ^ ((text.charCodeAt(i) << 24) >> 24), 16777619); // each byte with its sign, as fastText takes it
  }}
  return h >>> 0;
}}

function ofBucket(bucket, found) {{
  if (kept === null) found.push(words.size + bucket);
  else {{
    let low = 0, high = kept.length;
    while (low < high) {{
      const middle = (low + high) >> 1;
      if (kept[middle] < bucket) low = middle + 1;
      else high = middle;
    }}
    if (kept[low] === bucket) found.push(words.size + low);
  }}
}}

function characters(word, found) {{
  const text = "<" + word + ">", starts = [];
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xc0) !== 0x80) starts.push(i);
  const last = starts.push(text.length) - 1;
  for (let i = 0; i < last; i++) {{
    for (let n = SHORTEST; n <= LONGEST && i + n <= last; n++) {{
      if (n > 1 || (i > 0 && i < last - 1)) ofBucket(hash(text.slice(starts[i], starts[i + n])) % BUCKETS, found);
    }}
  }}
}}

/** {doc_rows} */
export function rows(text) {{
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  const found = [], all = bytes.split(/[ \\n\\r\\t\\v\\f\\0]+/).filter((word) => word !== "");
  all.push("</s>");
  let running = [];
  for (const word of all.slice(0, all.indexOf("</s>") + 1)) {{
    const row = words.get(word);
    if (labels.has(word) || (row === undefined && word.startsWith("__label__"))) continue;
    if (row !== undefined) found.push(row);
    if (LONGEST > 0 && word !== "</s>") characters(word, found);
    if (WORD_NGRAMS > 1) {{
      const h = BigInt(hash(word) | 0);
      const longer = running.map((r) => BigInt.asUintN(64, r * 116049371n + h));
      running = [BigInt.asUintN(64, h), ...longer].slice(0, WORD_NGRAMS);
      for (const r of running.slice(1)) ofBucket(Number(r % BigInt(BUCKETS)), found);
    }}
  }}
  return found;
}}

/** {doc_output} */
export function output(text) {{
  const found = rows(text), sums = new Array(OUTPUTS).fill(0);
  if (found.length === 0) return null;
  for (const row of found) for (let k = 0; k < OUTPUTS; k++) sums[k] += weight(row * OUTPUTS + k);
  return sums.map((sum) => sum / found.length);
}}

/** {doc_probabilities} */
export function probabilities(text) {{
  const scores = output(text);
  return scores === null ? null : link(scores);
}}

/** {doc_predict} */
export function predict(text) {{
  const p = probabilities(text);
  return p === null ? null : classes[p.indexOf(p.reduce((a, b) => Math.max(a, b)))];
}}

const logSigmoid = (z) => Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));

{link}
"""
_LINKS = {
    "softmax": """\
function link(scores) {
  const top = scores.reduce((a, b) => Math.max(a, b));
  const parts = scores.map((score) => Math.exp(score - top));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}""",
    "one_vs_all": """\
function link(scores) {
  return scores.map((score) => Math.exp(logSigmoid(score)));
}""",
    "tree": """\
function link(scores) {
  const count = classes.length, logs = new Array(2 * count - 1).fill(0);
  for (let k = count - 2; k >= 0; k--) {
    logs[tree[2 * k]] = logs[count + k] + logSigmoid(-scores[k]);
    logs[tree[2 * k + 1]] = logs[count + k] + logSigmoid(scores[k]);
  }
  return logs.slice(0, count).map(Math.exp);
}""",
}
_FLOATS = """\
const weights = new Float64Array(bytesOf("{weights}").buffer);
const weight = (i) => weights[i];"""
_CODES = """\
const codes = new Int8Array(bytesOf("{codes}").buffer);
const scales = new Float32Array(bytesOf("{scales}").buffer);
const weight = (i) => codes[i] * scales[Math.floor(i / {block})];"""


def write_text(table: NgramTable, name: str) -> str:
    """A module with ``classes``, and ``rows``, ``output``, ``probabilities`` and ``predict``, each of a text."""
    arrays, numbers = encoded_arrays(table), settings(table)
    docs = {f"doc_{what}": say(f"fasttext.doc_{what}") for what in ("rows", "output", "probabilities", "predict")}
    row_buckets = "null" if table.vocabulary.buckets is None else f'new Int32Array(bytesOf("{arrays["kept"]}").buffer)'
    code = _CODE.format(
        **numbers, **docs, words=arrays["words"], labels=arrays["labels"], kept=row_buckets,
        tree=f'new Int32Array(bytesOf("{arrays["tree"]}").buffer)',
        weights=(_FLOATS if arrays["weights"] else _CODES).format(**arrays, **numbers),
        class_list=json.dumps(table.classes, ensure_ascii=True), link=_LINKS[table.link],
    )  # fmt: skip
    return "".join(f"// {line}\n" for line in head_lines(table, name)) + code
