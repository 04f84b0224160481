// The pages beside the demo at full speed: how long a frame takes, and whether memory grows. By hand, on a quiet
// machine: it takes ten minutes, or MINUTES.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { CDPSession, Page } from "playwright-core";
import { Demo, type LogIn } from "./demo";
import { onRealServer } from "./visit";

const MINUTES = Number(process.env["MINUTES"] ?? "10");
const WARM_UP_MINUTES = 1;
const SPEED = 60;
const FRAME_P99_MS = 50;
const HEAP_MAY_GROW_BY = 0.05;

/** A delta that is on its way, or code that is just compiled, is not what a page keeps: the least of so many looks counts. */
const HEAP_LOOKS = 3;

const CLASSES_IN_A_MS = 10;
/** Longer ones are counted as this long. */
const FRAME_MAX_MS = 2_000;

type Seen = { page: Page; devtools: CDPSession };

/** From then on the page counts its frames by how long each took, in a room that does not grow. */
const COUNT_FRAMES = `
  globalThis.frames = new Uint32Array(${FRAME_MAX_MS * CLASSES_IN_A_MS + 1});
  let last = performance.now();
  const count = (now) => {
    globalThis.frames[Math.min(Math.max(0, Math.round((now - last) * ${CLASSES_IN_A_MS})), globalThis.frames.length - 1)] += 1;
    last = now;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
`;

class Frames {
  constructor(private readonly counts: readonly number[]) {}

  static async of(page: Page): Promise<Frames> {
    return new Frames(await page.evaluate(() => Array.from((globalThis as unknown as { frames: Uint32Array }).frames)));
  }

  get all(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** That share of the frames took no longer. */
  msOf(share: number): number {
    let left = this.all * share;
    return this.counts.findIndex((count) => (left -= count) <= 0) / CLASSES_IN_A_MS;
  }
}

onRealServer(`the pages for ${MINUTES} minutes beside the demo`, (browser) => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await Demo.start(SPEED);
  });
  afterAll(() => demo?.stop());

  const enter = async (path: string, who: LogIn): Promise<Seen> => {
    const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(demo.url + path);
    await page.getByLabel("User").fill(who.user);
    await page.getByLabel("Password").fill(who.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator('.header [data-connection="open"]').waitFor();
    await page.evaluate(COUNT_FRAMES);
    return { page, devtools: await context.newCDPSession(page) };
  };

  const heapBytes = async ({ page, devtools }: Seen): Promise<number> => {
    let least = Infinity;
    for (let look = 0; look < HEAP_LOOKS; look += 1) {
      // What the first collection finalizes is let go by the second.
      await devtools.send("HeapProfiler.collectGarbage");
      await devtools.send("HeapProfiler.collectGarbage");
      least = Math.min(least, (await devtools.send("Runtime.getHeapUsage")).usedSize);
      await page.waitForTimeout(500);
    }
    return least;
  };

  test("frames and memory", { timeout: (WARM_UP_MINUTES + MINUTES + 10) * 60_000 }, async () => {
    const pages = { board: await enter("/", demo.supervisor), console: await enter("/agent", demo.agent) };
    await pages.console.page.keyboard.press("Alt+1");
    await pages.board.page.waitForTimeout(WARM_UP_MINUTES * 60_000);
    const early = { board: await heapBytes(pages.board), console: await heapBytes(pages.console) };
    // How a page begins, and the collections, are not what is asked.
    for (const { page } of Object.values(pages)) await page.evaluate("globalThis.frames.fill(0)");
    await pages.board.page.waitForTimeout((MINUTES - WARM_UP_MINUTES) * 60_000);
    for (const name of ["board", "console"] as const) {
      const frames = await Frames.of(pages[name].page);
      const late = await heapBytes(pages[name]);
      const grown = late / early[name] - 1;
      const ms = (share: number) => frames.msOf(share).toFixed(1);
      const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
      console.log(`${name}: ${frames.all} frames, p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms, longest ${ms(1)} ms; heap ${mb(early[name])} MB after a minute, ${mb(late)} MB after ${MINUTES} (${(grown * 100).toFixed(1)} %)`);
      expect.soft(frames.msOf(0.99), `${name}: frames`).toBeLessThan(FRAME_P99_MS);
      expect.soft(grown, `${name}: heap`).toBeLessThan(HEAP_MAY_GROW_BY);
    }
  });
});
