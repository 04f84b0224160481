// Agents by state as a drawn bar with its counts, and each agent in a table. It changes nobody's state.

import { createMemo, Index, Show, untrack } from "solid-js";
import { segmentText } from "../contact_text";
import { clockTime, count, duration, percent } from "../format";
import { Grid, type GridColumn, type RowPlace } from "../parts/grid";
import { MenuButton } from "../parts/menu";
import { matches, ordered, ranksOf, readSort, sameOrder, type Sort, type SortKey, sortText } from "../parts/order";
import type { BoardAgent, BoardContact } from "../protocol";
import { language, t } from "../text";
import { agentActions } from "./actions";
import { type Board, useBoard } from "./board";
import { useAgo } from "./now";
import { Cell } from "./queues";
import { Mark, States } from "./standings";
import { type Standing, STANDINGS, standing } from "./state";
import { createThrottled } from "./throttled";
import { Toolbar } from "./toolbar";

const AGENT_COLUMNS = ["agent", "state", "since", "why", "in_hand", "occupancy", "handled"] as const;
type AgentColumn = (typeof AGENT_COLUMNS)[number];

const SORT_EVERY_MS = 400;
const STANDARD: Sort<AgentColumn> = { column: "agent", isDown: false };

export function Agents(props: { standings: Record<Standing, number> }) {
  const board = useBoard();
  const { agents } = board.live;
  const view = () => board.places.view();
  const sort = createMemo(() => readSort(view().agents_sort, AGENT_COLUMNS) ?? STANDARD, undefined, {
    equals: (a, b) => sortText(a) === sortText(b),
  });
  const find = createMemo(() => view().agents_find);
  const withOffline = createMemo(() => view().away === "shown");
  const version = createThrottled(() => agents.version(), SORT_EVERY_MS);
  const ranks = createMemo(() => {
    agents.membership();
    return ranksOf(agents.now().map((row) => [row.agent, row.name]), language());
  });
  // Who comes or goes is seen at once: only the order may be a little old.
  const atHand = createMemo(
    () => agents.all().filter((row) => withOffline() || standing(row) !== "offline").map((row) => row.agent),
    undefined,
    { equals: sameOrder },
  );
  const inOrder = createMemo(() => {
    version();
    const typed = find();
    const there = new Set(atHand());
    const rows = agents.now().filter((row) => there.has(row.agent) && (typed === "" || matches(typed, textsOf(board, row))));
    const by = new Map(rows.map((row) => [row.agent, row]));
    const { column, isDown } = sort();
    return ordered([...by.keys()], (name) => agentKey(by.get(name)!, column, ranks().get(name) ?? 0), isDown, ranks());
  });
  const columns = createMemo<GridColumn<AgentColumn>[]>(() => AGENT_COLUMNS.map((name) => ({ name, ...heading(name) })));
  const onSort = (next: Sort<AgentColumn>) => board.places.change({ agents_sort: sortText(next) });
  return (
    <section class="card" aria-labelledby="agents-heading">
      <Toolbar
        heading="board.agents"
        id="agents-heading"
        find={find()}
        onFind={(agents_find) => board.places.change({ agents_find })}
        shown={inOrder().length}
        total={atHand().length}
        columns={columns()}
        sort={sort()}
        onSort={onSort}
      >
        <label class="check">
          <input
            type="checkbox"
            checked={withOffline()}
            onChange={(event) => board.places.change({ away: event.currentTarget.checked ? "shown" : "" })}
          />
          {t("board.show_offline")} ({count(props.standings.offline, language())})
        </label>
      </Toolbar>
      <States standings={props.standings} />
      <Show when={atHand().length > 0} fallback={<p class="empty">{t("board.no_agents")}</p>}>
        <Show when={inOrder().length > 0} fallback={<p class="empty">{t("grid.nothing_found")}</p>}>
          <Grid
            class="agents"
            labelledby="agents-heading"
            columns={columns()}
            menuTitle={t("menu.open")}
            order={inOrder()}
            sort={sort()}
            onSort={onSort}
            attributes={(name) => ({
              get "data-agent"() {
                return name();
              },
              get "data-state"() {
                const row = agents.get(name());
                return row && standing(row);
              },
              get "data-opened"() {
                const opened = board.places.opened();
                return opened?.is === "agent" && opened.name === name() ? "" : undefined;
              },
            })}
          >
            {(name, place) => <Row name={name()} place={place} />}
          </Grid>
        </Show>
      </Show>
    </section>
  );
}

