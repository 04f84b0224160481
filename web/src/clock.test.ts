import { expect, test } from "vitest";
import { CentreClock } from "./clock";

function clockAt() {
  const ours = { ms: 0 };
  return { ours, clock: new CentreClock(() => ours.ms) };
}

test("nothing is known before the server has spoken", () => {
  expect(clockAt().clock.now()).toBeUndefined();
});

test("it runs as fast as the centre does", () => {
  const { ours, clock } = clockAt();
  clock.start(1_000_000, 120);
  ours.ms = 500;
  expect(clock.now()).toBe(1_060_000);
});

test.each([null, undefined, 0, -3, Number.NaN])("speed %s counts as 1", (speed) => {
  const { ours, clock } = clockAt();
  clock.start(0, speed);
  ours.ms = 10;
  expect(clock.now()).toBe(10);
});

test("a late sample does not turn it back, a far one does", () => {
  const { ours, clock } = clockAt();
  clock.start(10_000, 1);
  ours.ms = 1_000;
  clock.hear(10_900);
  expect(clock.now()).toBe(11_000);
  clock.hear(11_050);
  expect(clock.now()).toBe(11_050);
  clock.hear(5_000);
  expect(clock.now()).toBe(5_000);
});

test("a replayed deadline never turns it back", () => {
  const { clock } = clockAt();
  clock.start(60_000, 1);
  clock.hearDeadline(30_000, 20_000);
  expect(clock.now()).toBe(60_000);
  clock.hearDeadline(90_000, 20_000);
  expect(clock.now()).toBe(70_000);
});
