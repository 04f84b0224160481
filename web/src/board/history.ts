// What the chart of the last minutes shows: samples in the centre's time, a gap where nobody listened.
// It never fills a gap.

/** Null stands for "not known". `at` is milliseconds since 1970 in the centre's time. */
export type Sample = { readonly at: number; readonly waiting: number | null; readonly busy: number | null };
export type History = readonly Sample[];

/** 15 minutes at one a second. */
export const SAMPLES_MAX = 900;

/** Adds a sample unless the last one is younger than `everyMs`; begins again when the clock went back. */
export function addSample(history: History, sample: Sample, everyMs: number): History {
  const last = history.at(-1);
  if (last !== undefined) {
    if (sample.at < last.at - everyMs) return [sample];
    if (sample.at - last.at < everyMs) return history;
  }
  return [...history, sample].slice(-SAMPLES_MAX);
}

/** Marks that nothing is known from here on. */
export function addGap(history: History): History {
  const last = history.at(-1);
  if (last === undefined || last.waiting === null) return history;
  return [...history, { at: last.at + 1, waiting: null, busy: null }].slice(-SAMPLES_MAX);
}

/** At most `rows` samples, evenly over the time there is, the newest first: the chart as a table. */
export function asTable(history: History, rows: number): Sample[] {
  const known = history.filter((sample) => sample.waiting !== null);
  if (known.length <= rows) return known.reverse();
  const step = (known.length - 1) / (rows - 1);
  return Array.from({ length: rows }, (_, row) => known[Math.round(row * step)]!).reverse();
}
