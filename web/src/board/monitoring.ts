// The one call that a supervisor listens to. Sound goes by his phone, never through the page.

import { type Accessor, createSignal } from "solid-js";
import type { Hears } from "../connection";
import { announce } from "../parts/announce";
import type { MonitorMode, MonitorState } from "../protocol";
import type { Session } from "../session";
import { t } from "../text";

export const MONITOR_MODES: readonly MonitorMode[] = ["listen", "whisper", "barge"];

export type Monitored = { contact: string; mode: MonitorMode; state: Exclude<MonitorState, "over"> };

export type Monitoring = {
  readonly now: Accessor<Monitored | undefined>;
  /** Why the last request or call failed; empty when it did not. */
  readonly error: Accessor<string>;
  /** The phone that is rung, as it was given last. */
  readonly endpoint: Accessor<string>;
  start(contact: string, mode: MonitorMode, endpoint: string): Promise<void>;
  setMode(mode: MonitorMode): void;
  stop(): void;
  changed(told: Hears["monitor.changed"]): void;
};

const REMEMBERED = "usher.monitor_endpoint";

export function createMonitoring(session: Session, explain: (failure: unknown) => string): Monitoring {
  const [now, setNow] = createSignal<Monitored | undefined>(undefined);
  const [error, setError] = createSignal("");
  const [endpoint, setEndpoint] = createSignal(remembered());
  const attempt = (request: Promise<unknown>) => {
    setError("");
    request.catch((failure: unknown) => setError(explain(failure)));
  };
  return {
    now,
    error,
    endpoint,
    start: async (contact, mode, phone) => {
      setError("");
      setEndpoint(phone);
      remember(phone);
      await session.ask("monitor.start", { contact, mode, endpoint: phone });
      // What the phone does may have been told before the answer.
      setNow((before) => (before?.contact === contact ? before : { contact, mode, state: "ringing" }));
    },
    setMode: (mode) => {
      const one = now();
      if (one === undefined) return;
      const asked = session.ask("monitor.mode", { contact: one.contact, mode });
      attempt(asked.then(() => setNow((before) => (before?.contact === one.contact ? { ...before, mode } : before))));
    },
    stop: () => {
      const one = now();
      if (one !== undefined) attempt(session.ask("monitor.stop", { contact: one.contact }));
    },
    changed: ({ contact, state, mode, why }) => {
      if (state !== "over") {
        setNow({ contact, mode, state });
        announce(t(`monitor.${state}`, { contact }));
        return;
      }
      if (now()?.contact === contact) setNow(undefined);
      if (why) setError(t("monitor.over.why", { why: t(`failure.${why}`) }));
      announce(t("monitor.over"));
    },
  };
}

function remembered(): string {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

function remember(endpoint: string): void {
  try {
    localStorage.setItem(REMEMBERED, endpoint);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
