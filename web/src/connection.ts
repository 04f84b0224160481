// One WebSocket to the server that comes back by itself: open, resume, ask and be answered, hear
// every event once and in order. It knows no page and never decides what a message means.

import { ApiError } from "./api";
import type { Opened } from "./ahead";
import { backoffMs } from "./backoff";
import { type Answered, newId, readMessage } from "./envelope";
import type {
  AgentAsks,
  AgentHears,
  ErrorKind,
  PersonAsks,
  Role,
  SessionAsks,
  SessionHears,
  SupervisorAsks,
  SupervisorHears,
} from "./protocol";

export type Asks = SessionAsks & AgentAsks & PersonAsks & SupervisorAsks;
export type Hears = SessionHears & AgentHears & SupervisorHears;

/** A notification of the server, by its method. */
export type Heard = { [M in keyof Hears]: { method: M; params: Hears[M] } }[keyof Hears];

export type Status =
  | { is: "idle" }
  | { is: "connecting"; attempt: number }
  | { is: "open" }
  /** `retryAt` is by `performance.now()`. */
  | { is: "waiting"; retryAt: number; attempt: number; planned: boolean }
  | { is: "taken_over" }
  | { is: "signed_out" }
  | { is: "refused"; why: string };

/** The server refused a request; `kind` says why. */
export class Refused extends Error {
  constructor(readonly why: ErrorKind) {
    super(why.kind);
  }
}

/** Nobody answered: there was no connection, or not for long enough. */
export class Unanswered extends Error {}

export interface Listener {
  status(status: Status): void;
  opened(opened: Opened): void;
  heard(heard: Heard): void;
}

export interface Surroundings {
  socket(protocols: string[]): WebSocket;
  ticket(): Promise<string>;
  random(): number;
}

/** A request is given up when it has no answer after this long, lost connections included. */
const ANSWER_WITHIN_MS = 15_000;
/** Events are acknowledged when so many have come, or so long after one of them. */
const ACK_EVERY = 32;
const ACK_WITHIN_MS = 5_000;
/** A connection that has stood this long counts as sound: the next trouble starts a new count of tries. */
const SOUND_AFTER_MS = 10_000;
/** How long the opening may take, from socket to answer. */
const OPEN_WITHIN_MS = 10_000;
const HEARTBEAT_DEFAULT_MS = 10_000;
/** Two bad tickets in a row are no accident. */
const BAD_TOKENS_MAX = 2;

type Pending = {
  text: string;
  again: boolean;
  resolve(result: unknown): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
};

