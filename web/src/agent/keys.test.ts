import { expect, test } from "vitest";
import { narrowed, wordOfDigit } from "./disposition_words";
import { KEYS, digitOf, SHORTCUTS } from "./shortcuts";
import { keysIn } from "./telephone_keys";

const key = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, code: "Digit3" };

test("a digit is a disposition while nobody types, or with Alt and Shift", () => {
  expect(digitOf(key, false)).toBe(3);
  expect(digitOf({ ...key, code: "Numpad3" }, false)).toBe(3);
  expect(digitOf(key, true)).toBeNull();
  expect(digitOf({ ...key, altKey: true, shiftKey: true }, true)).toBe(3);
  expect(digitOf({ ...key, altKey: true }, false)).toBeNull();
  expect(digitOf({ ...key, code: "Digit0" }, false)).toBeNull();
});

test("typing narrows the words, those that begin with it first", () => {
  const words = ["sale", "no sale", "call again", "Salary question"];
  expect(narrowed(words, "sal")).toEqual(["sale", "Salary question", "no sale"]);
  expect(narrowed(words, "")).toEqual(words);
  expect(wordOfDigit(words, 2)).toBe("no sale");
  expect(wordOfDigit(words, 5)).toBeUndefined();
});

test("every key stands once on the sheet, and no two commands share one", () => {
  const listed = KEYS.flatMap((group) => group.commands);
  expect([...listed].sort()).toEqual(Object.keys(SHORTCUTS).sort());
  expect(new Set(Object.values(SHORTCUTS)).size).toBe(listed.length);
});

test("of what is typed or pasted, the keys of a telephone go out, in pieces that one message takes", () => {
  expect(keysIn("1")).toEqual(["1"]);
  expect(keysIn("4000 0012-3456#")).toEqual(["400000123456#"]);
  expect(keysIn("*a bé")).toEqual(["*AB"]);
  expect(keysIn("é ")).toEqual([]);
  expect(keysIn("7".repeat(40))).toEqual(["7".repeat(32), "7".repeat(8)]);
});
