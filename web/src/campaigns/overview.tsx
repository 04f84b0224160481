// All campaigns: how they run, and what can be called now. It opens none by itself.

import { For, Show } from "solid-js";
import { count } from "../format";
import { language, t } from "../text";
import { AsOf } from "./as_of";
import type { CampaignsAsked, Seen } from "./asks";
import { LeadsBar } from "./bars";
import { createFresh } from "./fresh";
import { Heading } from "./heading";
import { Orders, RunMark } from "./orders";
import { addressOf, type Place } from "./place";
import { Stale } from "./stale";
import { Tiles } from "./tiles";

export const ASK_EVERY_MS = 2_000;

export function Overview(props: { place: Place; asked: CampaignsAsked }) {
  const seen = createFresh(() => props.asked.all(), () => ASK_EVERY_MS, "id");
  const done = () => {
    props.asked.forget();
    return seen.hurry();
  };
  return (
    <div class="campaigns" data-stale={seen.failure() !== undefined}>
      <Heading text={t("campaigns.title")} />
      <AsOf of={seen} />
      <Show when={seen.value()} fallback={<Show when={seen.failure() === undefined}><p class="loading">{t("loading")}</p></Show>}>
        {(all) => (
          <Show when={all().items.length > 0} fallback={<p class="card empty">{t("campaigns.none")}</p>}>
            <div class="campaign-cards">
              <For each={all().items}>{(one) => <Card of={one} place={props.place} done={done} />}</For>
            </div>
          </Show>
        )}
      </Show>
    </div>
  );
}

function Card(props: { of: Seen; place: Place; done: () => Promise<void> }) {
  const campaign = () => props.of.campaign;
  return (
    <article class="card campaign" data-campaign={campaign().name} data-run={campaign().run}>
      <div class="campaign-head">
        <h2>
          <a href={addressOf(campaign().id)} onClick={(event) => props.place.follow(event)}>
            {campaign().name}
          </a>
        </h2>
        <RunMark run={campaign().run} />
        <span class="quiet">{t(`campaigns.mode.${campaign().settings.mode}`)}</span>
      </div>
      <Stale of={props.of.status} run={campaign().run} />
      <Tiles of={props.of.status} />
      <Show when={props.of.status}>
        {(status) => (
          <LeadsBar
            of={status().status.leads.waterfall}
            label={t("campaigns.leads_of", { name: campaign().name, all: count(status().status.leads.waterfall.all, language()) })}
          />
        )}
      </Show>
      <Orders campaign={campaign()} done={props.done} />
    </article>
  );
}
