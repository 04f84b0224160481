// In which order the rows of a table stand, and which of them are shown. It reads no clock and no page.

/** A column and a direction; `isDown` puts the greatest first. */
export type Sort<Column extends string> = { readonly column: Column; readonly isDown: boolean };

/** What a row is sorted by; null stands last in both directions. */
export type SortKey = number | null;

/** Places of names in the alphabet of a language, so that sorting a thousand rows compares numbers. */
export function ranksOf(names: Iterable<readonly [name: string, title: string]>, language: string): Map<string, number> {
  const collator = new Intl.Collator(language, { numeric: true });
  const all = [...names].sort((a, b) => collator.compare(a[1], b[1]) || collator.compare(a[0], b[0]));
  return new Map(all.map(([name], place) => [name, place]));
}

/** Names by their keys; those with equal keys stand by rank. */
export function ordered(
  names: readonly string[],
  keyOf: (name: string) => SortKey,
  isDown: boolean,
  ranks: ReadonlyMap<string, number>,
): string[] {
  const rows = names.map((name) => ({ name, key: keyOf(name), rank: ranks.get(name) ?? Number.MAX_SAFE_INTEGER }));
  const direction = isDown ? -1 : 1;
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null) || a.rank - b.rank;
    return direction * (a.key - b.key) || a.rank - b.rank;
  });
  return rows.map((row) => row.name);
}

/** Names in the order that stands, without those that are gone, with new ones at the end. */
export function keptOrder(standing: readonly string[], now: readonly string[]): string[] {
  const there = new Set(now);
  const known = new Set(standing);
  return [...standing.filter((name) => there.has(name)), ...now.filter((name) => !known.has(name))];
}

/** Whether every word that was typed stands in one of the texts, however it is written. */
export function matches(typed: string, texts: readonly string[]): boolean {
  const words = plain(typed).split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return true;
  const all = plain(texts.join("\n"));
  return words.every((word) => all.includes(word));
}

/** Without case and accents. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** `-waiting` is waiting, the greatest first. */
export function readSort<Column extends string>(text: string | null, columns: readonly Column[]): Sort<Column> | undefined {
  if (text === null) return undefined;
  const isDown = text.startsWith("-");
  const column = columns.find((one) => one === (isDown ? text.slice(1) : text));
  return column === undefined ? undefined : { column, isDown };
}

export function sortText(sort: Sort<string>): string {
  return `${sort.isDown ? "-" : ""}${sort.column}`;
}

export function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, place) => name === b[place]);
}
