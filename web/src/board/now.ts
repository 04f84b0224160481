// How long ago something was, and every how long, by the centre's clock. It reads no other clock.

import type { Time } from "../protocol";
import { useSession } from "../session";

/** Milliseconds since a time; null while the clock is not known. */
export function useAgo(): (since: Time | null | undefined) => number | null {
  const session = useSession();
  return (since) => {
    const now = session.now();
    return since === null || since === undefined || now === undefined ? null : now - Date.parse(since);
  };
}

/** Rises every so many of our milliseconds. */
export function useEvery(ms: number): () => number {
  const session = useSession();
  return () => Math.floor((session.now() ?? 0) / (ms * session.clock.speed));
}
