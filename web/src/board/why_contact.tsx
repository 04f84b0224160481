// Why a contact is where it is: why it still waits, or why this agent got it. What the server said, in words.

import { For, Match, Show, Switch } from "solid-js";
import { isUnknownMethod } from "../refusal";
import { count, duration } from "../format";
import type { AgentOfContactWhy, ContactWhy, DecisionWhy, WaitingWhy } from "../protocol";
import { language, t } from "../text";
import type { Asked } from "./asked";
import { useBoard } from "./board";
import { Fact, Unanswered } from "./panel";
import {
  at,
  betweenText,
  causeText,
  decisionText,
  exitText,
  reasonText,
  skillsText,
  stepText,
  stillWaitingText,
  type Titles,
  totalsText,
  valueText,
} from "./why_text";

const AGENTS_SHOWN = 50;

export function useTitles(): Titles {
  const board = useBoard();
  return { agent: board.agentTitle, queue: board.queueTitle };
}

export function WhyOfContact(props: { asked: Asked<ContactWhy> }) {
  const title = () => {
    const why = props.asked.answer();
    if (why === undefined) return t("why.title");
    if (why.decision) return t("why.title.last");
    return why.stands === "waiting" ? t("why.title.waiting") : lastOffer(why) === undefined ? t("why.title") : t("why.title.agent");
  };
  return (
    <section aria-labelledby="why-heading">
      <h3 id="why-heading">{title()}</h3>
      <Show when={props.asked.answer()} fallback={<Unanswered failure={props.asked.failure()} again={props.asked.again} />}>
        {(why) => <Why why={why()} />}
      </Show>
      <Show when={props.asked.answer() !== undefined && props.asked.failure() !== undefined && !isUnknownMethod(props.asked.failure())}>
        <p class="quiet">{t("panel.not_fresh")}</p>
      </Show>
    </section>
  );
}

function lastOffer(why: ContactWhy): DecisionWhy | undefined {
  return (why.decisions ?? []).findLast((decision) => decision.what === "offered");
}

function Why(props: { why: ContactWhy }) {
  const titles = useTitles();
  const offer = () => lastOffer(props.why);
  return (
    <>
      <Switch fallback={<p>{standsText(props.why, titles)}</p>}>
        <Match when={props.why.decision}>{(decision) => <Past decision={decision()} why={props.why} />}</Match>
        <Match when={props.why.waiting}>{(waiting) => <Waiting waiting={waiting()} />}</Match>
      </Switch>
      <Show when={!props.why.decision && props.why.stands !== "waiting" && offer()}>
        {(one) => (
          <p class="why-answer" data-why="agent">
            {decisionText(one(), titles)} {reasonText(one())}
          </p>
        )}
      </Show>
      <Decisions decisions={props.why.decisions ?? []} />
    </>
  );
}

/** Of a contact that is over: what was decided last, and how it stood right before. */
function Past(props: { decision: DecisionWhy; why: ContactWhy }) {
  const titles = useTitles();
  return (
    <>
      <p class="why-answer" data-why="past">
        {decisionText(props.decision, titles)} {reasonText(props.decision)}
      </p>
      <Show when={props.why.waiting}>
        {(waiting) => (
          <details>
            <summary>{t("why.right_before")}</summary>
            <Waiting waiting={waiting()} />
          </details>
        )}
      </Show>
    </>
  );
}

function standsText(why: ContactWhy, titles: Titles): string {
  const values = {
    agent: why.agent ? titles.agent(why.agent) : "",
    queue: why.queue ? titles.queue(why.queue) : "",
    exit: why.exit ?? "",
  };
  const text = t(`why.stands.${why.stands}`, values);
  return why.until ? t("why.until", { what: text, at: at(why.until) }) : text;
}

