// Keys for what an agent does all day: Alt and a letter, so that typing is never taken for a command.
// It knows no command itself.

import { onCleanup, onMount } from "solid-js";

export const SHORTCUTS = {
  available: "Digit1",
  not_ready: "Digit2",
  accept: "KeyA",
  decline: "KeyX",
  hold: "KeyH",
  transfer: "KeyT",
  complete: "KeyC",
  swap: "KeyS",
  conference: "KeyJ",
  cancel: "KeyB",
  end: "KeyK",
  note: "KeyN",
  finish: "KeyW",
  extend: "KeyM",
} as const;

export type Command = keyof typeof SHORTCUTS;

/** As it stands on the button. */
export function keyText(command: Command): string {
  return `Alt ${SHORTCUTS[command].replace(/^(Key|Digit)/, "")}`;
}

/** As `aria-keyshortcuts` wants it. */
export function keyName(command: Command): string {
  return keyText(command).replace(" ", "+");
}

/** Which command a key press means, wherever the letter is on the keyboard and whatever Alt makes of it. */
export function commandOf(event: Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code">): Command | null {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const found = Object.entries(SHORTCUTS).find(([, code]) => code === event.code);
  return found === undefined ? null : (found[0] as Command);
}

/** Calls `run` on each command; where it answers false the key is the browser's again. */
export function useShortcuts(run: (command: Command) => boolean): void {
  const listen = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (command === null) return;
    if (event.repeat || run(command)) event.preventDefault();
  };
  onMount(() => window.addEventListener("keydown", listen));
  onCleanup(() => window.removeEventListener("keydown", listen));
}
