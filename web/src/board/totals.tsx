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
  const stillThere = () => props.sums.waiting + props.sums.offered + props.sums.connecting;
  return (
    <div class="balance" data-difference={props.sums.difference}>
      <p class="balance-sum">
        <span class="balance-side">
          <Term value={props.sums.carriedIn} text="board.carried_in" /> + <Term value={props.sums.entered} text="board.entered" />
        </span>
        {" = "}
        <span class="balance-side">
          <Term value={props.sums.answered} text="board.balance.answered" /> + <Term value={props.sums.abandoned} text="board.balance.abandoned" /> +{" "}
          <Term value={props.sums.flowedOut} text="board.flowed_out" /> + <Term value={props.sums.callbacks} text="board.callbacks" /> +{" "}
          <Term value={props.sums.withdrawn} text="board.withdrawn" /> + <Term value={props.sums.lost} text="board.lost" /> +{" "}
          <Term value={stillThere()} text="board.still_there" />
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

function Term(props: { value: number; text: TextKey }) {
  return (
    <span class="balance-term">
      <b>{count(props.value, language())}</b> {t(props.text)}
    </span>
  );
}
