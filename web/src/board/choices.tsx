// One of a few, as radio buttons under a label. It chooses nothing itself.

import { createUniqueId, For } from "solid-js";
import { t } from "../text";

export function Choices<Value extends string>(props: {
  label: string;
  chosen: Value;
  choose: (value: Value) => void;
  choices: readonly { value: Value; text: string }[];
}) {
  const name = createUniqueId();
  return (
    <fieldset class="choices">
      <legend>{props.label}</legend>
      <For each={props.choices}>
        {(choice) => (
          <label class="check">
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={props.chosen === choice.value}
              onChange={() => props.choose(choice.value)}
            />
            {choice.text}
          </label>
        )}
      </For>
    </fieldset>
  );
}

/** Reasons for not being ready, as suggestions. */
export function reasonWords(): string[] {
  return [t("words.break"), t("words.lunch"), t("words.meeting"), t("words.training")];
}
