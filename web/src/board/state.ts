// The live board as a fold over what the server sends. It computes no figure that the server sends.

import { isDirect } from "../contact_text";
import type { QueueRow } from "../ahead";
import type { BoardAgent, BoardDelta, BoardSnapshot } from "../protocol";

export type BoardState = {
  readonly eventNo: number;
  readonly serverTime: string;
  readonly countedSince: string;
  readonly queues: ReadonlyMap<string, QueueRow>;
  readonly agents: ReadonlyMap<string, BoardAgent>;
};

export function fromSnapshot(snapshot: BoardSnapshot): BoardState {
  return {
    eventNo: snapshot.event_no,
    serverTime: snapshot.server_time,
    countedSince: snapshot.counted_since,
    queues: new Map(snapshot.queues.map((row) => [row.queue, row])),
    agents: new Map(snapshot.agents.map((row) => [row.agent, row])),
  };
}

/** The board after a delta; the same board when the delta is not newer. */
export function applyDelta(board: BoardState, delta: BoardDelta): BoardState {
  if (delta.event_no <= board.eventNo) return board;
  return {
    eventNo: delta.event_no,
    serverTime: delta.server_time,
    countedSince: board.countedSince,
    queues: merge(board.queues, delta.queues, (row) => row.queue, delta.queues_gone),
    agents: merge(board.agents, delta.agents, (row) => row.agent, delta.agents_gone),
  };
}

function merge<Row>(
  rows: ReadonlyMap<string, Row>,
  changed: readonly Row[],
  nameOf: (row: Row) => string,
  gone: readonly string[] | undefined,
): ReadonlyMap<string, Row> {
  if (changed.length === 0 && (gone === undefined || gone.length === 0)) return rows;
  const merged = new Map(rows);
  for (const row of changed) merged.set(nameOf(row), row);
  for (const name of gone ?? []) merged.delete(name);
  return merged;
}

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

export function totals(queues: Iterable<QueueRow>): Totals {
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

export function against(row: Pick<QueueRow, "service_level" | "target_share">): Against {
  const target = row.target_share;
  if (row.service_level === null || target === null || target === undefined) return "unknown";
  if (row.service_level >= target) return "met";
  return row.service_level >= target - NEAR ? "near" : "missed";
}

/** Queues of the rules by name, then the agents' own queues that have something to show. */
export function queueOrder(queues: ReadonlyMap<string, QueueRow>, language: string): string[] {
  const collator = new Intl.Collator(language, { numeric: true });
  const shown = [...queues.values()].filter((row) => !isDirect(row.queue) || row.entered + row.carried_in > 0);
  return shown
    .map((row) => row.queue)
    .sort((a, b) => Number(isDirect(a)) - Number(isDirect(b)) || collator.compare(a, b));
}

export function agentOrder(agents: ReadonlyMap<string, BoardAgent>, language: string, withOffline: boolean): string[] {
  const collator = new Intl.Collator(language, { numeric: true });
  return [...agents.values()]
    .filter((agent) => withOffline || standing(agent) !== "offline")
    .sort((a, b) => collator.compare(a.name, b.name) || collator.compare(a.agent, b.agent))
    .map((agent) => agent.agent);
}
