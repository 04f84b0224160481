// The figures of a campaign that are looked at first. A figure that is not known is a dash.

import { For } from "solid-js";
import { count, MISSING, percent } from "../format";
import { language, t, type TextKey } from "../text";
import { dialableText } from "./bars";
import { aMinute, answerRate } from "./figures";
import type { Calls, Leads, Status } from "./told";

export function Tiles(props: { of: Status | undefined }) {
  const of = (figure: (status: Status["status"]) => string) => (props.of === undefined ? MISSING : figure(props.of.status));
  const tiles: readonly [TextKey, () => string][] = [
    ["campaigns.dialable", () => of(({ leads }) => dialableText(leads.waterfall))],
    ["campaigns.calls_a_minute", () => of(({ calls }) => rate(calls, "placed"))],
    ["campaigns.answers_a_minute", () => of(({ calls }) => rate(calls, "answered"))],
    ["campaigns.in_flight", () => of(({ calls }) => count(calls.in_flight, language()))],
    ["campaigns.answer_rate", () => of(({ calls }) => percent(answerRate(calls), language()))],
    ["campaigns.callbacks_due", () => of(({ leads }) => callbacks(leads))],
  ];
  return (
    <dl class="facts campaign-tiles">
      <For each={tiles}>
        {([key, figure]) => (
          <div class="fact" data-figure={key.replace("campaigns.", "")}>
            <dt>{t(key)}</dt>
            <dd>{figure()}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}

/** To a tenth: a slow campaign places less than one. */
export function rate(calls: Calls, figure: "placed" | "answered"): string {
  const mean = aMinute(calls.minutes, figure);
  return mean === null ? MISSING : new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(mean);
}

function callbacks(leads: Leads): string {
  return t("campaigns.callbacks", { due: count(leads.callbacks_due, language()), later: count(leads.callbacks_later, language()) });
}
