// A call that is promised, from what was typed to what the wire takes. It sends nothing.

import type { FollowUpCall } from "../protocol";
import { fieldError } from "../refusal";
import { language, t } from "../text";
import type { Promised } from "./drafts";

export const USUAL_PROMISE: Promised = { isSoon: true, due: "", to: "", byMe: true };
/** As far ahead as the server takes a promise. */
const DAYS_MAX = 90;
const DAY_MS = 86_400_000;

export type PromiseErrors = { due: string; to: string };
export const NO_ERRORS: PromiseErrors = { due: "", to: "" };

/** As the server takes it; undefined and the mistakes when it cannot be. */
export function readPromise(promised: Promised, now: number): { call: FollowUpCall } | { errors: PromiseErrors } {
  const at = Date.parse(promised.due);
  if (!promised.isSoon && !Number.isFinite(at)) return { errors: { due: t("promise.due_missing"), to: "" } };
  if (!promised.isSoon && at <= now) return { errors: { due: t("promise.due_past"), to: "" } };
  if (!promised.isSoon && at > now + DAYS_MAX * DAY_MS) return { errors: { due: t("promise.due_far", { days: DAYS_MAX }), to: "" } };
  const to = promised.to.replace(/[\s().-]/g, "");
  if (to !== "" && !/^\+\d{5,15}$/.test(to)) return { errors: { due: "", to: t("promise.to_wrong") } };
  return {
    call: {
      by_me: promised.byMe,
      ...(to === "" ? {} : { to }),
      ...(promised.isSoon ? {} : { due: new Date(at).toISOString() }),
    },
  };
}

/** What a refusal says of the fields; undefined: it is about something else. */
export function promiseErrors(failure: unknown): PromiseErrors | undefined {
  const errors = { due: fieldError(failure, "due") ?? "", to: fieldError(failure, "to") ?? "" };
  return errors.due === "" && errors.to === "" ? undefined : errors;
}

/** The viewer's time zone, as people call it. */
export function zoneName(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const part = new Intl.DateTimeFormat(language(), { timeZone, timeZoneName: "short" }).formatToParts();
  return `${timeZone} (${part.find((one) => one.type === "timeZoneName")?.value ?? ""})`;
}
