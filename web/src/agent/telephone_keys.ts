// What of a typed text are keys of a telephone. It sends nothing.

/** As they stand on a telephone, row by row. */
export const TELEPHONE_KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** The most that one message takes. */
const KEYS_MAX = 32;

/** The keys in what was typed or pasted, in pieces that one message takes; the rest is left out. */
export function keysIn(typed: string): string[] {
  const keys = typed.toUpperCase().replace(/[^0-9*#A-D]/g, "");
  return keys.match(new RegExp(`.{1,${KEYS_MAX}}`, "g")) ?? [];
}
