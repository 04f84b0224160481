import { expect, test } from "vitest";
import { ownQueueText, segmentText } from "./contact_text";

test("a call is talked, what is written is in hand, and both are wrapped up", () => {
  expect(segmentText("voice", "talking")).toBe("Talking");
  expect(segmentText("email", "talking")).toBe("In hand");
  expect(segmentText("chat", "held")).toBe("On hold");
  expect(segmentText("chat", "wrap_up")).toBe("Wrap-up");
});

test("an agent's own queue has no name but his", () => {
  expect(ownQueueText("@ana")).toBe("you alone");
  expect(ownQueueText("gold")).toBe("gold");
});
