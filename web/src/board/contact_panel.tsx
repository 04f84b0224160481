// A contact from near: who it is, where it is and why, and its way so far. It never shows a figure that the
// server did not send.

import { For, Show } from "solid-js";
import type { ContactShown, PathEvent } from "../ahead";
import { clockTime, duration } from "../format";
import { language, t } from "../text";
import { contactActions } from "./actions";
import { createAsked } from "./asked";
import { useBoard } from "./board";
import { useAgo } from "./now";
import { Fact, PanelHead, Unanswered } from "./panel";
import { pathText } from "./path_text";
import { WhyOfContact } from "./why_contact";

const ASK_EVERY_MS = 1_000;
/** What no row of the board tells (a step, an exit) is seen within so long. */
const ASK_ANYWAY_MS = 5_000;

export function ContactPanel(props: { contact: string }) {
  const board = useBoard();
  const tick = () => Math.floor((board.session.now() ?? 0) / (ASK_ANYWAY_MS * board.session.clock.speed));
  const rowsOf = (told: { queue?: string | null; agent?: string | null } | undefined) => [
    tick(),
    told?.queue ? board.live.queues.get(told.queue) : undefined,
    told?.agent ? board.live.agents.get(told.agent) : undefined,
  ];
  const shown = createAsked(
    () => props.contact,
    () => board.session.ask("contact.show", { contact: props.contact }),
    rowsOf,
    ASK_EVERY_MS,
  );
  const title = () => {
    const told = shown.answer();
    return told?.customer?.name ?? told?.from ?? props.contact;
  };
  const actions = () => {
    const told = shown.answer();
    if (told?.is_over === true) return [];
    return contactActions(board, {
      contact: props.contact,
      state: told?.state ?? "waiting",
      queue: told?.queue ?? null,
      priority: null,
      isCall: told === undefined || told.channel === "voice" || told.channel === "callback",
    }, true);
  };
  return (
    <>
      <PanelHead kind={t("contact.kind", { contact: props.contact })} title={title()} actions={actions} />
      <Show when={shown.answer()} fallback={<Unanswered failure={shown.failure()} again={shown.again} />}>
        {(told) => <Facts of={told()} />}
      </Show>
      <WhyOfContact contact={props.contact} rowsOf={rowsOf} />
      <Show when={shown.answer()}>{(told) => <Path of={told()} />}</Show>
    </>
  );
}

function Facts(props: { of: ContactShown }) {
  const board = useBoard();
  const ago = useAgo();
  const attributes = () => Object.entries(props.of.attributes ?? {});
  return (
    <dl class="facts">
      <Fact name={t("board.state")}>
        {t(`contact_state.${props.of.state}`)} <span class="number">{duration(ago(props.of.since))}</span>
      </Fact>
      <Show when={props.of.queue}>
        {(queue) => (
          <Fact name={t("board.queue")}>
            <button type="button" class="link" onClick={() => board.places.open({ is: "queue", name: queue() })}>
              {board.queueTitle(queue())}
            </button>
          </Fact>
        )}
      </Show>
      <Show when={props.of.agent}>
        {(agent) => (
          <Fact name={t("board.agent")}>
            <button type="button" class="link" onClick={() => board.places.open({ is: "agent", name: agent() })}>
              {board.agentTitle(agent())}
            </button>
          </Fact>
        )}
      </Show>
      <Fact name={t("contact.channel")}>
        {t(`channel.${props.of.channel}`)} · {t(`direction.${props.of.direction}`)}
      </Fact>
      <Fact name={t("contact.arrived")}>
        {clockTime(Date.parse(props.of.arrived_at), language(), false)}{" "}
        <Show when={!props.of.is_over}>
          <span class="quiet number">{duration(ago(props.of.arrived_at))}</span>
        </Show>
      </Fact>
      <Show when={props.of.from}>{(from) => <Fact name={t("who.from")}>{from()}</Fact>}</Show>
      <Show when={props.of.to}>{(to) => <Fact name={t("who.to")}>{to()}</Fact>}</Show>
      <Show when={props.of.customer?.tier}>{(tier) => <Fact name={t("who.tier")}>{tier()}</Fact>}</Show>
      <For each={attributes()}>
        {([name, value]) => <Fact name={name}>{typeof value === "string" ? value : JSON.stringify(value)}</Fact>}
      </For>
    </dl>
  );
}

function Path(props: { of: ContactShown }) {
  const board = useBoard();
  return (
    <section aria-labelledby="path-heading">
      <h3 id="path-heading">{t("path.title")}</h3>
      <Show when={props.of.left_out > 0}>
        <p class="quiet">{t("path.left_out", { count: props.of.left_out })}</p>
      </Show>
      <ol class="path">
        <For each={props.of.path}>
          {(event: PathEvent) => (
            <li class="path-event" data-what={event.what}>
              <time class="number">{clockTime(Date.parse(event.at), language(), false)}</time>
              <span>{pathText(event, board.agentTitle, board.queueTitle)}</span>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
