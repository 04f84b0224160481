// Fields and messages that the pages know and that a server may not have yet. It never makes a value up.

import type { AgentSnapshot, ContactId, Endpoint, Name, Nothing, QueueName, SessionOpened, Time } from "./protocol";

/** A session's opening, from a server whose clock may run faster than ours. */
export type Opened = SessionOpened & {
  /** How many of the centre's seconds pass in one of ours; 1 when absent. */
  clock_speed?: number | null;
};

/** The console's snapshot with the centre's own words. */
export type ConsoleSnapshot = AgentSnapshot & {
  not_ready_reasons?: Name[] | null;
  dispositions?: Name[] | null;
};

export type AlertMeasure = "waiting" | "longest_wait" | "service_level" | "abandonment" | "agents_idle";

/** A queue is beyond what its rules allow. */
export type Alert = {
  id: string;
  queue: QueueName;
  measure: AlertMeasure;
  value: number;
  threshold: number;
  since: Time;
};

export const MONITOR_MODES = ["listen", "whisper", "barge"] as const;
export type MonitorMode = (typeof MONITOR_MODES)[number];
export type MonitorState = "ringing" | "on" | "over";

/** What a supervisor may ask of a newer server. */
export interface AheadAsks {
  "monitor.start": { params: { contact: ContactId; mode: MonitorMode; endpoint: Endpoint }; result: Nothing };
  "monitor.mode": { params: { contact: ContactId; mode: MonitorMode }; result: Nothing };
  "monitor.stop": { params: { contact: ContactId }; result: Nothing };
}

/** What a newer server tells a supervisor. */
export interface AheadHears {
  "alert.raised": { alert: Alert };
  "alert.cleared": { id: string; queue: QueueName; measure: AlertMeasure; at: Time };
  "monitor.changed": { contact: ContactId; state: MonitorState; mode: MonitorMode; why?: string | null };
}
