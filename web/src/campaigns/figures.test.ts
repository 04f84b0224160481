import { expect, test } from "vitest";
import { aMinute, answerRate, minuteTimes, openOf, partsOf, reasonsOf } from "./figures";
import type { Calls, Waterfall } from "./told";

const WATERFALL: Waterfall = {
  all: 100, with_router: 3, dialable: 20, closed: 30, opens_at: "2026-11-23T08:00:00Z", due_later: 7, due_from: null,
  not_released: 0, released_from: null, segment_full: 0, nowhere: 0, being_read: 0,
  resting: { inactive: 15 }, ended: { closed: 20, answered: 5 },
};

test("the parts of the leads add up to all of them", () => {
  const parts = partsOf(WATERFALL);
  expect(parts).toEqual({ with_router: 3, dialable: 20, not_now: 52, ended: 25 });
  expect(openOf(WATERFALL)).toBe(75);
  expect(reasonsOf(WATERFALL).reduce((all, reason) => all + reason.count, 0)).toBe(parts.not_now);
});

test("reasons stand by how many wait for them, with until when, and empty ones not at all", () => {
  expect(reasonsOf(WATERFALL)).toEqual([
    { why: "closed", count: 30, until: "2026-11-23T08:00:00Z" },
    { why: "inactive", count: 15, until: null },
    { why: "due_later", count: 7, until: null },
  ]);
});

test("calls a minute are the mean of the last five whole minutes", () => {
  const minutes = [100, 1, 2, 3, 4, 5, 60].map((placed) => ({ placed, answered: 0 }));
  expect(aMinute(minutes, "placed")).toBe(3);
  expect(aMinute([{ placed: 9, answered: 9 }], "placed")).toBeNull();
});

test("the answer rate is of the calls that are over", () => {
  const calls: Calls = { proposed: 9, placed: 8, ended: 4, answered: 1, in_flight: 4, refused: {}, minutes: [] };
  expect(answerRate(calls)).toBe(0.25);
  expect(answerRate({ ...calls, ended: 0 })).toBeNull();
});

test("the present minute is the last", () => {
  expect(minuteTimes(3, Date.parse("2026-11-23T08:15:42Z"))).toEqual([13, 14, 15].map((minute) => Date.UTC(2026, 10, 23, 8, minute) / 1_000));
});
