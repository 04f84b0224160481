// The offers: who it is, how long is left, accept or decline. It ends no offer by itself.

import { For, Show } from "solid-js";
import { ownQueueText } from "../contact_text";
import { duration } from "../format";
import type { ContactOffered } from "../protocol";
import { t } from "../text";
import { CommandButton } from "./button";
import { useConsole } from "./console";
import { Countdown } from "./countdown";
import { nameOf, whoIs } from "./state";
import { WhoCard } from "./who";

export function Offers(props: { offers: readonly ContactOffered[]; accept: (offer: ContactOffered) => void }) {
  return (
    <Show when={props.offers.length > 0}>
      <section class="offers" aria-label={t("offers.title")}>
        <For each={props.offers}>{(offer) => <Offer offer={offer} accept={() => props.accept(offer)} />}</For>
      </section>
    </Show>
  );
}

function Offer(props: { offer: ContactOffered; accept: () => void }) {
  const console = useConsole();
  const contact = () => props.offer.contact;
  const who = () => whoIs(props.offer);
  return (
    <article class="card offer" data-offer={props.offer.offer}>
      <header class="contact-head">
        <div>
          <p class="quiet">
            {t("offer.heading", { channel: t(`channel.${contact().channel}`), queue: ownQueueText(contact().queue) })} ·{" "}
            {t("offer.waited", { duration: duration(contact().waited_ms) })}
          </p>
          <Show when={contact().lead}>
            {(lead) => <p class="quiet">{t("offer.lead", { campaign: lead().campaign, list: lead().list })}</p>}
          </Show>
          <h2 class="contact-name">{nameOf(who()) ?? t("offer.unknown_customer")}</h2>
        </div>
        <Countdown endsAt={Date.parse(props.offer.expires_at)} lastsMs={props.offer.expires_in_ms} text="offer.left" />
      </header>
      <Show when={props.offer.accept === "by_phone"}>
        <p>{t("offer.by_phone")}</p>
      </Show>
      <Show when={props.offer.accept !== "auto"} fallback={<p>{t("offer.auto")}</p>}>
        <div class="buttons">
          <Show when={props.offer.accept === "manual"}>
            <CommandButton command="accept" kind="main" isOff={!console.isLive()} onPress={props.accept}>
              {t(contact().lead?.preview === undefined ? "offer.accept" : "offer.dial")}
            </CommandButton>
          </Show>
          <CommandButton command="decline" isOff={!console.isLive()} onPress={() => void console.decline(props.offer)}>
            {t(contact().lead?.preview === undefined ? "offer.decline" : "offer.skip")}
          </CommandButton>
        </div>
      </Show>
      <Show when={contact().lead?.preview}>{(then) => <p class="quiet">{t(`offer.then.${then()}`)}</p>}</Show>
      {/* What is learnt late grows below, so that no button moves under a finger. */}
      <WhoCard who={who()} />
    </article>
  );
}
