// How long to wait before coming back: full jitter, as the protocol says. It starts no timer.

export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 30_000;

/** Milliseconds to wait before try `attempt` (0 is the first), after what the server asked for. */
export function backoffMs(attempt: number, retryAfterMs: number, random: () => number): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.max(0, retryAfterMs) + random() * ceiling;
}
