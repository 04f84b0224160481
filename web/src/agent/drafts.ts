// What the agent has typed about each segment and not yet sent: it outlives a reload of the tab. It
// sends nothing.

import { createSignal } from "solid-js";

export type Draft = { note: string; disposition: string };
/** A note whose time ran out before it was sent. */
export type Unsent = Draft & { segment: string; who: string };

type Kept = { drafts: Record<string, Draft>; unsent: Unsent[] };

const KEPT_AS = "usher.drafts";
const EMPTY: Draft = { note: "", disposition: "" };

const [kept, setKept] = createSignal<Kept>(load());

export function draftOf(segment: string): Draft {
  return kept().drafts[segment] ?? EMPTY;
}

export function write(segment: string, change: Partial<Draft>): void {
  save({ ...kept(), drafts: { ...kept().drafts, [segment]: { ...draftOf(segment), ...change } } });
}

/** The draft was sent, or there is nothing to keep. */
export function forget(segment: string): void {
  const { [segment]: _, ...drafts } = kept().drafts;
  save({ ...kept(), drafts });
}

/** The segment closed before its draft was sent. */
export function setAside(segment: string, who: string): void {
  const draft = draftOf(segment);
  if (draft.note.trim() !== "") save({ ...kept(), unsent: [...kept().unsent, { ...draft, segment, who }] });
  forget(segment);
}

export function unsent(): readonly Unsent[] {
  return kept().unsent;
}

export function discard(segment: string): void {
  save({ ...kept(), unsent: kept().unsent.filter((one) => one.segment !== segment) });
}

/** What was typed about segments that are not in hand any more is unsent. */
export function keepOnly(segments: ReadonlySet<string>): void {
  for (const segment of Object.keys(kept().drafts)) if (!segments.has(segment)) setAside(segment, segment);
}

export function forgetAll(): void {
  save({ drafts: {}, unsent: [] });
}

function save(next: Kept): void {
  setKept(next);
  try {
    sessionStorage.setItem(KEPT_AS, JSON.stringify(next));
  } catch {
    // Without storage the drafts live as long as the page.
  }
}

function load(): Kept {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null") as Kept | null;
    if (found !== null && typeof found.drafts === "object" && Array.isArray(found.unsent)) return found;
  } catch {
    // Nothing to read: nothing was kept.
  }
  return { drafts: {}, unsent: [] };
}
