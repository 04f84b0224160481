// The list of the agent's work and his teams', kept live. It changes no work.

import { createEffect, createSignal, on } from "solid-js";
import type { ListEntry, WorkChanged } from "../protocol";
import type { Session } from "../session";

export type WorkList = { readonly entries: ReadonlyMap<string, ListEntry>; readonly hasMore: boolean };

export type LiveWork = ReturnType<typeof createLiveWork>;

/** Work and contacts have numbers of their own. */
export function keyOf(entry: ListEntry): string {
  return entry.is === "work" ? `work ${entry.work}` : `contact ${entry.contact}`;
}

export function changed(list: WorkList, change: Omit<WorkChanged, "seq">): WorkList {
  const entries = new Map(list.entries);
  for (const contact of change.contacts_gone ?? []) entries.delete(`contact ${contact}`);
  for (const work of change.work_gone ?? []) entries.delete(`work ${work}`);
  for (const entry of change.entries) entries.set(keyOf(entry), entry);
  return { entries, hasMore: change.has_more };
}

/** By due time; what has none comes last. */
export function inOrder(list: WorkList): ListEntry[] {
  const due = (entry: ListEntry) => (entry.due ? Date.parse(entry.due) : Number.POSITIVE_INFINITY);
  return [...list.entries.values()].sort((a, b) => compare(due(a), due(b)) || compare(keyOf(a), keyOf(b)));
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Asked for when it is first looked at, and again with each new session. */
export function createLiveWork(session: Session) {
  const [list, setList] = createSignal<WorkList | undefined>(undefined);
  const [isFailed, setFailed] = createSignal(false);
  let isWatched = false;
  const ask = () => {
    if (!isWatched || session.status().is !== "open") return;
    session.ask("work.watch", {}).then(
      (answer) => {
        setFailed(false);
        setList(changed({ entries: new Map(), hasMore: false }, answer));
      },
      () => setFailed(true),
    );
  };
  createEffect(on(() => session.status().is, ask, { defer: true }));
  return {
    list,
    isFailed,
    watch: () => {
      if (isWatched && list() !== undefined) return;
      isWatched = true;
      ask();
    },
    heard: (change: WorkChanged) => setList((before) => before && changed(before, change)),
  };
}
