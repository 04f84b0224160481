import { expect, test } from "vitest";
import { setLanguage } from "../text";
import { readPromise, USUAL_PROMISE } from "./promised";

const NOW = Date.parse("2026-01-01T12:00:00.000Z");
setLanguage("en");

test("as soon as somebody is free, at the number it came from", () => {
  expect(readPromise(USUAL_PROMISE, NOW)).toEqual({ call: { by_me: true } });
});

test("a time is the viewer's, a number is what the wire takes", () => {
  const typed = { isSoon: false, due: "2026-01-02T09:30", to: "+33 (1) 80-00.00.00", byMe: false };
  const due = new Date("2026-01-02T09:30").toISOString();
  expect(readPromise(typed, NOW)).toEqual({ call: { by_me: false, to: "+33180000000", due } });
});

test("each mistake is said beside its field", () => {
  const at = (due: string) => readPromise({ ...USUAL_PROMISE, isSoon: false, due }, NOW);
  expect(at("")).toEqual({ errors: { due: "Enter date and time.", to: "" } });
  expect(at("2025-12-31T09:00")).toEqual({ errors: { due: "This is in the past.", to: "" } });
  expect(at("2026-12-31T09:00")).toEqual({ errors: { due: "Choose a time within 90 days.", to: "" } });
  expect(readPromise({ ...USUAL_PROMISE, to: "0180" }, NOW)).toMatchObject({ errors: { due: "" } });
});
