// The console's state and commands for its parts: what the agent does becomes a request, a refusal
// becomes words. It draws nothing.

import { createContext, createSignal, useContext } from "solid-js";
import { ownQueueText } from "../contact_text";
import type { ConsoleSnapshot } from "../ahead";
import { type Heard } from "../connection";
import { duration } from "../format";
import type { AgentHears, ContactOffered, TransferKind, TransferTo } from "../protocol";
import { announce } from "../parts/announce";
import { explain } from "../refusal";
import { showNotice } from "../parts/notices";
import { createSession, type Session } from "../session";
import { t } from "../text";
import * as drafts from "./drafts";
import { type AgentEvent, type ConsoleState, extended, fromSnapshot, type InHand, nameOf, reduce, whoIs } from "./state";

export { explain };

export type Console = ReturnType<typeof createConsole>;

export const ConsoleContext = createContext<Console>();

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new Error("the console's parts stand inside it");
  return found;
}

const EXTEND_BY_MS = 60_000;

export function createConsole() {
  const [state, setState] = createSignal<ConsoleState | undefined>(undefined);
  const [words, setWords] = createSignal<{ reasons: string[]; dispositions: string[] }>(defaultWords());
  const [error, setError] = createSignal("");
  const [isLeaving, setLeaving] = createSignal(false);
  const sending = new Set<string>();

  const session: Session = createSession("agent", {
    opened: (opened) => {
      if (opened.snapshot?.role !== "agent") return;
      const snapshot: ConsoleSnapshot = opened.snapshot;
      setState(fromSnapshot(snapshot));
      const standard = defaultWords();
      setWords({
        reasons: snapshot.not_ready_reasons ?? standard.reasons,
        dispositions: snapshot.dispositions ?? standard.dispositions,
      });
      drafts.keepOnly(new Set(snapshot.segments.map((one) => one.segment)));
      setLeaving(false);
      // The session's answer comes before it counts as open for requests.
      queueMicrotask(() => snapshot.offers.forEach(received));
    },
    heard: (heard) => {
      if (heard.method === "notice") showNotice(heard.params.level, heard.params.text);
      const before = state();
      if (before === undefined || !isOwn(heard)) return;
      if (heard.method === "contact.offered") {
        session.clock.hearDeadline(Date.parse(heard.params.expires_at), heard.params.expires_in_ms);
        received(heard.params);
      }
      setState(reduce(before, heard));
      say(before, heard);
      if (heard.method === "segment.closed") closed(before, heard.params.segment);
      if (heard.method === "agent.changed" && isLeaving() && heard.params.presence === "offline") leave();
    },
  });

  const received = (offer: ContactOffered) => {
    session.ask("offer.received", { offer: offer.offer }).catch(() => undefined);
  };
  const closed = (before: ConsoleState, segment: string) => {
    if (sending.has(segment)) return;
    const one = before.inHand.find((other) => other.segment === segment);
    drafts.setAside(segment, (one && nameOf(one)) ?? segment);
  };
  const leave = () => {
    setLeaving(false);
    drafts.forgetAll();
    void session.signOut();
  };

  /** Runs a request; a refusal is said at the top of the console. True when it was done. */
  const run = async (request: Promise<unknown>): Promise<boolean> => {
    setError("");
    try {
      await request;
      return true;
    } catch (failure) {
      setError(explain(failure));
      announce(error(), true);
      return false;
    }
  };

  return {
    session,
    state,
    words,
    error,
    isLeaving,
    dismissError: () => setError(""),
    /** Whether a command would reach the server now. */
    isLive: () => session.status().is === "open",
    goAvailable: () => {
      setLeaving(false);
      return run(session.ask("presence.set", { presence: "available", when: "now" }));
    },
    goNotReady: (reason: string, when: "now" | "after_contact") =>
      run(session.ask("presence.set", { presence: "not_ready", reason, when })),
    /** Leaves work now, or after the contacts in hand. */
    logOut: async () => {
      if (session.status().is !== "open") return void session.signOut();
      setLeaving(true);
      const isDone = await run(session.ask("presence.set", { presence: "offline", when: "now" }));
      if (!isDone) setLeaving(false);
      // Who was offline already is told nothing.
      else if (state()?.agent.presence === "offline" && isLeaving()) leave();
    },
    accept: (offer: ContactOffered) => run(session.ask("offer.accept", { offer: offer.offer })),
    decline: (offer: ContactOffered) => run(session.ask("offer.decline", { offer: offer.offer })),
    hold: (one: InHand) =>
      run(session.ask(one.state === "held" ? "contact.unhold" : "contact.hold", { contact: one.contact })),
    end: (one: InHand) => run(session.ask("contact.end", { contact: one.contact })),
    /** Throws what the server refused: the form says it beside its field. */
    transfer: (one: InHand, to: TransferTo, kind: TransferKind, note: string) =>
      session.ask("contact.transfer", { contact: one.contact, to, kind, ...(note === "" ? {} : { note }) }),
    /** What becomes of a consultation about a contact in hand. */
    consultation: (one: InHand, what: "transfer.complete" | "transfer.cancel" | "transfer.swap" | "conference.add") =>
      run(session.ask(what, { contact: one.contact })),
    /** Leaves a colleague with whom there is no customer any more. */
    leaveConsultation: (consultation: string) => run(session.ask("contact.leave", { contact: consultation })),
    /** Throws what the server refused: the form says it beside its field. */
    finish: async (one: InHand) => {
      const draft = drafts.draftOf(one.segment);
      sending.add(one.segment);
      try {
        await session.ask("wrap_up.finish", {
          contact: one.contact,
          segment: one.segment,
          ...(draft.disposition.trim() === "" ? {} : { disposition: draft.disposition.trim() }),
          ...(draft.note.trim() === "" ? {} : { note: draft.note.trim() }),
        });
        drafts.forget(one.segment);
      } finally {
        sending.delete(one.segment);
        // Its time may have run out meanwhile: then the note is shown as unsent.
        if (!state()?.inHand.some((other) => other.segment === one.segment)) {
          drafts.setAside(one.segment, nameOf(one) ?? one.contact);
        }
      }
    },
    extend: (one: InHand) =>
      run(
        session
          .ask("wrap_up.extend", { contact: one.contact, segment: one.segment, by_ms: EXTEND_BY_MS })
          .then((result) => setState((before) => before && extended(before, one.segment, result.ends_at))),
      ),
  };
}

