// Says plainly when the server cannot be reached, and since when the figures are. It asks nothing by itself.

import { createEffect, on, Show } from "solid-js";
import { clockTime } from "../format";
import { announce } from "../parts/announce";
import { explain } from "../refusal";
import { RestRefused } from "../rest";
import { language, t } from "../text";
import type { Fresh } from "./fresh";

export function AsOf(props: { of: Fresh<object> }) {
  const isLost = () => props.of.failure() !== undefined;
  const why = () => {
    const failure = props.of.failure();
    return failure instanceof RestRefused ? explain(failure) : t("connection.nobody");
  };
  createEffect(
    on(isLost, (is, was) => {
      if (is) announce(why(), true);
      else if (was === true) announce(t("connection.back"));
    }),
  );
  return (
    <Show when={isLost()}>
      <div class="banner" data-banner="lost">
        <p>
          <strong>{why()}</strong>{" "}
          <Show when={props.of.value() !== undefined}>{t("connection.stale", { time: clockTime(props.of.asOf(), language(), false) })}</Show>
        </p>
        <button type="button" class="button" onClick={() => void props.of.hurry()}>
          {t("connection.now")}
        </button>
      </div>
    </Show>
  );
}
