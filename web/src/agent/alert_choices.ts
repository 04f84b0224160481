// How this browser calls the agent's attention, as chosen here: kept in the browser, told to nobody.

import { createSignal } from "solid-js";

export type AlertChoices = {
  isRinging: boolean;
  /** From 0 to 1. */
  volume: number;
  isNotifying: boolean;
  /** Whether a notification names the caller: others may see the screen. */
  isNaming: boolean;
};

const KEPT_AS = "usher.alerts";
const USUAL: AlertChoices = { isRinging: true, volume: 0.5, isNotifying: false, isNaming: false };

const [choices, setChoices] = createSignal<AlertChoices>(load());
export { choices as alertChoices };

export function chooseAlerts(change: Partial<AlertChoices>): void {
  const next = { ...choices(), ...change };
  setChoices(next);
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing begins with the usual again.
  }
}

function load(): AlertChoices {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Partial<AlertChoices>;
    const volume = Number(found.volume ?? USUAL.volume);
    return { ...USUAL, ...found, volume: volume >= 0 && volume <= 1 ? volume : USUAL.volume };
  } catch {
    return USUAL;
  }
}
