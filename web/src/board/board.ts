// What the board's parts share: the session, the rows, what is open, what is being done. It draws nothing.

import { type Accessor, createContext, createSignal, useContext } from "solid-js";
import { type Asks } from "../connection";
import { isDirect } from "../contact_text";
import { announce } from "../parts/announce";
import { showNotice } from "../parts/notices";
import { createSession, type Session } from "../session";
import { t } from "../text";
import type { Action } from "./actions";
import { alertText } from "./alerts";
import { LiveBoard } from "./live";
import { createMonitoring, type Monitoring } from "./monitoring";
import { createPlaces, type Places } from "./place";

export type Board = {
  readonly session: Session;
  readonly live: LiveBoard;
  readonly places: Places;
  readonly monitoring: Monitoring;
  /** Whether what is asked now is answered soon. */
  readonly isLive: Accessor<boolean>;
  /** What a supervisor is asked about before it is done. */
  readonly asking: Accessor<Action | undefined>;
  /** Rises when something may have been done: what is shown from near is asked anew. */
  readonly acted: Accessor<number>;
  begin(action: Action): void;
  end(): void;
  /** Runs a request without a question before it; a refusal is a notice. */
  run<M extends keyof Asks>(method: M, params: Asks[M]["params"], done: string): Promise<void>;
  agentTitle(agent: string): string;
  queueTitle(queue: string): string;
};

export const BoardContext = createContext<Board>();

export function useBoard(): Board {
  const found = useContext(BoardContext);
  if (found === undefined) throw new Error("the board's parts stand inside it");
  return found;
}

export function createBoard(explain: (failure: unknown) => string, raised: () => void = () => undefined): Board {
  const live = new LiveBoard();
  const [asking, setAsking] = createSignal<Action | undefined>(undefined);
  const [acted, setActed] = createSignal(0);
  const session: Session = createSession("supervisor", {
    opened: (opened) => {
      if (opened.snapshot?.role === "supervisor") live.take(opened.snapshot);
      else watchAgain();
    },
    heard: (heard) => {
      switch (heard.method) {
        case "board.snapshot":
          live.take(heard.params);
          return;
        case "board.delta":
          live.apply(heard.params);
          return;
        case "alert.raised":
          live.raise(heard.params.alert);
          announce(alertText(heard.params.alert, queueTitle), true);
          raised();
          return;
        case "alert.cleared":
          live.clear(heard.params.queue, heard.params.measure);
          return;
        case "monitor.changed":
          monitoring.changed(heard.params);
          return;
        case "notice":
          showNotice(heard.params.level, heard.params.text);
          return;
        default:
      }
    },
  });
  // Deltas have no number: those missed before a resume are made good by a whole board.
  const watchAgain = () => {
    queueMicrotask(() => {
      session.ask("board.watch", {}).then(
        (snapshot) => live.take(snapshot),
        () => undefined,
      );
    });
  };
  const agentTitle = (agent: string) => live.agents.get(agent)?.name ?? agent;
  const queueTitle = (queue: string) =>
    isDirect(queue) ? t("board.direct", { agent: agentTitle(queue.slice(1)) }) : queue;
  const monitoring = createMonitoring(session, explain);
  return {
    session,
    live,
    places: createPlaces(),
    monitoring,
    isLive: () => session.status().is === "open",
    asking,
    acted,
    begin: (action) => setAsking(action),
    end: () => {
      setAsking(undefined);
      setActed((before) => before + 1);
    },
    run: async (method, params, done) => {
      try {
        await session.ask(method, params);
        setActed((before) => before + 1);
        announce(done);
      } catch (failure) {
        showNotice("warning", explain(failure));
      }
    },
    agentTitle,
    queueTitle,
  };
}
