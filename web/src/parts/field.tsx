// A labelled field with its error beside it. It never checks a value.

import { createUniqueId, type JSX, Show } from "solid-js";

export type FieldAttributes = { id: string; "aria-invalid": boolean; "aria-describedby": string | undefined };

export function Field(props: {
  label: string;
  hint?: string | undefined;
  error: string;
  children: (field: FieldAttributes) => JSX.Element;
}) {
  const id = createUniqueId();
  const errorId = `${id}-error`;
  const field: FieldAttributes = {
    id,
    get "aria-invalid"() {
      return props.error !== "";
    },
    get "aria-describedby"() {
      return props.error === "" ? undefined : errorId;
    },
  };
  return (
    <div class="field">
      <label for={id}>
        {props.label} <Show when={props.hint}>{(hint) => <span class="quiet">{hint()}</span>}</Show>
      </label>
      {props.children(field)}
      <Show when={props.error !== ""}>
        <p class="error" id={errorId}>
          {props.error}
        </p>
      </Show>
    </div>
  );
}
