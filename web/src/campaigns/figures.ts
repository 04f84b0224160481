// Figures of a campaign out of what the server counts. It guesses none: what is not known is null.

import type { Calls, Minute, Waterfall } from "./told";

/** The present minute is not over, and its calls are not either. */
const MINUTES_MEANT = 5;

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, one) => all + one, 0);

export function endedOf(waterfall: Waterfall): number {
  return sum(waterfall.ended);
}

export function openOf(waterfall: Waterfall): number {
  return waterfall.all - endedOf(waterfall);
}

export type Part = "with_router" | "dialable" | "not_now" | "ended";
export const PARTS: readonly Part[] = ["with_router", "dialable", "not_now", "ended"];

/** All leads in four parts. */
export function partsOf(waterfall: Waterfall): Record<Part, number> {
  const { with_router, dialable } = waterfall;
  const ended = endedOf(waterfall);
  return { with_router, dialable, not_now: waterfall.all - with_router - dialable - ended, ended };
}

/** Why leads that are open are not dialable, with until when where waiting helps; those that nobody is left in are left out. */
export type Reason = { why: string; count: number; until: string | null };

export function reasonsOf(waterfall: Waterfall): Reason[] {
  const resting = Object.entries(waterfall.resting).map(([why, count]) => ({ why, count, until: null }));
  const reasons: Reason[] = [
    ...resting,
    { why: "being_read", count: waterfall.being_read, until: null },
    { why: "nowhere", count: waterfall.nowhere, until: null },
    { why: "segment_full", count: waterfall.segment_full, until: null },
    { why: "not_released", count: waterfall.not_released, until: waterfall.released_from },
    { why: "closed", count: waterfall.closed, until: waterfall.opens_at },
    { why: "due_later", count: waterfall.due_later, until: waterfall.due_from },
  ];
  return reasons.filter((reason) => reason.count > 0).sort((a, b) => b.count - a.count);
}

/** The mean of the last whole minutes; null: none is known. */
export function aMinute(minutes: readonly Minute[], figure: keyof Minute): number | null {
  const meant = minutes.slice(0, -1).slice(-MINUTES_MEANT);
  return meant.length === 0 ? null : meant.reduce((all, minute) => all + minute[figure], 0) / meant.length;
}

/** Of the calls that are over; null: none is. */
export function answerRate(calls: Calls): number | null {
  return calls.ended === 0 ? null : calls.answered / calls.ended;
}

/** When each of the minutes began, in seconds since 1970, the present one the last. */
export function minuteTimes(count: number, writtenAt: number): number[] {
  const present = Math.floor(writtenAt / 60_000) * 60;
  return Array.from({ length: count }, (_, place) => present - (count - 1 - place) * 60);
}
