import { afterEach, expect, test } from "vitest";
import type { AgentWhy, BetweenWhy, DecisionWhy, PathEvent, WaitingWhy } from "../protocol";
import { LANGUAGES, setLanguage } from "../text";
import { pathText } from "./path_text";
import { agentStandsText, betweenText, decisionText, reasonText, stepText, stillWaitingText, totalsText } from "./why_text";

afterEach(() => setLanguage("en"));

const titles = { agent: (name: string) => name.toUpperCase(), queue: (name: string) => `<${name}>` };
const totals = {
  agents: 9, matched: 3, could_be_offered: 0, offered: 0, away: 1, offered_another: 0, busy: 2, consulting: 0, wrap_up: 0,
  held: [], offers_out: 0,
};
const waiting = (with_: Partial<WaitingWhy> = {}): WaitingWhy => ({
  cause: "entry", entered_at: "2026-01-01T00:00:00Z", ordered_since: "2026-01-01T00:00:00Z", place: 2, waiting: 3, tier: 1,
  strict: false, first_in_line: false, priority: 0, head_start_ms: 0, skills: [], offers_in_row: 0, select: [], steps: [],
  exits: [], totals, agents: [], agents_left_out: 0, ...with_,
});
const offered = (with_: Partial<DecisionWhy> = {}): DecisionWhy => ({
  event: 7, at: "2026-01-01T00:00:00Z", what: "offered", agent: "ana", queue: "care", rules_version: 1, agents_matched: 3, ...with_,
});

test.each<[Partial<WaitingWhy>, string]>([
  [{ hold: "queue_paused" }, "the queue is paused"],
  [{ waits_for: { agent: "ana", until: "2026-01-01T00:00:00Z", behind: "care" } }, "It waits for ANA alone until"],
  [{ totals: { ...totals, matched: 0 } }, "No agent has what is asked."],
  [{ totals: { ...totals, matched: 3, away: 3, busy: 0 } }, "Agents who match: 3. None of them is there."],
  [{}, "Agents who match: 3. None of them is free for it."],
  [{ totals: { ...totals, could_be_offered: 1 } }, "Others come first: it has place 2."],
  [{ place: 1, totals: { ...totals, could_be_offered: 1 } }, "It has place 1 and is about to be offered."],
])("why a contact still waits: %j", (with_, expected) => {
  expect(stillWaitingText(waiting(with_), titles)).toContain(expected);
});

test.each<[BetweenWhy, string]>([
  [{ what: "nothing" }, "could be offered it"],
  [{ what: "missing", missing: "skill", skill: "loans", level_asked: 3 }, "lacks loans, of which level 3 is asked"],
  [{ what: "missing", missing: "skill", skill: "loans", level_asked: 3, level_has: 1 }, "has loans 1, level 3 is asked"],
  [{ what: "missing", missing: "not_the_one", agent: "ben" }, "it waits for BEN alone"],
  [{ what: "away", away: "not_ready", reason: "lunch" }, "not ready (lunch)"],
  [{ what: "held", hold: "already_declined" }, "declined or missed this contact"],
])("what stands between: %j", (between, expected) => {
  expect(betweenText(between, titles)).toBe(expected);
});

test("why this agent: nobody else, all equal, or what decided with its value and the next best", () => {
  expect(decisionText(offered(), titles)).toBe("Offered to ANA in <care>.");
  expect(reasonText(offered({ agents_matched: 1 }))).toBe("Nobody else matched.");
  expect(reasonText(offered())).toBe("All 3 were equal: first in the rules.");
  expect(reasonText(offered({ decided_by: "best_skill", value: -9, runner_up: -4 }))).toBe(
    "The highest levels in what is asked: levels 9 in all; the next best: levels 4 in all (3 matched).",
  );
  expect(reasonText(offered({ decided_by: "random", value: 12, runner_up: 99 }))).toBe("Drawn by lot (3 matched).");
  expect(reasonText(offered({ what: "step_taken", step: 1 }))).toBe("");
});

test("totals name only what there is; a step says what it does", () => {
  expect(totalsText({ ...totals, held: [{ hold: "preferred", agents: 2 }] })).toEqual([
    "2 · busy", "1 · not there", "2 · the preferred agent is waited for",
  ]);
  const step = { step: 1, taken: true, due: "2026-01-01T00:00:00Z", holds: true, asks: [{ skill: "loans", level: 1 }], joins: "care" };
  expect(stepText(step, titles)).toBe("Step 1 · taken · then asks loans 1 · agents of <care>, too");
});

test("why an agent gets nothing: the first thing that stands in the way", () => {
  const why: AgentWhy = {
    agent: "ana", at: "2026-01-01T00:00:00Z", name: "Ana", in_rules: true, presence: "available", reach: "here", responding: true,
    device: "idle", idle_since: "2026-01-01T00:00:00Z", used: 0, total: 100, in_hand: [], channels: [], waiting: [], waiting_in_all: 0,
  };
  expect(agentStandsText(why)).toBe("Could get a contact: 0 of 100 units in use");
  expect(agentStandsText({ ...why, used: 100 })).toContain("Is at capacity");
  expect(agentStandsText({ ...why, responding: false })).toBe("missed too many offers");
  expect(agentStandsText({ ...why, reach: "away" })).toBe("the console is gone or silent");
  expect(agentStandsText({ ...why, presence: "not_ready", reason: "lunch" })).toBe("not ready (lunch)");
});

test("a step of a contact's way names who, where, why and how long; a word that is not known is said as it came", () => {
  const event: PathEvent = { event: 1, at: "2026-01-01T00:00:00Z", what: "visit_ended", queue: "care", why: "answered", waited_ms: 61_000 };
  expect(pathText(event, titles.agent, titles.queue)).toBe("Left the queue: <care> · answered · after 1:01");
  expect(pathText({ ...event, what: "not_connected", agent: "ana", why: "on_the_moon" }, titles.agent, titles.queue)).toContain("ANA · <care> · on the moon");
});

test("in every language all is worded", () => {
  for (const tag of LANGUAGES.keys()) {
    setLanguage(tag);
    for (const text of [stillWaitingText(waiting(), titles), betweenText({ what: "consulting" }, titles), decisionText(offered(), titles)]) {
      expect(text).not.toMatch(/why\.|\{|^$/);
    }
  }
});
