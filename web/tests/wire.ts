// A TCP proxy between browsers and the server, so that a test can cut the line. It reads nothing of what passes.

import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class Wire {
  /** Where the server listens now: it may come back on another port. */
  to = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #isCut = false;

  constructor() {
    this.#server = createServer((near) => this.#carry(near));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Every connection breaks, and no new one stands until `heal`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  heal(): void {
    this.#isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #carry(near: Socket): void {
    if (this.#isCut) return void near.destroy();
    const far = connect(this.to, "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.#sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
