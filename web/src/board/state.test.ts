import { createRenderEffect, createRoot } from "solid-js";
import { expect, test } from "vitest";
import { agent, queue, snapshot } from "../../tests/rows";
import { LiveBoard } from "./live";
import { asTable, History, SAMPLES_MAX } from "./history";
import { isShown } from "./queue_columns";
import { against, byStanding, standing, totals } from "./state";

const board = () => {
  const live = new LiveBoard();
  live.take(snapshot({ event_no: 10, queues: [queue("sales"), queue("care")], agents: [agent("ana"), agent("ben")] }));
  return live;
};
const delta = (event_no: number) => ({ event_no, server_time: "2026-01-01T00:00:01.000Z", queues: [], agents: [] });
const names = (live: LiveBoard) => [live.queues.now().map((row) => row.queue), live.agents.now().map((row) => row.agent)];

test("a delta replaces whole rows, adds new ones and drops those that are gone", () => {
  const live = board();
  live.apply({
    ...delta(11),
    queues: [queue("sales", { waiting: 3 }), queue("new")],
    queues_gone: ["care"],
    agents_gone: ["ben"],
  });
  expect(names(live)).toEqual([["sales", "new"], ["ana"]]);
  expect(live.queues.get("sales")?.waiting).toBe(3);
});

test.each([9, 10])("a delta of event %i is not newer and changes nothing", (eventNo) => {
  const live = board();
  expect(live.apply({ ...delta(eventNo), queues: [queue("sales", { waiting: 9 })] })).toBe(false);
  expect(live.queues.get("sales")?.waiting).toBe(0);
});

test("before the first snapshot a delta changes nothing; a snapshot is the whole board", () => {
  const live = new LiveBoard();
  expect(live.apply({ ...delta(1), queues: [queue("sales")] })).toBe(false);
  live.take(snapshot({ event_no: 5, queues: [queue("care")], agents: [] }));
  live.take(snapshot({ event_no: 3, queues: [queue("sales")], agents: [agent("ana")] }));
  expect(names(live)).toEqual([["sales"], ["ana"]]);
});

test("a row that changes wakes only those who look at it, and those who look at all", () => {
  const live = board();
  const seen: string[] = [];
  const dispose = createRoot((dispose) => {
    createRenderEffect(() => seen.push(`sales ${live.queues.get("sales")?.waiting}`));
    createRenderEffect(() => seen.push(`care ${live.queues.get("care")?.waiting}`));
    createRenderEffect(() => seen.push(`all ${live.queues.all().length}`));
    createRenderEffect(() => seen.push(`agents ${live.agents.all().length}`));
    createRenderEffect(() => seen.push(`new ${live.queues.get("new")?.waiting}`));
    return dispose;
  });
  seen.length = 0;
  live.apply({ ...delta(11), queues: [queue("sales", { waiting: 1 })] });
  expect(seen.sort()).toEqual(["all 2", "sales 1"]);
  seen.length = 0;
  live.apply({ ...delta(12), queues: [queue("new")] });
  expect(seen).toContain("new 0");
  dispose();
});

test("a queue and a figure have one alert at a time", () => {
  const live = board();
  const alert = { queue: "sales", measure: "waiting" as const, value: 9, threshold: 5, since: "2026-01-01T00:00:00.000Z" };
  live.raise(alert);
  live.raise({ ...alert, value: 10 });
  expect(live.alerts()).toEqual([{ ...alert, value: 10 }]);
  live.clear("sales", "abandonment");
  expect(live.alerts()).toHaveLength(1);
  live.clear("sales", "waiting");
  expect(live.alerts()).toEqual([]);
});

test("totals balance when every visit is somewhere, and say by how much they do not", () => {
  const sales = queue("sales", {
    carried_in: 2, entered: 10, answered: 5, answered_within: 4, abandoned: 2, short_abandoned: 1, flowed_out: 1,
    waiting: 2, offered: 1, connecting: 1, longest_waiting_since: "2026-01-01T00:00:05.000Z",
  });
  const care = queue("care", { entered: 1, lost: 1, longest_waiting_since: "2026-01-01T00:00:02.000Z" });
  const sum = totals([sales, care]);
  expect(sum.difference).toBe(0);
  expect(sum.serviceLevel).toBe(4 / 6);
  expect(sum.longestWaitingSince).toBe("2026-01-01T00:00:02.000Z");
  expect(totals([queue("odd", { entered: 3, answered: 1 })]).difference).toBe(2);
  expect(totals([]).serviceLevel).toBeNull();
});

test.each([
  ["available", "idle", "idle"],
  ["not_ready", "idle", "not_ready"],
  ["offline", "idle", "offline"],
  ["not_ready", "busy", "busy"],
  ["available", "not_responding", "not_responding"],
  ["available", "unreachable", "unreachable"],
  ["offline", "unreachable", "offline"],
] as const)("%s and %s stand as %s", (presence, activity, expected) => {
  expect(standing({ presence, activity })).toBe(expected);
});

test("agents are counted by state", () => {
  const agents = [agent("b2"), agent("b10", { activity: "busy" }), agent("a", { presence: "offline" })];
  expect(byStanding(agents)).toMatchObject({ idle: 1, busy: 1, offline: 1 });
});

test("an agent's own queue is shown only when it was used", () => {
  const queues = [queue("@ana", { entered: 1 }), queue("@ben"), queue("q10")];
  expect(queues.filter(isShown).map((row) => row.queue)).toEqual(["@ana", "q10"]);
});

test("a service level stands against its target only when both are known", () => {
  expect(against(queue("q", { service_level: 0.8, target_share: 0.8 }))).toBe("met");
  expect(against(queue("q", { service_level: 0.75, target_share: 0.8 }))).toBe("near");
  expect(against(queue("q", { service_level: 0.5, target_share: 0.8 }))).toBe("missed");
  expect(against(queue("q", { service_level: null, target_share: 0.8 }))).toBe("unknown");
  expect(against(queue("q", { service_level: 0.5 }))).toBe("unknown");
});

test("the history takes one sample in so long, is bounded, and begins again when the clock went back", () => {
  const history = new History();
  for (let second = 0; second < 2_000; second += 1) {
    history.add({ at: second * 500, waiting: second, busy: 1 }, 1_000);
  }
  expect(history.length).toBe(SAMPLES_MAX);
  expect([history.sample(0).at, history.newest!.at]).toEqual([100_000, 999_000]);
  expect(history.add({ at: 5, waiting: 0, busy: 0 }, 1_000)).toBe(true);
  expect(history.length).toBe(1);
});

test("a gap is marked once and is not in the table, which holds the newest first", () => {
  const history = new History();
  for (let at = 0; at < 30; at += 1) history.add({ at: at * 1_000, waiting: at, busy: 0 }, 1_000);
  expect([history.addGap(), history.addGap()]).toEqual([true, false]);
  expect(history.length).toBe(31);
  const table = asTable(history, 10);
  expect(table).toHaveLength(10);
  expect([table[0]!.waiting, table.at(-1)!.waiting]).toEqual([29, 0]);
});
