// The board as it is now: a snapshot, and the deltas since. It takes nothing that is older than what it has.

import { type Accessor, batch, createSignal } from "solid-js";
import type { Alert, AlertMeasure, BoardAgent, BoardDelta, BoardQueue, BoardSnapshot } from "../protocol";
import { Rows } from "./rows";

export class LiveBoard {
  readonly queues = new Rows<BoardQueue>((row) => row.queue);
  readonly agents = new Rows<BoardAgent>((row) => row.agent);
  /** Undefined before the first snapshot. */
  readonly countedSince: Accessor<string | undefined>;
  readonly alerts: Accessor<readonly Alert[]>;
  readonly #setCountedSince: (since: string) => void;
  readonly #setAlerts: (next: (before: readonly Alert[]) => readonly Alert[]) => void;
  #eventNo = -1;

  constructor() {
    const [countedSince, setCountedSince] = createSignal<string | undefined>(undefined);
    const [alerts, setAlerts] = createSignal<readonly Alert[]>([]);
    this.countedSince = countedSince;
    this.alerts = alerts;
    this.#setCountedSince = setCountedSince;
    this.#setAlerts = setAlerts;
  }

  take(snapshot: BoardSnapshot): void {
    batch(() => {
      this.#eventNo = snapshot.event_no;
      this.queues.replace(snapshot.queues);
      this.agents.replace(snapshot.agents);
      // A server of before has none.
      this.#setAlerts(() => snapshot.alerts ?? []);
      this.#setCountedSince(snapshot.counted_since);
    });
  }

  /** Whether it was newer than what is there. */
  apply(delta: BoardDelta): boolean {
    if (this.#eventNo < 0 || delta.event_no <= this.#eventNo) return false;
    this.#eventNo = delta.event_no;
    batch(() => {
      this.queues.merge(delta.queues, delta.queues_gone ?? []);
      this.agents.merge(delta.agents, delta.agents_gone ?? []);
    });
    return true;
  }

  raise(alert: Alert): void {
    this.#setAlerts((before) => [...without(before, alert.queue, alert.measure), alert]);
  }

  clear(queue: string, measure: AlertMeasure): void {
    this.#setAlerts((before) => without(before, queue, measure));
  }
}

/** One queue and one figure have one alert at a time. */
function without(alerts: readonly Alert[], queue: string, measure: AlertMeasure): readonly Alert[] {
  return alerts.filter((one) => one.queue !== queue || one.measure !== measure);
}
