// The pages beside the demo at full speed: how long a frame takes, and whether memory grows. By hand, on a quiet
// machine: it takes ten minutes, or MINUTES.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { CDPSession, Page } from "playwright-core";
import { Demo, type LogIn } from "./demo";
import { onRealServer } from "./visit";

const MINUTES = Number(process.env["MINUTES"] ?? "10");
const SPEED = 60;
const FRAME_P99_MS = 50;
const HEAP_MAY_GROW_BY = 0.05;

/** From then on the page notes how long each of its frames took. */
const NOTE_FRAMES = `
  globalThis.frames = [];
  let last = performance.now();
  const note = (now) => { globalThis.frames.push(now - last); last = now; requestAnimationFrame(note); };
  requestAnimationFrame(note);
`;

onRealServer("the pages for ten minutes beside the demo", (browser) => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await Demo.start(SPEED);
  });
  afterAll(() => demo?.stop());

  const enter = async (path: string, who: LogIn): Promise<{ page: Page; devtools: CDPSession }> => {
    const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(demo.url + path);
    await page.getByLabel("User").fill(who.user);
    await page.getByLabel("Password").fill(who.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator('.header [data-connection="open"]').waitFor();
    return { page, devtools: await context.newCDPSession(page) };
  };

  const heapBytes = async (devtools: CDPSession): Promise<number> => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize;
  };

  test(`frames and memory after ${MINUTES} minutes`, { timeout: (MINUTES + 3) * 60_000 }, async () => {
    const pages = { board: await enter("/", demo.supervisor), console: await enter("/agent", demo.agent) };
    await pages.console.page.keyboard.press("Alt+1");
    await pages.board.page.waitForTimeout(60_000);
    const early = { board: await heapBytes(pages.board.devtools), console: await heapBytes(pages.console.devtools) };
    for (const { page } of Object.values(pages)) await page.evaluate(NOTE_FRAMES);
    await pages.board.page.waitForTimeout((MINUTES - 1) * 60_000);
    for (const name of ["board", "console"] as const) {
      const { page, devtools } = pages[name];
      const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
      const late = await heapBytes(devtools);
      const sorted = frames.sort((a, b) => a - b);
      const p99 = sorted[Math.floor(sorted.length * 0.99)]!;
      const grown = late / early[name] - 1;
      console.log(`${name}: ${frames.length} frames, p50 ${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(1)} ms; heap ${(early[name] / 1e6).toFixed(2)} MB after a minute, ${(late / 1e6).toFixed(2)} MB after ${MINUTES} (${(grown * 100).toFixed(1)} %)`);
      expect.soft(p99, `${name}: frames`).toBeLessThan(FRAME_P99_MS);
      expect.soft(grown, `${name}: heap`).toBeLessThan(HEAP_MAY_GROW_BY);
    }
  });
});
