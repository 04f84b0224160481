// The centre's clock, kept from what the server says. It never reads the viewer's wall clock.

/** A sample may be late on its way; one that is later than this has another cause. */
const LATE_MAX_MS = 2_000;

/** What time it is in the centre, whose clock may run faster than ours. */
export class CentreClock {
  readonly #monotonic: () => number;
  #centreAtBase: number | undefined;
  #base = 0;
  #speed = 1;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** How many of the centre's milliseconds pass in one of ours. */
  get speed(): number {
    return this.#speed;
  }

  /** Begins again from what a session's opening said. */
  start(serverTime: number, speed: number | null | undefined): void {
    this.#speed = typeof speed === "number" && Number.isFinite(speed) && speed > 0 ? speed : 1;
    this.#set(serverTime);
  }

  /** Takes up a time that was true when it was sent. The least delayed sample is the best one, so an earlier time changes nothing unless it is far off. */
  hear(serverTime: number): void {
    const now = this.now();
    if (!Number.isFinite(serverTime)) return;
    if (now === undefined || serverTime > now || now - serverTime > LATE_MAX_MS * this.#speed) {
      this.#set(serverTime);
    }
  }

  /** Takes up a deadline and what is left of it. A replayed event's is old: it may move the clock on, never back. */
  hearDeadline(at: number, inMs: number): void {
    const now = this.now();
    const sent = at - inMs;
    if (Number.isFinite(sent) && (now === undefined || sent > now)) this.#set(sent);
  }

  /** Milliseconds since 1970 in the centre's time; undefined before the first word of the server. */
  now(): number | undefined {
    if (this.#centreAtBase === undefined) return undefined;
    return this.#centreAtBase + (this.#monotonic() - this.#base) * this.#speed;
  }

  #set(serverTime: number): void {
    this.#centreAtBase = serverTime;
    this.#base = this.#monotonic();
  }
}
