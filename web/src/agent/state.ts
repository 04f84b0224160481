// What an agent's console shows, as a fold over the events that the server sends. It asks the
// server nothing.

import type {
  AgentChoice,
  AgentHears,
  AgentSnapshot,
  AgentState,
  AskedBy,
  Attributes,
  CallRecording,
  Channel,
  Consulting,
  ContactEnd,
  ContactOffered,
  Customer,
  CustomerCard,
  DispositionRule,
  KnownLead,
  LeadCalled,
  QueueChoice,
  SegmentInHand,
  SegmentState,
  TransferTo,
} from "../protocol";

/** An event of the agent's own, by its method. */
export type AgentEvent = { [M in keyof AgentHears]: { method: M; params: AgentHears[M] } }[keyof AgentHears];

/** Who is on the other side, as the gateway said. */
export type Who = {
  readonly channel: Channel | null;
  readonly queue: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly attributes: Attributes;
  readonly customer: Customer | null;
  /** What the records say of the customer; null: nobody of theirs, or not read yet. */
  readonly card: CustomerCard | null;
  /** The records cannot be read at the moment. */
  readonly cardUnavailable: boolean;
  /** The leads of call lists at the customer's numbers. */
  readonly leads: readonly KnownLead[];
  /** What the agent said who handed the contact on. */
  readonly note: string | null;
  /** The colleague who asks, when it is no customer's contact. */
  readonly askedBy: AskedBy | null;
  /** The lead of a campaign that is called. */
  readonly lead: LeadCalled | null;
};

/** A segment in hand. Times are milliseconds since 1970 in the centre's time. */
export type InHand = Who & {
  readonly segment: string;
  readonly contact: string;
  readonly state: SegmentState;
  readonly since: number;
  readonly endsAt: number | null;
  readonly disposition: DispositionRule;
  readonly endedBy: ContactEnd | null;
  readonly transferredTo: TransferTo | null;
  /** The call's recording, if it has one. */
  readonly recording: CallRecording | null;
};

/** An offer, whether the customer's history could not be read for it, and the leads that came after it. */
export type Offer = ContactOffered & { readonly cardUnavailable?: boolean; readonly leads?: readonly KnownLead[] };

export type ConsoleState = {
  readonly name: string;
  readonly agent: AgentState;
  readonly offers: readonly Offer[];
  readonly inHand: readonly InHand[];
  /** What this agent asks of a colleague. */
  readonly consulting: Consulting | null;
  /** Who is behind a contact that was offered: the events after the offer name only its number. */
  readonly known: ReadonlyMap<string, Who>;
  readonly queues: readonly QueueChoice[];
  readonly agents: readonly AgentChoice[];
};

/** So many offers are remembered for the events after them. */
const KNOWN_MAX = 64;

const NOBODY: Who = {
  channel: null, queue: null, from: null, to: null, attributes: {}, customer: null, card: null, cardUnavailable: false,
  leads: [], note: null, askedBy: null, lead: null,
};

export function fromSnapshot(snapshot: AgentSnapshot): ConsoleState {
  return {
    name: snapshot.name,
    agent: snapshot.agent,
    offers: snapshot.offers,
    inHand: snapshot.segments.map(fromSegment),
    consulting: snapshot.consulting ?? null,
    known: new Map(snapshot.offers.map((offer) => [offer.contact.id, whoIs(offer)])),
    queues: snapshot.queues,
    agents: snapshot.agents,
  };
}

