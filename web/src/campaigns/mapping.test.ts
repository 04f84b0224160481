import { expect, test } from "vitest";
import { setLanguage } from "../text";
import { choiceOf, choices, columnOf, IGNORED, mappingOf } from "./mapping";

test.each([["number"], [{ number_of: { label: "mobile" } }], [{ field: { name: "a:b" } }], ["zone"]])("a column is the same after it was a choice: %j", (column) => {
  expect(columnOf(choiceOf(column))).toEqual(column);
});

test("what is not taken over is not named", () => {
  expect(choiceOf("ignored")).toBe(IGNORED);
  expect(choiceOf(undefined)).toBe(IGNORED);
  expect(mappingOf(["Phone", "Colour"], ["number", IGNORED], { home: " fr ", zone: "", dates: "" })).toEqual({ home: "FR", columns: { Phone: "number" } });
});

test("a label that only the server knows can stay chosen", () => {
  setLanguage("en");
  expect(choices([], "number_of:fax").at(-1)).toEqual({ value: "number_of:fax", text: "Number (fax)" });
  expect(choices([{ name: "plan", label: "Plan" }], "field:plan").at(-1)?.value).toBe("field:plan");
});
