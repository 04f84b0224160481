// Who is signed in and the one connection of a page, if it has one, as signals. It never decides what a page shows.

import { type Accessor, createContext, createSignal, onCleanup, type ParentProps, useContext } from "solid-js";
import type { Opened } from "./ahead";
import * as api from "./api";
import { CentreClock } from "./clock";
import { type Asks, Connection, type Heard, type Status } from "./connection";
import type { Role } from "./protocol";

/** By which role somebody opens a page; `campaigns`: any that runs campaigns. */
export type Entry = Role | "campaigns";

export type Session = {
  readonly entry: Entry;
  /** Whether the page hears of things as they happen; else it asks again and again. */
  readonly hasSocket: boolean;
  readonly clock: CentreClock;
  /** Undefined until the server has said; null when nobody is signed in. */
  readonly person: Accessor<api.Person | null | undefined>;
  readonly status: Accessor<Status>;
  /** What the last opening said. */
  readonly opened: Accessor<Opened | undefined>;
  /** Whether the server could not even be asked who is signed in. */
  readonly isUnreachable: Accessor<boolean>;
  /** The centre's time, for what ticks; undefined before the first word of the server. */
  readonly now: Accessor<number | undefined>;
  ask<M extends keyof Asks>(method: M, params: Asks[M]["params"]): Promise<Asks[M]["result"]>;
  signIn(user: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  /** The server says that nobody is signed in any more. */
  signedOut(): void;
  connect(): void;
  hurry(): void;
};

export type Hearing = { opened(opened: Opened): void; heard(heard: Heard): void };

const TICK_MS = 250;
const ASK_AGAIN_MS = 3_000;
const CAMPAIGNERS: readonly Role[] = ["supervisor", "campaign_manager", "admin"];

const SessionContext = createContext<Session>();

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("a page's parts stand inside its session");
  return session;
}

export function SessionProvider(props: ParentProps<{ session: Session }>) {
  return <SessionContext.Provider value={props.session}>{props.children}</SessionContext.Provider>;
}

/** One page's session. `hearing` gets all that the server says. */
export function createSession(role: Role, hearing: Hearing): Session {
  const clock = new CentreClock();
  const [status, setStatus] = createSignal<Status>({ is: "idle" });
  const [opened, setOpened] = createSignal<Opened | undefined>(undefined);
  const [now, setNow] = createSignal<number | undefined>(undefined);
  const connection = new Connection(
    role,
    {
      status: (next) => {
        setStatus(next);
        if (next.is === "signed_out") setPerson(null);
      },
      opened: (result) => {
        clock.start(Date.parse(result.server_time), result.clock_speed);
        setNow(clock.now());
        setOpened(result);
        hearing.opened(result);
      },
      heard: (heard) => {
        const serverTime = (heard.params as { server_time?: unknown }).server_time;
        if (typeof serverTime === "string") clock.hear(Date.parse(serverTime));
        hearing.heard(heard);
      },
    },
    {
      socket: (protocols) => new WebSocket(socketAddress(), protocols),
      ticket: api.ticket,
      random: Math.random,
    },
  );

  const { person, setPerson, isUnreachable, settle } = createPerson((who) => {
    if (mayOpen(role, who)) connection.connect();
  });

  const tick = setInterval(() => setNow(clock.now()), TICK_MS);
  const hurry = () => connection.hurry();
  const lost = () => connection.lost();
  window.addEventListener("online", hurry);
  window.addEventListener("offline", lost);
  onCleanup(() => {
    clearInterval(tick);
    window.removeEventListener("online", hurry);
    window.removeEventListener("offline", lost);
    connection.stop();
  });

  return {
    entry: role,
    hasSocket: true,
    clock,
    person,
    status,
    opened,
    isUnreachable,
    now,
    ask: (method, params) => connection.ask(method, params),
    signIn: async (user, password) => settle(await api.login(user, password)),
    signOut: async () => {
      await connection.ask("session.close", {}).catch(() => undefined);
      connection.stop();
      await api.logout().catch(() => undefined);
      setPerson(null);
    },
    signedOut: () => setPerson(null),
    connect: () => connection.connect(),
    hurry,
  };
}

/** The session of a page that asks over REST and opens no connection. */
export function createSessionWithoutSocket(entry: Entry): Session {
  const { person, setPerson, isUnreachable, settle } = createPerson(() => undefined);
  return {
    entry,
    hasSocket: false,
    clock: new CentreClock(),
    person,
    status: () => ({ is: "idle" }),
    opened: () => undefined,
    isUnreachable,
    now: () => undefined,
    ask: () => Promise.reject(new Error("a page without a connection asks over REST")),
    signIn: async (user, password) => settle(await api.login(user, password)),
    signOut: async () => {
      await api.logout().catch(() => undefined);
      setPerson(null);
    },
    signedOut: () => setPerson(null),
    connect: () => undefined,
    hurry: () => undefined,
  };
}

/** Whether this person may open a page by this entry. The server checks it again. */
export function mayOpen(entry: Entry, who: api.Person): boolean {
  if (entry === "campaigns") return CAMPAIGNERS.some((role) => who.roles.includes(role));
  return who.roles.includes(entry) && (entry !== "agent" || who.agent !== null);
}

/** Who is signed in: asked until the server says it. */
function createPerson(settled: (who: api.Person) => void) {
  const [person, setPerson] = createSignal<api.Person | null | undefined>(undefined);
  const [isUnreachable, setUnreachable] = createSignal(false);
  let isGone = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (who: api.Person | null) => {
    setPerson(who);
    setUnreachable(false);
    if (who !== null) settled(who);
  };
  const ask = () => {
    api.me().then(
      (who) => {
        if (!isGone) settle(who);
      },
      () => {
        if (isGone) return;
        setUnreachable(true);
        timer = setTimeout(ask, ASK_AGAIN_MS);
      },
    );
  };
  ask();
  onCleanup(() => {
    isGone = true;
    clearTimeout(timer);
  });
  return { person, setPerson, isUnreachable, settle };
}

function socketAddress(): string {
  const address = new URL("/ws", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}
