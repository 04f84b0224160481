// A button with its key beside it. It stays focusable while it cannot be used, so that focus is not lost.

import type { ParentProps } from "solid-js";
import { type Command, keyName, keyText } from "./shortcuts";

export function CommandButton(
  props: ParentProps<{ command: Command; kind?: "main" | "bad"; isOff?: boolean; isSubmit?: boolean; isPressed?: boolean; onPress?: () => void }>,
) {
  return (
    <button
      type={props.isSubmit === true ? "submit" : "button"}
      class="button"
      classList={{ "button-main": props.kind === "main", "button-bad": props.kind === "bad" }}
      data-command={props.command}
      aria-keyshortcuts={keyName(props.command)}
      aria-disabled={props.isOff === true}
      aria-pressed={props.isPressed}
      onClick={(event) => {
        if (props.isOff === true) event.preventDefault();
        else props.onPress?.();
      }}
    >
      {props.children} <kbd aria-hidden="true">{keyText(props.command)}</kbd>
    </button>
  );
}
