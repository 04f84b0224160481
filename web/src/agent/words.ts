// The centre's own words as far as the server says them, and usual ones where it does not. It forbids no other word.

import type { AgentSnapshot } from "../protocol";
import { t } from "../text";

export type Words = { reasons: string[]; dispositions: string[]; campaigns: string[] };

export function wordsOf(snapshot: AgentSnapshot | undefined): Words {
  const usual = usualWords();
  return {
    reasons: said(snapshot?.not_ready_reasons) ?? usual.reasons,
    dispositions: said(snapshot?.dispositions) ?? usual.dispositions,
    campaigns: snapshot?.campaigns ?? [],
  };
}

/** The words if there are any. */
export function said(words: readonly string[] | undefined): string[] | undefined {
  return words === undefined || words.length === 0 ? undefined : [...words];
}

function usualWords() {
  return {
    reasons: [t("words.break"), t("words.lunch"), t("words.meeting"), t("words.training")],
    dispositions: [t("words.resolved"), t("words.follow_up"), t("words.wrong_number"), t("words.no_answer")],
  };
}
