import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "./api";
import { backoffMs } from "./backoff";
import { Connection, type Heard, Refused, type Status, Unanswered } from "./connection";

class FakeSocket {
  readyState = 0;
  sent: { id?: string; method: string; params: Record<string, unknown> }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  constructor(readonly protocols: string[]) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  start(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: "2.0", ...message }) });
  }
  push(method: string, params: object): void {
    this.say({ method, params });
  }
  answerTo(method: string): string {
    return this.sent.findLast((one) => one.method === method)!.id!;
  }
  opened(with_: object = {}): void {
    const result = {
      session: "1", resume_token: "t-1", seq: 0, resumed: false, heartbeat_ms: 10_000,
      server_time: "2026-01-01T00:00:00.000Z", site: "x", ...with_,
    };
    this.say({ id: this.answerTo("session.open"), result });
  }
  die(code = 1006): void {
    this.onclose?.({ code });
  }
}

let sockets: FakeSocket[];
let statuses: Status[];
let heard: Heard[];
let ticket: () => Promise<string>;
let connection: Connection;
const socket = () => sockets.at(-1)!;
const status = () => statuses.at(-1)!;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  statuses = [];
  heard = [];
  ticket = () => Promise.resolve("abc");
  connection = new Connection(
    "agent",
    { status: (next) => statuses.push(next), opened: () => undefined, heard: (one) => heard.push(one) },
    {
      socket: (protocols) => {
        const made = new FakeSocket(protocols);
        sockets.push(made);
        return made as unknown as WebSocket;
      },
      ticket: () => ticket(),
      random: () => 0.5,
    },
  );
});
afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

async function open(): Promise<void> {
  connection.connect();
  await settle();
  socket().start();
  socket().opened();
  await settle();
}

test("opens with the ticket in the subprotocol and the role in the first message", async () => {
  await open();
  expect(socket().protocols).toEqual(["usher.v1", "usher.ticket.abc"]);
  expect(socket().sent[0]).toMatchObject({ method: "session.open", params: { role: "agent" } });
  expect(socket().sent[0]!.params).not.toHaveProperty("resume");
  expect(status()).toEqual({ is: "open" });
});

test("comes back with its token and the last event it heard, and sends again what had no answer, with the same id", async () => {
  await open();
  socket().push("agent.changed", { seq: 1 });
  const asked = connection.ask("offer.accept", { offer: "o-1" });
  const id = socket().answerTo("offer.accept");
  socket().die();
  expect(status().is).toBe("waiting");
  await vi.advanceTimersByTimeAsync(250);
  socket().start();
  expect(socket().sent[0]!.params["resume"]).toEqual({ token: "t-1", seq: 1 });
  socket().opened({ resumed: true, seq: 1 });
  await settle();
  expect(socket().answerTo("offer.accept")).toBe(id);
  socket().say({ id, result: { contact: "c-1" } });
  await expect(asked).resolves.toEqual({ contact: "c-1" });
});

test("hears each event once and in order; a gap makes it come back from the last good one", async () => {
  await open();
  for (const seq of [1, 2, 2, 1]) socket().push("agent.changed", { seq });
  expect(heard.map((one) => (one.params as { seq: number }).seq)).toEqual([1, 2]);
  socket().push("agent.changed", { seq: 4 });
  expect(heard).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(250);
  socket().start();
  expect(socket().sent[0]!.params["resume"]).toEqual({ token: "t-1", seq: 2 });
});

test("what has no number is heard without one", async () => {
  await open();
  socket().push("board.delta", { event_no: 3 });
  expect(heard.map((one) => one.method)).toEqual(["board.delta"]);
});

test("acknowledges after 32 events, or a while after the last", async () => {
  await open();
  for (let seq = 1; seq <= 32; seq += 1) socket().push("agent.changed", { seq });
  expect(socket().sent.filter((one) => one.method === "session.ack").map((one) => one.params["seq"])).toEqual([32]);
  socket().push("agent.changed", { seq: 33 });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(socket().sent.at(-1)).toMatchObject({ method: "session.ack", params: { seq: 33 } });
});

test("honours when to come back, and says that the stop was planned", async () => {
  await open();
  socket().push("going_away", { retry_after_ms: 4_000 });
  socket().die(1012);
  expect(status()).toMatchObject({ is: "waiting", planned: true });
  await vi.advanceTimersByTimeAsync(4_200);
  expect(sockets).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(sockets).toHaveLength(2);
});

