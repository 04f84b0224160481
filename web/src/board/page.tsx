// The live board: what a supervisor sees of queues and agents now. It acts on nothing.

import { createMemo, createSignal, createEffect, on, onCleanup, Show } from "solid-js";
import { createSession, SessionProvider } from "../session";
import { showNotice } from "../parts/notices";
import { Layout } from "../parts/layout";
import { t } from "../text";
import { Agents } from "./agents";
import { Chart } from "./chart";
import { addGap, addSample, type History } from "./history";
import { Queues } from "./queues";
import { applyDelta, type BoardState, byStanding, fromSnapshot, totals } from "./state";
import { Totals } from "./totals";

const SAMPLE_EVERY_MS = 1_000;

export default function BoardPage() {
  const [board, setBoard] = createSignal<BoardState | undefined>(undefined);
  const [history, setHistory] = createSignal<History>([]);
  const session = createSession("supervisor", {
    opened: (opened) => {
      if (opened.snapshot?.role === "supervisor") setBoard(fromSnapshot(opened.snapshot));
      else watchAgain();
    },
    heard: (heard) => {
      switch (heard.method) {
        case "board.snapshot":
          setBoard(fromSnapshot(heard.params));
          return;
        case "board.delta":
          setBoard((before) => before && applyDelta(before, heard.params));
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
        (snapshot) => setBoard(fromSnapshot(snapshot)),
        () => undefined,
      );
    });
  };

  const sums = createMemo(() => totals(board()?.queues.values() ?? []));
  const standings = createMemo(() => byStanding(board()?.agents.values() ?? []));
  const sample = () => {
    const at = session.clock.now();
    if (board() === undefined || at === undefined || session.status().is !== "open") return;
    const waiting = sums().waiting + sums().offered + sums().connecting;
    const speed = session.clock.speed;
    setHistory((before) => addSample(before, { at, waiting, busy: standings().busy }, SAMPLE_EVERY_MS * speed * 0.9));
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  onCleanup(() => clearInterval(timer));
  createEffect(on(board, sample));
  createEffect(() => {
    if (session.status().is === "waiting") setHistory(addGap);
  });

  return (
    <SessionProvider session={session}>
      <Layout title="board.title">
        <Show when={board()} fallback={<p class="loading">{t("loading")}</p>}>
          {(shown) => (
            <div class="board" data-stale={session.status().is !== "open"}>
              <h1 class="visually-hidden">{t("board.title")}</h1>
              <Totals board={shown()} sums={sums()} standings={standings()} />
              <div class="board-columns">
                <div class="board-main">
                  <Queues board={shown()} />
                  <Chart history={history()} />
                </div>
                <Agents board={shown()} standings={standings()} />
              </div>
            </div>
          )}
        </Show>
      </Layout>
    </SessionProvider>
  );
}
