import { expect, test } from "vitest";
import type { ListEntry } from "../protocol";
import { changed, inOrder, keyOf } from "./work_list";

const NONE = { entries: new Map<string, ListEntry>(), hasMore: false };
const work = (number: number, due: string | null): ListEntry => ({
  is: "work", work: String(number), version: 1, kind: "task", state: "open", title: `Task ${number}`, due,
});

test("due first, undated last, and what is gone is gone", () => {
  const contact: ListEntry = { is: "contact", contact: "1", channel: "callback", state: "promised", due: "2026-01-02T00:00:00.000Z" };
  let list = changed(NONE, { entries: [work(1, null), work(2, "2026-01-03T00:00:00.000Z"), contact], has_more: false });
  expect(inOrder(list).map(keyOf)).toEqual(["contact 1", "work 2", "work 1"]);
  list = changed(list, { entries: [work(1, "2026-01-01T00:00:00.000Z")], contacts_gone: ["1"], work_gone: ["2"], has_more: true });
  expect(inOrder(list).map(keyOf)).toEqual(["work 1"]);
  expect(list.hasMore).toBe(true);
});
