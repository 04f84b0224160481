// Agents by state as a drawn bar with its counts, and each agent in a list. It changes nobody's state.

import { createMemo, createSignal, For, Show } from "solid-js";
import type { BoardAgent, BoardContact } from "../protocol";
import { clockTime, count, duration } from "../format";
import { useSession } from "../session";
import { language, t } from "../text";
import { agentOrder, type BoardState, type Standing, STANDINGS, standing } from "./state";
import { segmentText } from "../contact_text";
import { queueTitle, sameOrder } from "./queues";

const AT_WORK = STANDINGS.filter((name) => name !== "offline");

export function Agents(props: { board: BoardState; standings: Record<Standing, number> }) {
  const [withOffline, setWithOffline] = createSignal(false);
  const order = createMemo(() => agentOrder(props.board.agents, language(), withOffline()), undefined, {
    equals: sameOrder,
  });
  return (
    <section class="card" aria-labelledby="agents-heading">
      <h2 id="agents-heading">{t("board.agents")}</h2>
      <States standings={props.standings} />
      <label class="check">
        <input type="checkbox" checked={withOffline()} onChange={(event) => setWithOffline(event.currentTarget.checked)} />
        {t("board.show_offline")} ({count(props.standings.offline, language())})
      </label>
      <Show when={order().length > 0} fallback={<p class="empty">{t("board.no_agents")}</p>}>
        <table class="agents" aria-labelledby="agents-heading">
          <thead>
            <tr>
              <th scope="col">{t("board.agent")}</th>
              <th scope="col">{t("board.state")}</th>
              <th scope="col" class="number">
                {t("board.state_since")}
              </th>
              <th scope="col">{t("board.in_hand")}</th>
            </tr>
          </thead>
          <tbody>
            <For each={order()}>{(name) => <Row name={name} board={props.board} />}</For>
          </tbody>
        </table>
      </Show>
    </section>
  );
}

function States(props: { standings: Record<Standing, number> }) {
  const atWork = () => AT_WORK.reduce((sum, name) => sum + props.standings[name], 0);
  const parts = createMemo(() => {
    let from = 0;
    const all = Math.max(1, atWork());
    return AT_WORK.map((name) => {
      const width = (props.standings[name] / all) * 1_000;
      const part = { name, x: from, width };
      from += width;
      return part;
    });
  });
  return (
    <>
      <svg class="states-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-ground" width="1000" height="10" />
        <For each={parts()}>
          {(part) => <rect data-standing={part.name} x={part.x} width={part.width} height="10" />}
        </For>
      </svg>
      <dl class="states" aria-label={t("board.by_state")}>
        <For each={AT_WORK}>
          {(name) => (
            <div class="state-count" data-state={name}>
              <dt>
                <Mark standing={name} />
                {t(`standing.${name}`)}
              </dt>
              <dd>{count(props.standings[name], language())}</dd>
            </div>
          )}
        </For>
      </dl>
    </>
  );
}

function Mark(props: { standing: Standing }) {
  return (
    <svg class="mark" viewBox="0 0 10 10" aria-hidden="true">
      <rect data-standing={props.standing} width="10" height="10" rx="2" />
    </svg>
  );
}

function Row(props: { name: string; board: BoardState }) {
  const session = useSession();
  const agent = createMemo<BoardAgent>((before) => props.board.agents.get(props.name) ?? before!);
  const state = createMemo(() => standing(agent()));
  const reason = () => (agent().presence === "not_ready" ? (agent().reason ?? "") : "");
  const ago = (since: string) => {
    const now = session.now();
    return now === undefined ? null : now - Date.parse(since);
  };
  return (
    <tr data-agent={props.name} data-state={state()}>
      <th scope="row">{agent().name}</th>
      <td>
        <span class="state">
          <Mark standing={state()} />
          {t(`standing.${state()}`)}
        </span>
        <Show when={reason() !== ""}>
          <span class="quiet"> · {reason()}</span>
        </Show>
      </td>
      <td class="number">
        <time title={clockTime(Date.parse(agent().since), language(), true)}>{duration(ago(agent().since))}</time>
      </td>
      <td>
        <Show
          when={agent().contacts.length > 0}
          fallback={<span class="visually-hidden">{t("board.none_in_hand")}</span>}
        >
          <ul class="in-hand">
            <For each={agent().contacts}>
              {(contact) => (
                <li>
                  {contactText(props.board, contact)} <span class="number">{duration(ago(contact.since))}</span>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </td>
    </tr>
  );
}

function contactText(board: BoardState, contact: BoardContact): string {
  const channel = t(`channel.${contact.channel}`);
  return `${channel} · ${queueTitle(board, contact.queue)} · ${segmentText(contact.channel, contact.state)}`;
}
