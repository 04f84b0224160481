import { expect, test } from "vitest";
import { duration, MISSING, percent, secondsLeft } from "./format";

test.each([
  [0, "0:00"],
  [-5_000, "0:00"],
  [59_999, "0:59"],
  [725_000, "12:05"],
  [3_723_000, "1:02:03"],
  [null, MISSING],
  [Number.NaN, MISSING],
])("duration %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("seconds left begin: 1 until the last moment, never below 0", () => {
  expect([secondsLeft(10_000, 0), secondsLeft(10_000, 9_001), secondsLeft(10_000, 10_000), secondsLeft(0, 5)]).toEqual([
    10, 1, 0, 0,
  ]);
});

test("a rate that divides by 0 is a dash, not 0 %", () => {
  expect(percent(null, "en")).toBe(MISSING);
  expect(percent(0.846, "en")).toBe("85%");
});
