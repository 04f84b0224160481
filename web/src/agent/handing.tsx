// What else can become of a contact in hand: those with more authority get it, or it is laid down for a while.
// It keeps what was typed when the server refuses.

import { createSignal } from "solid-js";
import { Field } from "../parts/field";
import { t } from "../text";
import { ActionForm } from "./action_form";
import { useConsole } from "./console";
import { fieldError } from "../refusal";
import { zoneName } from "./promised";
import type { InHand } from "./state";

type FormProps = { one: InHand; close: () => void };

export function EscalateForm(props: FormProps) {
  const console = useConsole();
  const [reason, setReason] = createSignal("");
  const [note, setNote] = createSignal("");
  const [reasonError, setReasonError] = createSignal("");
  return (
    <ActionForm
      name="escalate"
      title="escalate.title"
      submit="escalate.submit"
      close={props.close}
      isReady={() => {
        setReasonError(reason().trim() === "" ? t("presence.reason_missing") : "");
        return reasonError() === "";
      }}
      run={() => console.escalate(props.one, reason().trim(), note().trim())}
      refused={(failure) => {
        const found = fieldError(failure, "reason");
        setReasonError(found ?? "");
        return found !== undefined;
      }}
    >
      <Field label={t("presence.reason")} error={reasonError()}>
        {(field) => (
          <input
            {...field}
            ref={(element) => queueMicrotask(() => element.focus())}
            name="escalate_reason"
            maxlength="64"
            autocomplete="off"
            value={reason()}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("transfer.note")} hint={t("wrap_up.optional")} error="">
        {(field) => (
          <textarea {...field} name="escalate_note" rows="2" maxlength="4000" value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
        )}
      </Field>
    </ActionForm>
  );
}

/** A chat, an email or a task: until the customer writes, or a time. */
export function SuspendForm(props: FormProps) {
  const console = useConsole();
  const [until, setUntil] = createSignal("");
  const [untilError, setUntilError] = createSignal("");
  return (
    <ActionForm
      name="suspend"
      title="suspend.title"
      submit="suspend.submit"
      close={props.close}
      isReady={() => {
        const isPast = until() !== "" && Date.parse(until()) <= (console.session.now() ?? 0);
        setUntilError(isPast ? t("promise.due_past") : "");
        return !isPast;
      }}
      run={() => console.suspend(props.one, until() === "" ? undefined : new Date(until()).toISOString())}
      refused={(failure) => {
        const found = fieldError(failure, "until");
        setUntilError(found ?? "");
        return found !== undefined;
      }}
    >
      <p class="quiet">{t("suspend.meaning")}</p>
      <Field label={t("suspend.until")} hint={`${t("wrap_up.optional")} ${zoneName()}`} error={untilError()}>
        {(field) => (
          <input
            {...field}
            ref={(element) => queueMicrotask(() => element.focus())}
            name="until"
            type="datetime-local"
            value={until()}
            onInput={(event) => setUntil(event.currentTarget.value)}
          />
        )}
      </Field>
    </ActionForm>
  );
}
