// Fields and messages that the pages know and that a server may not have yet. It never makes a value up.

import type { AgentName, AgentSnapshot, ContactId, LeadCalled, Name, Nothing, Numbered, SegmentId, SegmentInHand, SessionOpened, Text, Time } from "./protocol";

/** A session's opening, from a server whose clock may run faster than ours. */
export type Opened = SessionOpened & {
  /** How many of the centre's seconds pass in one of ours; 1 when absent. */
  clock_speed?: number | null;
};

/** The console's snapshot with the centre's own words. */
export type ConsoleSnapshot = AgentSnapshot & {
  not_ready_reasons?: Name[] | null;
  dispositions?: Name[] | null;
  /** The campaigns of which the agent may ask for the next lead. */
  campaigns?: Name[] | null;
};

/** A lead's call with what its campaign lets an agent say of it. */
export type Lead = LeadCalled & { dispositions?: Name[] | null };

/** A segment with the note as the server has it. */
export type Segment = SegmentInHand & { note?: Text | null };

export type MessageStatus = "sent" | "delivered" | "failed";

/** A line of a chat. */
export type Message = {
  message: string;
  by: "customer" | "agent" | "system";
  agent?: AgentName | null;
  text: Text;
  at: Time;
  status: MessageStatus;
};

/** Requests of an agent: params and result by method. */
export interface AgentAheadAsks {
  "message.send": { params: { contact: ContactId; message: string; text: Text }; result: { at: Time } };
  "message.list": { params: { contact: ContactId }; result: { messages: Message[]; left_out: number } };
  "contact.typing": { params: { contact: ContactId }; result: Nothing };
  "contact.note": { params: { contact: ContactId; segment: SegmentId; note: Text }; result: Nothing };
}

/** Notifications of the server to an agent. */
export interface AgentAheadHears {
  "message.received": Numbered<{ contact: ContactId; message: Message }>;
  "message.status": Numbered<{ contact: ContactId; message: string; status: MessageStatus }>;
  "contact.typing": { contact: ContactId; at: Time };
}
