// Why a request was not done, in words. It asks nothing.

import { Refused } from "./connection";
import type { ErrorKind } from "./protocol";
import { RestRefused } from "./rest";
import { t } from "./text";

export function explain(failure: unknown): string {
  if (failure instanceof RestRefused) return explainRest(failure);
  return failure instanceof Refused ? explainKind(failure.why) : t("error.unanswered");
}

function explainRest({ kind, message, details }: RestRefused): string {
  switch (kind) {
    case "conflict":
      return t("error.refused", { why: [message, ...(details.with ?? [])].join(": ") });
    case "invalid_field":
      return t("error.invalid_field", { field: details.field ?? "", expected: details.expected ?? "" });
    case "too_big":
      return t("error.too_big", { megabytes: Math.floor((details.bytes_max ?? 0) / 1_048_576) });
    case "unavailable":
    case "rate_limited":
      return t(`error.${kind}`, { seconds: Math.ceil((details.retry_after_ms ?? 0) / 1_000) });
    case "not_permitted":
      return t("error.not_permitted");
    default:
      return t("error.other", { kind });
  }
}

/** What a refusal over REST says of this one field; empty: it is about something else. */
export function restFieldError(failure: unknown, field: string): string {
  const isAbout = failure instanceof RestRefused && failure.kind === "invalid_field" && failure.details.field === field;
  return isAbout ? t("error.expected", { expected: failure.details.expected ?? "" }) : "";
}

/** After how many milliseconds to ask again, if that is worth it. */
export function retryAfter(failure: unknown): number | undefined {
  if (!(failure instanceof Refused)) return undefined;
  const { why } = failure;
  return why.kind === "busy" || why.kind === "unavailable" || why.kind === "rate_limited" ? why.retry_after_ms : undefined;
}

/** Whether the server does not know the question: it is older than this page. */
export function isUnknownMethod(failure: unknown): boolean {
  return failure instanceof Refused && failure.why.kind === "unknown_method";
}

export function isUnknownContact(failure: unknown): boolean {
  return failure instanceof Refused && failure.why.kind === "unknown_contact";
}

function explainKind(why: ErrorKind): string {
  switch (why.kind) {
    case "offer_gone":
    case "accepted_by_phone":
    case "contact_ended":
    case "wrong_state":
    case "too_late":
    case "not_permitted":
    case "unknown_method":
    case "unknown_contact":
    case "unknown_customer":
    case "unknown_work":
    case "unknown_campaign":
    case "campaign_not_running":
    case "no_lead":
    case "number_in_call":
    case "no_line":
    case "not_yours":
    case "work_closed":
    case "conflict":
    case "customer_merged":
      return t(`error.${why.kind}`);
    case "rate_limited":
    case "busy":
    case "unavailable":
      return t(`error.${why.kind}`, { seconds: Math.ceil(why.retry_after_ms / 1_000) });
    case "invalid_field":
      return t("error.invalid_field", { field: why.field, expected: why.expected });
    case "unknown_queue":
      return t("error.unknown_queue", { queue: why.queue });
    case "unknown_agent":
    case "not_logged_in":
    case "not_to_be_offered":
      return t(`error.${why.kind}`, { agent: why.agent });
    default:
      return t("error.other", { kind: why.kind });
  }
}

/** What a refusal says of one field of what was sent; undefined: it is about something else. */
export function fieldError(failure: unknown, field: string): string | undefined {
  if (!(failure instanceof Refused) || failure.why.kind !== "invalid_field") return undefined;
  const named = failure.why.field;
  return named === field || named.endsWith(`.${field}`) ? t("error.expected", { expected: failure.why.expected }) : undefined;
}

/** Whether a refusal is about something inside this field. */
export function isAboutField(failure: unknown, field: string): boolean {
  return failure instanceof Refused && failure.why.kind === "invalid_field" && failure.why.field.startsWith(field);
}
