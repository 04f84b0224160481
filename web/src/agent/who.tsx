// Who is on the other side, as the gateway sent it: everything is shown as text.

import { For, Show } from "solid-js";
import { t, type TextKey } from "../text";
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
  const rest = () =>
    Object.entries(props.who.attributes).filter(([name]) => name !== "customer" || props.who.customer === null);
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
    </>
  );
}
