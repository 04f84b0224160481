// A scripted centre for the browser tests: it speaks the protocol as the schemas say and does what a
// test tells it. It routes nothing. Every message both ways is held against its schema.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { AgentHears, AgentState, BoardAgent, BoardQueue, ContactOffered, ErrorKind, KnownLead, ListEntry, Message, OwnFigures, Role, SegmentInHand, TransferTargetsFound } from "../src/protocol";
import { CentreHttp } from "./centre_http";
import { agent as boardAgent } from "./rows";
import { complaint } from "./schemas";
import { type User, USERS } from "./users";

type Session = { role: Role; user: User; socket: WebSocket | undefined; token: string; seq: number; sent: [number, string][] };
type Answer = { result: unknown } | { refusal: ErrorKind };
type Fields = Record<string, unknown>;

export class Centre {
  readonly http = new CentreHttp(USERS);
  /** All that clients asked or told. */
  readonly heard: { method: string; params: Fields }[] = [];
  /** What was not as its schema says. */
  readonly complaints: string[] = [];
  /** The next request of a method is refused with this. */
  readonly refuseNext = new Map<string, ErrorKind>();
  readonly queues = new Map<string, BoardQueue>();
  readonly agents = new Map<string, BoardAgent>();
  agent: AgentState;
  offers: ContactOffered[] = [];
  segments: SegmentInHand[] = [];
  disposition: "required" | "optional" = "required";
  /** What was written in each chat. */
  readonly messages = new Map<string, Message[]>();
  work: ListEntry[] = [];
  readonly figures: OwnFigures;
  wrapUpMs = 60_000;
  readonly speed: number;
  readonly #startedAt = Date.now();
  readonly #sessions = new Set<Session>();
  readonly #notes = new Map<string, ContactOffered>();
  #server: Server | undefined;
  #port = 0;
  #eventNo = 1;
  #number = 1;

