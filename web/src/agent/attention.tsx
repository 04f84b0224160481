// Ring and desktop notification for what is offered, and the choices about them. It accepts nothing.

import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import { ownQueueText } from "../contact_text";
import { t } from "../text";
import { alertChoices, chooseAlerts } from "./alert_choices";
import { keyText } from "./shortcuts";
import { Ring } from "./ring";
import { nameOf, type Offer, whoIs } from "./state";

/** Rings while something is offered, and shows it on the desktop while the page is not seen. */
export function useAttention(offers: () => readonly Offer[]): void {
  const ring = new Ring();
  const shown = new Map<string, Notification>();
  const [isHidden, setHidden] = createSignal(document.visibilityState === "hidden");
  const look = () => setHidden(document.visibilityState === "hidden");
  document.addEventListener("visibilitychange", look);
  createEffect(() => {
    if (offers().length > 0 && alertChoices().isRinging) ring.start(alertChoices().volume);
    else ring.stop();
  });
  createEffect(() => ring.setVolume(alertChoices().volume));
  createEffect(() => {
    const open = new Set(offers().map((offer) => offer.offer));
    for (const [offer, notification] of shown) {
      if (open.has(offer)) continue;
      notification.close();
      shown.delete(offer);
    }
    if (!alertChoices().isNotifying || !isHidden() || !mayNotify()) return;
    for (const offer of offers()) if (!shown.has(offer.offer)) shown.set(offer.offer, notify(offer));
  });
  onCleanup(() => {
    document.removeEventListener("visibilitychange", look);
    ring.close();
    shown.forEach((notification) => notification.close());
  });
}

function mayNotify(): boolean {
  return "Notification" in window && Notification.permission === "granted";
}

function notify(offer: Offer): Notification {
  const { channel, queue } = offer.contact;
  const title = t("offer.heading", { channel: t(`channel.${channel}`), queue: ownQueueText(queue) });
  const body = alertChoices().isNaming ? (nameOf(whoIs(offer)) ?? t("offer.unknown_customer")) : "";
  const notification = new Notification(title, { body, tag: offer.offer });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  return notification;
}

export function AttentionPanel() {
  const [permission, setPermission] = createSignal("Notification" in window ? Notification.permission : "denied");
  const ask = async () => {
    setPermission(await Notification.requestPermission());
    chooseAlerts({ isNotifying: permission() === "granted" });
  };
  const check = (label: string, is: () => boolean, set: (is: boolean) => void, key?: string) => (
    <label class="check">
      <input type="checkbox" checked={is()} onChange={(event) => set(event.currentTarget.checked)} />
      {label} <Show when={key}>{(text) => <kbd aria-hidden="true">{text()}</kbd>}</Show>
    </label>
  );
  return (
    <section class="attention" aria-label={t("attention.title")}>
      {check(t("attention.ring"), () => alertChoices().isRinging, (isRinging) => chooseAlerts({ isRinging }), keyText("ring"))}
      <Show when={alertChoices().isRinging}>
        <label class="volume">
          <span class="quiet">{t("attention.volume")}</span>
          <input
            type="range"
            min="0"
            max="100"
            step="5"
            value={alertChoices().volume * 100}
            onInput={(event) => chooseAlerts({ volume: Number(event.currentTarget.value) / 100 })}
          />
        </label>
      </Show>
      <Show when={permission() === "default"}>
        <button type="button" class="button button-small" onClick={() => void ask()}>
          {t("attention.allow")}
        </button>
      </Show>
      <Show when={permission() === "denied"}>
        <p class="quiet">{t("attention.denied")}</p>
      </Show>
      <Show when={permission() === "granted"}>
        {check(t("attention.notify"), () => alertChoices().isNotifying, (isNotifying) => chooseAlerts({ isNotifying }))}
        <Show when={alertChoices().isNotifying}>
          {check(t("attention.name"), () => alertChoices().isNaming, (isNaming) => chooseAlerts({ isNaming }))}
        </Show>
      </Show>
    </section>
  );
}
