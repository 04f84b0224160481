// A value that follows another, but not faster than is asked. It never loses the last one.

import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from "solid-js";

export function createThrottled<T>(source: Accessor<T>, everyMs: number): Accessor<T> {
  const [value, setValue] = createSignal(untrack(source));
  let changedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = () => {
    timer = undefined;
    changedAt = performance.now();
    setValue(() => untrack(source));
  };
  createEffect(
    on(
      source,
      () => {
        if (timer !== undefined) return;
        const wait = changedAt + everyMs - performance.now();
        if (wait <= 0) take();
        else timer = setTimeout(take, wait);
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));
  return value;
}
