// Why a contact waits or went to an agent, in words: one sentence for each word of the server. It decides and
// computes nothing.

import { clockTime, duration } from "../format";
import type { AgentWhy, BetweenWhy, DecisionWhy, ExitWhy, SkillWhy, StepWhy, Time, TotalsWhy, WaitingWhy } from "../protocol";
import { language, t } from "../text";

type Title = (name: string) => string;
export type Titles = { agent: Title; queue: Title };

export function at(time: Time | null | undefined): string {
  return time ? clockTime(Date.parse(time), language(), false) : "";
}

function until(text: string, time: Time | null | undefined): string {
  return time ? t("why.until", { what: text, at: at(time) }) : text;
}

/** What stands between an agent and a contact. */
export function betweenText(between: BetweenWhy, titles: Titles): string {
  switch (between.what) {
    case "nothing":
      return t(between.sets_aside === true ? "why.between.nothing_aside" : "why.between.nothing");
    case "missing":
      return missingText(between, titles);
    case "away":
      return awayText(between);
    case "held":
      return until(between.hold ? t(`why.hold.${between.hold}`) : t("why.between.held"), between.until);
    case "offered":
    case "offered_another":
    case "busy":
    case "consulting":
    case "wrap_up":
    case "offers_out":
      return until(t(`why.between.${between.what}`), between.until);
  }
}

function missingText(between: BetweenWhy, titles: Titles): string {
  const skill = between.skill ?? "";
  const asked = between.level_asked ?? "";
  switch (between.missing) {
    case "skill":
      return between.level_has === null || between.level_has === undefined
        ? t("why.missing.skill", { skill, asked })
        : t("why.missing.level", { skill, asked, has: between.level_has });
    case "not_the_one":
      return t("why.missing.not_the_one", { agent: titles.agent(between.agent ?? "") });
    case "condition":
      return t("why.missing.condition", { queue: titles.queue(between.queue ?? "") });
    case "not_in_rules":
    case "never_offered":
    case "channel_not_served":
    case "no_phone":
    case "not_in_team":
      return t(`why.missing.${between.missing}`);
    case null:
    case undefined:
      return t("why.between.missing");
  }
}

function awayText(between: BetweenWhy): string {
  const text = between.away ? t(`why.away.${between.away}`) : t("why.between.away");
  return until(between.reason ? `${text} (${between.reason})` : text, between.until);
}

/** How a contact came to wait where it waits. */
export function causeText(waiting: WaitingWhy): string {
  const text = t(`why.cause.${waiting.cause}`);
  return waiting.rule ? `${text}: ${waiting.rule}` : text;
}

export function skillsText(skills: readonly SkillWhy[]): string {
  if (skills.length === 0) return t("why.no_skill");
  return skills.map((one) => `${one.skill} ${one.level}`).join(", ");
}

/** How many agents, by what stands between; those that are none are left out. */
export function totalsText(totals: TotalsWhy): string[] {
  const counted: [string, number][] = [
    [t("why.totals.could_be_offered"), totals.could_be_offered],
    [t("why.totals.offered"), totals.offered],
    [t("why.totals.busy"), totals.busy],
    [t("why.totals.wrap_up"), totals.wrap_up],
    [t("why.totals.consulting"), totals.consulting],
    [t("why.totals.offered_another"), totals.offered_another],
    [t("why.totals.away"), totals.away],
    [t("why.totals.offers_out"), totals.offers_out],
    ...totals.held.map((held): [string, number] => [t(`why.hold.${held.hold}`), held.agents]),
  ];
  return counted.filter(([, agents]) => agents > 0).map(([what, agents]) => `${agents} · ${what}`);
}

/** In one sentence: why this contact still waits. */
export function stillWaitingText(waiting: WaitingWhy, titles: Titles): string {
  if (waiting.hold) return until(t(`why.hold.${waiting.hold}`), waiting.hold_until);
  const offers = waiting.offers ?? [];
  if (offers.length > 0) {
    return t("why.waiting.offered", { agents: offers.map((offer) => titles.agent(offer.agent)).join(", "), at: at(offers[0]!.expires_at) });
  }
  if (waiting.waits_for) {
    const { agent, until: end, behind } = waiting.waits_for;
    const then = behind ? ` ${t("why.waiting.behind", { queue: titles.queue(behind) })}` : "";
    return t("why.waiting.waits_for", { agent: titles.agent(agent), at: at(end) }) + then;
  }
  const { matched, could_be_offered, away } = waiting.totals;
  if (matched === 0) return t("why.waiting.nobody_matches");
  if (matched === away) return t("why.waiting.nobody_there", { count: matched });
  if (could_be_offered === 0) return t("why.waiting.nobody_free", { count: matched });
  return t(waiting.place > 1 ? "why.waiting.others_first" : "why.waiting.about_to", { place: waiting.place });
}

