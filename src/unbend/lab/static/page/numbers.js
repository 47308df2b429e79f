// Numbers as the page shows them: four digits, a real minus sign.

export function shown(v, digits = 4) {
  if (!Number.isFinite(v)) return String(v);
  const size = Math.abs(v);
  const text = v === 0 ? "0" : size >= 1e-3 && size < 1e5 ? String(Number(v.toPrecision(digits))) : v.toExponential(digits - 2);
  return text.replaceAll("-", "−");
}
