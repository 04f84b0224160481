import { expect, test } from "vitest";
import { placeText, readPlace } from "./place";

test("what is shown is written into the address and read back as it was", () => {
  const place = readPlace("?queues_find=b%26l&queues_sort=-waiting&away=shown&open=contact:nord-12");
  expect(place.opened).toEqual({ is: "contact", name: "nord-12" });
  expect(place.view).toMatchObject({ queues_find: "b&l", queues_sort: "-waiting", away: "shown", agents_find: "" });
  expect(readPlace(placeText(place))).toEqual(place);
});

test("a name may hold what parts names from words", () => {
  const place = { ...readPlace(""), opened: { is: "queue", name: "@ana:b" } as const };
  expect(readPlace(placeText(place)).opened).toEqual(place.opened);
});

test.each(["", "?open=", "?open=queue", "?open=queue:", "?open=door:x"])("nothing is open at %s", (search) => {
  expect(readPlace(search).opened).toBeNull();
  expect(placeText(readPlace(""))).toBe("");
});
