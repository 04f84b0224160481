// The console's state and commands for its parts: what the agent does becomes a request, a refusal
// becomes words. It draws nothing.

import { createContext, createSignal, useContext } from "solid-js";
import type { Heard } from "../connection";
import type { AgentSnapshot, ContactOffered, FollowUpCall, ListedWork, NewCustomerAddress, SegmentInHand, TransferKind, TransferTo, WorkFields } from "../protocol";
import { announce } from "../parts/announce";
import { showNotice } from "../parts/notices";
import { createSession, type Session } from "../session";
import { createChats } from "./chats";
import * as drafts from "./drafts";
import { explain, isAboutField } from "../refusal";
import { createFigures } from "./figures";
import { createNotes } from "./notes";
import { say } from "./say";
import { type AgentEvent, type ConsoleState, extended, fromSnapshot, type InHand, nameOf, reduce } from "./state";
import { createLiveWork } from "./work_list";
import { wordsOf } from "./words";

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
  const [snapshot, setSnapshot] = createSignal<AgentSnapshot | undefined>(undefined);
  const [error, setError] = createSignal("");
  const [isLeaving, setLeaving] = createSignal(false);
  const [chosen, setChosen] = createSignal<string | undefined>(undefined);
  const sending = new Set<string>();

  const session: Session = createSession("agent", {
    opened: (opened) => {
      if (opened.snapshot?.role === "agent") begin(opened.snapshot);
    },
    heard: (heard) => {
      if (heard.method === "notice") showNotice(heard.params.level, heard.params.text);
      const before = state();
      if (before !== undefined && isOwn(heard)) take(before, heard);
    },
  });

  const current = (): InHand | undefined => {
    const all = state()?.inHand ?? [];
    return all.find((one) => one.segment === chosen()) ?? all.find((one) => one.state !== "wrap_up") ?? all[0];
  };
  const notes = createNotes(session, () => state()?.inHand ?? []);
  const chats = createChats(session, () => state()?.agent.agent, (contact) => current()?.contact === contact);
  const figures = createFigures(session);
  const liveWork = createLiveWork(session);

  const begin = (snapshot: AgentSnapshot) => {
    setState(fromSnapshot(snapshot));
    setSnapshot(snapshot);
    drafts.keepOnly(new Set(snapshot.segments.map((one) => one.segment)));
    snapshot.segments.forEach(takeUpNote);
    chats.keepOnly(new Set(snapshot.segments.map((one) => one.contact)));
    setLeaving(false);
    figures.refresh();
    // The session's answer comes before it counts as open for requests.
    queueMicrotask(() => snapshot.offers.forEach(received));
  };
  const take = (before: ConsoleState, event: AgentEvent) => {
    setState(reduce(before, event));
    say(before, event);
    switch (event.method) {
      case "contact.offered":
        session.clock.hearDeadline(Date.parse(event.params.expires_at), event.params.expires_in_ms);
        received(event.params);
        return;
      case "offer.ended":
        if (event.params.outcome === "declined" || event.params.outcome === "expired") figures.refresh();
        return;
      case "segment.closed":
        closed(before, event.params.segment);
        return;
      case "agent.changed":
        if (isLeaving() && event.params.presence === "offline") leave();
        return;
      case "contact.taken_over":
        takeUpNote(event.params.segment);
        return;
      case "work.changed":
        liveWork.heard(event.params);
        return;
      case "message.received":
      case "message.status":
      case "contact.typing":
        chats.heard(event);
    }
  };
  /** What was typed so far, here or on another computer. */
  const takeUpNote = ({ segment, note }: SegmentInHand) => {
    if (note != null) drafts.takeUp(segment, note);
  };
  const received = (offer: ContactOffered) => {
    session.ask("offer.received", { offer: offer.offer }).catch(() => undefined);
  };
  const closed = (before: ConsoleState, segment: string) => {
    figures.refresh();
    chats.keepOnly(new Set(state()?.inHand.map((one) => one.contact)));
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
  const named = ({ work, version }: ListedWork) => ({ work, version });

  return {
    session,
    state,
    words: () => wordsOf(snapshot()),
    error,
    isLeaving,
    notes,
    chats,
    figures,
    liveWork,
    /** The contact that keys are about. */
    current,
    choose: setChosen,
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
    /** Pauses what records the call, or resumes it. */
    record: (one: InHand) =>
      run(session.ask(one.recording?.should_be === "paused" ? "recording.resume" : "recording.pause", { contact: one.contact })),
    /** Keys of a telephone, for the customer's end to hear. */
    dtmf: (one: InHand, digits: string) => run(session.ask("contact.dtmf", { contact: one.contact, digits })),
    end: (one: InHand) => run(session.ask("contact.end", { contact: one.contact })),
    /** What becomes of a consultation about a contact in hand. */
    consultation: (one: InHand, what: "transfer.complete" | "transfer.cancel" | "transfer.swap" | "conference.add") =>
      run(session.ask(what, { contact: one.contact })),
    /** Leaves a colleague with whom there is no customer any more. */
    leaveConsultation: (consultation: string) => run(session.ask("contact.leave", { contact: consultation })),
    takeContact: (contact: string) => run(session.ask("contact.take", { contact })),
    /** The task that it became, if it became one. */
    takeWork: async (work: ListedWork): Promise<string | undefined> => {
      let task: string | undefined;
      await run(session.ask("work.take", named(work)).then(({ contact }) => (task = contact ?? undefined)));
      return task;
    },
    extend: (one: InHand) =>
      run(
        session
          .ask("wrap_up.extend", { contact: one.contact, segment: one.segment, by_ms: EXTEND_BY_MS })
          .then((result) => setState((before) => before && extended(before, one.segment, result.ends_at))),
      ),

    // Those below throw what the server refused: a form says it beside its field.
    transfer: (one: InHand, to: TransferTo, kind: TransferKind, text: string) =>
      session.ask("contact.transfer", { contact: one.contact, to, kind, ...(text === "" ? {} : { note: text }) }),
    escalate: (one: InHand, reason: string, text: string) =>
      session.ask("contact.escalate", { contact: one.contact, reason, ...(text === "" ? {} : { note: text }) }),
    suspend: (one: InHand, until: string | undefined) =>
      session.ask("contact.suspend", { contact: one.contact, ...(until === undefined ? {} : { until }) }),
    promise: (one: InHand, call: FollowUpCall) => session.ask("callback.schedule", { contact: one.contact, ...call }),
    nextLead: (campaign: string) => session.ask("lead.next", { campaign }),
    nameCustomer: (one: InHand, customer: string) => session.ask("contact.customer", { contact: one.contact, customer }),
    /** Somebody new, reached where the contact came from, if the records take that for an address. */
    addCustomer: async (one: InHand, name: string) => {
      try {
        return await session.ask("customer.create", { name, addresses: addressesOf(one), tags: [] });
      } catch (failure) {
        if (!isAboutField(failure, "addresses")) throw failure;
        return session.ask("customer.create", { name, addresses: [], tags: [] });
      }
    },
    createWork: (fields: WorkFields) => session.ask("work.create", { fields }),
    changeWork: (work: ListedWork, fields: WorkFields) => session.ask("work.update", { ...named(work), fields }),
    escalateWork: (work: ListedWork, team: string, reason: string) => session.ask("work.escalate", { ...named(work), team, reason }),
    closeWork: (work: ListedWork, outcome: string) => session.ask("work.close", { ...named(work), outcome }),
    finish: async (one: InHand, callback: FollowUpCall | undefined) => {
      const draft = drafts.draftOf(one.segment);
      sending.add(one.segment);
      try {
        await session.ask("wrap_up.finish", {
          contact: one.contact,
          segment: one.segment,
          ...(draft.disposition.trim() === "" ? {} : { disposition: draft.disposition.trim() }),
          // A note that was taken back is said to be empty: left out, the one that was saved is filed.
          ...(draft.note.trim() === "" && draft.saved === "" ? {} : { note: draft.note.trim() }),
          ...(callback === undefined ? {} : { callback }),
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
  };
}

const OWN: Record<AgentEvent["method"], true> = {
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
  "contact.recording": true,
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
  "message.received": true,
  "message.status": true,
  "contact.typing": true,
};

function isOwn(heard: Heard): heard is AgentEvent {
  return Object.hasOwn(OWN, heard.method);
}

/** Where the customer of a contact is reached, as the records take it; of other channels they know no address. */
function addressesOf(one: InHand): NewCustomerAddress[] {
  if (one.from === null) return [];
  switch (one.channel) {
    case "voice":
    case "callback":
      return [{ kind: "phone", address: one.from }];
    case "email":
      return [{ kind: "email", address: one.from }];
    default:
      return [];
  }
}