  constructor(speed = 1) {
    this.speed = speed;
    this.figures = {
      since: this.time(-7_200_000), handled: 14, declined: 1, missed: 2, talk_ms: 3_300_000, hold_ms: 240_000, wrap_up_ms: 700_000,
      aht_ms: 303_000, available_ms: 6_100_000, busy_ms: 4_240_000, occupancy: 0.7,
    };
    this.agent = { agent: "ana", presence: "offline", activity: "idle", since: this.time(), why: "console_opened", channels: [] };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The centre's time, so much later. */
  time(inMs = 0): string {
    return new Date(this.#startedAt + (Date.now() - this.#startedAt) * this.speed + inMs).toISOString();
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.http.serve(request, response));
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "usher.v1" });
    server.on("upgrade", (request, socket, head) => {
      const ticket = /usher\.ticket\.(\w+)/.exec(request.headers["sec-websocket-protocol"] ?? "")?.[1];
      const user = this.http.redeem(ticket ?? "");
      sockets.handleUpgrade(request, socket, head, (opened) => {
        if (user === undefined) opened.close(4003);
        else this.#serve(opened, user);
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Gone, as after a crash: every socket dies; sessions can be resumed when it is back. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const session of this.#sessions) session.socket?.terminate();
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  /** Sessions of before are not known any more. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  /** The agent's sessions, cut without a word. */
  cut(): void {
    for (const session of this.#sessions) session.socket?.terminate();
  }

  asked(method: string): Fields[] {
    return this.heard.filter((one) => one.method === method).map((one) => one.params);
  }

  push<M extends keyof AgentHears>(method: M, params: Omit<AgentHears[M], "seq">): void {
    for (const session of this.#sessions) {
      if (session.role !== "agent") continue;
      session.seq += 1;
      const numbered = { ...params, seq: session.seq };
      this.#check("agent", method, "params", numbered);
      const text = JSON.stringify({ jsonrpc: "2.0", method, params: numbered });
      session.sent.push([session.seq, text]);
      session.socket?.send(text);
    }
  }

  /** To every session of a role, without a number. */
  tell(role: Role, method: string, params: object): void {
    this.#check(role, method, "params", params);
    for (const session of this.#sessions) {
      if (session.role === role) session.socket?.send(JSON.stringify({ jsonrpc: "2.0", method, params }));
    }
  }

  close(role: Role, code: number): void {
    for (const session of this.#sessions) if (session.role === role) session.socket?.close(code);
  }

  changeBoard(queues: BoardQueue[], agents: BoardAgent[]): void {
    for (const row of queues) this.queues.set(row.queue, row);
    for (const row of agents) this.agents.set(row.agent, row);
    this.#eventNo += 1;
    this.tell("supervisor", "board.delta", { event_no: this.#eventNo, server_time: this.time(), queues, agents });
  }

  changeAgent(change: Partial<AgentState>): void {
    const { until: _, ...before } = this.agent;
    // A presence that is chosen anew puts an end to the reason and to what was to come next.
    if (change.presence !== undefined) {
      delete before.reason;
      delete before.next;
    }
    this.agent = { ...before, since: this.time(), why: "chosen", ...change };
    this.push("agent.changed", this.agent);
    const contacts = this.segments.map((one) => ({
      contact: one.contact, queue: one.queue, channel: one.channel, state: one.state, since: one.since,
    }));
    const { presence, activity, since } = this.agent;
    this.changeBoard([], [boardAgent("ana", { name: "Ana", presence, activity, since, contacts })]);
  }

  /** Holds a contact out to the agent. */
  offer(with_: Partial<ContactOffered["contact"]> = {}, offer: Partial<ContactOffered> = {}, lastsMs = 20_000): string {
    const id = String(this.#number++);
    const offered: ContactOffered = {
      offer: `o-${id}`,
      accept: "manual",
      contact: {
        id: `c-${id}`, channel: "voice", queue: "sales", direction: "inbound", waited_ms: 42_000, from: "+15550100",
        to: "+15550199", attributes: { intent: "cancel contract", language: "en" }, ...with_,
      },
      expires_at: this.time(lastsMs),
      expires_in_ms: lastsMs,
      ...offer,
    };
    this.offers.push(offered);
    this.#notes.set(offered.contact.id, offered);
    this.push("contact.offered", offered);
    this.changeAgent({ activity: "offered", why: "offer" });
    return offered.offer;
  }

  /** The leads behind an offer. */
  bringLeads(offer: string, leads: KnownLead[]): void {
    const found = this.offers.find((one) => one.offer === offer);
    if (found === undefined) throw new Error(`no offer ${offer}`);
    this.push("contact.updated", { contact: found.contact.id, leads });
  }

  endOffer(offer: string, outcome: "expired" | "rescinded" | "revoked"): void {
    const found = this.offers.find((one) => one.offer === offer);
    if (found === undefined) throw new Error(`no offer ${offer}`);
    this.offers = this.offers.filter((one) => one !== found);
    this.push("offer.ended", { offer, contact: found.contact.id, outcome });
    this.changeAgent({ activity: outcome === "expired" ? "not_responding" : "idle", why: outcome === "expired" ? "missed" : "offer" });
  }

  /** The customer hangs up, or the agent does. */
  endContact(contact: string, by: "customer" | "agent"): void {
    this.push("contact.ended", { contact, by, at: this.time() });
    this.#startWrapUp(contact);
  }

  #serve(socket: WebSocket, user: User): void {
    let session: Session | undefined;
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as { id?: string; method: string; params: Fields };
      this.heard.push({ method: message.method, params: message.params });
      if (message.method === "session.open") {
        session = this.#open(socket, user, message.id!, message.params);
        return;
      }
      if (message.method === "session.ping") return this.#answer(socket, message.id!, { refusal: { kind: "unknown_method", method: "session.ping" } });
      if (session === undefined) return;
      this.#check(session.role, message.method, "params", message.params);
      if (message.id === undefined) return;
      const answer = this.#do(message.method, message.params);
      if ("result" in answer) this.#check(session.role, message.method, "result", answer.result);
      this.#answer(socket, message.id, answer);
      if (message.method === "session.close") socket.close(4010);
    });
    socket.on("close", () => {
      if (session?.socket === socket) session.socket = undefined;
    });
  }

  #open(socket: WebSocket, user: User, id: string, params: Fields): Session | undefined {
    this.#check("session", "session.open", "params", params);
    const refusal = this.refuseNext.get("session.open");
    if (refusal !== undefined) {
      this.refuseNext.delete("session.open");
      this.#answer(socket, id, { refusal });
      return undefined;
    }
    const resume = params["resume"] as { token: string; seq: number } | undefined;
    const before = [...this.#sessions].find((one) => one.token === resume?.token);
    const session = before ?? { role: params["role"] as Role, user, socket, token: "", seq: 0, sent: [] };
    if (before === undefined) this.#takeOver(session);
    session.socket = socket;
    session.token = `token-${this.#number++}`;
    this.#sessions.add(session);
    const result = {
      session: `session-${this.#number++}`, resume_token: session.token, seq: before === undefined ? 0 : resume!.seq,
      resumed: before !== undefined, heartbeat_ms: 10_000, server_time: this.time(), site: "Nord", clock_speed: this.speed,
      ...(before === undefined ? { snapshot: this.#snapshot(session.role) } : {}),
    };
    this.#check("session", "session.open", "result", result);
    this.#answer(socket, id, { result });
    if (before !== undefined) for (const [seq, text] of session.sent) if (seq > resume!.seq) socket.send(text);
    return session;
  }

  #takeOver(session: Session): void {
    if (session.role !== "agent") return;
    for (const other of this.#sessions) {
      if (other.role !== "agent") continue;
      other.socket?.send(JSON.stringify({ jsonrpc: "2.0", method: "session.taken_over", params: { at: this.time() } }));
      other.socket?.close(4004);
      this.#sessions.delete(other);
    }
  }

  #snapshot(role: Role): object {
    if (role === "supervisor") return { role, ...this.#board() };
    return {
      role, name: "Ana Müller", agent: this.agent, offers: this.offers, segments: this.segments,
      queues: [{ queue: "sales" }, { queue: "care" }], agents: [{ agent: "ana", name: "Ana" }, { agent: "ben", name: "Ben" }],
    };
  }

  #board(): object {
    return {
      event_no: this.#eventNo, server_time: this.time(), counted_since: this.time(-3_600_000),
      queues: [...this.queues.values()], agents: [...this.agents.values()], alerts: [],
    };
  }

  #do(method: string, params: Fields): Answer {
    const refusal = this.refuseNext.get(method);
    if (refusal !== undefined) {
      this.refuseNext.delete(method);
      return { refusal };
    }
    switch (method) {
      case "board.watch":
        return { result: this.#board() };
      case "history.show":
        return { result: { span_ms: 60_000, points: [] } };
      case "presence.set":
        return this.#setPresence(params);
      case "offer.accept":
        return this.#accept(String(params["offer"]));
      case "offer.decline":
        return this.#decline(String(params["offer"]));
      case "contact.hold":
      case "contact.unhold":
        return this.#hold(String(params["contact"]), method === "contact.hold");
      case "contact.end":
        setTimeout(() => this.endContact(String(params["contact"]), "agent"), 20);
        return { result: {} };
      case "contact.transfer": {
        const [segment] = this.segments.filter((one) => one.contact === params["contact"]);
        if (segment === undefined) return { refusal: { kind: "unknown_contact", contact: String(params["contact"]) } };
        const to = params["to"] as { queue: string };
        this.push("contact.transferred", { contact: segment.contact, segment: segment.segment, to, at: this.time() });
        this.#startWrapUp(segment.contact);
        return { result: {} };
      }
      case "transfer.targets":
        return { result: this.#targets(String(params["search"] ?? "")) };
      case "figures.show":
        return { result: this.figures };
      case "contact.note":
        return { result: {} };
      case "message.list":
        return { result: { messages: this.messages.get(String(params["contact"])) ?? [], left_out: 0 } };
      case "message.send":
        return this.#write(params);
      case "work.watch":
        return { result: { entries: this.work, has_more: false } };
      case "wrap_up.extend": {
        const inMs = this.wrapUpMs + Number(params["by_ms"]);
        return { result: { ends_at: this.time(inMs), ends_in_ms: inMs } };
      }
      case "wrap_up.finish":
        return this.#finish(params);
      default:
        return { result: {} };
    }
  }

  #targets(search: string): TransferTargetsFound {
    const fits = (name: string) => name.toLowerCase().includes(search.toLowerCase());
    const agents = [
      { agent: "ben", name: "Ben Okafor", standing: "idle" as const, since: this.time(-75_000) },
      { agent: "chloe", name: "Chloé Dubois", standing: "busy" as const, since: this.time(-312_000) },
      { agent: "dmitri", name: "Dmitri Volkov", standing: "not_ready" as const, since: this.time(-15_000) },
    ];
    const queues = [
      { queue: "care", waiting: 3, agents_idle: 1, agents_available: 4, estimated_wait: { p50_ms: 45_000, p90_ms: 120_000 }, paused: false },
      { queue: "complaints-second-level", waiting: 0, agents_idle: 0, agents_available: 0, paused: true },
    ];
    return { agents: agents.filter((one) => fits(one.name)), queues: queues.filter((one) => fits(one.queue)), is_more: false };
  }

  #write(params: Fields): Answer {
    const contact = String(params["contact"]);
    const line: Message = { message: String(params["message"]), by: "agent", agent: "ana", text: String(params["text"]), at: this.time(), status: "sent" };
    const before = this.messages.get(contact) ?? [];
    const known = before.find((one) => one.message === line.message);
    if (known === undefined) this.messages.set(contact, [...before, line]);
    return { result: { at: (known ?? line).at } };
  }

  /** The customer of a chat writes. */
  customerWrites(contact: string, text: string): void {
    const message: Message = { message: `m-${this.#number++}`, by: "customer", text, at: this.time(), status: "delivered" };
    this.messages.set(contact, [...(this.messages.get(contact) ?? []), message]);
    this.push("message.received", { contact, message });
  }

  #setPresence(params: Fields): Answer {
    const presence = params["presence"] as AgentState["presence"];
    const reason = params["reason"] as string | undefined;
    const isLater = this.segments.length > 0 && (params["when"] === "after_contact" || presence === "offline");
    const chosen = { presence, ...(reason === undefined ? {} : { reason }) };
    if (isLater) this.changeAgent({ next: chosen });
    else this.changeAgent({ ...chosen, activity: this.segments.length > 0 ? this.agent.activity : "idle" });
    return { result: {} };
  }

  #accept(id: string): Answer {
    const offer = this.offers.find((one) => one.offer === id);
    if (offer === undefined) return { refusal: { kind: "offer_gone", offer: id } };
    this.offers = this.offers.filter((one) => one !== offer);
    const moment = { contact: offer.contact.id, segment: `s-${this.#number++}`, at: this.time() };
    const { contact } = offer;
    this.segments.push({
      segment: moment.segment, contact: contact.id, channel: contact.channel, queue: contact.queue, gateway: "pbx",
      state: "connecting", since: moment.at, from: contact.from ?? null, attributes: contact.attributes,
      customer: offer.customer ?? null, disposition: this.disposition,
    });
    setTimeout(() => {
      this.push("offer.ended", { offer: id, contact: contact.id, outcome: "accepted" });
      this.push("contact.connecting", moment);
      this.changeAgent({ activity: "busy", why: "contact" });
    }, 10);
    setTimeout(() => {
      this.#setState(contact.id, "talking");
      this.push("contact.connected", { ...moment, at: this.time() });
      this.changeAgent({ activity: "busy", why: "contact" });
    }, 80);
    return { result: { contact: contact.id } };
  }

  #decline(id: string): Answer {
    const offer = this.offers.find((one) => one.offer === id);
    if (offer === undefined) return { refusal: { kind: "offer_gone", offer: id } };
    this.offers = this.offers.filter((one) => one !== offer);
    this.push("offer.ended", { offer: id, contact: offer.contact.id, outcome: "declined" });
    this.changeAgent({ activity: "idle", why: "offer" });
    return { result: {} };
  }

  #hold(contact: string, isHeld: boolean): Answer {
    const segment = this.segments.find((one) => one.contact === contact);
    if (segment === undefined) return { refusal: { kind: "unknown_contact", contact } };
    this.#setState(contact, isHeld ? "held" : "talking");
    this.push(isHeld ? "contact.held" : "contact.unheld", { contact, segment: segment.segment, at: this.time() });
    return { result: {} };
  }

  #startWrapUp(contact: string): void {
    const segment = this.segments.find((one) => one.contact === contact);
    if (segment === undefined) return;
    const ends = { ends_at: this.time(this.wrapUpMs), ends_in_ms: this.wrapUpMs };
    this.segments = this.segments.map((one) => (one === segment ? { ...one, ...ends, state: "wrap_up", since: this.time() } : one));
    this.push("wrap_up.started", { contact, segment: segment.segment, ...ends, disposition: this.disposition });
    this.changeAgent({ activity: "wrap_up", why: "wrap_up", until: ends.ends_at });
  }