export function reduce(state: ConsoleState, event: AgentEvent): ConsoleState {
  switch (event.method) {
    case "agent.changed": {
      const { seq: _, ...agent } = event.params;
      return { ...state, agent };
    }
    case "contact.offered":
      return offered(state, event.params);
    case "offer.ended":
      return { ...state, offers: state.offers.filter((offer) => offer.offer !== event.params.offer) };
    case "contact.connecting":
      return connecting(state, event.params);
    case "contact.connected":
    case "contact.leg_back":
    case "contact.unheld":
      return change(state, event.params.segment, () => ({ state: "talking", since: Date.parse(event.params.at) }));
    case "contact.taken_up":
      return change(state, event.params.segment, () => ({ state: "talking", since: Date.parse(event.params.at) }));
    case "contact.set_aside":
      return change(state, event.params.segment, () => ({ state: "set_aside", since: Date.parse(event.params.at) }));
    case "contact.suspended":
      return state;
    case "contact.leg_lost":
    case "contact.held":
      return change(state, event.params.segment, () => ({ state: "held", since: Date.parse(event.params.at) }));
    case "party.invited": {
      const { contact, consultation } = event.params;
      return { ...state, consulting: { contact, consultation, role: "consulted" } };
    }
    case "party.joined":
      return joined(state, event.params);
    case "party.left":
      return { ...state, consulting: state.consulting?.consultation === event.params.consultation ? null : state.consulting };
    case "contact.taken_over": {
      const taken = fromSegment(event.params.segment);
      return { ...state, inHand: [...state.inHand.filter((one) => one.segment !== taken.segment), taken] };
    }
    case "contact.transferred":
      return change(state, event.params.segment, () => ({ transferredTo: event.params.to }));
    case "contact.recording": {
      const { contact, recording } = event.params;
      return { ...state, inHand: state.inHand.map((one) => (one.contact === contact && one.state !== "wrap_up" ? { ...one, recording } : one)) };
    }
    case "contact.updated":
      return updated(state, event.params);
    case "contact.ended":
      return {
        ...state,
        // Who talk on without the customer are still connected.
        consulting:
          state.consulting?.contact === event.params.contact
            ? { ...state.consulting, contact: undefined, role: "consulted" }
            : state.consulting,
        inHand: state.inHand.map((one) =>
          one.contact === event.params.contact && one.state !== "wrap_up" ? { ...one, endedBy: event.params.by } : one,
        ),
      };
    case "wrap_up.started":
      return wrapUp(state, event.params);
    case "segment.closed":
      return { ...state, inHand: state.inHand.filter((one) => one.segment !== event.params.segment) };
    // What follows takes it out of hand.
    case "lead.not_reached":
      return state;
    // The list of work and the conversations are kept beside this.
    case "work.changed":
    case "message.received":
    case "message.status":
    case "contact.typing":
      return state;
  }
}

/** Of the one's own consultation; who was asked hears of the conference, too. */
function joined(state: ConsoleState, params: AgentHears["party.joined"]): ConsoleState {
  if (state.consulting?.consultation !== params.consultation) return state;
  return { ...state, consulting: { ...state.consulting, agent: params.agent, role: params.role } };
}

/** The wrap-up that was extended: the answer to the request, as no event says it. */
export function extended(state: ConsoleState, segment: string, endsAt: string): ConsoleState {
  return change(state, segment, () => ({ endsAt: Date.parse(endsAt) }));
}

/** A contact's name for people: the customer's, else where it came from. */
export function nameOf(who: Pick<Who, "customer" | "from">): string | null {
  return who.customer?.name ?? who.from ?? null;
}

/** The offered contact, as it stands in the pop. */
export function whoIs(offer: Offer): Who {
  const { contact } = offer;
  return {
    channel: contact.channel,
    queue: contact.queue,
    from: contact.from ?? null,
    to: contact.to ?? null,
    attributes: contact.attributes,
    customer: offer.customer ?? null,
    card: offer.card ?? null,
    cardUnavailable: offer.cardUnavailable ?? false,
    leads: offer.leads ?? [],
    note: contact.note ?? null,
    askedBy: contact.asked_by ?? null,
    lead: contact.lead ?? null,
  };
}