export class Connection {
  readonly #role: Role;
  readonly #listener: Listener;
  readonly #around: Surroundings;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocket | undefined;
  #run = 0;
  #isOpen = false;
  #attempt = 0;
  #badTokens = 0;
  #retryAfterMs = 0;
  #isPlanned = false;
  #resumeToken: string | undefined;
  #seq = 0;
  #ackedSeq = 0;
  #heartbeatMs = HEARTBEAT_DEFAULT_MS;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #soundTimer: ReturnType<typeof setTimeout> | undefined;
  #aliveTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(role: Role, listener: Listener, around: Surroundings) {
    this.#role = role;
    this.#listener = listener;
    this.#around = around;
  }

  /** Connects now, also when it was waiting or had given up. */
  connect(): void {
    this.#drop();
    this.#attempt = 0;
    this.#badTokens = 0;
    void this.#try();
  }

  /** Tries at once if it is only waiting for its next try: the network is back. */
  hurry(): void {
    if (this.#retryTimer === undefined) return;
    this.#clear();
    void this.#try();
  }

  /** Treats the connection as lost without waiting for the socket to notice. */
  lost(): void {
    if (this.#socket === undefined) return;
    this.#comeBack();
  }

  /** Ends for good; pending requests are given up. */
  stop(): void {
    this.#drop();
    this.#resumeToken = undefined;
    this.#giveUp();
    this.#listener.status({ is: "idle" });
  }

  /** Asks the server. The id is a UUID, so that a repeat after a lost connection is safe. */
  ask<M extends keyof Asks>(method: M, params: Asks[M]["params"]): Promise<Asks[M]["result"]> {
    if (!this.#isOpen) return Promise.reject(new Unanswered(method));
    return this.#request(method, params, true, ANSWER_WITHIN_MS) as Promise<Asks[M]["result"]>;
  }

  async #try(): Promise<void> {
    const run = ++this.#run;
    this.#listener.status({ is: "connecting", attempt: this.#attempt });
    let ticket: string;
    try {
      ticket = await this.#around.ticket();
    } catch (error) {
      if (run === this.#run) this.#ticketFailed(error);
      return;
    }
    if (run !== this.#run) return;
    const socket = this.#around.socket(["usher.v1", `usher.ticket.${ticket}`]);
    this.#socket = socket;
    this.#aliveTimer = setTimeout(() => this.#comeBack(), OPEN_WITHIN_MS);
    socket.onopen = () => {
      if (run === this.#run) this.#open(run);
    };
    socket.onmessage = (message) => {
      if (run === this.#run) this.#receive(String(message.data));
    };
    socket.onclose = (close) => {
      if (run === this.#run) this.#closed(close.code);
    };
  }

  #ticketFailed(error: unknown): void {
    const failure = error instanceof ApiError ? error.failure : { is: "unavailable" as const, retryAfterMs: 0 };
    switch (failure.is) {
      case "not_signed_in":
        this.#end({ is: "signed_out" });
        return;
      case "too_many":
      case "unavailable":
        this.#retryAfterMs = failure.retryAfterMs;
        this.#comeBack();
    }
  }

  #open(run: number): void {
    const resume = this.#resumeToken === undefined ? undefined : { token: this.#resumeToken, seq: this.#seq };
    const params = { role: this.#role, client: "usher-web", ...(resume === undefined ? {} : { resume }) };
    this.#request("session.open", params, false, OPEN_WITHIN_MS).then(
      (result) => {
        if (run === this.#run) this.#opened(result as Opened, resume !== undefined);
      },
      (error: unknown) => {
        if (run === this.#run) this.#openRefused(error);
      },
    );
  }

  #opened(opened: Opened, asked: boolean): void {
    if (opened.resumed && (!asked || opened.seq !== this.#seq)) {
      this.#forget();
      this.#comeBack();
      return;
    }
    this.#resumeToken = opened.resume_token;
    this.#seq = opened.seq;
    this.#ackedSeq = opened.seq;
    this.#heartbeatMs = opened.heartbeat_ms > 0 ? opened.heartbeat_ms : HEARTBEAT_DEFAULT_MS;
    this.#isOpen = true;
    this.#retryAfterMs = 0;
    this.#isPlanned = false;
    this.#badTokens = 0;
    this.#soundTimer = setTimeout(() => {
      this.#attempt = 0;
    }, SOUND_AFTER_MS);
    this.#expectSound();
    this.#listener.opened(opened);
    this.#listener.status({ is: "open" });
    for (const pending of this.#pending.values()) {
      if (pending.again) this.#send(pending.text);
    }
  }

  #openRefused(error: unknown): void {
    if (!(error instanceof Refused)) {
      this.#comeBack();
      return;
    }
    const why = error.why;
    if (why.kind === "busy" || why.kind === "unavailable" || why.kind === "rate_limited") {
      this.#retryAfterMs = why.retry_after_ms;
      this.#comeBack();
    } else if (why.kind === "bad_token") {
      this.#badToken();
    } else {
      this.#end({ is: "refused", why: why.kind });
    }
  }

  #receive(text: string): void {
    const message = readMessage(text);
    if (message === undefined) return;
    if (this.#isOpen) this.#expectSound();
    if (message.is === "answer") {
      this.#answer(message);
      return;
    }
    const { method, params } = message;
    if (method === "session.taken_over") {
      this.#end({ is: "taken_over" });
      return;
    }
    if (method === "going_away") {
      const wait = Number(params["retry_after_ms"]);
      this.#retryAfterMs = Number.isFinite(wait) ? wait : 0;
      this.#isPlanned = true;
      return;
    }
    if (!this.#isNext(params["seq"])) return;
    this.#listener.heard({ method, params } as unknown as Heard);
  }

  /** Whether this event is the next one; one that came before is passed over, a gap is fetched again. */
  #isNext(seq: unknown): boolean {
    if (typeof seq !== "number") return true;
    if (seq <= this.#seq) return false;
    if (seq > this.#seq + 1) {
      this.#comeBack();
      return false;
    }
    this.#seq = seq;
    if (this.#seq - this.#ackedSeq >= ACK_EVERY) this.#acknowledge();
    else this.#ackTimer ??= setTimeout(() => this.#acknowledge(), ACK_WITHIN_MS);
    return true;
  }

  #acknowledge(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#ackedSeq = this.#seq;
    this.#send(JSON.stringify({ jsonrpc: "2.0", method: "session.ack", params: { seq: this.#seq } }));
  }

  /** A browser does not show pings: when all is silent, one question shows whether anybody is there. */
  #expectSound(): void {
    clearTimeout(this.#aliveTimer);
    this.#aliveTimer = setTimeout(() => {
      this.#aliveTimer = setTimeout(() => this.#comeBack(), this.#heartbeatMs);
      this.#request("session.ping", {}, false, this.#heartbeatMs).catch(() => undefined);
    }, this.#heartbeatMs);
  }

  #answer(answer: Answered): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    if (answer.refusal === undefined) pending.resolve(answer.result);
    else pending.reject(new Refused(answer.refusal));
  }

  #request(method: string, params: object, again: boolean, withinMs: number): Promise<unknown> {
    const id = newId();
    const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Unanswered(method));
      }, withinMs);
      this.#pending.set(id, { text, again, resolve, reject, timer });
      this.#send(text);
    });
  }

  #send(text: string): void {
    if (this.#socket?.readyState === 1) this.#socket.send(text);
  }

  #closed(code: number): void {
    switch (code) {
      case 4003:
        this.#badToken();
        return;
      case 4004:
        this.#end({ is: "taken_over" });
        return;
      case 4010:
        this.#end({ is: "signed_out" });
        return;
      case 1002:
      case 1007:
      case 1008:
      case 1009:
        this.#end({ is: "refused", why: `close_${code}` });
        return;
      case 4009:
        this.#forget();
        this.#comeBack();
        return;
      default:
        this.#comeBack();
    }
  }

  #badToken(): void {
    this.#forget();
    this.#badTokens += 1;
    if (this.#badTokens >= BAD_TOKENS_MAX) this.#end({ is: "refused", why: "bad_token" });
    else this.#comeBack();
  }

  #comeBack(): void {
    this.#drop();
    const wait = backoffMs(this.#attempt, this.#retryAfterMs, this.#around.random);
    this.#listener.status({
      is: "waiting",
      retryAt: performance.now() + wait,
      attempt: this.#attempt,
      planned: this.#isPlanned,
    });
    this.#attempt += 1;
    this.#retryAfterMs = 0;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      void this.#try();
    }, wait);
  }

  #end(status: Status): void {
    this.#drop();
    this.#forget();
    this.#giveUp();
    this.#listener.status(status);
  }

  #forget(): void {
    this.#resumeToken = undefined;
    this.#seq = 0;
  }

  #drop(): void {
    this.#run += 1;
    this.#clear();
    this.#isOpen = false;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const [id, pending] of this.#pending) {
      if (pending.again) continue;
      this.#pending.delete(id);
      clearTimeout(pending.timer);
      pending.reject(new Unanswered(id));
    }
  }

  #clear(): void {
    for (const timer of [this.#retryTimer, this.#ackTimer, this.#soundTimer, this.#aliveTimer]) clearTimeout(timer);
    this.#retryTimer = this.#ackTimer = this.#soundTimer = this.#aliveTimer = undefined;
  }

  #giveUp(): void {
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new Unanswered("stopped"));
    }
    this.#pending.clear();
  }
}
