// Says aloud what changed, for those who do not see it. It shows nothing.

import { createSignal } from "solid-js";

const [calm, setCalm] = createSignal("");
const [urgent, setUrgent] = createSignal("");

/** Urgent interrupts what a screen reader is saying. */
export function announce(text: string, isUrgent = false): void {
  const set = isUrgent ? setUrgent : setCalm;
  // The same words twice are no change to a screen reader.
  set((before) => (before === text ? `${text}\u00a0` : text));
}

export function Announcer() {
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {calm()}
      </div>
      <div class="visually-hidden" role="alert" aria-live="assertive">
        {urgent()}
      </div>
    </>
  );
}
