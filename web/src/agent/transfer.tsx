// Handing a contact on to a queue or an agent, with a note. It offers only what the server named.

import { createSignal, For, Show } from "solid-js";
import { Refused } from "../connection";
import type { TransferKind, TransferTo } from "../protocol";
import { Field } from "../parts/field";
import { t } from "../text";
import { explain, useConsole } from "./console";
import type { InHand } from "./state";

export function TransferForm(props: { one: InHand; close: () => void }) {
  const console = useConsole();
  const [to, setTo] = createSignal("");
  const [note, setNote] = createSignal("");
  const [toError, setToError] = createSignal("");
  const [error, setError] = createSignal("");
  let select: HTMLSelectElement | undefined;
  const canAsk = () => props.one.channel === "voice" || props.one.channel === "callback";
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const kind: TransferKind = event.submitter?.getAttribute("value") === "consult" ? "consult" : "blind";
    setError("");
    const target = read(to());
    setToError(target === undefined ? t("transfer.missing") : "");
    if (target === undefined) return select?.focus();
    try {
      await console.transfer(props.one, target, kind, note().trim());
      props.close();
    } catch (failure) {
      const kind = failure instanceof Refused ? failure.why.kind : undefined;
      if (kind === "unknown_queue" || kind === "unknown_agent") setToError(t("transfer.gone"));
      else if (kind === "not_logged_in") setToError(t("transfer.not_logged_in"));
      else setError(explain(failure));
      select?.focus();
    }
  };
  const queues = () => console.state()?.queues ?? [];
  const others = () => {
    const state = console.state();
    return (state?.agents ?? []).filter((choice) => choice.agent !== state?.agent.agent);
  };
  return (
    <form
      class="form"
      data-form="transfer"
      onSubmit={submit}
      novalidate
      aria-label={t("transfer.title")}
      onKeyDown={(event) => event.key === "Escape" && props.close()}
    >
      <Field label={t("transfer.to")} error={toError()}>
        {(field) => (
          <select
            {...field}
            name="to"
            ref={(element) => {
              select = element;
              queueMicrotask(() => element.focus());
            }}
            value={to()}
            onChange={(event) => setTo(event.currentTarget.value)}
          >
            <option value="">{t("transfer.choose")}</option>
            <optgroup label={t("transfer.queues")}>
              <For each={queues()}>{(choice) => <option value={`queue:${choice.queue}`}>{choice.queue}</option>}</For>
            </optgroup>
            <optgroup label={t("transfer.agents")}>
              <For each={others()}>{(choice) => <option value={`agent:${choice.agent}`}>{choice.name}</option>}</For>
            </optgroup>
          </select>
        )}
      </Field>
      <Field label={t("transfer.note")} hint={t("wrap_up.optional")} error="">
        {(field) => (
          <textarea {...field} name="transfer_note" rows="2" maxlength="4000" value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
        )}
      </Field>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <div class="buttons">
        <button type="submit" name="kind" value="blind" class="button button-main" aria-disabled={!console.isLive()}>
          {t("transfer.submit")}
        </button>
        <Show when={canAsk()}>
          <button type="submit" name="kind" value="consult" class="button" aria-disabled={!console.isLive()}>
            {t("transfer.ask_first")}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => props.close()}>
          {t("presence.cancel")}
        </button>
      </div>
    </form>
  );
}

function read(value: string): TransferTo | undefined {
  const at = value.indexOf(":");
  const name = value.slice(at + 1);
  switch (value.slice(0, at)) {
    case "queue":
      return { queue: name };
    case "agent":
      return { agent: name };
    default:
      return undefined;
  }
}
