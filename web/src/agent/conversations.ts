// The conversations of written contacts as a fold over what is listed and heard: every line once, by time.
// It asks the server nothing.

import type { Message, MessageStatus } from "../protocol";

export type Conversation = {
  readonly messages: readonly Message[];
  /** Older lines that the server did not send. */
  readonly leftOut: number;
  /** Lines that came while the contact did not have the focus. */
  readonly unread: number;
  /** When the customer was last seen typing, in the centre's time. */
  readonly typingAt: number | null;
  /** The list came; before that only what was heard is known. */
  readonly isListed: boolean;
};

export type Conversations = ReadonlyMap<string, Conversation>;

const EMPTY: Conversation = { messages: [], leftOut: 0, unread: 0, typingAt: null, isListed: false };

export function conversationOf(all: Conversations, contact: string): Conversation {
  return all.get(contact) ?? EMPTY;
}

/** What the server has of it, under what was heard meanwhile. */
export function listed(all: Conversations, contact: string, messages: readonly Message[], leftOut: number): Conversations {
  return change(all, contact, (before) => ({ messages: joined(messages, before.messages), leftOut, isListed: true }));
}

/** A line was written; `isSeen`: before the agent's eyes. */
export function received(all: Conversations, contact: string, message: Message, isSeen: boolean): Conversations {
  return change(all, contact, (before) => {
    const isNew = !before.messages.some((one) => one.message === message.message);
    return {
      messages: joined(before.messages, [message]),
      unread: isNew && !isSeen && message.by !== "agent" ? before.unread + 1 : before.unread,
      typingAt: message.by === "customer" ? null : before.typingAt,
    };
  });
}

export function statusChanged(all: Conversations, contact: string, message: string, status: MessageStatus): Conversations {
  return change(all, contact, (before) => ({
    messages: before.messages.map((one) => (one.message === message ? { ...one, status } : one)),
  }));
}

export function typing(all: Conversations, contact: string, at: number): Conversations {
  return change(all, contact, () => ({ typingAt: at }));
}

export function seen(all: Conversations, contact: string): Conversations {
  return conversationOf(all, contact).unread === 0 ? all : change(all, contact, () => ({ unread: 0 }));
}

export function keepOnly(all: Conversations, contacts: ReadonlySet<string>): Conversations {
  return new Map([...all].filter(([contact]) => contacts.has(contact)));
}

function change(all: Conversations, contact: string, how: (before: Conversation) => Partial<Conversation>): Conversations {
  const before = conversationOf(all, contact);
  return new Map(all).set(contact, { ...before, ...how(before) });
}

/** Of a line that is in both, the later word counts. */
function joined(first: readonly Message[], then: readonly Message[]): Message[] {
  const all = new Map([...first, ...then].map((one) => [one.message, one]));
  return [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
