// Which rows of a long table are near the eye. It measures nothing itself.

export type Window = {
  /** The first row that is drawn, and the one after the last. */
  first: number;
  last: number;
  /** Of one row, in pixels. */
  height: number;
  /** Rows that fit into what is seen. */
  page: number;
};

/** So few rows are all drawn. */
export const DRAWN_ALWAYS = 60;
/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const BESIDE = 10;

export function windowOf(scrolled: number, seen: number, height: number, count: number): Window {
  const page = height > 0 ? Math.max(1, Math.floor(seen / height)) : DRAWN_ALWAYS;
  if (count <= DRAWN_ALWAYS || height <= 0) return { first: 0, last: DRAWN_ALWAYS, height, page };
  const first = Math.max(0, Math.min(Math.floor(scrolled / height) - BESIDE, count - page - 2 * BESIDE));
  return { first, last: Math.min(count, first + page + 2 * BESIDE + 1), height, page };
}
