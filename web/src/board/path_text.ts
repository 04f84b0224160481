// A step of a contact's way in words. A word that it does not know is said as it came.

import { duration } from "../format";
import type { PathEvent } from "../protocol";
import { keyOf, t, type TextKey } from "../text";

type Title = (name: string) => string;

export function pathText(event: PathEvent, agentTitle: Title, queueTitle: Title): string {
  const details = [
    event.agent ? agentTitle(event.agent) : "",
    event.queue ? queueTitle(event.queue) : "",
    event.rule ? t("path.by_rule", { rule: event.rule }) : "",
    event.why ? wordText(event.why) : "",
    event.by ? t("path.by", { who: event.by }) : "",
    typeof event.waited_ms === "number" ? t("path.after", { waited: duration(event.waited_ms) }) : "",
    typeof event.handled_ms === "number" ? t("path.handled", { handled: duration(event.handled_ms) }) : "",
  ].filter((detail) => detail !== "");
  const key: TextKey = `path.${event.what}`;
  const what = t(keyOf(key) ?? "path.other");
  return details.length === 0 ? what : `${what}: ${details.join(" · ")}`;
}

/** Why, as the server's word has it. */
export function wordText(word: string): string {
  const key = keyOf(`path.word.${word}`) ?? keyOf(`why.cause.${word}`) ?? keyOf(`attempt.${word}`) ?? keyOf(`not_placed.${word}`);
  return key === undefined ? word.replaceAll("_", " ") : t(key);
}
