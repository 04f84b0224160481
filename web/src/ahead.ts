// Fields and messages that the pages know and that a server may not have yet. It never makes a value up.

import type { SessionOpened } from "./protocol";

/** A session's opening, from a server whose clock may run faster than ours. */
export type Opened = SessionOpened & {
  /** How many of the centre's seconds pass in one of ours; 1 when absent. */
  clock_speed?: number | null;
};
