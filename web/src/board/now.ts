// How long ago something was, by the centre's clock. It reads no other clock.

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
