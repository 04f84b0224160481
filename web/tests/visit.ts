// A visit of a page in Chromium that notes everything that should not happen. It clicks nothing.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { chromiumPath, startBrowser } from "./browser";
import type { Centre } from "./centre";
import { USERS } from "./users";
import { usherPath } from "./usher";

const SHOTS = new URL("../test-results/", import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Visit = { page: Page; context: BrowserContext; errors: string[]; strangers: string[] };
export type Size = { width: number; height: number };
export const WIDE: Size = { width: 1280, height: 900 };
export const NARROW: Size = { width: 400, height: 860 };

type Tests = (browser: () => Browser) => void;

/** Tests in Chromium; without it they are skipped aloud, and fail where nothing may be skipped. */
export function inChromium(name: string, tests: Tests): void {
  unlessMissing(name, chromiumPath() === undefined ? "Chromium is not installed (apt-get install chromium)" : undefined, tests);
}

/** Tests in Chromium on the real server; without either they are skipped aloud, and fail where nothing may be skipped. */
export function onRealServer(name: string, tests: Tests): void {
  if (chromiumPath() === undefined) return inChromium(name, tests);
  unlessMissing(name, usherPath() === undefined ? "USHER does not name the server's program (make page-tests does)" : undefined, tests);
}

function unlessMissing(name: string, missing: string | undefined, tests: Tests): void {
  if (missing !== undefined && process.env["CI"] !== "true") {
    console.warn(`SKIPPED: ${name}: ${missing}`);
    describe.skip(name, () => tests(() => { throw new Error(missing); }));
    return;
  }
  describe(name, () => {
    let started: Awaited<ReturnType<typeof startBrowser>>;
    beforeAll(async () => {
      if (missing !== undefined) throw new Error(missing);
      mkdirSync(SHOTS, { recursive: true });
      started = await startBrowser();
    });
    afterAll(() => started?.stop());
    tests(() => started.browser);
  });
}

/** `where`: the scripted centre or the real server. */
export async function visit(browser: Browser, where: { url: string }, path: string, options: { size?: Size; isDark?: boolean } = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: options.size ?? WIDE,
    colorScheme: options.isDark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  const strangers: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // A refused or broken connection is part of the tests and is no mistake of the page.
    const isNetwork = /Failed to load resource|WebSocket connection|net::ERR/.test(message.text());
    if (message.type() === "error" && !isNetwork) errors.push(message.text());
  });
  // A page of a test that failed outlives its server.
  const { host } = new URL(where.url);
  page.on("request", (request) => {
    if (new URL(request.url()).host !== host) strangers.push(request.url());
  });
  await page.goto(where.url + path);
  return { page, context, errors, strangers };
}

export async function signIn(page: Page, name: string): Promise<void> {
  const user = USERS.find((one) => one.user === name)!;
  await page.getByLabel("User").fill(user.user);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Nothing went wrong in the page, nor on the wire of the scripted centre. */
export function expectClean(visit: Visit, centre?: Centre): void {
  expect(visit.errors).toEqual([]);
  expect(visit.strangers).toEqual([]);
  expect(centre?.complaints ?? []).toEqual([]);
}

export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true });
}

/** What axe finds that is serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // The policy forbids a script element; evaluating through the debugger does not add one.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(where: Document): Promise<{ violations: Finding[] }> } }).axe;
    type Finding = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] };
    return (await axe.run(document)).violations;
  });
  return violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes[0]?.html} ${one.nodes[0]?.failureSummary}`);
}

/** Whether the page is wider than its window. */
export async function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