  /** Wrap-up ends: by the agent, or because its time ran out. */
  closeSegment(contact: string, disposition: string | null): void {
    const segment = this.segments.find((one) => one.contact === contact);
    if (segment === undefined) return;
    this.segments = this.segments.filter((one) => one !== segment);
    this.push("segment.closed", {
      contact, segment: segment.segment, connected: true, talk_ms: 61_000, hold_ms: 0, wrap_up_ms: 9_000, disposition,
      at: this.time(),
    });
    const next = this.agent.next;
    this.changeAgent({ presence: next?.presence ?? this.agent.presence, activity: "idle", why: "wrap_up" });
  }

  #finish(params: Fields): Answer {
    const contact = String(params["contact"]);
    if (this.disposition === "required" && typeof params["disposition"] !== "string") {
      return { refusal: { kind: "invalid_field", field: "disposition", expected: "a disposition, as this queue wants one" } };
    }
    if (!this.segments.some((one) => one.contact === contact)) return { refusal: { kind: "unknown_contact", contact } };
    this.closeSegment(contact, (params["disposition"] as string | undefined) ?? null);
    return { result: {} };
  }

  #setState(contact: string, state: SegmentInHand["state"]): void {
    const since = this.time();
    this.segments = this.segments.map((one) => (one.contact === contact ? { ...one, state, since } : one));
  }

  #answer(socket: WebSocket, id: string, answer: Answer): void {
    const body = "result" in answer ? { result: answer.result } : { error: { code: -32000, message: answer.refusal.kind, data: answer.refusal } };
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
  }

  #check(group: string, method: string, part: "params" | "result", value: unknown): void {
    const wrong = complaint(group, method, part, value);
    if (wrong !== undefined) this.complaints.push(wrong);
  }
}
