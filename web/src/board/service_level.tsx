// A service level against its target: the share, a bar with the target's mark, and words. It computes no share.

import { Show } from "solid-js";
import type { BoardQueue } from "../protocol";
import { percent } from "../format";
import { language, t } from "../text";
import { against } from "./state";

/** "80% in 20 s"; undefined when there is no target. */
export function targetText(row: Pick<BoardQueue, "target_share" | "target_within_ms">): string | undefined {
  const share = row.target_share ?? null;
  if (share === null) return undefined;
  const seconds = Math.round((row.target_within_ms ?? 0) / 1_000);
  return t("board.target", { share: percent(share, language()), seconds });
}

export function ServiceLevel(props: { row: BoardQueue }) {
  const standing = () => against(props.row);
  const share = () => props.row.service_level ?? 0;
  const target = () => props.row.target_share ?? null;
  const words = () => {
    switch (standing()) {
      case "met":
        return t("board.met");
      case "near":
        return t("board.near");
      case "missed":
        return t("board.missed");
      case "unknown":
        return "";
    }
  };
  return (
    <span class="service-level" data-against={standing()} title={targetText(props.row)}>
      <span class="service-level-share">{percent(props.row.service_level, language())}</span>
      <svg class="service-level-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-ground" width="100" height="10" />
        <rect class="bar-share" width={share() * 100} height="10" />
        <Show when={target()}>{(at) => <rect class="bar-target" x={at() * 100 - 1} width="2" height="10" />}</Show>
      </svg>
      <span class="service-level-words">
        <Show when={standing() === "missed" || standing() === "near"}>
          <span aria-hidden="true">{standing() === "missed" ? "▼" : "▽"}</span>{" "}
        </Show>
        <span class={standing() === "met" ? "visually-hidden" : undefined}>{words()}</span>
      </span>
    </span>
  );
}
