// The leads of a campaign by where they stand, and why those that are open cannot be called now.

import { createUniqueId, For, Show } from "solid-js";
import { clockTime, count, MISSING, percent } from "../format";
import { keyOf, language, t, type TextKey } from "../text";
import { Bars, LeadsBar } from "./bars";
import { endedOf, type Reason, reasonsOf } from "./figures";
import type { Leads } from "./told";

export function LeadsSeen(props: { of: Leads }) {
  const id = createUniqueId();
  const all = () => props.of.waterfall.all;
  const figures: readonly [TextKey, () => string][] = [
    ["campaigns.leads_all", () => count(all(), language())],
    ["campaigns.tried", () => `${count(props.of.tried, language())} (${all() === 0 ? MISSING : percent(props.of.tried / all(), language())})`],
    ["campaigns.contacts", () => count(props.of.contacts, language())],
    ["campaigns.sales", () => count(props.of.sales, language())],
    ["campaigns.due_now", () => count(props.of.callbacks_due, language())],
    ["campaigns.due_later", () => count(props.of.callbacks_later, language())],
  ];
  return (
    <section class="card" aria-labelledby={`${id}-leads`} data-section="leads">
      <h2 id={`${id}-leads`}>{t("campaigns.leads")}</h2>
      <Show when={all() > 0} fallback={<p class="empty">{t("campaigns.no_leads")}</p>}>
        <LeadsBar of={props.of.waterfall} label={t("campaigns.leads")} />
        <dl class="facts">
          <For each={figures}>
            {([key, figure]) => (
              <div class="fact" data-figure={key.replace("campaigns.", "")}>
                <dt>{t(key)}</dt>
                <dd>{figure()}</dd>
              </div>
            )}
          </For>
        </dl>
        <div class="charts">
          <section class="chart" aria-labelledby={`${id}-why`} data-section="reasons">
            <h3 id={`${id}-why`}>{t("campaigns.why_not_now")}</h3>
            <Show when={reasonsOf(props.of.waterfall).length > 0} fallback={<p class="empty">{t("campaigns.none_waits")}</p>}>
              <Bars bars={reasonsOf(props.of.waterfall).map(reasonBar)} colour="not_now" labelledby={`${id}-why`} />
            </Show>
          </section>
          <section class="chart" aria-labelledby={`${id}-over`} data-section="ended">
            <h3 id={`${id}-over`}>{t("campaigns.over_by_why")}</h3>
            <Show when={endedOf(props.of.waterfall) > 0} fallback={<p class="empty">{t("campaigns.none_over")}</p>}>
              <Bars bars={endBars(props.of)} colour="ended" labelledby={`${id}-over`} />
            </Show>
          </section>
        </div>
      </Show>
    </section>
  );
}

function reasonBar(reason: Reason) {
  const until = reason.until === null ? undefined : clockTime(Date.parse(reason.until), language(), true);
  const note = until === undefined ? undefined : t("campaigns.first_at", { time: until });
  return { key: reason.why, label: word("campaigns.why", reason.why), count: reason.count, note };
}

function endBars(leads: Leads) {
  const ends = Object.entries(leads.waterfall.ended).sort(([, a], [, b]) => b - a);
  return ends.map(([why, so]) => ({ key: why, label: endWord(why), count: so }));
}

/** Ends by what became of the last call are named as that is. */
function endWord(why: string): string {
  const outcome = why.startsWith("after_") ? keyOf(`campaigns.outcome.${why.slice("after_".length)}`) : undefined;
  return outcome === undefined ? word("campaigns.end", why) : t("campaigns.end.after", { outcome: t(outcome) });
}

/** A newer server may say a word that this page has no text for. */
export function word(of: string, said: string): string {
  const key = keyOf(`${of}.${said}`);
  return key === undefined ? said : t(key);
}
