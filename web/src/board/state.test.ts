import { expect, test } from "vitest";
import { agent, queue, snapshot } from "../../tests/rows";
import { addGap, addSample, asTable, type History, SAMPLES_MAX } from "./history";
import { against, agentOrder, applyDelta, byStanding, fromSnapshot, queueOrder, standing, totals } from "./state";

const board = () =>
  fromSnapshot(snapshot({ event_no: 10, queues: [queue("sales"), queue("care")], agents: [agent("ana"), agent("ben")] }));
const delta = (event_no: number) => ({ event_no, server_time: "2026-01-01T00:00:01.000Z", queues: [], agents: [] });

test("a delta replaces whole rows, adds new ones and drops those that are gone", () => {
  const after = applyDelta(board(), {
    ...delta(11),
    queues: [queue("sales", { waiting: 3 }), queue("new")],
    queues_gone: ["care"],
    agents_gone: ["ben"],
  });
  expect([...after.queues.keys()]).toEqual(["sales", "new"]);
  expect(after.queues.get("sales")?.waiting).toBe(3);
  expect([...after.agents.keys()]).toEqual(["ana"]);
  expect(after.eventNo).toBe(11);
});

test.each([9, 10])("a delta of event %i is not newer and changes nothing", (eventNo) => {
  const before = board();
  expect(applyDelta(before, { ...delta(eventNo), queues: [queue("sales", { waiting: 9 })] })).toBe(before);
});

test("rows that did not change stay the same objects", () => {
  const before = board();
  const after = applyDelta(before, { ...delta(11), queues: [queue("sales", { waiting: 1 })] });
  expect(after.queues.get("care")).toBe(before.queues.get("care"));
  expect(after.agents).toBe(before.agents);
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

test("agents are counted by state and listed by name; those not at work only when asked for", () => {
  const agents = [agent("b2"), agent("b10", { activity: "busy" }), agent("a", { presence: "offline" })];
  expect(byStanding(agents)).toMatchObject({ idle: 1, busy: 1, offline: 1 });
  const map = new Map(agents.map((one) => [one.agent, one]));
  expect(agentOrder(map, "en", false)).toEqual(["b2", "b10"]);
  expect(agentOrder(map, "en", true)).toEqual(["a", "b2", "b10"]);
});

test("queues stand by name, an agent's own queue last and only when it was used", () => {
  const queues = [queue("@ana", { entered: 1 }), queue("@ben"), queue("q10"), queue("q2")];
  expect(queueOrder(new Map(queues.map((one) => [one.queue, one])), "en")).toEqual(["q2", "q10", "@ana"]);
});

test("a service level stands against its target only when both are known", () => {
  expect(against(queue("q", { service_level: 0.8, target_share: 0.8 }))).toBe("met");
  expect(against(queue("q", { service_level: 0.75, target_share: 0.8 }))).toBe("near");
  expect(against(queue("q", { service_level: 0.5, target_share: 0.8 }))).toBe("missed");
  expect(against(queue("q", { service_level: null, target_share: 0.8 }))).toBe("unknown");
  expect(against(queue("q", { service_level: 0.5 }))).toBe("unknown");
});

test("the history takes one sample in so long, is bounded, and begins again when the clock went back", () => {
  let history: History = [];
  for (let second = 0; second < 2_000; second += 1) {
    history = addSample(history, { at: second * 500, waiting: second, busy: 1 }, 1_000);
  }
  expect(history.length).toBe(SAMPLES_MAX);
  expect(history.at(-1)!.at).toBe(999_000);
  expect(addSample(history, { at: 5, waiting: 0, busy: 0 }, 1_000)).toHaveLength(1);
});

test("a gap is marked once and is not in the table, which holds the newest first", () => {
  const samples = Array.from({ length: 30 }, (_, at) => ({ at: at * 1_000, waiting: at, busy: 0 }));
  const history = addGap(addGap(samples));
  expect(history).toHaveLength(31);
  const table = asTable(history, 10);
  expect(table).toHaveLength(10);
  expect([table[0]!.waiting, table.at(-1)!.waiting]).toEqual([29, 0]);
});
