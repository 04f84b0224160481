// A queue from near: its figures, who waits in it in the order of service, its last hours. It orders nobody
// otherwise than the server does.

import { createMemo, For, Show } from "solid-js";
import { count, duration, percent } from "../format";
import { MenuButton } from "../parts/menu";
import type { BoardQueue, QueuedContact } from "../protocol";
import { language, t } from "../text";
import { contactActions, queueActions } from "./actions";
import { createAsked } from "./asked";
import { useBoard } from "./board";
import { Hours } from "./hours";
import { useAgo, useEvery } from "./now";
import { Fact, PanelHead, Unanswered } from "./panel";
import { abandonment, agentsByStanding } from "./queue_columns";
import { targetText } from "./service_level";
import { Mark } from "./standings";

const ASK_EVERY_MS = 500;
/** What the queue's row does not tell (a priority) is seen within so long. */
const ASK_ANYWAY_MS = 5_000;

export function QueuePanel(props: { queue: string }) {
  const board = useBoard();
  const row = createMemo(() => board.live.queues.get(props.queue));
  const tick = useEvery(ASK_ANYWAY_MS);
  const shown = createAsked(
    () => props.queue,
    () => board.session.ask("queue.show", { queue: props.queue }),
    () => [row(), board.acted(), tick()],
    ASK_EVERY_MS,
  );
  const contacts = () => shown.answer()?.contacts ?? [];
  const left = () => (shown.answer()?.total ?? 0) - contacts().length;
  return (
    <>
      <PanelHead
        kind={t("board.queue")}
        title={board.queueTitle(props.queue)}
        actions={() => queueActions(board, props.queue).slice(1)}
      >
        <Show when={row()?.paused}>
          <p>
            <strong class="paused">{t("board.paused")}</strong>{" "}
            <button
              type="button"
              class="button button-small"
              onClick={() => void board.run("queue.resume", { queue: props.queue }, t("done.resume", { queue: props.queue }))}
            >
              {t("action.resume")}
            </button>
          </p>
        </Show>
      </PanelHead>
      <Show when={row()}>{(known) => <Figures queue={known()} />}</Show>
      <section aria-labelledby="queued-heading">
        <h3 id="queued-heading">
          {t("queue.who_waits")}{" "}
          <Show when={shown.answer()}>{(told) => <span class="quiet number">{count(told().total, language())}</span>}</Show>
        </h3>
        <Show when={shown.answer()} fallback={<Unanswered failure={shown.failure()} again={shown.again} />}>
          <Show when={contacts().length > 0} fallback={<p class="empty">{t("queue.nobody_waits")}</p>}>
            <ol class="queued">
              <For each={contacts()}>{(contact) => <Queued queue={props.queue} contact={contact} />}</For>
            </ol>
            <Show when={left() > 0}>
              <p class="quiet">{t("queue.left_out", { count: count(left(), language()) })}</p>
            </Show>
          </Show>
        </Show>
      </section>
      <Hours queue={props.queue} />
    </>
  );
}

function Figures(props: { queue: BoardQueue }) {
  const ago = useAgo();
  const number = (value: number) => count(value, language());
  return (
    <dl class="facts">
      <Fact name={t("board.waiting")}>{number(props.queue.waiting)}</Fact>
      <Fact name={t("board.longest")}>{duration(ago(props.queue.longest_waiting_since))}</Fact>
      <Fact name={t("board.estimated")}>
        {duration(props.queue.estimated_wait?.p50_ms)}{" "}
        <Show when={props.queue.estimated_wait}>
          {(estimate) => <span class="quiet">{t("board.estimated.nine_of_ten", { span: duration(estimate().p90_ms) })}</span>}
        </Show>
      </Fact>
      <Fact name={t("board.service_level")}>
        {percent(props.queue.service_level, language())} <span class="quiet">{targetText(props.queue)}</span>
      </Fact>
      <Fact name={t("board.answered")}>{number(props.queue.answered)}</Fact>
      <Fact name={t("board.abandoned")}>
        {number(props.queue.abandoned)}{" "}
        <Show when={typeof abandonment(props.queue) === "number"}>
          <span class="quiet">{percent(abandonment(props.queue), language())}</span>
        </Show>
      </Fact>
      <Show when={agentsByStanding(props.queue)}>
        {(counts) => (
          <For each={counts()}>
            {([standing, agents]) => (
              <Show when={agents > 0}>
                <div class="fact">
                  <dt>
                    <Mark standing={standing} />
                    {t(`standing.${standing}`)}
                  </dt>
                  <dd>{number(agents)}</dd>
                </div>
              </Show>
            )}
          </For>
        )}
      </Show>
    </dl>
  );
}

function Queued(props: { queue: string; contact: QueuedContact }) {
  const board = useBoard();
  const ago = useAgo();
  const who = () => props.contact.from ?? props.contact.customer?.id ?? props.contact.contact;
  const agents = () => (props.contact.agents ?? []).map((agent) => board.agentTitle(agent)).join(", ");
  return (
    <li class="queued-one" data-contact={props.contact.contact} data-state={props.contact.state}>
      <span class="queued-place number">{props.contact.place}</span>
      <span class="queued-who">
        <button
          type="button"
          class="link"
          data-opens={`contact:${props.contact.contact}`}
          onClick={() => board.places.open({ is: "contact", name: props.contact.contact })}
        >
          {who()}
        </button>
        <span class="quiet queued-more">
          {t(`channel.${props.contact.channel}`)}
          <Show when={props.contact.customer?.tier}>{(tier) => <> · {tier()}</>}</Show>
          <Show when={props.contact.priority !== 0}> · {t("queue.priority", { priority: props.contact.priority })}</Show>
          <Show when={props.contact.state !== "waiting"}>
            {" "}
            · {t(`queued.${props.contact.state}`, { agents: agents() })}
          </Show>
        </span>
      </span>
      <time class="number">{duration(ago(props.contact.entered_at))}</time>
      <MenuButton
        label={t("menu.of", { name: who() })}
        items={() =>
          contactActions(board, {
            contact: props.contact.contact,
            state: props.contact.state,
            queue: props.queue,
            priority: props.contact.priority,
            isCall: props.contact.channel === "voice" || props.contact.channel === "callback",
          })
        }
      />
    </li>
  );
}