function heading(name: AgentColumn): Omit<GridColumn<AgentColumn>, "name"> {
  switch (name) {
    case "agent":
    case "state":
    case "in_hand":
      return { title: t(`board.${name}`) };
    case "why":
      return { title: t("board.reason") };
    case "since":
      return { title: t("board.state_since"), isNumber: true };
    case "occupancy":
      return { title: t("board.occupancy"), meaning: t("board.occupancy.meaning"), isNumber: true };
    case "handled":
      return { title: t("board.handled"), isNumber: true };
  }
}

function agentKey(row: BoardAgent, column: AgentColumn, rank: number): SortKey {
  switch (column) {
    case "agent":
      return rank;
    case "state":
      return STANDINGS.indexOf(standing(row));
    case "since":
      return -Date.parse(row.since);
    case "why":
      return row.reason ? rank : null;
    case "in_hand":
      return row.contacts.length;
    case "occupancy":
      return row.occupancy;
    case "handled":
      return row.handled;
  }
}

/** What an agent is found by: who he is, how he stands, the queues whose contacts he has in hand. */
function textsOf(board: Board, row: BoardAgent): string[] {
  return untrack(() => [
    row.name,
    row.agent,
    t(`standing.${standing(row)}`),
    reasonOf(row),
    ...row.contacts.map((contact) => contactText(board, contact)),
  ]);
}

function reasonOf(row: BoardAgent): string {
  return row.presence === "not_ready" ? (row.reason ?? "") : "";
}

export function contactText(board: Board, contact: BoardContact): string {
  const channel = t(`channel.${contact.channel}`);
  return `${channel} · ${board.queueTitle(contact.queue)} · ${segmentText(contact.channel, contact.state)}`;
}

function Row(props: { name: string; place: RowPlace }) {
  const board = useBoard();
  const ago = useAgo();
  const agent = createMemo<BoardAgent>((before) => board.live.agents.get(props.name) ?? before!);
  const state = createMemo(() => standing(agent()));
  return (
    <>
      <th role="rowheader" scope="row" data-cell="agent">
        <button
          type="button"
          class="row-name"
          data-focus="open"
          data-opens={`agent:${props.name}`}
          tabindex={props.place.tabIndex()}
          onClick={() => board.places.open({ is: "agent", name: props.name })}
        >
          {agent().name}
        </button>
      </th>
      <Cell label="board.state" name="state">
        <span class="state">
          <Mark standing={state()} />
          {t(`standing.${state()}`)}
        </span>
      </Cell>
      <Cell label="board.state_since" name="since">
        <time title={clockTime(Date.parse(agent().since), language(), true)}>{duration(ago(agent().since))}</time>
      </Cell>
      <Cell label="board.reason" name="why">
        {reasonOf(agent())}
      </Cell>
      <Cell label="board.in_hand" name="in_hand">
        <Show
          when={agent().contacts.length > 0}
          fallback={<span class="visually-hidden">{t("board.none_in_hand")}</span>}
        >
          <Index each={agent().contacts.slice(0, 1)}>
            {(contact) => (
              <span class="in-hand">
                <button
                  type="button"
                  class="link"
                  data-opens={`contact:${contact().contact}`}
                  tabindex="-1"
                  onClick={() => board.places.open({ is: "contact", name: contact().contact })}
                >
                  {contactText(board, contact())}
                </button>{" "}
                <span class="number">{duration(ago(contact().since))}</span>
              </span>
            )}
          </Index>
          <Show when={agent().contacts.length > 1}>
            <span class="quiet more-in-hand"> {t("board.more_in_hand", { count: agent().contacts.length - 1 })}</span>
          </Show>
        </Show>
      </Cell>
      <Cell label="board.occupancy" name="occupancy">
        {percent(agent().occupancy, language())}
      </Cell>
      <Cell label="board.handled" name="handled">
        {count(agent().handled, language())}
      </Cell>
      <td role="gridcell" data-cell="menu">
        <MenuButton
          label={t("menu.of", { name: agent().name })}
          items={() => agentActions(board, agent())}
          tabIndex={props.place.tabIndex()}
          column="menu"
        />
      </td>
    </>
  );
}
