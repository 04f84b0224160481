// Words for contacts that both pages use: the queue a contact is of, and what is done with it. It formats no figure.

import type { Channel, SegmentState } from "./protocol";
import { t } from "./text";

/** A call is talked, what is written is in hand. */
export function segmentText(channel: Channel | null, state: SegmentState): string {
  const isWritten = channel === "chat" || channel === "email" || channel === "task";
  return state === "talking" && isWritten ? t("segment.in_hand") : t(`segment.${state}`);
}

/** Whether it is the queue of contacts meant for one agent. */
export function isDirect(queue: string): boolean {
  return queue.startsWith("@");
}

/** The queue's name as the agent reads it who has the contact. */
export function ownQueueText(queue: string): string {
  return isDirect(queue) ? t("queue.you_alone") : queue;
}
