import { expect, test } from "vitest";
import { keptOrder, matches, ordered, ranksOf, readSort, sortText } from "./order";
import { DRAWN_ALWAYS, windowOf } from "./window";

const named = (...names: string[]) => ranksOf(names.map((name) => [name, name]), "en");

test("names stand as people count, equal keys by name, what has no key last in both directions", () => {
  const names = ["q10", "q2", "ä", "b"];
  const ranks = named(...names);
  expect(ordered(names, (name) => ranks.get(name)!, false, ranks)).toEqual(["ä", "b", "q2", "q10"]);
  const keys: Record<string, number | null> = { q10: 5, q2: null, ä: 5, b: 7 };
  expect(ordered(names, (name) => keys[name]!, false, ranks)).toEqual(["ä", "q10", "b", "q2"]);
  expect(ordered(names, (name) => keys[name]!, true, ranks)).toEqual(["b", "ä", "q10", "q2"]);
});

test("an order that stands loses what is gone and takes what is new at its end", () => {
  expect(keptOrder(["a", "b", "c"], ["d", "c", "a"])).toEqual(["a", "c", "d"]);
});

test("every typed word is found, however it is written", () => {
  expect(matches("", ["x"])).toBe(true);
  expect(matches("MUL idle", ["Ana Müller", "Idle"])).toBe(true);
  expect(matches("mül busy", ["Ana Müller", "Idle"])).toBe(false);
});

test("a sort in an address is read back; one of an unknown column is none", () => {
  const columns = ["queue", "waiting"] as const;
  expect(readSort(sortText({ column: "waiting", isDown: true }), columns)).toEqual({ column: "waiting", isDown: true });
  expect(readSort("queue", columns)).toEqual({ column: "queue", isDown: false });
  expect(readSort("-nothing", columns)).toBeUndefined();
  expect(readSort(null, columns)).toBeUndefined();
});

test("few rows are all drawn; of many those near the eye, at both ends and in between", () => {
  expect(windowOf(0, 480, 48, DRAWN_ALWAYS)).toMatchObject({ first: 0, last: DRAWN_ALWAYS });
  for (const scrolled of [0, 480, 20_000, 48_000, 99_999]) {
    const { first, last } = windowOf(scrolled, 480, 48, 1_000);
    const top = Math.min(Math.floor(scrolled / 48), 990);
    expect(first).toBeLessThanOrEqual(top);
    expect(last).toBeGreaterThanOrEqual(Math.min(1_000, top + 10));
    expect(last).toBeLessThanOrEqual(1_000);
    expect(last - first).toBeLessThan(40);
  }
});
