import { expect, test } from "vitest";
import type { AgentHears, AgentSnapshot } from "../protocol";
import { commandOf, keyName } from "./shortcuts";
import { type AgentEvent, type ConsoleState, extended, fromSnapshot, nameOf, reduce, whoIs } from "./state";

const AT = "2026-01-01T00:00:10.000Z";
const EMPTY: AgentSnapshot = {
  name: "Ana",
  agent: { agent: "ana", presence: "available", activity: "idle", since: AT, why: "chosen", channels: [] },
  offers: [],
  segments: [],
  queues: [{ queue: "sales" }],
  agents: [{ agent: "ben", name: "Ben" }],
};

let seq = 0;
function event<M extends keyof AgentHears>(method: M, params: Omit<AgentHears[M], "seq">): AgentEvent {
  seq += 1;
  return { method, params: { ...params, seq } } as unknown as AgentEvent;
}

const offer = (number: number) =>
  event("contact.offered", {
    offer: `o-${number}`,
    accept: "manual",
    contact: {
      id: `c-${number}`, channel: "voice", queue: "sales", direction: "inbound", waited_ms: 5_000,
      from: "+15550100", attributes: { intent: "buy" }, note: "be kind",
    },
    expires_at: "2026-01-01T00:00:30.000Z",
    expires_in_ms: 20_000,
    customer: { name: "<b>Bob</b>" },
  });
const moment = { contact: "c-1", segment: "s-1", at: AT };
const play = (...events: AgentEvent[]): ConsoleState => events.reduce(reduce, fromSnapshot(EMPTY));

test("an offer is shown once, however often it is sent, and goes when it ends", () => {
  const state = play(offer(1), offer(1), offer(2));
  expect(state.offers.map((one) => one.offer)).toEqual(["o-1", "o-2"]);
  const after = reduce(state, event("offer.ended", { offer: "o-1", contact: "c-1", outcome: "expired" }));
  expect(after.offers.map((one) => one.offer)).toEqual(["o-2"]);
});

test("what the offer said about the customer stays with the contact, also when the offer has ended first", () => {
  const ended = event("offer.ended", { offer: "o-1", contact: "c-1", outcome: "accepted" });
  const state = play(offer(1), ended, event("contact.connecting", moment));
  expect(state.inHand).toHaveLength(1);
  expect(state.inHand[0]).toMatchObject({ state: "connecting", queue: "sales", from: "+15550100", note: "be kind" });
  expect(nameOf(state.inHand[0]!)).toBe("<b>Bob</b>");
});

test("a contact whose offer was never seen is in hand all the same", () => {
  const state = play(event("contact.connecting", moment), event("contact.connected", moment));
  expect(state.inHand[0]).toMatchObject({ contact: "c-1", state: "talking", queue: null, attributes: {} });
});

test("talk, hold, end, wrap-up, close", () => {
  let state = play(offer(1), event("contact.connecting", moment), event("contact.connected", moment));
  state = reduce(state, event("contact.held", { ...moment, at: "2026-01-01T00:01:00.000Z" }));
  expect(state.inHand[0]).toMatchObject({ state: "held", since: Date.parse("2026-01-01T00:01:00.000Z") });
  state = reduce(state, event("contact.unheld", moment));
  state = reduce(state, event("contact.updated", { contact: "c-1", attributes: { intent: "leave" } }));
  state = reduce(state, event("contact.ended", { contact: "c-1", by: "customer", at: AT }));
  expect(state.inHand[0]).toMatchObject({ state: "talking", endedBy: "customer", attributes: { intent: "leave" } });
  state = reduce(
    state,
    event("wrap_up.started", {
      contact: "c-1", segment: "s-1", ends_at: "2026-01-01T00:03:00.000Z", ends_in_ms: 60_000, disposition: "required",
    }),
  );
  expect(state.inHand[0]).toMatchObject({
    state: "wrap_up", disposition: "required", since: Date.parse("2026-01-01T00:02:00.000Z"),
    endsAt: Date.parse("2026-01-01T00:03:00.000Z"),
  });
  expect(extended(state, "s-1", "2026-01-01T00:04:00.000Z").inHand[0]?.endsAt).toBe(Date.parse("2026-01-01T00:04:00.000Z"));
  const closed = { contact: "c-1", segment: "s-1", connected: true, talk_ms: 1, hold_ms: 1, wrap_up_ms: 1, at: AT };
  expect(reduce(state, event("segment.closed", closed)).inHand).toEqual([]);
});

test("what becomes of a recording is seen while the call is in hand", () => {
  const told = (is: "recording" | "failed") =>
    event("contact.recording", { contact: "c-1", recording: { should_be: "recording", is }, at: AT });
  let state = play(event("contact.connecting", moment), event("contact.connected", moment));
  expect(state.inHand[0]?.recording).toBeNull();
  state = reduce(state, told("recording"));
  expect(state.inHand[0]?.recording).toEqual({ should_be: "recording", is: "recording" });
  state = reduce(state, event("wrap_up.started", { contact: "c-1", segment: "s-1", disposition: "optional" }));
  expect(reduce(state, told("failed")).inHand[0]?.recording).toEqual({ should_be: "recording", is: "recording" });
});

