// Rows of the board for tests, whole and plain: each test says only what matters to it.

import type { BoardQueue } from "../src/protocol";
import type { BoardAgent, BoardSnapshot } from "../src/protocol";

export const START = "2026-01-01T00:00:00.000Z";

export function queue(name: string, with_: Partial<BoardQueue> = {}): BoardQueue {
  return {
    queue: name, paused: false, waiting: 0, offered: 0, connecting: 0, longest_waiting_since: null, longest_wait_ms: 0, carried_in: 0,
    entered: 0, answered: 0, answered_within: 0, abandoned: 0, short_abandoned: 0, flowed_out: 0, callbacks: 0,
    withdrawn: 0, lost: 0, service_level: null, asa_ms: null, aht_ms: null, agents_available: 0, agents_idle: 0,
    agents_busy: 0, abandonment: null, agents_offered: 0, agents_wrap_up: 0, agents_not_ready: 0, agents_not_responding: 0,
    agents_unreachable: 0, ...with_,
  };
}

export function agent(name: string, with_: Partial<BoardAgent> = {}): BoardAgent {
  return {
    agent: name, name, presence: "available", activity: "idle", since: START, contacts: [], handled: 0, occupancy: null,
    ...with_,
  };
}

export function snapshot(with_: Partial<BoardSnapshot> = {}): BoardSnapshot {
  return { event_no: 0, server_time: START, counted_since: START, queues: [], agents: [], alerts: [], ...with_ };
}
