// The live board: what a supervisor sees of queues and agents now, and what he can do about it. It lays out
// its parts.

import { type Accessor, createMemo, createSignal, createEffect, on, onCleanup, Show } from "solid-js";
import { SessionProvider } from "../session";
import { Layout } from "../parts/layout";
import { MenuHost } from "../parts/menu";
import { explain } from "../refusal";
import { t } from "../text";
import { Agents } from "./agents";
import { createAlertSound } from "./alerts";
import { type Board, BoardContext, createBoard, useBoard } from "./board";
import { Chart } from "./chart";
import { Dialogs } from "./dialogs";
import { History } from "./history";
import { Hours } from "./hours";
import { Panel } from "./panel";
import { Queues } from "./queues";
import { byStanding, totals } from "./state";
import { Alerts, MonitorStrip, SoundChoice } from "./strips";
import { Totals } from "./totals";

const SAMPLE_EVERY_MS = 1_000;

export default function BoardPage() {
  const sound = createAlertSound();
  const board = createBoard(explain, sound.play);
  const alerts = () => board.live.alerts().length;
  const isOpen = createMemo(() => board.places.opened() !== null);
  const isNarrow = createMedia("(max-width: 1023px)");
  return (
    <SessionProvider session={board.session}>
      <BoardContext.Provider value={board}>
        <Layout title="board.title" {...(alerts() > 0 ? { mark: t("alerts.mark", { count: alerts() }) } : {})}>
          <Show when={board.live.countedSince() !== undefined} fallback={<p class="loading">{t("loading")}</p>}>
            <div class="board" data-stale={!board.isLive()} data-panel={isOpen()}>
              <div class="board-all" inert={isOpen() && isNarrow()}>
                <h1 class="visually-hidden">{t("board.title")}</h1>
                <MonitorStrip />
                <Alerts sound={sound} />
                <Tables board={board} />
                <div class="board-end">
                  <button
                    type="button"
                    class="button button-small"
                    onClick={() => board.begin({ is: "notice", to: { everybody: {} } })}
                  >
                    {t("action.notice_all")}
                  </button>
                  <a class="button button-small" href="/wallboard">
                    {t("wallboard.title")}
                  </a>
                  <Show when={alerts() === 0}>
                    <SoundChoice sound={sound} />
                  </Show>
                </div>
              </div>
              <Panel />
            </div>
          </Show>
          <Dialogs />
          <MenuHost />
        </Layout>
      </BoardContext.Provider>
    </SessionProvider>
  );
}

/** Whether the window is as a media query says. */
function createMedia(query: string): Accessor<boolean> {
  const media = window.matchMedia(query);
  const [matches, setMatches] = createSignal(media.matches);
  const changed = () => setMatches(media.matches);
  media.addEventListener("change", changed);
  onCleanup(() => media.removeEventListener("change", changed));
  return matches;
}

function Tables(props: { board: Board }) {
  const { live } = props.board;
  const sums = createMemo(() => totals(live.queues.all()));
  const standings = createMemo(() => byStanding(live.agents.all()));
  return (
    <>
      <Totals sums={sums()} standings={standings()} />
      <div class="board-columns">
        <div class="board-main">
          <Queues />
        </div>
        <Agents standings={standings()} />
      </div>
      <LastMinutes waiting={sums().waiting + sums().offered + sums().connecting} busy={standings().busy} />
      <Hours />
    </>
  );
}

function LastMinutes(props: { waiting: number; busy: number }) {
  const { session, isLive } = useBoard();
  const kept = new History();
  const [history, show] = createSignal(kept, { equals: false });
  const sample = () => {
    const at = session.clock.now();
    if (at === undefined || !isLive()) return;
    const everyMs = SAMPLE_EVERY_MS * session.clock.speed * 0.9;
    if (kept.add({ at, waiting: props.waiting, busy: props.busy }, everyMs)) show(kept);
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  onCleanup(() => clearInterval(timer));
  createEffect(on(() => [props.waiting, props.busy], sample));
  createEffect(() => {
    if (session.status().is === "waiting" && kept.addGap()) show(kept);
  });
  return <Chart history={history()} />;
}
