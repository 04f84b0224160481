// An answer that is asked for again and again while the page is looked at. It keeps the last one when none comes.

import { type Accessor, createSignal, onCleanup } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { type Answer, RestRefused } from "../rest";
import { useSession } from "../session";

export type Fresh<T> = {
  readonly value: Accessor<T | undefined>;
  /** When the server gave the last answer. */
  readonly asOf: Accessor<number | undefined>;
  /** Why the last question was not answered; undefined: it was. */
  readonly failure: Accessor<unknown>;
  /** Asks now. */
  hurry(): Promise<void>;
};

/** `key`: what names an item of a list inside the answer, so that its part of the page stays. */
export function createFresh<T extends object>(ask: () => Promise<Answer<T>>, everyMs: () => number, key: string): Fresh<T> {
  const session = useSession();
  const [kept, setKept] = createStore<{ value: T | undefined }>({ value: undefined });
  const [asOf, setAsOf] = createSignal<number | undefined>(undefined);
  const [failure, setFailure] = createSignal<unknown>(undefined);
  let isGone = false;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hurry = async () => {
    clearTimeout(timer);
    const mine = ++asked;
    const isMine = () => !isGone && mine === asked;
    try {
      const { body, at } = await ask();
      if (!isMine()) return;
      setKept("value", reconcile<T | undefined, T | undefined>(body, { key }));
      setAsOf(at);
      setFailure(undefined);
    } catch (thrown) {
      if (!isMine()) return;
      setFailure(thrown);
      if (thrown instanceof RestRefused && thrown.kind === "not_logged_in") return session.signedOut();
    }
    if (document.visibilityState === "visible") timer = setTimeout(() => void hurry(), everyMs());
  };
  const look = () => {
    if (document.visibilityState === "visible") void hurry();
    else clearTimeout(timer);
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  onCleanup(() => {
    isGone = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", look);
  });
  void hurry();
  return { value: () => kept.value, asOf, failure, hurry };
}
