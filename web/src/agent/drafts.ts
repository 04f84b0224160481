// What the agent has typed about each segment and not yet sent: it outlives a reload of the tab. It
// sends nothing.

import { createSignal } from "solid-js";

/** A call that is being promised, as the form has it. */
export type Promised = { isSoon: boolean; due: string; to: string; byMe: boolean };
/** A line of a chat that the server has not taken. */
export type Outgoing = { message: string; text: string };
export type Draft = {
  note: string;
  /** The note as the server has it. */
  saved: string;
  disposition: string;
  /** What stands in the line of a chat. */
  message: string;
  outgoing: readonly Outgoing[];
  promised: Promised | null;
  /** Whether that call is promised with the end of the wrap-up. */
  isPromising: boolean;
};
/** What was typed about a segment whose time ran out before it was sent. */
export type Unsent = { segment: string; who: string; note: string };

type Kept = { drafts: Record<string, Partial<Draft>>; unsent: Unsent[] };

const KEPT_AS = "usher.drafts";
const EMPTY: Draft = { note: "", saved: "", disposition: "", message: "", outgoing: [], promised: null, isPromising: false };

const [kept, setKept] = createSignal<Kept>(load());

export function draftOf(segment: string): Draft {
  return { ...EMPTY, ...kept().drafts[segment] };
}

export function write(segment: string, change: Partial<Draft>): void {
  save({ ...kept(), drafts: { ...kept().drafts, [segment]: { ...draftOf(segment), ...change } } });
}

/** The server's note of a segment: it takes the place of what it had before; what was typed here since then stays. */
export function takeUp(segment: string, onServer: string): void {
  const { note, saved } = draftOf(segment);
  if (note === saved || note === onServer) return write(segment, { note: onServer, saved: onServer });
  const isTypedElsewhere = onServer !== saved && onServer !== "" && !note.includes(onServer);
  write(segment, { note: isTypedElsewhere ? `${onServer}\n\n${note}` : note, saved: onServer });
}

/** The draft was sent, or there is nothing to keep. */
export function forget(segment: string): void {
  const { [segment]: _, ...drafts } = kept().drafts;
  save({ ...kept(), drafts });
}

/** The segment closed before its draft was sent; a note that the server has is filed by it. */
export function setAside(segment: string, who: string): void {
  const { note, saved, message, outgoing } = draftOf(segment);
  const unsaved = [note === saved ? "" : note, ...outgoing.map((one) => one.text), message];
  const text = unsaved.filter((part) => part.trim() !== "").join("\n\n");
  if (text !== "") save({ ...kept(), unsent: [...kept().unsent, { segment, who, note: text }] });
  forget(segment);
}

/** The segments about which something was typed. */
export function segments(): string[] {
  return Object.keys(kept().drafts);
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