test("a wrap-up without a time has none, and the end of the contact does not touch it", () => {
  let state = play(event("contact.connecting", moment), event("contact.connected", moment));
  state = reduce(state, event("wrap_up.started", { contact: "c-1", segment: "s-1", disposition: "optional" }));
  state = reduce(state, event("contact.ended", { contact: "c-1", by: "customer", at: AT }));
  expect(state.inHand[0]).toMatchObject({ state: "wrap_up", endsAt: null, endedBy: null });
});

test("the agent's own state is taken whole, what is not named is gone", () => {
  const before = play(
    event("agent.changed", { ...EMPTY.agent, presence: "not_ready", reason: "lunch", next: { presence: "offline" } }),
  );
  expect(before.agent.reason).toBe("lunch");
  const after = reduce(before, event("agent.changed", EMPTY.agent));
  expect(after.agent).toEqual(EMPTY.agent);
});

test("the card follows the offer, and until then the console says that it cannot be read", () => {
  const card = {
    customer: "7", version: 1, name: "Zoé", tier: "gold", do_not_contact: false, tags: [], fields: [], addresses: [],
    other_matches: [], interactions: [], work: [], promises: [], satisfaction: [], read_at: AT,
  };
  let state = play(offer(1), event("contact.updated", { contact: "c-1", card_unavailable: true }));
  expect(whoIs(state.offers[0]!)).toMatchObject({ cardUnavailable: true, card: null, attributes: { intent: "buy" } });
  state = reduce(state, event("contact.connecting", moment));
  expect(state.inHand[0]).toMatchObject({ cardUnavailable: true });
  state = reduce(state, event("contact.updated", { contact: "c-1", card }));
  expect(state.inHand[0]).toMatchObject({ cardUnavailable: false, card, attributes: { intent: "buy" } });
  expect(nameOf(state.inHand[0]!)).toBe("Zoé");
});

test("the leads of an offer stay with the contact, and an update that says nothing of them takes none away", () => {
  const lead = { campaign: "spring", list: "world", lead: "7", state: "over", fields: [], attempts: 2 } as const;
  let state = play(offer(1), event("contact.updated", { contact: "c-1", leads: [{ ...lead, fields: [] }] }));
  expect(whoIs(state.offers[0]!).leads).toEqual([lead]);
  state = reduce(state, event("contact.connecting", moment));
  state = reduce(state, event("contact.updated", { contact: "c-1", attributes: { intent: "leave" } }));
  expect(state.inHand[0]).toMatchObject({ leads: [lead], attributes: { intent: "leave" } });
  state = reduce(state, event("contact.updated", { contact: "c-1", leads: [] }));
  expect(state.inHand[0]?.leads).toEqual([]);
});

test("known contacts are bounded", () => {
  const state = Array.from({ length: 100 }, (_, number) => offer(number)).reduce(reduce, fromSnapshot(EMPTY));
  expect(state.known.size).toBe(64);
  expect(state.known.has("c-99")).toBe(true);
});

test("a key is a command only with Alt alone, wherever Alt puts the letter", () => {
  const key = { altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, code: "KeyA" };
  expect(commandOf(key)).toBe("accept");
  expect(commandOf({ ...key, altKey: false })).toBeNull();
  expect(commandOf({ ...key, ctrlKey: true })).toBeNull();
  expect(commandOf({ ...key, code: "KeyY" })).toBeNull();
  expect(keyName("available")).toBe("Alt+1");
});

test("a colleague who is asked, a conference, and a customer who leaves the two", () => {
  const invited = event("party.invited", { contact: "c-1", consultation: "c-9", to: { agent: "ben" }, at: AT });
  let state = play(offer(1), event("contact.connecting", moment), event("contact.connected", moment), invited);
  expect(state.consulting).toEqual({ contact: "c-1", consultation: "c-9", role: "consulted" });
  const joined = { contact: "c-1", consultation: "c-9", agent: "ben", role: "consulted", at: AT } as const;
  state = reduce(state, event("party.joined", joined));
  state = reduce(state, event("party.joined", { ...joined, role: "conference" }));
  expect(state.consulting).toMatchObject({ agent: "ben", role: "conference" });
  state = reduce(state, event("contact.ended", { contact: "c-1", by: "customer", at: AT }));
  expect(state.consulting).toMatchObject({ contact: undefined, agent: "ben", role: "consulted" });
  state = reduce(state, event("party.left", { consultation: "c-9", why: "left", at: AT }));
  expect(state.consulting).toBeNull();
});

test("whoever was asked hears of a conference that is not his, and gets the customer in hand", () => {
  const joined = { contact: "c-1", consultation: "c-9", agent: "ana", role: "conference", at: AT } as const;
  let state = play(event("party.joined", joined));
  expect(state.consulting).toBeNull();
  const segment = {
    segment: "s-8", contact: "c-1", channel: "voice", queue: "sales", state: "talking", since: AT, attributes: {},
    disposition: "optional",
  } as const;
  state = reduce(state, event("contact.taken_over", { segment, from: "ana", consultation: "c-9", at: AT }));
  expect(state.inHand).toMatchObject([{ segment: "s-8", contact: "c-1", state: "talking" }]);
  state = reduce(state, event("contact.leg_lost", { contact: "c-1", segment: "s-8", until: AT, at: AT }));
  expect(state.inHand[0]?.state).toBe("held");
});
