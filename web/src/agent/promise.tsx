// Promising a customer a call: when, at which number, by whom. What was typed stays with the segment until it
// is sent; the fields are the same while one talks and while one finishes up.

import { createSignal, Show } from "solid-js";
import { Field } from "../parts/field";
import { t } from "../text";
import { ActionForm } from "./action_form";
import { useConsole } from "./console";
import * as drafts from "./drafts";
import { NO_ERRORS, type PromiseErrors, promiseErrors, readPromise, USUAL_PROMISE, zoneName } from "./promised";
import type { InHand } from "./state";

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