export function stepText(step: StepWhy, titles: Titles): string {
  const does = [
    (step.asks ?? []).length > 0 ? t("why.step.asks", { skills: skillsText(step.asks!) }) : "",
    (step.drops ?? []).length > 0 ? t("why.step.drops", { skills: step.drops!.join(", ") }) : "",
    step.joins ? t("why.step.joins", { queue: titles.queue(step.joins) }) : "",
    step.raises_by ? t("why.step.raises_by", { by: step.raises_by }) : "",
    step.moves_to ? t("why.step.moves_to", { queue: titles.queue(step.moves_to) }) : "",
    step.when ? t("why.step.when", { when: step.when }) : "",
    step.when_failed ? t("why.step.when_failed", { why: step.when_failed }) : "",
    step.nobody_could_match === true ? t("why.step.nobody") : "",
    step.leads_nowhere === true ? t("why.leads_nowhere") : "",
  ].filter((part) => part !== "");
  const state = step.taken ? t("why.step.taken") : t(step.holds ? "why.holds" : "why.step.due", { at: at(step.due) });
  return [t("why.step", { step: step.step }), state, ...does].join(" · ");
}

export function exitText(exit: ExitWhy, titles: Titles): string {
  const to = exit.to ? (exit.action === "queue" ? titles.queue(exit.to) : exit.to) : "";
  const parts = [
    exit.exit,
    to === "" ? t(`why.action.${exit.action}`) : `${t(`why.action.${exit.action}`)}: ${to}`,
    exit.holds ? t("why.holds") : exit.at ? t("why.at", { at: at(exit.at) }) : "",
    exit.leads_nowhere === true ? t("why.leads_nowhere") : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** A decision in one sentence. */
export function decisionText(decision: DecisionWhy, titles: Titles): string {
  switch (decision.what) {
    case "offered":
      return t("why.decision.offered", { agent: titles.agent(decision.agent ?? ""), queue: titles.queue(decision.queue ?? "") });
    case "entered":
      return t("why.decision.entered", { queue: titles.queue(decision.queue ?? ""), rule: decision.rule ?? "" });
    case "entered_anew":
      return t("why.decision.entered_anew", { rule: decision.rule ?? "" });
    case "step_taken":
      return t("why.decision.step_taken", { step: decision.step ?? "" });
    case "exit_taken":
      return t("why.decision.exit_taken", { exit: decision.exit ?? "" });
  }
}

/** Why this agent; empty for decisions that are about no agent. */
export function reasonText(decision: DecisionWhy): string {
  if (decision.what !== "offered") return "";
  const matched = decision.agents_matched ?? 0;
  const by = decision.decided_by;
  if (!by) return matched <= 1 ? t("why.reason.only_one") : t("why.reason.equal", { count: matched });
  if (by === "taken") return t("why.by.taken");
  const value = valueText(by, decision.value);
  const next = valueText(by, decision.runner_up);
  const text = value === "" ? t(`why.by.${by}`) : `${t(`why.by.${by}`)}: ${value}`;
  const compared = next === "" ? text : t("why.reason.next_best", { best: text, next });
  return t("why.reason.matched", { reason: compared, count: matched });
}

/** A tie-breaker's value with its unit; empty when it has none that says something. */
export function valueText(by: NonNullable<DecisionWhy["decided_by"]>, value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  switch (by) {
    case "preferred":
    case "taken":
    case "random":
      return "";
    case "least_loaded":
      return t("why.value.least_loaded", { share: Math.round(value / 10) });
    case "best_skill":
      return t("why.value.best_skill", { levels: -value });
    case "least_skilled":
      return t("why.value.least_skilled", { skills: value });
    case "longest_idle":
      return t("why.value.longest_idle", { at: clockTime(value, language(), false) });
    case "least_occupied":
      return t("why.value.least_occupied", { span: duration(value * 1_000) });
    case "fewest_contacts":
      return t("why.value.fewest_contacts", { contacts: value });
    case "round_robin":
      return t("why.value.round_robin", { places: value });
    case "rank":
      return t("why.value.rank", { rank: value });
  }
}

/** In one sentence: why an agent gets nothing, or may get something. */
export function agentStandsText(why: AgentWhy): string {
  if (!why.in_rules) return t("why.missing.not_in_rules");
  if (why.presence === "offline") return t("why.away.not_logged_in");
  if (why.presence === "not_ready") return why.reason ? `${t("why.away.not_ready")} (${why.reason})` : t("why.away.not_ready");
  if (why.reach !== "here") return until(t(`why.reach.${why.reach}`), why.reach_until);
  if (!why.responding) return t("why.hold.not_responding");
  if (why.back_off_until) return until(t("why.hold.back_off"), why.back_off_until);
  if (why.next) return t("why.away.about_to_leave");
  return t(why.used >= why.total ? "why.agent.full" : "why.agent.free", { used: why.used, total: why.total });
}
