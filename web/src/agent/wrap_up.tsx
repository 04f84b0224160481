// Finishing a contact up: what came of it, a call that is promised. The server ends it, not this form.

import { createSignal, Show } from "solid-js";
import { t } from "../text";
import { CommandButton } from "./button";
import { useConsole } from "./console";
import { Countdown } from "./countdown";
import { DispositionField } from "./disposition";
import * as drafts from "./drafts";
import { explain, fieldError } from "../refusal";
import { PromiseFields } from "./promise";
import { NO_ERRORS, promiseErrors, readPromise, USUAL_PROMISE } from "./promised";
import type { InHand } from "./state";
import { said } from "./words";

export function WrapUpForm(props: { one: InHand }) {
  const console = useConsole();
  const [fieldProblem, setFieldProblem] = createSignal("");
  const [promiseProblems, setPromiseProblems] = createSignal(NO_ERRORS);
  const [error, setError] = createSignal("");
  let input: HTMLInputElement | undefined;
  let form: HTMLFormElement | undefined;
  const draft = () => drafts.draftOf(props.one.segment);
  const words = () => said(props.one.lead?.dispositions) ?? console.words().dispositions;
  const lead = () => queueMicrotask(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!console.isLive()) return;
    setError("");
    setPromiseProblems(NO_ERRORS);
    const isMissing = props.one.disposition === "required" && draft().disposition.trim() === "";
    setFieldProblem(isMissing ? t("wrap_up.disposition_missing") : "");
    if (isMissing) return lead();
    const { promised, isPromising } = draft();
    const read = isPromising ? readPromise(promised ?? USUAL_PROMISE, console.session.now() ?? 0) : { call: undefined };
    if ("errors" in read) {
      setPromiseProblems(read.errors);
      return lead();
    }
    try {
      await console.finish(props.one, read.call);
    } catch (failure) {
      refused(failure);
    }
  };
  const refused = (failure: unknown) => {
    const said = fieldError(failure, "disposition");
    const ofPromise = draft().isPromising ? promiseErrors(failure) : undefined;
    if (said !== undefined) setFieldProblem(draft().disposition.trim() === "" ? t("wrap_up.disposition_missing") : said);
    else if (ofPromise !== undefined) setPromiseProblems(ofPromise);
    else return setError(explain(failure));
    lead();
  };
  return (
    <form class="form" data-form="wrap_up" ref={form} onSubmit={submit} novalidate>
      <Show when={props.one.endsAt}>
        {(endsAt) => <Countdown endsAt={endsAt()} lastsMs={endsAt() - props.one.since} text="wrap_up.left" />}
      </Show>
      <DispositionField
        words={words()}
        chosen={draft().disposition}
        isRequired={props.one.disposition === "required"}
        error={fieldProblem()}
        choose={(disposition) => drafts.write(props.one.segment, { disposition })}
        field={(element) => {
          input = element;
          // Whoever is typing elsewhere is not disturbed.
          queueMicrotask(() => document.activeElement === document.body && input?.focus());
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          name="promises"
          checked={draft().isPromising}
          onChange={(event) => drafts.write(props.one.segment, { isPromising: event.currentTarget.checked })}
        />
        {t("wrap_up.promise")}
      </label>
      <Show when={draft().isPromising}>
        <PromiseFields one={props.one} errors={promiseProblems()} />
      </Show>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <div class="buttons">
        <CommandButton command="finish" kind="main" isSubmit isOff={!console.isLive()}>
          {t("wrap_up.finish")}
        </CommandButton>
        <Show when={props.one.endsAt !== null}>
          <CommandButton command="extend" isOff={!console.isLive()} onPress={() => void console.extend(props.one)}>
            {t("wrap_up.extend")}
          </CommandButton>
        </Show>
      </div>
    </form>
  );
}