test.each([
  [4004, "taken_over"],
  [4010, "signed_out"],
  [1008, "refused"],
  [1007, "refused"],
  [1009, "refused"],
])("after %i it does not come back: %s", async (code, is) => {
  await open();
  socket().die(code);
  expect(status().is).toBe(is);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sockets).toHaveLength(1);
});

test("a session that was taken over does not fight back, until a person asks for it", async () => {
  await open();
  socket().push("session.taken_over", { at: "2026-01-01T00:00:00.000Z" });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(status()).toEqual({ is: "taken_over" });
  expect(sockets).toHaveLength(1);
  connection.connect();
  await settle();
  expect(sockets).toHaveLength(2);
});

test.each([4009, 4003])("after %i it comes back without the token", async (code) => {
  await open();
  socket().die(code);
  await vi.advanceTimersByTimeAsync(500);
  socket().start();
  expect(socket().sent[0]!.params).not.toHaveProperty("resume");
});

test("two bad tickets in a row are the end", async () => {
  connection.connect();
  await settle();
  socket().die(4003);
  await vi.advanceTimersByTimeAsync(500);
  socket().die(4003);
  expect(status()).toEqual({ is: "refused", why: "bad_token" });
});

test("a ticket refused for want of a login is a sign-out; a server that is away is waited for", async () => {
  ticket = () => Promise.reject(new ApiError({ is: "unavailable", retryAfterMs: 2_000 }));
  connection.connect();
  await settle();
  expect(status().is).toBe("waiting");
  ticket = () => Promise.reject(new ApiError({ is: "not_signed_in" }));
  await vi.advanceTimersByTimeAsync(2_250);
  expect(status()).toEqual({ is: "signed_out" });
});

test("an opening refused for good says why; one refused for now is tried again when the server said", async () => {
  connection.connect();
  await settle();
  socket().start();
  const refuse = (data: object) =>
    socket().say({ id: socket().answerTo("session.open"), error: { code: -32000, message: "no", data } });
  refuse({ kind: "unavailable", retry_after_ms: 3_000 });
  await settle();
  expect(status().is).toBe("waiting");
  await vi.advanceTimersByTimeAsync(3_250);
  socket().start();
  refuse({ kind: "not_permitted" });
  await settle();
  expect(status()).toEqual({ is: "refused", why: "not_permitted" });
});

test("silence is asked into once a heartbeat; without any answer the connection counts as lost", async () => {
  await open();
  await vi.advanceTimersByTimeAsync(10_000);
  const ping = socket().sent.at(-1)!;
  expect(ping.method).toBe("session.ping");
  socket().say({ id: ping.id!, error: { code: -32601, message: "unknown", data: { kind: "unknown_method", method: "session.ping" } } });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(status().is).toBe("open");
  await vi.advanceTimersByTimeAsync(10_001);
  expect(status().is).toBe("waiting");
});

test("a refusal carries its kind, no answer is said as such, offline is said at once", async () => {
  await open();
  const refused = connection.ask("offer.accept", { offer: "o-1" });
  const data = { kind: "offer_gone", offer: "o-1" };
  socket().say({ id: socket().answerTo("offer.accept"), error: { code: -32000, message: "gone", data } });
  await expect(refused).rejects.toEqual(new Refused({ kind: "offer_gone", offer: "o-1" }));
  const silent = connection.ask("offer.accept", { offer: "o-2" });
  const expectation = expect(silent).rejects.toBeInstanceOf(Unanswered);
  await vi.advanceTimersByTimeAsync(5_000);
  socket().die();
  await expect(connection.ask("offer.accept", { offer: "o-3" })).rejects.toBeInstanceOf(Unanswered);
  await vi.advanceTimersByTimeAsync(15_000);
  await expectation;
});

test.each(["{", "[]", "null", "7", '{"id":5}', '{"method":7}', '{"method":"x","params":null}'])(
  "%s harms nothing",
  async (text) => {
    await open();
    socket().onmessage?.({ data: text });
    expect(status()).toEqual({ is: "open" });
  },
);

test("waiting grows to its ceiling with full jitter, on top of what the server asked for", () => {
  expect([0, 1, 2, 6, 50].map((attempt) => backoffMs(attempt, 0, () => 1))).toEqual([500, 1_000, 2_000, 30_000, 30_000]);
  expect(backoffMs(3, 0, () => 0)).toBe(0);
  expect(backoffMs(0, 7_000, () => 0.5)).toBe(7_250);
});
