// The queues as a table; on a narrow screen each row becomes a card and stays a row for screen readers.

import { createMemo, For, type JSX, Show } from "solid-js";
import type { QueueRow } from "../ahead";
import { count, duration, percent } from "../format";
import { useSession } from "../session";
import { language, t, type TextKey } from "../text";
import { isDirect } from "../contact_text";
import { against, type BoardState, queueOrder } from "./state";

export function Queues(props: { board: BoardState }) {
  const order = createMemo(() => queueOrder(props.board.queues, language()), undefined, { equals: sameOrder });
  const heading = (key: TextKey, meaning?: TextKey) => (
    <th role="columnheader" scope="col">
      <Show when={meaning} fallback={t(key)}>
        {(long) => <abbr title={t(long())}>{t(key)}</abbr>}
      </Show>
    </th>
  );
  return (
    <section class="card" aria-labelledby="queues-heading">
      <h2 id="queues-heading">{t("board.queues")}</h2>
      <Show when={order().length > 0} fallback={<p class="empty">{t("board.no_queues")}</p>}>
        <table class="cards-when-narrow queues" role="table" aria-labelledby="queues-heading">
          <thead role="rowgroup">
            <tr role="row">
              {heading("board.queue")}
              {heading("board.waiting")}
              {heading("board.on_offer")}
              {heading("board.longest")}
              {heading("board.estimated", "board.estimated.meaning")}
              {heading("board.service_level")}
              {heading("board.answered")}
              {heading("board.abandoned")}
              {heading("board.asa.short", "board.asa")}
              {heading("board.aht.short", "board.aht")}
              {heading("board.agents_idle")}
            </tr>
          </thead>
          <tbody role="rowgroup">
            <For each={order()}>{(name) => <Row name={name} board={props.board} />}</For>
          </tbody>
        </table>
      </Show>
    </section>
  );
}

function Row(props: { name: string; board: BoardState }) {
  const session = useSession();
  const row = createMemo<QueueRow>((before) => props.board.queues.get(props.name) ?? before!);
  const number = (value: number) => count(value, language());
  const longest = () => {
    const since = row().longest_waiting_since;
    const now = session.now();
    return since === null || now === undefined ? null : now - Date.parse(since);
  };
  const estimateText = () => {
    const estimate = row().estimated_wait;
    return estimate ? t("board.estimated.nine_of_ten", { span: duration(estimate.p90_ms) }) : undefined;
  };
  const title = () => queueTitle(props.board, props.name);
  return (
    <tr role="row" data-queue={props.name}>
      <th role="rowheader" scope="row">
        {title()}
        <Show when={row().paused}>
          <strong class="paused"> {t("board.paused")}</strong>
        </Show>
      </th>
      <Cell label="board.waiting" name="waiting" strong={row().waiting > 0}>
        {number(row().waiting)}
      </Cell>
      <Cell label="board.on_offer" name="on_offer">
        {number(row().offered + row().connecting)}
      </Cell>
      <Cell label="board.longest" name="longest">
        {duration(longest())}
      </Cell>
      <Cell label="board.estimated" name="estimated">
        <span title={estimateText()}>{duration(row().estimated_wait?.p50_ms)}</span>
      </Cell>
      <Cell label="board.service_level" name="service_level">
        <ServiceLevel row={row()} />
      </Cell>
      <Cell label="board.answered" name="answered">
        {number(row().answered)}
      </Cell>
      <Cell label="board.abandoned" name="abandoned">
        {number(row().abandoned)}
        <Show when={row().short_abandoned > 0}>
          {" "}
          <span class="quiet">({t("board.short", { count: number(row().short_abandoned) })})</span>
        </Show>
      </Cell>
      <Cell label="board.asa.short" name="asa">
        {duration(row().asa_ms)}
      </Cell>
      <Cell label="board.aht.short" name="aht">
        {duration(row().aht_ms)}
      </Cell>
      <Cell label="board.agents_idle" name="agents">
        {number(row().agents_idle)} / {number(row().agents_available)}
      </Cell>
    </tr>
  );
}

function Cell(props: { label: TextKey; name: string; strong?: boolean; children: JSX.Element }) {
  return (
    <td role="cell" data-cell={props.name} classList={{ strong: props.strong === true }}>
      <span class="cell-label" aria-hidden="true">
        {t(props.label)}
      </span>
      <span class="cell-value">{props.children}</span>
    </td>
  );
}

function ServiceLevel(props: { row: QueueRow }) {
  const standing = () => against(props.row);
  const share = () => props.row.service_level ?? 0;
  const target = () => props.row.target_share ?? null;
  const words = () => {
    switch (standing()) {
      case "met":
        return t("board.met");
      case "near":
        return t("board.near");
      case "missed":
        return t("board.missed");
      case "unknown":
        return "";
    }
  };
  const targetText = () =>
    target() === null
      ? undefined
      : t("board.target", {
          share: percent(target(), language()),
          seconds: Math.round((props.row.target_within_ms ?? 0) / 1_000),
        });
  return (
    <span class="service-level" data-against={standing()} title={targetText()}>
      <span class="service-level-share">{percent(props.row.service_level, language())}</span>
      <svg class="service-level-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-ground" width="100" height="10" />
        <rect class="bar-share" width={share() * 100} height="10" />
        <Show when={target()}>{(at) => <rect class="bar-target" x={at() * 100 - 1} width="2" height="10" />}</Show>
      </svg>
      <span class="service-level-words">
        <Show when={standing() === "missed" || standing() === "near"}>
          <span aria-hidden="true">{standing() === "missed" ? "▼" : "▽"}</span>{" "}
        </Show>
        <span class={standing() === "met" ? "visually-hidden" : undefined}>{words()}</span>
      </span>
    </span>
  );
}

export function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, place) => name === b[place]);
}

/** The queue's name as a supervisor reads it. */
export function queueTitle(board: BoardState, queue: string): string {
  if (!isDirect(queue)) return queue;
  const agent = queue.slice(1);
  return t("board.direct", { agent: board.agents.get(agent)?.name ?? agent });
}
