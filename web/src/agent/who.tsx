// Who is on the other side, as gateway and records say: everything is shown as text.

import { For, Show } from "solid-js";
import { clockTime } from "../format";
import type { CustomerCard, KnownLead, LastCall } from "../protocol";
import { language, t, type TextKey } from "../text";
import type { Who } from "./state";

export function WhoCard(props: { who: Who }) {
  const line = (label: TextKey, value: string | null | undefined) => (
    <Show when={value}>
      <div>
        <dt>{t(label)}</dt>
        <dd>{value}</dd>
      </div>
    </Show>
  );
  const isShownElsewhere = (name: string) =>
    name === "customer_lookup" || (name === "customer" && props.who.customer !== null) || (name === "lead" && props.who.lead !== null);
  const rest = () => [
    ...leadFields(props.who),
    ...Object.entries(props.who.attributes).filter(([name]) => !isShownElsewhere(name)),
  ];
  return (
    <>
      <Show when={props.who.note}>
        <div class="handed-note">
          <p class="quiet">{t("offer.note")}</p>
          <p class="note-text">{props.who.note}</p>
        </div>
      </Show>
      <dl class="who">
        {line("who.customer", props.who.customer?.name)}
        {line("who.tier", props.who.customer?.tier)}
        {line("who.id", props.who.customer?.id)}
        {line("who.from", props.who.from)}
        {line("who.to", props.who.to)}
        <For each={rest()}>
          {([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={props.who.cardUnavailable}>
        <p class="quiet">{t("card.unavailable")}</p>
      </Show>
      <Show when={props.who.leads.length > 0}>
        <Leads leads={props.who.leads} />
      </Show>
      <Show when={props.who.card}>{(card) => <History card={card()} />}</Show>
    </>
  );
}

/** What the call list says of a lead, as the router carries it with the call. */
function leadFields(who: Who): [string, unknown][] {
  if (who.lead === null) return [];
  const lead = who.attributes["lead"] as { language?: unknown; fields?: Record<string, unknown> | null } | undefined;
  const language: [string, unknown][] = lead?.language ? [["language", lead.language]] : [];
  return [...language, ...Object.entries(lead?.fields ?? {})];
}

const at = (time: string) => clockTime(Date.parse(time), language(), true);
const words = (parts: readonly (string | false | null | undefined)[]) => parts.filter(Boolean).join(" · ");

/** Which call lists the customer is on, what was tried, and what is to come. */
function Leads(props: { leads: readonly KnownLead[] }) {
  const last = (call: LastCall) =>
    t("leads.last", {
      call: words([at(call.at), call.outcome && t(`leads.outcome.${call.outcome}`), call.disposition, call.agent]),
    });
  return (
    <section class="history leads" aria-label={t("leads.title")}>
      <p class="quiet">{t("leads.title")}</p>
      <ul>
        <For each={props.leads}>
          {(lead) => (
            <li>
              {words([
                t("offer.lead", { campaign: lead.campaign, list: lead.list }),
                t(`leads.state.${lead.state}`),
                lead.attempts > 0 && t("leads.attempts", { count: lead.attempts }),
                lead.last && last(lead.last),
                lead.due && t("leads.due", { at: at(lead.due) }),
                lead.promised_by && t("leads.promised_by", { agent: lead.promised_by }),
                ...lead.fields.map((field) => `${field.label}: ${field.value}`),
              ])}
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

/** What there was and what is still to be done. */
function History(props: { card: CustomerCard }) {
  const work = () => [...props.card.promises, ...props.card.work];
  return (
    <div class="history">
      <Show when={props.card.do_not_contact}>
        <p>{t("card.do_not_contact")}</p>
      </Show>
      <Show when={props.card.other_matches.length > 0}>
        <p class="quiet">
          {t("card.others", { names: words(props.card.other_matches.map((other) => other.name ?? other.customer)) })}
        </p>
      </Show>
      <Show when={work().length > 0}>
        <p class="quiet">{t("card.work")}</p>
        <ul>
          <For each={work()}>{(one) => <li>{words([one.title, one.due && at(one.due), one.owner])}</li>}</For>
        </ul>
      </Show>
      <Show when={props.card.interactions.length > 0}>
        <p class="quiet">{t("card.interactions")}</p>
        <ul>
          <For each={props.card.interactions}>
            {(past) => (
              <li>{words([at(past.at), t(`channel.${past.channel}`), past.queue, past.agent, past.disposition, past.note])}</li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
