// A small gateway for tests on the real server: it carries every order out as a switch would, at once,
// unless a test says that the next one fails. What customers do, the test says. It decides no route.

import WebSocket from "ws";
import type { Attributes, CallProgressed, Channel, ContactQueued, GatewayAsks, GatewayOrders, HungUpBy, OrderFailure, Speaker } from "../src/protocol";

type Told<M extends keyof GatewayAsks> = Omit<GatewayAsks[M]["params"], "event" | "occurred_at">;
type Order = { [M in keyof GatewayOrders]: { method: M; params: GatewayOrders[M]["params"] } }[keyof GatewayOrders];
type Arrival = { channel?: Channel; from?: string; to?: string; attributes?: Attributes };
type Message = { id?: number | string; method?: string; params?: unknown; result?: unknown; error?: { data?: unknown } };

const ANSWER_WITHIN_MS = 10_000;

export class Gateway {
  /** All that the server ordered, the oldest first. */
  readonly orders: Order[] = [];
  /** The next order of a method fails with this. */
  readonly failNext = new Map<Order["method"], OrderFailure>();
  /** What becomes of the next calls that are placed; the customer answers when it is empty. */
  readonly comesTo: CallProgressed[] = [];
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, (message: Message) => void>();
  #nextId = 1;
  #event = 0;
  #ref = 0;
  #typed = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#hear(JSON.parse(String(data)) as Message));
  }

  /** `before`: a gateway keeps its numbers over its sessions. */
  static async open(host: string, key: string, before?: Gateway): Promise<Gateway> {
    const socket = new WebSocket(`ws://${host}/ws`, "usher.v1", { headers: { authorization: `Bearer ${key}` } });
    await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
    const gateway = new Gateway(socket);
    if (before !== undefined) [gateway.#event, gateway.#ref] = [before.#event, before.#ref];
    await gateway.#ask("session.open", { role: "gateway" });
    return gateway;
  }

  close(): void {
    this.#socket.terminate();
  }

  /** A customer calls, or writes; the gateway's name of the contact. */
  async arrive(with_: Arrival = {}): Promise<{ ref: string; contact: string }> {
    const ref = `ref-${++this.#ref}`;
    const { channel = "voice", from = "+15550100", to = "+15550199", attributes = {} } = with_;
    const queued = (await this.#tell("contact.arrived", { ref, channel, direction: "inbound", from, to, attributes })) as ContactQueued;
    return { ref, contact: queued.contact };
  }

  hangUp(ref: string, by: HungUpBy = "customer"): Promise<unknown> {
    return this.#tell("contact.ended", { ref, by });
  }

  /** The customer leaves before anybody answered. */
  leave(ref: string): Promise<unknown> {
    return this.#tell("contact.abandoned", { ref });
  }

  /** The agent's line is lost. */
  loseLeg(ref: string, agent: string): Promise<unknown> {
    return this.#tell("party.left", { ref, agent });
  }

  /** A line of a chat has passed; `text`: for agents to read. */
  write(ref: string, by: Speaker, text?: string): Promise<unknown> {
    return this.#tell("message.passed", { ref, by, ...(text === undefined ? {} : { text, message: `line-${this.#event}` }) });
  }

  /** The customer is writing. */
  types(ref: string): void {
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", method: "contact.typing", params: { ref } }));
  }

  /** How often an agent was said to be writing. */
  get typed(): number {
    return this.#typed;
  }

  update(ref: string, attributes: Attributes): Promise<unknown> {
    return this.#tell("contact.updated", { ref, attributes });
  }

  ordered<M extends Order["method"]>(method: M): GatewayOrders[M]["params"][] {
    return this.orders.filter((one) => one.method === method).map((one) => one.params as GatewayOrders[M]["params"]);
  }

  #tell<M extends keyof GatewayAsks>(method: M, params: Told<M>): Promise<unknown> {
    return this.#ask(method, { ...params, event: ++this.#event, occurred_at: new Date().toISOString() });
  }

  #ask(method: string, params: object): Promise<unknown> {
    const id = this.#nextId++;
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), ANSWER_WITHIN_MS);
      this.#asked.set(id, (answer) => {
        clearTimeout(timer);
        if (answer.error === undefined) resolve(answer.result);
        else reject(new Error(`${method}: ${JSON.stringify(answer.error.data)}`));
      });
    });
  }

  #hear(message: Message): void {
    if (message.method === undefined) {
      this.#asked.get(message.id as number)?.(message);
      this.#asked.delete(message.id as number);
      return;
    }
    if (message.method === "contact.typing") {
      this.#typed += 1;
      return;
    }
    const order = { method: message.method, params: message.params } as Order;
    this.orders.push(order);
    if (message.id === undefined) return;
    this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id: message.id, result: { accepted: true } }));
    // A server that is killed in the middle of a test is no mistake of the gateway.
    this.#obey(order).catch(() => undefined);
  }

  async #obey(order: Order): Promise<void> {
    const why = this.failNext.get(order.method);
    if (why !== undefined && order.method !== "inventory.send") {
      this.failNext.delete(order.method);
      await this.#tell("order.failed", { order: order.params.order, why });
      return;
    }
    switch (order.method) {
      case "contact.connect":
        await this.#tell("contact.connected", { ref: order.params.ref, order: order.params.order });
        return;
      case "monitor.start":
      case "monitor.mode":
        await this.#tell("monitor.changed", { ref: order.params.ref, monitor: order.params.monitor, state: "on" });
        return;
      case "monitor.stop":
        await this.#tell("monitor.changed", { ref: order.params.ref, monitor: order.params.monitor, state: "over" });
        return;
      case "contact.end":
        await this.#tell("contact.ended", { ref: order.params.ref, by: "agent" });
        return;
      case "call.place":
        await this.#place(order.params);
        return;
      case "recording.start":
      case "recording.resume":
        await this.#tell("recording.state", { ref: order.params.ref, recording: order.params.recording, state: "recording" });
        return;
      case "recording.pause":
        await this.#tell("recording.state", { ref: order.params.ref, recording: order.params.recording, state: "paused" });
        return;
      case "recording.stop":
        await this.#tell("recording.state", { ref: order.params.ref, recording: order.params.recording, state: "finished" });
        return;
      case "contact.dtmf":
      case "inventory.send":
        return;
      default:
        await this.#tell("order.done", { order: order.params.order });
    }
  }

  async #place({ order, ref }: { order: string; ref: string }): Promise<void> {
    const progress = this.comesTo.shift() ?? "answered";
    await this.#tell("call.progress", { order, progress: "ringing" });
    await this.#tell("call.progress", { order, progress });
    if (progress === "answered") await this.#tell("contact.connected", { ref, order });
  }
}
