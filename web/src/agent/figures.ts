// The agent's own figures of the day, read when the console opens and after each closed segment. It counts nothing.

import { createSignal, onCleanup } from "solid-js";
import type { OwnFigures } from "../protocol";
import type { Session } from "../session";

/** Segments that close together are one reading. */
const READ_AFTER_MS = 300;

export function createFigures(session: Session) {
  const [figures, setFigures] = createSignal<OwnFigures | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  return {
    /** Undefined until the server has said. */
    figures,
    refresh: () => {
      clearTimeout(timer);
      timer = setTimeout(() => session.ask("figures.show", {}).then(setFigures, () => undefined), READ_AFTER_MS);
    },
  };
}