function Waiting(props: { waiting: WaitingWhy }) {
  const titles = useTitles();
  const next = () => {
    const { next_step: step, next_exit: exit } = props.waiting;
    return [
      step ? t(step.at ? "why.next_step_at" : "why.next_step", { step: step.step, at: at(step.at) }) : "",
      exit ? t(exit.at ? "why.next_exit_at" : "why.next_exit", { exit: exit.exit, at: at(exit.at) }) : "",
    ].filter((text) => text !== "");
  };
  return (
    <>
      <p class="why-answer" data-why="waiting">
        {stillWaitingText(props.waiting, titles)}
      </p>
      <dl class="facts">
        <Fact name={t("why.place")}>{t("why.place_of", { place: props.waiting.place, waiting: props.waiting.waiting })}</Fact>
        <Fact name={t("why.came")}>{causeText(props.waiting)}</Fact>
        <Fact name={t("why.asked")}>
          {skillsText(props.waiting.skills)}
          <For each={props.waiting.joined ?? []}>{(queue) => <> · {t("why.step.joins", { queue: titles.queue(queue) })}</>}</For>
        </Fact>
        <Fact name={t("why.order")}>
          {t("why.order_of", { tier: props.waiting.tier, priority: props.waiting.priority, head: duration(props.waiting.head_start_ms) })}
          <Show when={props.waiting.strict}> · {t("why.strict")}</Show>
          <Show when={props.waiting.first_in_line}> · {t("why.first_in_line")}</Show>
        </Fact>
        <Show when={props.waiting.offers_in_row > 0}>
          <Fact name={t("why.offers_in_row")}>{props.waiting.offers_in_row}</Fact>
        </Show>
        <Fact name={t("why.agents", { count: props.waiting.totals.matched })}>
          <ul>
            <For each={totalsText(props.waiting.totals)}>{(line) => <li>{line}</li>}</For>
          </ul>
        </Fact>
      </dl>
      <Show when={props.waiting.paused}>{(paused) => <p>{t(`why.paused.${paused()}`)}</p>}</Show>
      <For each={next()}>{(line) => <p>{line}</p>}</For>
      <Outlook waiting={props.waiting} />
      <AgentsOf waiting={props.waiting} />
    </>
  );
}

function Outlook(props: { waiting: WaitingWhy }) {
  const titles = useTitles();
  return (
    <Show when={props.waiting.steps.length + props.waiting.exits.length > 0}>
      <details>
        <summary>{t("why.outlook")}</summary>
        <ul class="lines">
          <For each={props.waiting.steps}>{(step) => <li>{stepText(step, titles)}</li>}</For>
          <For each={props.waiting.exits}>{(exit) => <li>{exitText(exit, titles)}</li>}</For>
        </ul>
      </details>
    </Show>
  );
}

function AgentsOf(props: { waiting: WaitingWhy }) {
  const board = useBoard();
  const titles = useTitles();
  const left = () => props.waiting.agents_left_out + Math.max(0, props.waiting.agents.length - AGENTS_SHOWN);
  const values = (one: AgentOfContactWhy) =>
    props.waiting.select
      .map((by, place) => valueText(by, one.values?.[place]))
      .filter((text) => text !== "")
      .join(" · ");
  return (
    <details>
      <summary>{t("why.each_agent")}</summary>
      <ul class="lines">
        <For each={props.waiting.agents.slice(0, AGENTS_SHOWN)}>
          {(one) => (
            <li>
              <button type="button" class="link" onClick={() => board.places.open({ is: "agent", name: one.agent })}>
                {titles.agent(one.agent)}
              </button>
              : {betweenText(one.between, titles)} <span class="quiet">{values(one)}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={left() > 0}>
        <p class="quiet">{t("why.agents_left_out", { count: count(left(), language()) })}</p>
      </Show>
    </details>
  );
}

function Decisions(props: { decisions: readonly DecisionWhy[] }) {
  const titles = useTitles();
  return (
    <Show when={props.decisions.length > 0}>
      <details>
        <summary>{t("why.decisions")}</summary>
        <ol class="lines">
          <For each={props.decisions}>
            {(decision) => (
              <li>
                <span class="number quiet">{at(decision.at)}</span> {decisionText(decision, titles)} {reasonText(decision)}
                <Show when={decision.agrees === false}>
                  <strong class="bad"> {t("why.disagrees")}</strong>
                </Show>
                <Show when={(decision.entry ?? []).length > 0}>
                  <ul class="lines">
                    <For each={decision.entry ?? []}>
                      {(entry) => (
                        <li>
                          {entry.rule}: {t(`why.said.${entry.said}`)}
                          <Show when={entry.failed}> ({entry.failed})</Show>
                        </li>
                      )}
                    </For>
                  </ul>
                </Show>
              </li>
            )}
          </For>
        </ol>
      </details>
    </Show>
  );
}
