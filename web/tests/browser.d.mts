import type { Browser } from "playwright-core";

export function chromiumPath(): string | undefined;
export function startBrowser(): Promise<{ browser: Browser; stop(): Promise<void> }>;
