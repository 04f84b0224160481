import { beforeEach, expect, test } from "vitest";
import * as drafts from "./drafts";

beforeEach(() => drafts.forgetAll());

test("what was typed and not saved stays when the server has an older note", () => {
  drafts.write("s", { note: "half a", saved: "half a" });
  drafts.write("s", { note: "half a sentence" });
  drafts.takeUp("s", "half a");
  expect(drafts.draftOf("s")).toMatchObject({ note: "half a sentence", saved: "half a" });
});

test("what was typed elsewhere takes the place of what was saved here", () => {
  drafts.write("s", { note: "old", saved: "old" });
  drafts.takeUp("s", "newer, from another computer");
  expect(drafts.draftOf("s")).toMatchObject({ note: "newer, from another computer", saved: "newer, from another computer" });
});

test("of two who typed, nothing is lost", () => {
  drafts.write("s", { note: "mine", saved: "" });
  drafts.takeUp("s", "theirs");
  expect(drafts.draftOf("s").note).toBe("theirs\n\nmine");
});

test("a segment that closes keeps only what the server does not have", () => {
  drafts.write("filed", { note: "all of it", saved: "all of it" });
  drafts.write("typed", { note: "half", saved: "", message: "a line", outgoing: [{ message: "m", text: "sent in vain" }] });
  drafts.keepOnly(new Set());
  expect(drafts.unsent()).toEqual([{ segment: "typed", who: "typed", note: "half\n\nsent in vain\n\na line" }]);
  expect(drafts.segments()).toEqual([]);
});
