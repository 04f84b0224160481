// Keys for what an agent does all day: Alt and a letter, so that typing is never taken for a command.
// It knows no command itself.

import { onCleanup, onMount } from "solid-js";
import type { TextKey } from "../text";

export const SHORTCUTS = {
  available: "Digit1",
  not_ready: "Digit2",
  contacts: "Digit3",
  work: "Digit4",
  accept: "KeyA",
  decline: "KeyX",
  next_lead: "KeyO",
  previous: "ArrowUp",
  next: "ArrowDown",
  hold: "KeyH",
  transfer: "KeyT",
  keypad: "KeyP",
  recording: "KeyE",
  promise: "KeyR",
  customer: "KeyU",
  escalate: "KeyG",
  suspend: "KeyL",
  complete: "KeyC",
  swap: "KeyS",
  conference: "KeyJ",
  cancel: "KeyB",
  end: "KeyK",
  message: "KeyI",
  note: "KeyN",
  finish: "KeyW",
  extend: "KeyM",
  ring: "KeyQ",
  sheet: "Slash",
} as const;

export type Command = keyof typeof SHORTCUTS;

/** What stands on the sheet: commands by their keys, and the keys that are no command. */
type KeyGroup = {
  title: TextKey;
  commands: readonly Command[];
  others: readonly ("digits" | "question" | "escape" | "send" | "line")[];
};

export const KEYS: readonly KeyGroup[] = [
  { title: "sheet.day", commands: ["available", "not_ready", "contacts", "work", "next_lead", "ring", "sheet"], others: ["question", "escape"] },
  { title: "sheet.offer", commands: ["accept", "decline"], others: [] },
  {
    title: "sheet.contact",
    commands: ["previous", "next", "hold", "transfer", "keypad", "recording", "promise", "customer", "escalate", "suspend", "message", "note", "end"],
    others: ["send", "line"],
  },
  { title: "sheet.colleague", commands: ["complete", "swap", "conference", "cancel"], others: [] },
  { title: "sheet.wrap_up", commands: ["finish", "extend"], others: ["digits"] },
];

const SIGNS: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", Slash: "/" };
const NAMES: Record<string, string> = { Slash: "/" };

/** As it stands on the button. */
export function keyText(command: Command): string {
  const code = SHORTCUTS[command];
  return `Alt ${SIGNS[code] ?? code.replace(/^(Key|Digit)/, "")}`;
}

/** As `aria-keyshortcuts` wants it. */
export function keyName(command: Command): string {
  const code = SHORTCUTS[command];
  return `Alt+${NAMES[code] ?? code.replace(/^(Key|Digit)/, "")}`;
}

type Press = Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code">;

/** Which command a key press means, wherever the letter is on the keyboard and whatever Alt makes of it. */
export function commandOf(event: Press): Command | null {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const found = Object.entries(SHORTCUTS).find(([, code]) => code === event.code);
  return found === undefined ? null : (found[0] as Command);
}

/** The digit of a disposition: with Alt and Shift always, alone while nobody types. */
export function digitOf(event: Press, isTyping: boolean): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (digit === undefined || event.ctrlKey || event.metaKey) return null;
  const isMeant = event.altKey ? event.shiftKey : !event.shiftKey && !isTyping;
  return isMeant ? Number(digit) : null;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

type Run = {
  command: (command: Command) => boolean;
  digit: (digit: number) => boolean;
};

/** Calls `run` on each command; where it answers false the key is the browser's again. */
export function useShortcuts(run: Run): void {
  const meant = (event: KeyboardEvent): (() => boolean) | undefined => {
    const isTyping = isField(event.target);
    const command = commandOf(event) ?? (event.key === "?" && !isTyping ? "sheet" : null);
    if (command !== null) return () => run.command(command);
    const digit = digitOf(event, isTyping);
    return digit === null ? undefined : () => run.digit(digit);
  };
  const listen = (event: KeyboardEvent) => {
    const act = meant(event);
    if (act !== undefined && (event.repeat || act())) event.preventDefault();
  };
  onMount(() => window.addEventListener("keydown", listen));
  onCleanup(() => window.removeEventListener("keydown", listen));
}
