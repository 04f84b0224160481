// Fields and messages that the pages know and that a server may not have yet. It never makes a value up.

import type {
  AgentName,
  AgentSnapshot,
  Attributes,
  BoardQueue,
  Channel,
  ContactId,
  Customer,
  Direction,
  Endpoint,
  Name,
  Nothing,
  NoticeLevel,
  QueueName,
  SessionOpened,
  Time,
} from "./protocol";

/** A session's opening, from a server whose clock may run faster than ours. */
export type Opened = SessionOpened & {
  /** How many of the centre's seconds pass in one of ours; 1 when absent. */
  clock_speed?: number | null;
};

/** A queue's row as it is once every server sends it whole. */
export type QueueRow = BoardQueue & {
  /** A contact answered within this wait counts for the service level, in milliseconds. */
  target_within_ms?: number | null;
  /** The share that should be answered within it, from 0 to 1. */
  target_share?: number | null;
  /** The share whose customer left, from 0 to 1; null when nobody counts. */
  abandonment?: number | null;
  /** Of the agents who could serve it: those to whom a contact is offered. */
  agents_offered?: number;
  agents_wrap_up?: number;
  agents_not_ready?: number;
  agents_not_responding?: number;
  agents_unreachable?: number;
};

/** The console's snapshot with the centre's own words. */
export type ConsoleSnapshot = AgentSnapshot & {
  not_ready_reasons?: Name[] | null;
  dispositions?: Name[] | null;
};

export type QueuedState = "waiting" | "offered" | "connecting";

/** One contact in a queue, in its place. */
export type QueuedContact = {
  contact: ContactId;
  channel: Channel;
  direction: Direction;
  /** From 1, in the order of service. */
  place: number;
  entered_at: Time;
  arrived_at: Time;
  priority: number;
  state: QueuedState;
  /** To whom it is offered, or who is being connected. */
  agents: AgentName[];
  from?: string | null;
  customer?: Customer | null;
};

export type QueueShown = {
  queue: QueueName;
  event_no: number;
  server_time: Time;
  total: number;
  contacts: QueuedContact[];
};

/** Where a contact is, in one word. */
export type ContactState =
  | "waiting"
  | "offered"
  | "connecting"
  | "talking"
  | "held"
  | "set_aside"
  | "suspended"
  | "wrap_up"
  | "ended"
  | "elsewhere";

/** What happened on a contact's way, as the pages word it. */
export const PATH_WORDS = [
  "arrived", "queued", "widened", "prioritised", "offered", "offer_ended", "connecting", "not_connected", "connected",
  "held", "unheld", "set_aside", "taken_up", "suspended", "transferred", "transferred_outside", "transfer_failed",
  "returned", "wrap_up", "segment_closed", "visit_ended", "exit_key", "exit_taken", "exit_failed", "voicemail",
  "callback_promised", "consultation_begun", "consultation_ended", "leg_lost", "leg_back", "monitored", "message",
  "updated", "ended", "other",
] as const;
export type PathWord = (typeof PATH_WORDS)[number];

/** One step of a contact's way. */
export type PathEvent = {
  event: number;
  at: Time;
  what: PathWord;
  queue?: QueueName | null;
  agent?: AgentName | null;
  by?: string | null;
  why?: string | null;
  waited_ms?: number | null;
  rule?: Name | null;
};

export type ContactShown = {
  contact: ContactId;
  channel: Channel;
  direction: Direction;
  from?: string | null;
  to?: string | null;
  customer?: Customer | null;
  attributes?: Attributes;
  is_over: boolean;
  state: ContactState;
  queue?: QueueName | null;
  agent?: AgentName | null;
  since?: Time | null;
  arrived_at: Time;
  /** The oldest first. */
  path: PathEvent[];
  left_out: number;
};

export type NoticeTo = { everybody: Nothing } | { agents: AgentName[] } | { queue: QueueName };

/** One stretch of the last hours. */
export type HistoryPoint = {
  /** Where it begins. */
  at: Time;
  entered: number;
  answered: number;
  answered_within: number;
  abandoned: number;
  short_abandoned: number;
  waiting_max: number;
  longest_wait_ms: number;
  service_level: number | null;
};

export type HistoryShown = { bucket_ms: number; from: Time; points: HistoryPoint[] };

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
  "queue.show": { params: { queue: QueueName }; result: QueueShown };
  "contact.show": { params: { contact: ContactId }; result: ContactShown };
  "history.show": { params: { queue?: QueueName; hours?: number }; result: HistoryShown };
  "notice.send": { params: { to: NoticeTo; level: NoticeLevel; text: string }; result: { told: number } };
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
