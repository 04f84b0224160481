// Keys of a telephone for the customer's end of a call: typed, pasted or pressed here, they go out at once. It keeps
// what went out no longer than it stands open: a card's number may be among it.

import { createSignal, For } from "solid-js";
import { Field } from "../parts/field";
import { t } from "../text";
import { useConsole } from "./console";
import { keysIn, TELEPHONE_KEYS } from "./telephone_keys";
import type { InHand } from "./state";

export function Keypad(props: { one: InHand; close: () => void }) {
  const console = useConsole();
  const [sent, setSent] = createSignal("");
  const isOff = () => !console.isLive() || props.one.state !== "talking";
  const press = (typed: string) => {
    for (const digits of keysIn(typed)) {
      void console.dtmf(props.one, digits).then((isDone) => isDone && setSent((before) => before + digits));
    }
  };
  return (
    <section class="form keypad" data-form="keypad" aria-label={t("keypad.title")} onKeyDown={(event) => event.key === "Escape" && props.close()}>
      <Field label={t("keypad.title")} hint={t("keypad.meaning")} error="">
        {(field) => (
          <input
            {...field}
            ref={(element) => queueMicrotask(() => element.focus())}
            name="digits"
            type="text"
            inputmode="tel"
            autocomplete="off"
            readonly={isOff()}
            onInput={(event) => {
              press(event.currentTarget.value);
              event.currentTarget.value = "";
            }}
          />
        )}
      </Field>
      <div class="keypad-keys">
        <For each={TELEPHONE_KEYS}>
          {(key) => (
            <button type="button" class="button" aria-disabled={isOff()} onClick={() => !isOff() && press(key)}>
              {key}
            </button>
          )}
        </For>
      </div>
      <p class="quiet">
        {t("keypad.sent")} <output class="number" aria-live="off">{sent()}</output>
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => props.close()}>
          {t("keypad.close")}
        </button>
      </div>
    </section>
  );
}
