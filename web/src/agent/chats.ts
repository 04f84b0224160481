// Writes and hears the lines of chats: a line that the server did not take stays with the agent, who can send it
// again under the same number, so that it never stands there twice. It draws nothing.

import { createEffect, createSignal, on } from "solid-js";
import { newId } from "../envelope";
import type { AgentHears, AgentName } from "../protocol";
import type { Session } from "../session";
import * as fold from "./conversations";
import * as drafts from "./drafts";
import type { InHand } from "./state";

/** The customer is told that the agent types at most so often. */
const TYPING_EVERY_MS = 3_000;
/** A customer who typed so long ago has stopped. */
const TYPES_FOR_MS = 5_000;

type Chatted = "message.received" | "message.status" | "contact.typing";
type AnyHeard = { [M in Chatted]: { method: M; params: AgentHears[M] } }[Chatted];

export type Chats = ReturnType<typeof createChats>;

export function createChats(session: Session, agent: () => AgentName | undefined, isSeen: (contact: string) => boolean) {
  const [all, setAll] = createSignal<fold.Conversations>(new Map());
  const [sending, setSending] = createSignal<ReadonlySet<string>>(new Set());
  const typedAt = new Map<string, number>();
  const wanted = new Set<string>();

  const list = (contact: string) => {
    if (session.status().is !== "open") return;
    session.ask("message.list", { contact }).then(
      ({ messages, left_out }) => {
        setAll((before) => fold.listed(before, contact, messages, left_out));
        settle(contact);
      },
      () => undefined,
    );
  };
  /** What the server has is not unsent, though its answer was lost. */
  const settle = (contact: string) => {
    const known = new Set(fold.conversationOf(all(), contact).messages.map((one) => one.message));
    for (const segment of drafts.segments()) {
      const { outgoing } = drafts.draftOf(segment);
      const left = outgoing.filter((one) => !known.has(one.message));
      if (left.length < outgoing.length) drafts.write(segment, { outgoing: left });
    }
  };
  createEffect(on(() => session.status().is, (is) => is === "open" && wanted.forEach(list), { defer: true }));

  const send = async (one: InHand, line: drafts.Outgoing) => {
    setSending((before) => new Set(before).add(line.message));
    try {
      const { at } = await session.ask("message.send", { contact: one.contact, ...line });
      const by = agent();
      const message = { ...line, by: "agent" as const, at, status: "sent" as const, ...(by === undefined ? {} : { agent: by }) };
      setAll((before) => fold.received(before, one.contact, message, true));
      drafts.write(one.segment, { outgoing: drafts.draftOf(one.segment).outgoing.filter((other) => other.message !== line.message) });
    } catch {
      // It stays among the outgoing lines, where it can be sent again.
    } finally {
      setSending((before) => new Set([...before].filter((id) => id !== line.message)));
    }
  };

  const say = (one: InHand, text: string) => {
    const line = { message: newId(), text };
    drafts.write(one.segment, { outgoing: [...drafts.draftOf(one.segment).outgoing, line] });
    void send(one, line);
  };

  return {
    conversation: (contact: string) => fold.conversationOf(all(), contact),
    isSending: (message: string) => sending().has(message),
    isTyping: (contact: string) => {
      const { typingAt } = fold.conversationOf(all(), contact);
      const now = session.now();
      return typingAt !== null && now !== undefined && now - typingAt < TYPES_FOR_MS * session.clock.speed;
    },
    /** From now on the conversation is kept whole. */
    open: (contact: string) => {
      if (wanted.has(contact)) return;
      wanted.add(contact);
      list(contact);
    },
    seen: (contact: string) => setAll((before) => fold.seen(before, contact)),
    keepOnly: (contacts: ReadonlySet<string>) => {
      for (const contact of wanted) if (!contacts.has(contact)) wanted.delete(contact);
      setAll((before) => fold.keepOnly(before, contacts));
    },
    /** Sends what stands in the line. */
    write: (one: InHand) => {
      const text = drafts.draftOf(one.segment).message.trim();
      if (text === "") return;
      drafts.write(one.segment, { message: "" });
      say(one, text);
    },
    /** A line that did not reach the customer, as a new one. */
    repeat: say,
    /** A line of which nobody knows whether the server has it. */
    again: (one: InHand, line: drafts.Outgoing) => void send(one, line),
    types: (one: InHand, text: string) => {
      drafts.write(one.segment, { message: text });
      const now = performance.now();
      if (text === "" || now - (typedAt.get(one.contact) ?? -TYPING_EVERY_MS) < TYPING_EVERY_MS) return;
      typedAt.set(one.contact, now);
      session.ask("contact.typing", { contact: one.contact }).catch(() => undefined);
    },
    heard: (event: AnyHeard) => {
      const { contact } = event.params;
      switch (event.method) {
        case "message.received":
          setAll((before) => fold.received(before, contact, event.params.message, isSeen(contact)));
          return;
        case "message.status":
          setAll((before) => fold.statusChanged(before, contact, event.params.message, event.params.status));
          return;
        case "contact.typing":
          setAll((before) => fold.typing(before, contact, session.now() ?? Date.parse(event.params.at)));
      }
    },
  };
}
