// What stands over the board when there is something: alerts, and the call that is listened to.

import { For, Show } from "solid-js";
import { duration } from "../format";
import { t } from "../text";
import { alertText, type AlertSound } from "./alerts";
import { useBoard } from "./board";
import { MONITOR_MODES } from "./monitoring";
import { useAgo } from "./now";

export function Alerts(props: { sound: AlertSound }) {
  const board = useBoard();
  const ago = useAgo();
  return (
    <Show when={board.live.alerts().length > 0}>
      <section class="card alerts" aria-labelledby="alerts-heading">
        <div class="toolbar">
          <h2 id="alerts-heading">
            {t("alerts.title")} <span class="number">{board.live.alerts().length}</span>
          </h2>
          <SoundChoice sound={props.sound} />
        </div>
        <ul class="lines">
          <For each={board.live.alerts()}>
            {(alert) => (
              <li data-measure={alert.measure}>
                <button
                  type="button"
                  class="link"
                  data-opens={`queue:${alert.queue}`}
                  onClick={() => board.places.open({ is: "queue", name: alert.queue })}
                >
                  {alertText(alert, board.queueTitle)}
                </button>{" "}
                <span class="quiet number">{t("presence.for", { duration: duration(ago(alert.since)) })}</span>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

export function SoundChoice(props: { sound: AlertSound }) {
  return (
    <label class="check">
      <input type="checkbox" checked={props.sound.isOn()} onChange={(event) => props.sound.set(event.currentTarget.checked)} />
      {t("alerts.sound")}
    </label>
  );
}

export function MonitorStrip() {
  const board = useBoard();
  const { monitoring } = board;
  return (
    <>
      <Show when={monitoring.now()}>
        {(one) => (
          <div class="banner" data-banner="monitor" data-mode={one().mode}>
            <p>
              <strong>{t(`monitor.${one().state}`, { contact: one().contact })}</strong>{" "}
              <button type="button" class="link" onClick={() => board.places.open({ is: "contact", name: one().contact })}>
                {t("action.open")}
              </button>
            </p>
            <div class="buttons" role="group" aria-label={t("dialog.monitor.mode")}>
              <For each={MONITOR_MODES}>
                {(mode) => (
                  <button type="button" class="button button-small" aria-pressed={one().mode === mode} onClick={() => monitoring.setMode(mode)}>
                    {t(`monitor.mode.${mode}`)}
                  </button>
                )}
              </For>
              <button type="button" class="button button-small button-bad" onClick={() => monitoring.stop()}>
                {t("monitor.stop")}
              </button>
            </div>
          </div>
        )}
      </Show>
      <div role="alert">
        <Show when={monitoring.error() !== ""}>
          <p class="error">{monitoring.error()}</p>
        </Show>
      </div>
    </>
  );
}
