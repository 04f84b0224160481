// Why an agent gets what he gets: what keeps him from each channel, and who waits whom he could serve.

import { For, Show } from "solid-js";
import { duration } from "../format";
import type { AgentWhy } from "../protocol";
import { t } from "../text";
import { createAsked } from "./asked";
import { useBoard } from "./board";
import { useAgo, useEvery } from "./now";
import { Fact, Unanswered } from "./panel";
import { useTitles } from "./why_contact";
import { agentStandsText, at, betweenText } from "./why_text";

const ASK_EVERY_MS = 2_000;
/** Who waits for an agent changes without him. */
const ASK_ANYWAY_MS = 5_000;

export function WhyOfAgent(props: { agent: string; changes: () => unknown }) {
  const board = useBoard();
  const tick = useEvery(ASK_ANYWAY_MS);
  const asked = createAsked(
    () => props.agent,
    () => board.session.ask("why.agent", { agent: props.agent }),
    () => [props.changes(), board.acted(), tick()],
    ASK_EVERY_MS,
  );
  return (
    <section aria-labelledby="why-heading">
      <h3 id="why-heading">{t("why.title.of_agent")}</h3>
      <Show when={asked.answer()} fallback={<Unanswered failure={asked.failure()} again={asked.again} />}>
        {(why) => <Why why={why()} />}
      </Show>
    </section>
  );
}

function Why(props: { why: AgentWhy }) {
  const board = useBoard();
  const titles = useTitles();
  const ago = useAgo();
  return (
    <>
      <p class="why-answer" data-why="agent">
        {agentStandsText(props.why)}
      </p>
      <dl class="facts">
        <For each={props.why.channels}>
          {(one) => <Fact name={t(`channel.${one.channel}`)}>{betweenText(one.between, titles)}</Fact>}
        </For>
        <Fact name={t("why.capacity")}>{t("why.capacity_of", { used: props.why.used, total: props.why.total })}</Fact>
        <Fact name={t("why.phone")}>{t(`why.device.${props.why.device}`)}</Fact>
        <Fact name={t("why.console")}>{t(`why.reach.${props.why.reach}`)}</Fact>
        <Fact name={t("why.idle_since")}>{at(props.why.idle_since)}</Fact>
        <Show when={props.why.next}>{(next) => <Fact name={t("presence.after_contact")}>{t(`presence.${next()}`)}</Fact>}</Show>
      </dl>
      <Show when={props.why.in_hand.length > 0}>
        <ul class="lines">
          <For each={props.why.in_hand}>
            {(one) => (
              <li>
                {t(`channel.${one.channel}`)}: {t(`why.phase.${one.phase}`)}
                <Show when={one.until}> · {t("why.at", { at: at(one.until) })}</Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <h4>{t("why.waiting_for_him", { count: props.why.waiting_in_all })}</h4>
      <ol class="lines">
        <For each={props.why.waiting}>
          {(one) => (
            <li>
              <button type="button" class="link" onClick={() => board.places.open({ is: "contact", name: one.contact })}>
                {t(`channel.${one.channel}`)} · {titles.queue(one.queue)}
              </button>{" "}
              <span class="number">{duration(ago(one.entered_at))}</span> · {betweenText(one.between, titles)}
              <Show when={one.after}> · {t("why.after")}</Show>
            </li>
          )}
        </For>
      </ol>
    </>
  );
}
