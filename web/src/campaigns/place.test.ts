import { expect, test } from "vitest";
import { addressOf, campaignAt } from "./place";

test("the address names the campaign that is open, whatever it is called", () => {
  expect(campaignAt(addressOf("12"))).toBe("12");
  expect(campaignAt(addressOf("a/b %"))).toBe("a/b %");
  expect(campaignAt("/campaigns/12/")).toBe("12");
  expect(campaignAt("/campaigns/%")).toBe("%");
});

test.each(["/campaigns", "/campaigns/", "/campaignsx/1", "/"])("no campaign is open at %s", (path) => {
  expect(campaignAt(path)).toBeUndefined();
});
