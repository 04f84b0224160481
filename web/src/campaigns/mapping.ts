// What each column of a file is, as a choice in words and as the server takes it. It guesses nothing: the server does.

import { t, type TextKey } from "../text";
import type { LeadColumn, ListField, Mapping } from "./told";

/** A column of this choice is not taken over. */
export const IGNORED = "";

const PLAIN = [
  "number", "name", "given_name", "family_name", "id", "language", "zone", "region", "postcode", "priority",
  "consent", "consent_kind", "consent_at", "consent_source",
] as const;
const LABELS = ["mobile", "home", "work"] as const;
const NUMBER_OF = "number_of:";
const FIELD = "field:";

/** A column as the value of a choice. */
export function choiceOf(column: LeadColumn | undefined): string {
  if (column === undefined || column === "ignored") return IGNORED;
  if (typeof column === "string") return column;
  return "number_of" in column ? NUMBER_OF + column.number_of.label : FIELD + column.field.name;
}

export function columnOf(choice: string): LeadColumn | undefined {
  if (choice === IGNORED) return undefined;
  if (choice.startsWith(NUMBER_OF)) return { number_of: { label: choice.slice(NUMBER_OF.length) } };
  return choice.startsWith(FIELD) ? { field: { name: choice.slice(FIELD.length) } } : choice;
}

export type Choice = { value: string; text: string };

/** All that a column can be; `chosen` too, when the server guessed a label of its own. */
export function choices(fields: readonly ListField[], chosen: string): Choice[] {
  const numbers: Choice[] = LABELS.map((label) => ({ value: NUMBER_OF + label, text: t(`campaigns.column.number_${label}`) }));
  const plain: Choice[] = PLAIN.map((word) => ({ value: word, text: t(`campaigns.column.${word}` as TextKey) }));
  const own: Choice[] = fields.map((field) => ({ value: FIELD + field.name, text: t("campaigns.column.field", { field: field.label }) }));
  const all = [{ value: IGNORED, text: t("campaigns.column.ignored") }, ...plain.slice(0, 1), ...numbers, ...plain.slice(1), ...own];
  if (all.some((one) => one.value === chosen)) return all;
  return [...all, { value: chosen, text: t("campaigns.column.number_label", { label: chosen.slice(NUMBER_OF.length) }) }];
}

/** The mapping that is sent: columns by heading, and what is said of all of them where it is said. */
export function mappingOf(headings: readonly string[], chosen: readonly string[], of: { home: string; zone: string; dates: string }): Mapping {
  const columns: Record<string, LeadColumn> = {};
  headings.forEach((heading, place) => {
    const column = columnOf(chosen[place] ?? IGNORED);
    if (column !== undefined) columns[heading] = column;
  });
  const mapping: Mapping = { columns };
  if (of.home.trim() !== "") mapping.home = of.home.trim().toUpperCase();
  if (of.zone.trim() !== "") mapping.zone = of.zone.trim();
  if (of.dates === "day_first" || of.dates === "month_first") mapping.dates = of.dates;
  return mapping;
}
