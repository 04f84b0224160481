// The wallboard: a few big figures for everybody in the room, of the whole centre or of the queues that the
// address names. It has no controls but the way to the full screen, and says plainly when it is old.

import { createMemo, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { clockTime, count, duration, percent } from "../format";
import { Layout } from "../parts/layout";
import { explain } from "../refusal";
import { SessionProvider } from "../session";
import { language, t, type TextKey } from "../text";
import { BoardContext, createBoard, useBoard } from "./board";
import { ranksOf } from "../parts/order";
import { useAgo } from "./now";
import { isShown } from "./queue_columns";
import { against, byStanding, totals } from "./state";

/** More do not fit so that they can be read from afar. */
const QUEUES_MAX = 12;

export default function WallboardPage() {
  const board = createBoard(explain);
  const fields = new URLSearchParams(location.search);
  document.documentElement.dataset["theme"] = fields.get("theme") === "light" ? "light" : "dark";
  onCleanup(() => delete document.documentElement.dataset["theme"]);
  const chosen = (fields.get("queues") ?? "").split(",").filter((name) => name !== "");
  return (
    <SessionProvider session={board.session}>
      <BoardContext.Provider value={board}>
        <Layout title="wallboard.title" isBare>
          <Show when={board.live.countedSince() !== undefined} fallback={<p class="loading">{t("loading")}</p>}>
            <Wall chosen={chosen} />
          </Show>
        </Layout>
      </BoardContext.Provider>
    </SessionProvider>
  );
}

function Wall(props: { chosen: readonly string[] }) {
  const board = useBoard();
  const ago = useAgo();
  const { live, session } = board;
  const rows = createMemo(() => {
    const all = live.queues.all().filter((row) => (props.chosen.length > 0 ? props.chosen.includes(row.queue) : isShown(row)));
    const ranks = ranksOf(all.map((row) => [row.queue, row.queue]), language());
    return all.sort((a, b) => ranks.get(a.queue)! - ranks.get(b.queue)!);
  });
  const names = createMemo(() => rows().slice(0, QUEUES_MAX).map((row) => row.queue), undefined, {
    equals: (a, b) => a.join("\n") === b.join("\n"),
  });
  const sums = createMemo(() => totals(rows()));
  const standings = createMemo(() => byStanding(live.agents.all()));
  const figure = (label: TextKey, name: string, value: () => string) => (
    <div class="wall-figure" data-tile={name}>
      <dt>{t(label)}</dt>
      <dd>{value()}</dd>
    </div>
  );
  const missing = () => props.chosen.filter((name) => !live.queues.has(name));
  return (
    <div class="wall" data-stale={!board.isLive()}>
      <h1 class="visually-hidden">{t("wallboard.title")}</h1>
      <Show when={!board.isLive()}>
        <p class="wall-stale" role="alert">
          {t("wallboard.stale")}
        </p>
      </Show>
      <dl class="wall-figures">
        {figure("board.waiting", "waiting", () => count(sums().waiting + sums().offered + sums().connecting, language()))}
        {figure("board.longest", "longest", () => duration(ago(sums().longestWaitingSince) ?? 0))}
        {figure("board.service_level", "service_level", () => percent(sums().serviceLevel, language()))}
        {figure("board.abandoned", "abandoned", () => count(sums().abandoned, language()))}
        {figure("wallboard.idle", "idle", () => count(standings().idle, language()))}
        {figure("wallboard.busy", "busy", () => count(standings().busy + standings().offered + standings().wrap_up, language()))}
      </dl>
      <table class="wall-queues">
        <caption class="visually-hidden">{t("board.queues")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("board.queue")}</th>
            <For each={["board.waiting", "board.longest", "board.service_level", "wallboard.idle"] as const}>
              {(key) => (
                <th scope="col" class="number">
                  {t(key)}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={names()}>{(name) => <WallRow name={name} />}</For>
        </tbody>
      </table>
      <Show when={missing().length > 0}>
        <p class="quiet">{t("wallboard.missing", { queues: missing().join(", ") })}</p>
      </Show>
      <footer class="wall-foot">
        <span>{session.opened()?.site}</span>
        <time>{clockTime(session.now(), language(), false)}</time>
        <FullScreen />
      </footer>
    </div>
  );
}

function WallRow(props: { name: string }) {
  const board = useBoard();
  const ago = useAgo();
  const row = createMemo(() => board.live.queues.get(props.name));
  const isAlert = () => board.live.alerts().some((alert) => alert.queue === props.name);
  return (
    <Show when={row()}>
      {(known) => (
        <tr data-queue={props.name} data-alert={isAlert() ? "" : undefined}>
          <th scope="row">
            {board.queueTitle(props.name)}
            <Show when={known().paused}> · {t("board.paused")}</Show>
          </th>
          <td class="number">{count(known().waiting + known().offered + known().connecting, language())}</td>
          <td class="number">{duration(ago(known().longest_waiting_since) ?? 0)}</td>
          <td class="number" data-against={against(known())}>
            {percent(known().service_level, language())}
          </td>
          <td class="number">{count(known().agents_idle, language())}</td>
        </tr>
      )}
    </Show>
  );
}

function FullScreen() {
  const [isFull, setFull] = createSignal(document.fullscreenElement !== null);
  const changed = () => setFull(document.fullscreenElement !== null);
  onMount(() => document.addEventListener("fullscreenchange", changed));
  onCleanup(() => document.removeEventListener("fullscreenchange", changed));
  return (
    <Show when={!isFull()}>
      <button type="button" class="button button-small" onClick={() => void document.documentElement.requestFullscreen()}>
        {t("wallboard.full_screen")}
      </button>
    </Show>
  );
}
