// The agent's own state and the choices of presence. It derives no activity.

import { createSignal, Match, Show, Switch } from "solid-js";
import { duration } from "../format";
import { Field } from "../parts/field";
import { t, type TextKey } from "../text";
import { CommandButton } from "./button";
import { useConsole } from "./console";
import type { ConsoleState } from "./state";

export function PresencePanel(props: { state: ConsoleState; isAsking: boolean; setAsking: (is: boolean) => void }) {
  const console = useConsole();
  const agent = () => props.state.agent;
  const since = () => {
    const now = console.session.now();
    return now === undefined ? null : now - Date.parse(agent().since);
  };
  const activityText = (): TextKey => {
    const activity = agent().activity;
    return activity === "idle" ? `activity.idle.${agent().presence}` : `activity.${activity}`;
  };
  const mustComeBack = () =>
    agent().presence !== "offline" && (agent().activity === "not_responding" || agent().activity === "unreachable");
  const nextText = () => {
    const next = agent().next;
    if (!next) return undefined;
    const presence = t(`presence.${next.presence}`);
    return t("presence.next", { presence: next.reason ? `${presence} (${next.reason})` : presence });
  };
  return (
    <section class="card presence" aria-labelledby="presence-heading" data-presence={agent().presence} data-activity={agent().activity}>
      <h2 id="presence-heading">{t("presence.title")}</h2>
      <p class="presence-name">{props.state.name}</p>
      <p class="presence-now">
        <strong>{t(`presence.${agent().presence}`)}</strong>
        <Show when={agent().presence === "not_ready" && agent().reason}> · {agent().reason}</Show>{" "}
        <span class="quiet number">{t("presence.for", { duration: duration(since()) })}</span>
      </p>
      <p class="presence-activity" classList={{ bad: mustComeBack() }}>
        {t(activityText())}
      </p>
      <Show when={mustComeBack()}>
        <CommandButton command="available" kind="main" isOff={!console.isLive()} onPress={() => void console.goAvailable()}>
          {t("activity.come_back")}
        </CommandButton>
      </Show>
      <Show when={console.isLeaving()}>
        <p>{t("presence.logging_out")}</p>
      </Show>
      <Show when={nextText()}>
        {(text) => (
          <p>
            {text()}{" "}
            <button type="button" class="button button-small" onClick={() => void console.goAvailable()}>
              {t("presence.stay")}
            </button>
          </p>
        )}
      </Show>
      <Switch>
        <Match when={props.isAsking}>
          <NotReadyForm state={props.state} close={() => props.setAsking(false)} />
        </Match>
        <Match when={!props.isAsking}>
          <div class="buttons">
            <Show when={!mustComeBack()}>
              <CommandButton
                command="available"
                kind="main"
                isOff={!console.isLive() || (agent().presence === "available" && !agent().next)}
                onPress={() => void console.goAvailable()}
              >
                {t("presence.go_available")}
              </CommandButton>
            </Show>
            <CommandButton command="not_ready" isOff={!console.isLive()} onPress={() => props.setAsking(true)}>
              {t("presence.go_not_ready")}
            </CommandButton>
            <button type="button" class="button" data-command="log_out" onClick={() => void console.logOut()}>
              {t("presence.log_out")}
            </button>
          </div>
        </Match>
      </Switch>
    </section>
  );
}

function NotReadyForm(props: { state: ConsoleState; close: () => void }) {
  const console = useConsole();
  const [reason, setReason] = createSignal("");
  const [error, setError] = createSignal("");
  const [isAfter, setAfter] = createSignal(props.state.inHand.length > 0);
  let input: HTMLInputElement | undefined;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (reason().trim() === "") {
      setError(t("presence.reason_missing"));
      return input?.focus();
    }
    setError("");
    const when = isAfter() && props.state.inHand.length > 0 ? "after_contact" : "now";
    if (await console.goNotReady(reason().trim(), when)) props.close();
  };
  return (
    <form
      class="form"
      onSubmit={submit}
      novalidate
      aria-label={t("presence.not_ready")}
      onKeyDown={(event) => event.key === "Escape" && props.close()}
    >
      <Field label={t("presence.reason")} error={error()}>
        {(field) => (
          <input
            {...field}
            ref={(element) => {
              input = element;
              queueMicrotask(() => element.focus());
            }}
            name="reason"
            list="not-ready-reasons"
            maxlength="64"
            autocomplete="off"
            value={reason()}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Field>
      <Words id="not-ready-reasons" words={console.words().reasons} />
      <Show when={props.state.inHand.length > 0}>
        <fieldset class="choices">
          <label class="check">
            <input type="radio" name="when" checked={!isAfter()} onChange={() => setAfter(false)} />
            {t("presence.now")}
          </label>
          <label class="check">
            <input type="radio" name="when" checked={isAfter()} onChange={() => setAfter(true)} />
            {t("presence.after_contact")}
          </label>
        </fieldset>
      </Show>
      <div class="buttons">
        <button type="submit" class="button button-main" aria-disabled={!console.isLive()}>
          {t("presence.set")}
        </button>
        <button type="button" class="button" onClick={() => props.close()}>
          {t("presence.cancel")}
        </button>
      </div>
    </form>
  );
}

/** The centre's own words as suggestions of a field. */
export function Words(props: { id: string; words: readonly string[] }) {
  return (
    <datalist id={props.id}>
      {props.words.map((word) => (
        <option value={word} />
      ))}
    </datalist>
  );
}
