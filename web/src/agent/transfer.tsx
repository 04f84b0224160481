// Handing a contact on to a queue, an agent or a number outside, found by typing, with a note; at once or after
// a word with them. It keeps what was typed when the server refuses.

import { createEffect, createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { Refused } from "../connection";
import type { TransferKind } from "../protocol";
import { Field } from "../parts/field";
import { t } from "../text";
import { useConsole } from "./console";
import { explain, fieldError } from "../refusal";
import type { InHand } from "./state";
import { createTargets, outside, type Target } from "./targets";

export function TransferForm(props: { one: InHand; close: () => void }) {
  const console = useConsole();
  const id = createUniqueId();
  const [search, setSearch] = createSignal("");
  const [picked, setPicked] = createSignal<Target | undefined>(undefined);
  const [active, setActive] = createSignal<string | undefined>(undefined);
  const [note, setNote] = createSignal("");
  const [toError, setToError] = createSignal("");
  const [error, setError] = createSignal("");
  let input: HTMLInputElement | undefined;
  let list: HTMLUListElement | undefined;
  const isCall = () => props.one.channel === "voice" || props.one.channel === "callback";
  const found = createTargets(console, search);
  const number = createMemo(() => (isCall() ? outside(search()) : undefined), undefined, { equals: (a, b) => a?.key === b?.key });
  const numbers = () => (number() === undefined ? [] : [number()!]);
  const targets = createMemo(() => [...numbers(), ...found.agents, ...found.queues]);
  const activeAt = () => targets().findIndex((target) => target.key === active());
  const optionId = (at: number) => `${id}-${at}`;
  createEffect(() => {
    const at = activeAt();
    if (at >= 0) list?.querySelector(`#${CSS.escape(optionId(at))}`)?.scrollIntoView({ block: "nearest" });
  });
  const pick = (target: Target) => {
    setPicked(target);
    setActive(undefined);
    setToError("");
    input?.focus();
  };
  const type = (text: string) => {
    setPicked(undefined);
    setActive(undefined);
    setSearch(text);
  };
  const press = (event: KeyboardEvent) => {
    const count = targets().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count === 0 || event.altKey) return;
      const by = event.key === "ArrowDown" ? 1 : -1;
      const from = activeAt() >= 0 ? activeAt() : by > 0 ? -1 : 0;
      setActive(targets()[(from + by + count) % count]!.key);
    } else if (event.key === "Enter" && picked() === undefined) {
      const target = targets()[Math.max(0, activeAt())];
      if (target === undefined || (active() === undefined && search().trim() === "")) return;
      event.preventDefault();
      pick(target);
    }
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const kind: TransferKind = event.submitter?.getAttribute("value") === "consult" ? "consult" : "blind";
    setError("");
    const target = picked();
    setToError(target === undefined ? t("transfer.missing") : "");
    if (target === undefined) return input?.focus();
    try {
      await console.transfer(props.one, target.to, kind, note().trim());
      props.close();
    } catch (failure) {
      const why = failure instanceof Refused ? failure.why.kind : undefined;
      const atField = fieldError(failure, "number") ?? fieldError(failure, "to");
      if (why === "unknown_queue" || why === "unknown_agent") setToError(t("transfer.gone"));
      else if (why === "not_logged_in") setToError(t("transfer.not_logged_in"));
      else if (why === "not_permitted" && target.group === "outside") setToError(t("transfer.not_outside"));
      else if (atField !== undefined) setToError(atField);
      else setError(explain(failure));
      input?.focus();
    }
  };
  const group = (name: Target["group"], shown: () => readonly Target[]) => (
    <Show when={shown().length > 0}>
      <li class="options-group" role="presentation">{t(`transfer.${name}`)}</li>
      <For each={shown()}>
        {(target) => (
          <li
            id={optionId(targets().indexOf(target))}
            role="option"
            aria-selected={target.key === active()}
            data-active={target.key === active()}
            data-target={target.key}
            // The focus stays in the field.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(target)}
          >
            <span class="target-name">{target.name}</span>
            <span class="target-about quiet number" data-standing={target.standing ?? ""}>
              <svg class="state-dot" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4" /></svg>
              {target.about}
            </span>
          </li>
        )}
      </For>
    </Show>
  );
  return (
    <form
      class="form"
      data-form="transfer"
      onSubmit={submit}
      novalidate
      aria-label={t("transfer.title")}
      onKeyDown={(event) => event.key === "Escape" && props.close()}
    >
      <Field label={t("transfer.to")} hint={t(isCall() ? "transfer.hint_call" : "transfer.hint")} error={toError()}>
        {(field) => (
          <input
            {...field}
            ref={(element) => {
              input = element;
              queueMicrotask(() => element.focus());
            }}
            name="to"
            role="combobox"
            autocomplete="off"
            maxlength="64"
            aria-expanded={picked() === undefined}
            aria-controls={`${id}-list`}
            aria-activedescendant={activeAt() >= 0 ? optionId(activeAt()) : undefined}
            value={picked()?.name ?? search()}
            onInput={(event) => type(event.currentTarget.value)}
            onKeyDown={press}
          />
        )}
      </Field>
      <Show when={picked() === undefined}>
        <ul class="options targets" id={`${id}-list`} ref={list} role="listbox" aria-label={t("transfer.to")}>
          {group("outside", numbers)}
          {group("agents", () => found.agents)}
          {group("queues", () => found.queues)}
        </ul>
        <Show when={targets().length === 0}>
          <p class="quiet" role="status">{t("transfer.nobody")}</p>
        </Show>
        <Show when={found.isMore}>
          <p class="quiet">{t("transfer.more")}</p>
        </Show>
      </Show>
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
        <Show when={isCall() && picked()?.group !== "outside"}>
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
