// Notes that save themselves: a while after typing stops, and before the page goes away. It never takes text
// away; what could not be saved is tried again when the server is there.

import { createEffect, on, onCleanup, onMount } from "solid-js";
import type { Session } from "../session";
import * as drafts from "./drafts";
import type { InHand } from "./state";

const SAVED_AFTER_MS = 1_000;

export type Notes = ReturnType<typeof createNotes>;

export function createNotes(session: Session, inHand: () => readonly InHand[]) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const save = (one: InHand) => {
    clearTimeout(timers.get(one.segment));
    timers.delete(one.segment);
    const { note, saved } = drafts.draftOf(one.segment);
    if (note === saved || session.status().is !== "open") return;
    session.ask("contact.note", { contact: one.contact, segment: one.segment, note }).then(
      () => isInHand(one.segment) && drafts.write(one.segment, { saved: note }),
      () => undefined,
    );
  };
  const isInHand = (segment: string) => inHand().some((one) => one.segment === segment);
  const saveAll = () => inHand().forEach(save);
  const leave = () => document.visibilityState === "hidden" && saveAll();

  createEffect(on(() => session.status().is, (is) => is === "open" && saveAll()));
  onMount(() => {
    document.addEventListener("visibilitychange", leave);
    window.addEventListener("pagehide", saveAll);
  });
  onCleanup(() => {
    document.removeEventListener("visibilitychange", leave);
    window.removeEventListener("pagehide", saveAll);
    timers.forEach(clearTimeout);
  });

  return {
    write: (one: InHand, note: string) => {
      drafts.write(one.segment, { note });
      clearTimeout(timers.get(one.segment));
      timers.set(one.segment, setTimeout(() => save(one), SAVED_AFTER_MS));
    },
    /** Whether the server has what was typed. */
    isSaved: (one: InHand) => {
      const { note, saved } = drafts.draftOf(one.segment);
      return note === saved;
    },
  };
}
