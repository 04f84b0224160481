// Says when no server keeps the figures of a campaign that is not stopped, or none are told. It asks nothing.

import { Match, Switch } from "solid-js";
import { clockTime } from "../format";
import { language, t } from "../text";
import type { Run, Status } from "./told";

export function Stale(props: { of: Status | undefined; run: Run }) {
  return (
    <Switch>
      <Match when={props.of === undefined}>
        <p class="error">{t("campaigns.no_figures")}</p>
      </Match>
      <Match when={props.of?.is_stale === true && props.run !== "stopped"}>
        <p class="error" data-stale="true">
          {t("campaigns.stale", { time: clockTime(Date.parse(props.of!.written_at), language(), true) })}
        </p>
      </Match>
    </Switch>
  );
}