const OWN: Record<keyof AgentHears, true> = {
  "agent.changed": true,
  "contact.offered": true,
  "offer.ended": true,
  "contact.connecting": true,
  "contact.connected": true,
  "contact.held": true,
  "contact.unheld": true,
  "contact.set_aside": true,
  "contact.taken_up": true,
  "contact.suspended": true,
  "contact.leg_lost": true,
  "contact.leg_back": true,
  "party.invited": true,
  "party.joined": true,
  "party.left": true,
  "contact.taken_over": true,
  "contact.transferred": true,
  "contact.updated": true,
  "contact.ended": true,
  "wrap_up.started": true,
  "segment.closed": true,
  "lead.not_reached": true,
  "work.changed": true,
};

function isOwn(heard: Heard): heard is AgentEvent {
  return Object.hasOwn(OWN, heard.method);
}

/** What an event means to the agent, for those who do not look at the place where it shows. */
function say(before: ConsoleState, event: AgentEvent): void {
  switch (event.method) {
    case "contact.offered": {
      const who = whoIs(event.params);
      const seconds = Math.round(event.params.expires_in_ms / 1_000);
      const channel = t(`channel.${event.params.contact.channel}`);
      const caller = nameOf(who) ?? t("offer.unknown_customer");
      announce(t("offer.said", { channel, queue: ownQueueText(event.params.contact.queue), who: caller, seconds }), true);
      return;
    }
    case "offer.ended": {
      const outcome = event.params.outcome;
      if (outcome === "accepted") return;
      if (outcome === "declined") announce(t("offer.declined"));
      else showNotice("info", t(`offer.${outcome}`));
      return;
    }
    case "contact.connected": {
      const one = before.inHand.find((other) => other.segment === event.params.segment);
      if (one) announce(t("contact.connected", { who: nameOf(one) ?? t("offer.unknown_customer") }));
      return;
    }
    case "contact.set_aside":
      announce(t("contact.set_aside"));
      return;
    case "contact.leg_lost":
      showNotice("warning", t("contact.leg_lost"));
      return;
    case "contact.leg_back":
      announce(t("contact.leg_back"));
      return;
    case "party.joined":
      announce(t(`party.${event.params.role}`, { who: event.params.agent }));
      return;
    case "party.left":
      if (event.params.why !== "completed" && event.params.why !== "cancelled") {
        showNotice("info", t(`party.left.${event.params.why}`));
      }
      return;
    case "contact.taken_over":
      showNotice("info", t("contact.taken_over", { who: event.params.from }));
      return;
    case "contact.ended":
      announce(t(`contact.ended_by.${event.params.by}`));
      return;
    case "segment.closed":
      sayClosed(before, event.params);
      return;
    case "lead.not_reached":
      sayNotReached(event.params);
      return;
    case "agent.changed":
    case "contact.connecting":
    case "contact.held":
    case "contact.unheld":
    case "contact.taken_up":
    case "contact.suspended":
    case "contact.transferred":
    case "party.invited":
    case "contact.updated":
    case "wrap_up.started":
  }
}

function sayNotReached(told: AgentHears["lead.not_reached"]): void {
  const why = told.outcome ? t(`attempt.${told.outcome}`) : t(`not_placed.${told.not_placed ?? "lead_closed"}`);
  showNotice("info", t(told.outcome ? "lead.not_reached" : "lead.not_placed", { why }));
}

function sayClosed(before: ConsoleState, closed: AgentHears["segment.closed"]): void {
  const endedBy = before.inHand.find((one) => one.segment === closed.segment)?.endedBy;
  if (closed.failure) {
    showNotice("warning", t("contact.not_connected", { why: t(`failure.${closed.failure}`) }));
  } else if (closed.not_placed) {
    showNotice("info", t("lead.not_placed", { why: t(`not_placed.${closed.not_placed}`) }));
  } else if (closed.call_failure) {
    showNotice("info", t("contact.not_reached", { why: t(`call_failure.${closed.call_failure}`) }));
  } else if (!closed.connected) {
    // Of a lead that was not reached it was said why.
    if (endedBy !== "router") showNotice("info", t("contact.caller_left"));
  } else {
    const spans = { talk: duration(closed.talk_ms), hold: duration(closed.hold_ms), wrap_up: duration(closed.wrap_up_ms) };
    announce(t("contact.closed", spans));
  }
}

function defaultWords(): { reasons: string[]; dispositions: string[] } {
  return {
    reasons: [t("words.break"), t("words.lunch"), t("words.meeting"), t("words.training")],
    dispositions: [t("words.resolved"), t("words.follow_up"), t("words.wrong_number"), t("words.no_answer")],
  };
}
