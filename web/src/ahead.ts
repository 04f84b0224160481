// Fields that the pages read and that a server may not send. It never makes one up.

import type { AgentSnapshot, BoardQueue, Name, SessionOpened } from "./protocol";

/** A session's opening, from a server whose clock may run faster than ours. */
export type Opened = SessionOpened & {
  /** How many of the centre's seconds pass in one of ours; 1 when absent. */
  clock_speed?: number | null;
};

/** A queue's row with its service-level target. */
export type QueueRow = BoardQueue & {
  /** A contact answered within this wait counts for the service level, in milliseconds. */
  target_within_ms?: number | null;
  /** The share that should be answered within it, from 0 to 1. */
  target_share?: number | null;
};

/** The console's snapshot with the centre's own words. */
export type ConsoleSnapshot = AgentSnapshot & {
  not_ready_reasons?: Name[] | null;
  dispositions?: Name[] | null;
};
