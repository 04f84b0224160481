import { expect, test } from "vitest";
import type { Message } from "../protocol";
import { conversationOf, type Conversations, listed, received, seen, statusChanged } from "./conversations";

const line = (message: string, second: number, with_: Partial<Message> = {}): Message => ({
  message, by: "customer", text: message, at: `2026-01-01T00:00:0${second}.000Z`, status: "delivered", ...with_,
});
const NONE: Conversations = new Map();

test("a line that is heard twice, or heard and listed, stands there once and by its time", () => {
  let all = received(NONE, "c", line("b", 2), false);
  all = received(all, "c", line("b", 2), false);
  all = listed(all, "c", [line("a", 1), line("b", 2)], 7);
  const conversation = conversationOf(all, "c");
  expect(conversation.messages.map((one) => one.message)).toEqual(["a", "b"]);
  expect(conversation).toMatchObject({ unread: 1, leftOut: 7, isListed: true });
});

test("what comes before the agent's eyes, and what an agent writes, is not unread", () => {
  let all = received(NONE, "c", line("a", 1), true);
  all = received(all, "c", line("b", 2, { by: "agent", agent: "ben" }), false);
  expect(conversationOf(all, "c").unread).toBe(0);
  all = received(all, "c", line("c", 3), false);
  expect(conversationOf(seen(all, "c"), "c").unread).toBe(0);
});

test("a status is that of its line alone", () => {
  const all = received(received(NONE, "c", line("a", 1), true), "c", line("b", 2), true);
  const after = statusChanged(all, "c", "b", "failed");
  expect(conversationOf(after, "c").messages.map((one) => one.status)).toEqual(["delivered", "failed"]);
});
