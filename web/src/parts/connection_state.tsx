// Says plainly how the connection is, and when it comes back. It never connects by itself.

import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { clockTime } from "../format";
import { useSession } from "../session";
import { language, t } from "../text";
import { announce } from "./announce";

/** The small mark in the header. */
export function ConnectionMark() {
  const session = useSession();
  const seconds = useSecondsToRetry();
  const text = () => {
    const status = session.status();
    switch (status.is) {
      case "open":
        return t("connection.open");
      case "idle":
      case "connecting":
        return t(status.is === "connecting" && status.attempt > 0 ? "connection.reconnecting" : "connection.connecting");
      case "waiting":
        return `${t("connection.reconnecting")} ${seconds()} s`;
      case "taken_over":
      case "signed_out":
      case "refused":
        return "";
    }
  };
  return (
    <Show when={text() !== ""}>
      <span class="connection-mark" data-connection={session.status().is}>
        <svg class="connection-dot" viewBox="0 0 10 10" aria-hidden="true">
          <circle cx="5" cy="5" r="4" />
        </svg>
        {text()}
      </span>
    </Show>
  );
}

/** What stands over the page while it is not connected. */
export function ConnectionBanner() {
  const session = useSession();
  const seconds = useSecondsToRetry();
  const [lostAt, setLostAt] = createSignal<number | undefined>(undefined);
  createEffect(
    on(
      () => session.status().is,
      (is, before) => {
        if (is === "waiting" && lostAt() === undefined) {
          setLostAt(session.clock.now());
          announce(t("connection.waiting", { seconds: seconds() }), true);
        }
        if (is === "open" && before !== undefined && lostAt() !== undefined) announce(t("connection.back"));
        if (is === "open") setLostAt(undefined);
        if (is === "taken_over") announce(t("connection.taken_over"), true);
      },
    ),
  );
  const isAway = () => {
    const status = session.status();
    return status.is === "waiting" || (status.is === "connecting" && lostAt() !== undefined);
  };
  const awayText = () => {
    const status = session.status();
    if (status.is !== "waiting") return t("connection.reconnecting");
    return t(status.planned ? "connection.planned" : "connection.waiting", { seconds: seconds() });
  };
  const refusedWhy = () => {
    const status = session.status();
    return status.is === "refused" ? status.why : undefined;
  };
  return (
    <>
      <Show when={isAway()}>
        <div class="banner banner-warn" data-banner="lost">
          <p>
            <strong>{awayText()}</strong>{" "}
            <Show when={session.opened() !== undefined}>
              {t("connection.stale", { time: clockTime(lostAt(), language(), false) })}
            </Show>
          </p>
          <button type="button" class="button" onClick={() => session.hurry()}>
            {t("connection.now")}
          </button>
        </div>
      </Show>
      <Show when={session.status().is === "taken_over"}>
        <div class="banner banner-bad" data-banner="taken_over">
          <p>
            <strong>{t("connection.taken_over")}</strong>
          </p>
          <button type="button" class="button" onClick={() => session.connect()}>
            {t("connection.take_back")}
          </button>
        </div>
      </Show>
      <Show when={refusedWhy()}>
        {(why) => (
          <div class="banner banner-bad" role="alert" data-banner="refused">
            <p>
              <strong>{t("connection.refused", { why: why() })}</strong>
            </p>
            <button type="button" class="button" onClick={() => session.connect()}>
              {t("connection.again")}
            </button>
          </div>
        )}
      </Show>
    </>
  );
}

function useSecondsToRetry() {
  const session = useSession();
  const left = () => {
    const status = session.status();
    return status.is === "waiting" ? Math.max(0, Math.ceil((status.retryAt - performance.now()) / 1_000)) : 0;
  };
  const [seconds, setSeconds] = createSignal(0);
  createEffect(() => setSeconds(left()));
  const timer = setInterval(() => setSeconds(left()), 200);
  onCleanup(() => clearInterval(timer));
  return seconds;
}
