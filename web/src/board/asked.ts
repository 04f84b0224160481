// What the server was asked, asked again when it may have changed. It keeps the last answer while it asks, and
// never has two questions on the way.

import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { retryAfter } from "../refusal";
import { useSession } from "../session";

export type Asked<T> = {
  /** Undefined before the first answer. */
  readonly answer: Accessor<T | undefined>;
  /** Why the last question was not answered; undefined when it was. */
  readonly failure: Accessor<unknown>;
  again(): void;
};

/** A server that is busy is asked again by itself so often, before it is said. */
const TRIES = 5;

/**
 * Asks at once, when one of `changes` does (at most every `everyMs`), and when the connection is back. `name`
 * says what is asked about: when it changes, the answer of before is dropped.
 */
export function createAsked<T>(
  name: Accessor<string>,
  ask: () => Promise<T>,
  changes: (answer: T | undefined) => readonly unknown[],
  everyMs: number,
): Asked<T> {
  const session = useSession();
  const [answer, setAnswer] = createSignal<T | undefined>(undefined);
  const [failure, setFailure] = createSignal<unknown>(undefined);
  let run = 0;
  let isAsking = false;
  let isWanted = false;
  let askedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let triesLeft = TRIES;
  const go = async () => {
    timer = undefined;
    const mine = run;
    isAsking = true;
    isWanted = false;
    askedAt = performance.now();
    try {
      const told = await ask();
      if (mine !== run) return;
      setAnswer(() => told);
      setFailure(undefined);
      triesLeft = TRIES;
    } catch (refused) {
      if (mine !== run) return;
      const wait = retryAfter(refused);
      if (wait !== undefined && triesLeft > 0) {
        triesLeft -= 1;
        timer = setTimeout(() => void go(), wait);
      } else setFailure(refused);
    } finally {
      if (mine === run) {
        isAsking = false;
        if (isWanted) again();
      }
    }
  };
  const again = () => {
    isWanted = true;
    if (isAsking || timer !== undefined || session.status().is !== "open") return;
    timer = setTimeout(() => void go(), Math.max(0, askedAt + everyMs - performance.now()));
  };
  const begin = () => {
    run += 1;
    clearTimeout(timer);
    timer = undefined;
    isAsking = false;
    askedAt = -Infinity;
    triesLeft = TRIES;
    setAnswer(undefined);
    setFailure(undefined);
    again();
  };
  createEffect(on(name, begin));
  const seen = createMemo(() => changes(answer()), undefined, {
    equals: (a, b) => a.length === b.length && a.every((one, place) => one === b[place]),
  });
  createEffect(on(seen, again, { defer: true }));
  createEffect(on(() => session.status().is === "open", (isOpen) => isOpen && again(), { defer: true }));
  onCleanup(() => {
    run += 1;
    clearTimeout(timer);
  });
  return { answer, failure, again };
}