function offered(state: ConsoleState, params: AgentHears["contact.offered"]): ConsoleState {
  const { seq: _, ...offer } = params;
  const known = new Map(state.known);
  known.delete(offer.contact.id);
  known.set(offer.contact.id, whoIs(offer));
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN_MAX) break;
    known.delete(oldest);
  }
  return { ...state, known, offers: [...state.offers.filter((one) => one.offer !== offer.offer), offer] };
}

function connecting(state: ConsoleState, params: AgentHears["contact.connecting"]): ConsoleState {
  const begun: InHand = {
    ...(state.known.get(params.contact) ?? NOBODY),
    segment: params.segment,
    contact: params.contact,
    state: "connecting",
    since: Date.parse(params.at),
    endsAt: null,
    disposition: "optional",
    endedBy: null,
    transferredTo: null,
    recording: null,
  };
  return {
    ...state,
    offers: state.offers.filter((offer) => offer.contact.id !== params.contact),
    inHand: [...state.inHand.filter((one) => one.segment !== params.segment), begun],
  };
}

function wrapUp(state: ConsoleState, params: AgentHears["wrap_up.started"]): ConsoleState {
  const endsAt = params.ends_at ? Date.parse(params.ends_at) : null;
  const sent = endsAt !== null && typeof params.ends_in_ms === "number" ? endsAt - params.ends_in_ms : undefined;
  return change(state, params.segment, (one) => ({
    state: "wrap_up",
    since: sent ?? one.since,
    endsAt,
    disposition: params.disposition,
  }));
}

type Updated = AgentHears["contact.updated"];

/** What an update says anew; the rest stays as it was. */
function learnt<T extends Who>(before: T, params: Updated): T {
  const { attributes, card, card_unavailable, leads } = params;
  return {
    ...before,
    attributes: attributes ?? before.attributes,
    customer: customerOf(card) ?? before.customer,
    card: card ?? before.card,
    cardUnavailable: card ? false : (card_unavailable ?? before.cardUnavailable),
    leads: leads ?? before.leads,
  };
}

function customerOf(card: CustomerCard | null | undefined): Customer | null {
  return card ? { id: card.customer, name: card.name, tier: card.tier } : null;
}

function updated(state: ConsoleState, params: Updated): ConsoleState {
  const before = state.known.get(params.contact);
  const known = before === undefined ? state.known : new Map(state.known).set(params.contact, learnt(before, params));
  return {
    ...state,
    known,
    offers: state.offers.map((offer) => {
      if (offer.contact.id !== params.contact) return offer;
      const who = learnt(whoIs(offer), params);
      return {
        ...offer,
        contact: { ...offer.contact, attributes: who.attributes },
        customer: who.customer ?? undefined,
        card: who.card ?? undefined,
        cardUnavailable: who.cardUnavailable,
        leads: who.leads,
      };
    }),
    inHand: state.inHand.map((one) => (one.contact === params.contact ? learnt(one, params) : one)),
  };
}

function change(state: ConsoleState, segment: string, how: (one: InHand) => Partial<InHand>): ConsoleState {
  return {
    ...state,
    inHand: state.inHand.map((one) => (one.segment === segment ? { ...one, ...how(one) } : one)),
  };
}

function fromSegment(segment: SegmentInHand): InHand {
  return {
    segment: segment.segment,
    contact: segment.contact,
    channel: segment.channel,
    queue: segment.queue,
    from: segment.from ?? null,
    to: segment.to ?? null,
    attributes: segment.attributes,
    customer: segment.customer ?? null,
    card: null,
    cardUnavailable: false,
    leads: [],
    note: null,
    askedBy: segment.asked_by ?? null,
    lead: segment.lead ?? null,
    state: segment.state,
    since: Date.parse(segment.since),
    endsAt: segment.ends_at ? Date.parse(segment.ends_at) : null,
    disposition: segment.disposition,
    endedBy: null,
    transferredTo: null,
    recording: segment.recording ?? null,
  };
}
