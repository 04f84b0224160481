// The columns of the queues' table: what each sorts by, and which queues are shown. It draws nothing.

import type { BoardQueue } from "../protocol";
import { isDirect } from "../contact_text";
import type { SortKey } from "../parts/order";
import { STANDINGS, type Standing } from "./state";

export const QUEUE_COLUMNS = [
  "queue", "waiting", "on_offer", "longest", "estimated", "service_level", "answered", "abandoned", "asa", "aht", "agents",
] as const;
export type QueueColumn = (typeof QUEUE_COLUMNS)[number];

/** What a queue is sorted by; of a name its rank, agents' own queues last. */
export function queueKey(row: BoardQueue, column: QueueColumn, rank: number): SortKey {
  switch (column) {
    case "queue":
      return rank + (isDirect(row.queue) ? 1e9 : 0);
    case "waiting":
      return row.waiting;
    case "on_offer":
      return row.offered + row.connecting;
    case "longest":
      return row.longest_waiting_since === null ? null : -Date.parse(row.longest_waiting_since);
    case "estimated":
      return row.estimated_wait?.p50_ms ?? null;
    case "service_level":
      return row.service_level;
    case "answered":
      return row.answered;
    case "abandoned":
      return abandonment(row) ?? null;
    case "asa":
      return row.asa_ms;
    case "aht":
      return row.aht_ms;
    case "agents":
      return row.agents_idle;
  }
}

/** An agent's own queue is shown once it was used. */
export function isShown(row: BoardQueue): boolean {
  return !isDirect(row.queue) || row.entered + row.carried_in > 0;
}

/** Undefined: the server does not say. */
export function abandonment(row: BoardQueue): number | null | undefined {
  return row.abandonment;
}

/** Those who could serve a queue, by what they do; undefined when the server does not say. */
export function agentsByStanding(row: BoardQueue): [Standing, number][] | undefined {
  if (row.agents_offered === undefined) return undefined;
  const counts: Record<Exclude<Standing, "offline">, number> = {
    idle: row.agents_idle,
    offered: row.agents_offered,
    busy: row.agents_busy,
    wrap_up: row.agents_wrap_up ?? 0,
    not_ready: row.agents_not_ready ?? 0,
    not_responding: row.agents_not_responding ?? 0,
    unreachable: row.agents_unreachable ?? 0,
  };
  return STANDINGS.filter((name) => name !== "offline").map((name) => [name, counts[name]]);
}
