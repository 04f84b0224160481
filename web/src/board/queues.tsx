// The queues as a table; on a narrow screen each row becomes a card and stays a row for screen readers.

import { createMemo, type JSX, Show, untrack } from "solid-js";
import type { BoardQueue } from "../protocol";
import { count, duration, percent } from "../format";
import { Grid, type GridColumn, type RowPlace } from "../parts/grid";
import { MenuButton } from "../parts/menu";
import { matches, ordered, ranksOf, readSort, sameOrder, type Sort, sortText } from "../parts/order";
import { language, t, type TextKey } from "../text";
import { queueActions } from "./actions";
import { useBoard } from "./board";
import { useAgo } from "./now";
import { abandonment, agentsByStanding, isShown, QUEUE_COLUMNS, type QueueColumn, queueKey } from "./queue_columns";
import { ServiceLevel } from "./service_level";
import { StandingBar } from "./standings";
import { createThrottled } from "./throttled";
import { Toolbar } from "./toolbar";

const SORT_EVERY_MS = 400;
const STANDARD: Sort<QueueColumn> = { column: "queue", isDown: false };

export function Queues() {
  const board = useBoard();
  const { queues } = board.live;
  const sort = createMemo(() => readSort(board.places.view().queues_sort, QUEUE_COLUMNS) ?? STANDARD, undefined, {
    equals: (a, b) => sortText(a) === sortText(b),
  });
  const find = createMemo(() => board.places.view().queues_find);
  const version = createThrottled(() => queues.version(), SORT_EVERY_MS);
  const ranks = createMemo(() => {
    queues.membership();
    const tag = language();
    return untrack(() => ranksOf(queues.now().map((row) => [row.queue, board.queueTitle(row.queue)]), tag));
  });
  const textsOf = (row: BoardQueue) =>
    untrack(() => [board.queueTitle(row.queue), row.queue, row.paused ? t("board.paused") : ""]);
  // Which queues there are is seen at once: only the order may be a little old.
  const atHand = createMemo(() => queues.all().filter(isShown).map((row) => row.queue), undefined, { equals: sameOrder });
  const inOrder = createMemo(() => {
    version();
    const typed = find();
    const there = new Set(atHand());
    const rows = queues.now().filter((row) => there.has(row.queue) && (typed === "" || matches(typed, textsOf(row))));
    const by = new Map(rows.map((row) => [row.queue, row]));
    const { column, isDown } = sort();
    const keyOf = (name: string) => queueKey(by.get(name)!, column, ranks().get(name) ?? 0);
    return ordered([...by.keys()], keyOf, isDown, ranks());
  });
  const columns = createMemo<GridColumn<QueueColumn>[]>(() => QUEUE_COLUMNS.map((name) => ({ name, ...heading(name) })));
  return (
    <section class="card" aria-labelledby="queues-heading">
      <Toolbar
        heading="board.queues"
        id="queues-heading"
        find={find()}
        onFind={(queues_find) => board.places.change({ queues_find })}
        shown={inOrder().length}
        total={atHand().length}
        columns={columns()}
        sort={sort()}
        onSort={(next) => board.places.change({ queues_sort: sortText(next) })}
      />
      <Show when={atHand().length > 0} fallback={<p class="empty">{t("board.no_queues")}</p>}>
        <Show when={inOrder().length > 0} fallback={<p class="empty">{t("grid.nothing_found")}</p>}>
          <Grid
            class="queues"
            labelledby="queues-heading"
            columns={columns()}
            menuTitle={t("menu.open")}
            order={inOrder()}
            sort={sort()}
            onSort={(next) => board.places.change({ queues_sort: sortText(next) })}
            attributes={(name) => ({
              get "data-queue"() {
                return name();
              },
              get "data-alert"() {
                return board.live.alerts().some((alert) => alert.queue === name()) ? "" : undefined;
              },
              get "data-opened"() {
                const opened = board.places.opened();
                return opened?.is === "queue" && opened.name === name() ? "" : undefined;
              },
            })}
          >
            {(name, place) => <Row name={name()} place={place} />}
          </Grid>
        </Show>
        <p class="quiet fine">{t("board.service_level.variant")}</p>
      </Show>
    </section>
  );
}

function heading(name: QueueColumn): Omit<GridColumn<QueueColumn>, "name"> {
  switch (name) {
    case "queue":
      return { title: t("board.queue") };
    case "estimated":
      return { title: t("board.estimated"), meaning: t("board.estimated.meaning"), isNumber: true };
    case "service_level":
      return { title: t("board.service_level"), meaning: t("board.service_level.variant"), isNumber: true };
    case "asa":
      return { title: t("board.asa.short"), meaning: t("board.asa"), isNumber: true };
    case "aht":
      return { title: t("board.aht.short"), meaning: t("board.aht"), isNumber: true };
    case "agents":
      return { title: t("board.agents_idle"), isNumber: true };
    default:
      return { title: t(`board.${name}`), isNumber: true };
  }
}

function Row(props: { name: string; place: RowPlace }) {
  const board = useBoard();
  const ago = useAgo();
  const row = createMemo<BoardQueue>((before) => board.live.queues.get(props.name) ?? before!);
  const number = (value: number) => count(value, language());
  const estimateText = () => {
    const estimate = row().estimated_wait;
    return estimate ? t("board.estimated.nine_of_ten", { span: duration(estimate.p90_ms) }) : undefined;
  };
  const title = () => board.queueTitle(props.name);
  return (
    <>
      <th role="rowheader" scope="row" data-cell="queue">
        <button
          type="button"
          class="row-name"
          data-focus="open"
          data-opens={`queue:${props.name}`}
          tabindex={props.place.tabIndex()}
          onClick={() => board.places.open({ is: "queue", name: props.name })}
        >
          {title()}
        </button>
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
        {duration(ago(row().longest_waiting_since))}
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
        <Show when={typeof abandonment(row()) === "number"}>
          {" "}
          <span class="quiet">{percent(abandonment(row()), language())}</span>
        </Show>
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
        <Show when={agentsByStanding(row())}>{(counts) => <StandingBar counts={counts()} />}</Show>
      </Cell>
      <td role="gridcell" data-cell="menu">
        <MenuButton
          label={t("menu.of", { name: title() })}
          items={() => queueActions(board, props.name)}
          tabIndex={props.place.tabIndex()}
          column="menu"
        />
      </td>
    </>
  );
}

export function Cell(props: { label: TextKey; name: string; strong?: boolean; children: JSX.Element }) {
  return (
    <td role="gridcell" data-cell={props.name} classList={{ strong: props.strong === true }}>
      <span class="cell-label" aria-hidden="true">
        {t(props.label)}
      </span>
      <span class="cell-value">{props.children}</span>
    </td>
  );
}
