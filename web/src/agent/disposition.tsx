// What came of a contact: the words as a list with digits, narrowed by typing. It sends nothing.

import { createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { t } from "../text";
import { DIGITS_MAX, narrowed, wordOfDigit } from "./disposition_words";

type DispositionProps = {
  words: readonly string[];
  chosen: string;
  isRequired: boolean;
  error: string;
  choose: (word: string) => void;
  /** The field, for the one who wants to lead the focus to it. */
  field: (input: HTMLInputElement) => void;
};

export function DispositionField(props: DispositionProps) {
  const id = createUniqueId();
  const [typed, setTyped] = createSignal<string | undefined>(undefined);
  const [active, setActive] = createSignal(-1);
  const shown = createMemo(() => narrowed(props.words, typed() ?? ""));
  const digitOf = (word: string) => {
    const at = props.words.indexOf(word);
    return at < DIGITS_MAX ? String(at + 1) : "";
  };
  const choose = (word: string) => {
    setTyped(undefined);
    setActive(-1);
    props.choose(word);
  };
  const type = (text: string) => {
    setTyped(text);
    setActive(text.trim() === "" ? -1 : 0);
    // A word of one's own counts as it stands.
    const [first] = narrowed(props.words, text);
    props.choose(text.trim() === "" ? "" : (first ?? text.trim()));
  };
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const word = (typed() ?? "") === "" ? wordOfDigit(props.words, Number(event.key)) : undefined;
    if (word !== undefined) choose(word);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  };
  const move = (by: number) => {
    const count = shown().length;
    if (count === 0) return;
    const from = active() >= 0 ? active() : by > 0 ? -1 : 0;
    const to = (from + by + count) % count;
    setActive(to);
    props.choose(shown()[to]!);
  };
  const optionId = (at: number) => `${id}-${at}`;
  return (
    <div class="field disposition">
      <label for={id}>
        {t("wrap_up.disposition")} <span class="quiet">{t(props.isRequired ? "wrap_up.required" : "wrap_up.optional")}</span>
      </label>
      <input
        id={id}
        ref={props.field}
        name="disposition"
        role="combobox"
        autocomplete="off"
        maxlength="64"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={active() >= 0 ? optionId(active()) : undefined}
        aria-required={props.isRequired}
        aria-invalid={props.error !== ""}
        aria-describedby={props.error === "" ? undefined : `${id}-error`}
        value={typed() ?? props.chosen}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={() => setTyped(undefined)}
      />
      <Show when={props.error !== ""}>
        <p class="error" id={`${id}-error`}>{props.error}</p>
      </Show>
      <ul class="options words" id={`${id}-list`} role="listbox" aria-label={t("wrap_up.disposition")}>
        <For each={shown()}>
          {(word, at) => (
            <li
              id={optionId(at())}
              role="option"
              aria-selected={word === props.chosen}
              data-active={at() === active()}
              // The focus stays in the field.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(word)}
            >
              <Show when={digitOf(word)}>{(digit) => <kbd aria-hidden="true">{digit()}</kbd>}</Show> {word}
            </li>
          )}
        </For>
      </ul>
      <Show when={shown().length === 0}>
        <p class="quiet">{t("wrap_up.own_word")}</p>
      </Show>
    </div>
  );
}
