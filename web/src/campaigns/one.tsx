// One campaign: its leads and why they wait, its calls, its lists. It asks for all of it again and again.

import { Show } from "solid-js";
import { clockTime } from "../format";
import { RestRefused } from "../rest";
import { language, t } from "../text";
import { AsOf } from "./as_of";
import type { CampaignsAsked, SeenWhole } from "./asks";
import { CallsSeen } from "./calls";
import { createFresh } from "./fresh";
import { Heading } from "./heading";
import { LeadsSeen } from "./leads";
import { Lists } from "./lists";
import { Orders, RunMark } from "./orders";
import { ASK_EVERY_MS } from "./overview";
import { ALL, type Place } from "./place";
import { Stale } from "./stale";
import { Tiles } from "./tiles";

export function One(props: { id: string; place: Place; asked: CampaignsAsked }) {
  const seen = createFresh(() => props.asked.one(props.id), () => ASK_EVERY_MS, "id");
  const done = () => {
    props.asked.forget();
    return seen.hurry();
  };
  const isUnknown = () => {
    const failure = seen.failure();
    return failure instanceof RestRefused && (failure.kind.startsWith("unknown") || failure.kind === "invalid_field");
  };
  return (
    <div class="campaigns" data-stale={seen.failure() !== undefined}>
      <p>
        <a href={ALL} onClick={(event) => props.place.follow(event)}>
          {t("campaigns.all")}
        </a>
      </p>
      <Show
        when={!isUnknown()}
        fallback={
          <>
            <Heading text={t("campaigns.title")} />
            <p class="card empty">{t("error.unknown_campaign")}</p>
          </>
        }
      >
        <AsOf of={seen} />
        <Show when={seen.value()} fallback={<Show when={seen.failure() === undefined}><p class="loading">{t("loading")}</p></Show>}>
          {(whole) => <Whole of={whole()} done={done} />}
        </Show>
      </Show>
    </div>
  );
}

function Whole(props: { of: SeenWhole; done: () => Promise<void> }) {
  const campaign = () => props.of.campaign;
  const since = () => {
    const at = props.of.status?.status.since;
    return at === null || at === undefined ? "" : t("campaigns.since", { time: clockTime(Date.parse(at), language(), true) });
  };
  return (
    <>
      <section class="card campaign" data-campaign={campaign().name} data-run={campaign().run}>
        <div class="campaign-head">
          <Heading text={campaign().name} />
          <RunMark run={campaign().run} />
          <span class="quiet">
            {t(`campaigns.mode.${campaign().settings.mode}`)} · {t("campaigns.queue", { queue: campaign().settings.queue })}
            <Show when={since() !== ""}> · {since()}</Show>
          </span>
        </div>
        <Stale of={props.of.status} run={campaign().run} />
        <Orders campaign={campaign()} done={props.done} />
        <Tiles of={props.of.status} />
      </section>
      <Show when={props.of.status}>
        {(status) => (
          <>
            <LeadsSeen of={status().status.leads} />
            <CallsSeen of={status()} />
          </>
        )}
      </Show>
      <Lists of={props.of} done={props.done} />
    </>
  );
}
