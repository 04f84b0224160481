// Starts Debian's Chromium for a test, with a new profile each time. It downloads no browser.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where Chromium is; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const places = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"];
  return places.find((place) => place !== undefined && existsSync(place));
}

/** A browser and a way to end it with its profile. */
export async function startBrowser(): Promise<{ browser: Browser; stop(): Promise<void> }> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  const profile = mkdtempSync(join(tmpdir(), "usher-chromium-"));
  const browser = await chromium.launch({
    executablePath,
    args: [...FLAGS, "--headless=new", `--crash-dumps-dir=${profile}`],
    env: { ...process.env, HOME: profile },
  });
  return {
    browser,
    stop: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
