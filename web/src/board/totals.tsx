// The sums over all queues, and whether they balance. It adds up nothing itself.

import { Show } from "solid-js";
import { clockTime, count, duration, percent } from "../format";
import { language, t, type TextKey } from "../text";
import { useBoard } from "./board";
import { useAgo } from "./now";
import { AT_WORK } from "./standings";
import type { Standing, Totals as Sums } from "./state";

export function Totals(props: { sums: Sums; standings: Record<Standing, number> }) {
  const ago = useAgo();
  const loggedIn = () => AT_WORK.reduce((sum, name) => sum + props.standings[name], 0);
  const longest = () => ago(props.sums.longestWaitingSince) ?? 0;
  const tile = (label: TextKey, value: () => string, name: string) => (
    <div class="tile" data-tile={name}>
      <dt>{t(label)}</dt>
      <dd>{value()}</dd>
    </div>
  );
  const number = (value: number) => count(value, language());
  return (
    <section aria-label={t("board.totals")}>
      <dl class="tiles">
        {tile("board.waiting", () => number(props.sums.waiting), "waiting")}
        {tile("board.on_offer", () => number(props.sums.offered + props.sums.connecting), "on_offer")}
        {tile("board.longest", () => duration(longest()), "longest")}
        {tile("board.service_level", () => percent(props.sums.serviceLevel, language()), "service_level")}
        {tile("board.answered", () => number(props.sums.answered), "answered")}
        {tile("board.abandoned", () => number(props.sums.abandoned), "abandoned")}
        {tile("board.logged_in", () => number(loggedIn()), "logged_in")}
        {tile("board.busy", () => number(props.standings.busy), "busy")}
      </dl>
      <Balance sums={props.sums} />
    </section>
  );
}

function Balance(props: { sums: Sums }) {
  const board = useBoard();
  const term = (value: number, key: TextKey) => (
    <span class="balance-term">
      <b>{count(value, language())}</b> {t(key)}
    </span>
  );
  const stillThere = () => props.sums.waiting + props.sums.offered + props.sums.connecting;
  return (
    <div class="balance" data-difference={props.sums.difference}>
      <p class="balance-sum">
        <span class="balance-side">
          {term(props.sums.carriedIn, "board.carried_in")} + {term(props.sums.entered, "board.entered")}
        </span>
        {" = "}
        <span class="balance-side">
          {term(props.sums.answered, "board.balance.answered")} + {term(props.sums.abandoned, "board.balance.abandoned")} +{" "}
          {term(props.sums.flowedOut, "board.flowed_out")} + {term(props.sums.callbacks, "board.callbacks")} +{" "}
          {term(props.sums.withdrawn, "board.withdrawn")} + {term(props.sums.lost, "board.lost")} +{" "}
          {term(stillThere(), "board.still_there")}
        </span>
      </p>
      <p class="quiet">
        <Show
          when={props.sums.difference === 0}
          fallback={<strong class="bad">{t("board.unbalanced", { count: props.sums.difference })}</strong>}
        >
          {t("board.balanced")}
        </Show>{" "}
        {t("board.since", { time: clockTime(Date.parse(board.live.countedSince() ?? ""), language(), true) })}
      </p>
    </div>
  );
}
