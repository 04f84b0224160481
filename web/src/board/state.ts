// What the board derives from its rows: words for agents' states, sums, targets. It computes no figure that
// the server sends.

import type { BoardAgent, BoardQueue } from "../protocol";

/** What an agent is doing as the board groups it: one word from presence and activity. */
export const STANDINGS = [
  "idle",
  "offered",
  "busy",
  "wrap_up",
  "not_ready",
  "not_responding",
  "unreachable",
  "offline",
] as const;
export type Standing = (typeof STANDINGS)[number];

export function standing(agent: Pick<BoardAgent, "presence" | "activity">): Standing {
  switch (agent.activity) {
    case "offered":
    case "busy":
    case "wrap_up":
    case "not_responding":
    case "unreachable":
      return agent.presence === "offline" && agent.activity === "unreachable" ? "offline" : agent.activity;
    case "idle":
      switch (agent.presence) {
        case "available":
          return "idle";
        case "not_ready":
          return "not_ready";
        case "offline":
          return "offline";
      }
  }
}

export function byStanding(agents: Iterable<BoardAgent>): Record<Standing, number> {
  const counts = Object.fromEntries(STANDINGS.map((name) => [name, 0])) as Record<Standing, number>;
  for (const agent of agents) counts[standing(agent)] += 1;
  return counts;
}

/** Sums over queues, and whether every visit that came in is accounted for. */
export type Totals = {
  waiting: number;
  offered: number;
  connecting: number;
  longestWaitingSince: string | null;
  carriedIn: number;
  entered: number;
  answered: number;
  abandoned: number;
  flowedOut: number;
  callbacks: number;
  withdrawn: number;
  lost: number;
  serviceLevel: number | null;
  /** What came in less what is accounted for: 0 when the figures balance. */
  difference: number;
};

export function totals(queues: Iterable<BoardQueue>): Totals {
  const sum: Totals = {
    waiting: 0, offered: 0, connecting: 0, longestWaitingSince: null, carriedIn: 0, entered: 0, answered: 0,
    abandoned: 0, flowedOut: 0, callbacks: 0, withdrawn: 0, lost: 0, serviceLevel: null, difference: 0,
  };
  let within = 0;
  let counted = 0;
  for (const row of queues) {
    sum.waiting += row.waiting;
    sum.offered += row.offered;
    sum.connecting += row.connecting;
    sum.carriedIn += row.carried_in;
    sum.entered += row.entered;
    sum.answered += row.answered;
    sum.abandoned += row.abandoned;
    sum.flowedOut += row.flowed_out;
    sum.callbacks += row.callbacks;
    sum.withdrawn += row.withdrawn;
    sum.lost += row.lost;
    within += row.answered_within;
    counted += row.answered + row.abandoned - row.short_abandoned;
    if (row.longest_waiting_since !== null) {
      const since = sum.longestWaitingSince;
      if (since === null || row.longest_waiting_since < since) sum.longestWaitingSince = row.longest_waiting_since;
    }
  }
  sum.serviceLevel = counted > 0 ? within / counted : null;
  const there = sum.waiting + sum.offered + sum.connecting;
  const ended = sum.answered + sum.abandoned + sum.flowedOut + sum.callbacks + sum.withdrawn + sum.lost;
  sum.difference = sum.carriedIn + sum.entered - ended - there;
  return sum;
}

/** How a service level stands against the queue's target; `unknown` when one of them is not there. */
export type Against = "met" | "near" | "missed" | "unknown";

/** Below the target by no more than this share is near it. */
const NEAR = 0.1;

export function against(row: Pick<BoardQueue, "service_level" | "target_share">): Against {
  const target = row.target_share;
  if (row.service_level === null || target === null || target === undefined) return "unknown";
  if (row.service_level >= target) return "met";
  return row.service_level >= target - NEAR ? "near" : "missed";
}
