// Promising a customer a call: when, at which number, by whom. What was typed stays with the segment until it
// is sent; the fields are the same while one talks and while one finishes up.

import { createSignal, Show } from "solid-js";
import type { FollowUpCall } from "../protocol";
import { Field } from "../parts/field";
import { language, t } from "../text";
import { ActionForm } from "./action_form";
import { useConsole } from "./console";
import * as drafts from "./drafts";
import { fieldError } from "./explain";
import type { InHand } from "./state";

export const USUAL_PROMISE: drafts.Promised = { isSoon: true, due: "", to: "", byMe: true };
/** As far ahead as the server takes a promise. */
const DAYS_MAX = 90;
const DAY_MS = 86_400_000;

export type PromiseErrors = { due: string; to: string };
export const NO_ERRORS: PromiseErrors = { due: "", to: "" };

/** As the server takes it; undefined and the mistakes when it cannot be. */
export function readPromise(promised: drafts.Promised, now: number): { call: FollowUpCall } | { errors: PromiseErrors } {
  const at = Date.parse(promised.due);
  if (!promised.isSoon && !Number.isFinite(at)) return { errors: { due: t("promise.due_missing"), to: "" } };
  if (!promised.isSoon && at <= now) return { errors: { due: t("promise.due_past"), to: "" } };
  if (!promised.isSoon && at > now + DAYS_MAX * DAY_MS) return { errors: { due: t("promise.due_far", { days: DAYS_MAX }), to: "" } };
  const to = promised.to.replace(/[\s().-]/g, "");
  if (to !== "" && !/^\+\d{5,15}$/.test(to)) return { errors: { due: "", to: t("promise.to_wrong") } };
  return {
    call: {
      by_me: promised.byMe,
      ...(to === "" ? {} : { to }),
      ...(promised.isSoon ? {} : { due: new Date(at).toISOString() }),
    },
  };
}

/** What a refusal says of the fields; undefined: it is about something else. */
export function promiseErrors(failure: unknown): PromiseErrors | undefined {
  const errors = { due: fieldError(failure, "due") ?? "", to: fieldError(failure, "to") ?? "" };
  return errors.due === "" && errors.to === "" ? undefined : errors;
}

/** While the contact is in hand: sent by itself. */
export function PromiseForm(props: { one: InHand; close: () => void }) {
  const console = useConsole();
  const [errors, setErrors] = createSignal(NO_ERRORS);
  const read = () => readPromise(drafts.draftOf(props.one.segment).promised ?? USUAL_PROMISE, console.session.now() ?? 0);
  return (
    <ActionForm
      name="promise"
      title="promise.title"
      submit="promise.submit"
      close={props.close}
      isReady={() => {
        const found = read();
        setErrors("errors" in found ? found.errors : NO_ERRORS);
        return "call" in found;
      }}
      run={async () => {
        const promised = read();
        if ("call" in promised) await console.promise(props.one, promised.call);
        drafts.write(props.one.segment, { promised: null });
      }}
      refused={(failure) => {
        const found = promiseErrors(failure);
        setErrors(found ?? NO_ERRORS);
        return found !== undefined;
      }}
    >
      <PromiseFields one={props.one} errors={errors()} takesFocus />
    </ActionForm>
  );
}

export function PromiseFields(props: { one: InHand; errors: PromiseErrors; takesFocus?: boolean }) {
  const promised = () => drafts.draftOf(props.one.segment).promised ?? USUAL_PROMISE;
  const write = (change: Partial<drafts.Promised>) =>
    drafts.write(props.one.segment, { promised: { ...promised(), ...change } });
  const group = `promise-${props.one.segment}`;
  const radio = (name: string, label: string, is: () => boolean, choose: () => void, isFirst = false) => (
    <label class="check">
      <input
        type="radio"
        name={`${group}-${name}`}
        checked={is()}
        onChange={choose}
        ref={(element) => isFirst && props.takesFocus === true && queueMicrotask(() => element.focus())}
      />
      {label}
    </label>
  );
  return (
    <>
      <fieldset class="choices">
        <legend>{t("promise.when")}</legend>
        {radio("when", t("promise.soon"), () => promised().isSoon, () => write({ isSoon: true }), true)}
        {radio("when", t("promise.at"), () => !promised().isSoon, () => write({ isSoon: false }))}
      </fieldset>
      <Show when={!promised().isSoon}>
        <Field label={t("promise.due")} hint={zoneName()} error={props.errors.due}>
          {(field) => (
            <input
              {...field}
              name="due"
              type="datetime-local"
              value={promised().due}
              onInput={(event) => write({ due: event.currentTarget.value })}
            />
          )}
        </Field>
      </Show>
      <Field label={t("promise.to")} hint={t("wrap_up.optional")} error={props.errors.to}>
        {(field) => (
          <input
            {...field}
            name="callback_to"
            type="tel"
            maxlength="32"
            autocomplete="off"
            placeholder={props.one.from ?? ""}
            value={promised().to}
            onInput={(event) => write({ to: event.currentTarget.value })}
          />
        )}
      </Field>
      <fieldset class="choices">
        <legend>{t("promise.who")}</legend>
        {radio("who", t("promise.by_me"), () => promised().byMe, () => write({ byMe: true }))}
        {radio("who", t("promise.by_anyone"), () => !promised().byMe, () => write({ byMe: false }))}
      </fieldset>
    </>
  );
}

/** The viewer's time zone, as people call it. */
export function zoneName(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const part = new Intl.DateTimeFormat(language(), { timeZone, timeZoneName: "short" }).formatToParts();
  return `${timeZone} (${part.find((one) => one.type === "timeZoneName")?.value ?? ""})`;
}
