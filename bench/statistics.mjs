// What can be said of a few noisy measurements.

const sorted = (values) => values.toSorted((a, b) => a - b);

export function median(values) {
  const all = sorted(values);
  const middle = Math.floor(all.length / 2);
  return all.length % 2 === 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
}

/** Median and the range in which the middle half lies. */
export function spread(values) {
  const all = sorted(values);
  const at = (part) => all[Math.min(all.length - 1, Math.floor(all.length * part))];
  return { median: median(values), low: at(0.25), high: at(0.75), n: values.length };
}

/** Of measurements that were taken in turn: each against the anchor's of the same turn. */
export function ratios(values, anchors) {
  return spread(values.map((value, n) => value / anchors[n]));
}

/** Three digits, or whole from a hundred on. */
export const show = (number) => (Math.abs(number) >= 100 ? Math.round(number).toLocaleString('en') : String(Number(number.toPrecision(3))));
