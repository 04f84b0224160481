// A contact from near: who it is, where it is and why, and its way so far. It never shows a figure that the
// server did not send.

import { For, Show } from "solid-js";
import { segmentText } from "../contact_text";
import { clockTime, duration } from "../format";
import type { BoardContact, ContactShown, ContactWhy } from "../protocol";
import { recordingText } from "../recording_text";
import { isUnknownContact } from "../refusal";
import { language, t } from "../text";
import { contactActions } from "./actions";
import { createAsked } from "./asked";
import { type Board, useBoard } from "./board";
import { useAgo, useEvery } from "./now";
import { Fact, PanelHead, Unanswered } from "./panel";
import { pathText } from "./path_text";
import { WhyOfContact } from "./why_contact";

/** An explanation looks at every agent: not more often than this. */
const ASK_WHY_EVERY_MS = 2_000;
/** What no row of the board tells (a step, an exit) is seen within so long. */
const ASK_ANYWAY_MS = 5_000;
/** Attributes that the facts hold already, or that are about the look-up alone. */
const SHOWN_ELSEWHERE = new Set(["customer", "customer_lookup"]);
/** Who looks at a customer is audited: asked again only when something happened. */
const SHOW_EVERY_MS = 2_000;

export function ContactPanel(props: { contact: string }) {
  const board = useBoard();
  const tick = useEvery(ASK_ANYWAY_MS);
  const why = createAsked(
    () => props.contact,
    () => askWhy(board, props.contact),
    (told) => [
      tick(),
      board.acted(),
      told?.queue ? board.live.queues.get(told.queue) : undefined,
      told?.agent ? board.live.agents.get(told.agent) : undefined,
    ],
    ASK_WHY_EVERY_MS,
  );
  /** As its agent's row has it; undefined when nobody has it in hand. */
  const inHand = (told: ContactShown) => {
    // While an agent finishes up nobody has the contact any more, but it is still in his hands.
    const agent = told.agents?.[0] ?? told.path.findLast((event) => event.agent)?.agent ?? "";
    return board.live.agents.get(agent)?.contacts.find((one) => one.contact === told.contact);
  };
  let first: string | undefined;
  const shown = createAsked(
    () => props.contact,
    () => board.session.ask("contact.show", { contact: props.contact }),
    (told) => {
      const now = happened(why.answer());
      first ??= now;
      return [now === first ? undefined : now, told && inHand(told)?.state];
    },
    SHOW_EVERY_MS,
  );
  const title = () => {
    const told = shown.answer();
    return told?.customer?.name ?? told?.from ?? props.contact;
  };
  const actions = () => {
    const told = shown.answer();
    if (told?.state === "ended") return [];
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
        {(told) => <Facts of={told()} inHand={inHand(told())} />}
      </Show>
      <WhyOfContact asked={why} />
      <Show when={shown.answer()}>{(told) => <Path of={told()} />}</Show>
    </>
  );
}

/** With all decisions; without them where nothing is decided yet, as of a lead that only waits. */
async function askWhy(board: Board, contact: string): Promise<ContactWhy> {
  try {
    return await board.session.ask("why.contact", { contact, decisions: true });
  } catch (failure) {
    if (!isUnknownContact(failure)) throw failure;
    return board.session.ask("why.contact", { contact, decisions: false });
  }
}

/** Changes when something happened to the contact; undefined while nothing is known. */
function happened(why: ContactWhy | undefined): string | undefined {
  if (why === undefined) return undefined;
  const { stands, queue, agent, state, waiting, decisions } = why;
  return JSON.stringify([stands, queue, agent, state, waiting?.priority, waiting?.offers?.length, decisions?.length]);
}

function Facts(props: { of: ContactShown; inHand: BoardContact | undefined }) {
  const board = useBoard();
  const ago = useAgo();
  const attributes = () => Object.entries(props.of.attributes).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  return (
    <dl class="facts">
      <Fact name={t("board.state")}>
        <Show when={props.inHand} fallback={t(`contact_state.${props.of.state}`)}>
          {(one) => (
            <>
              {segmentText(one().channel, one().state)} <span class="quiet number">{duration(ago(one().since))}</span>
            </>
          )}
        </Show>
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
      <Show when={(props.of.agents ?? []).length > 0}>
        <Fact name={t("board.agent")}>
          <For each={props.of.agents ?? []}>
            {(agent) => (
              <button type="button" class="link" onClick={() => board.places.open({ is: "agent", name: agent })}>
                {board.agentTitle(agent)}
              </button>
            )}
          </For>
        </Fact>
      </Show>
      <Show when={props.of.channel}>
        {(channel) => (
          <Fact name={t("contact.channel")}>
            {t(`channel.${channel()}`)}
            <Show when={props.of.direction}>{(direction) => <> · {t(`direction.${direction()}`)}</>}</Show>
          </Fact>
        )}
      </Show>
      <Show when={props.of.recording}>
        {(recording) => <Fact name={t("recording.title")}>{t(recordingText(recording()))}</Fact>}
      </Show>
      <Show when={props.of.left_out === 0 && props.of.path[0]}>
        {(first) => (
          <Fact name={t("contact.arrived")}>
            {clockTime(Date.parse(first().at), language(), false)}{" "}
            <Show when={props.of.state !== "ended"}>
              <span class="quiet number">{duration(ago(first().at))}</span>
            </Show>
          </Fact>
        )}
      </Show>
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
          {(event) => (
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
