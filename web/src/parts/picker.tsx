// A field that finds one of many by typing: a combobox with a list. It offers only what it was given.

import { createMemo, createSignal, createUniqueId, For, onMount, Show } from "solid-js";
import { t } from "../text";
import { Field } from "./field";

export type Choice = { value: string; text: string; more?: string };

const SHOWN_MAX = 50;

export function Picker(props: {
  label: string;
  name: string;
  error: string;
  /** The choices for what is typed, the best first. */
  find: (typed: string) => Choice[];
  chosen: string;
  choose: (value: string) => void;
}) {
  const listId = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [at, setAt] = createSignal(0);
  const all = createMemo(() => props.find(typed()));
  const shown = () => all().slice(0, SHOWN_MAX);
  const marked = () => shown()[Math.min(at(), shown().length - 1)];
  const optionId = (place: number) => `${listId}-${place}`;
  let input: HTMLInputElement | undefined;
  onMount(() => input?.focus());
  const type = (text: string) => {
    setTyped(text);
    setAt(0);
    props.choose("");
  };
  const take = (choice: Choice) => {
    props.choose(choice.value);
    setAt(shown().indexOf(choice));
  };
  const move = (to: number) => {
    const last = shown().length - 1;
    setAt(Math.max(0, Math.min(last, to)));
    const choice = marked();
    if (choice !== undefined) take(choice);
    document.getElementById(optionId(at()))?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    switch (event.key) {
      case "ArrowDown":
        move(props.chosen === "" ? at() : at() + 1);
        break;
      case "ArrowUp":
        move(at() - 1);
        break;
      case "Enter": {
        const choice = marked();
        if (props.chosen !== "" || choice === undefined) return;
        take(choice);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
  };
  return (
    <div class="picker">
      <Field label={props.label} error={props.error}>
        {(field) => (
          <input
            {...field}
            ref={(element) => (input = element)}
            name={props.name}
            type="text"
            role="combobox"
            aria-expanded={shown().length > 0}
            aria-controls={shown().length > 0 ? listId : undefined}
            aria-autocomplete="list"
            aria-activedescendant={marked() === undefined ? undefined : optionId(shown().indexOf(marked()!))}
            autocomplete="off"
            spellcheck={false}
            value={typed()}
            onInput={(event) => type(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        )}
      </Field>
      <Show when={shown().length > 0}>
        <ul class="picker-list" id={listId} role="listbox" aria-label={props.label}>
          <For each={shown()}>
            {(choice, place) => (
              <li
                id={optionId(place())}
                role="option"
                class="picker-option"
                aria-selected={props.chosen === choice.value}
                data-marked={marked() === choice}
                data-value={choice.value}
                onClick={() => take(choice)}
              >
                <span>{choice.text}</span>
                <Show when={choice.more}>{(more) => <span class="quiet">{more()}</span>}</Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p class="quiet" role="status">
        <Show when={all().length === 0}>{t("picker.none")}</Show>
        <Show when={all().length > SHOWN_MAX}>{t("picker.more", { count: all().length - SHOWN_MAX })}</Show>
      </p>
    </div>
  );
}
