// What tests do at an agent's desk, by keyboard where an agent would. It expects nothing of the server.

import type { Browser, Locator, Page } from "playwright-core";
import type { User } from "./users";
import { signIn, type Size, visit, type Visit } from "./visit";

type Options = { size?: Size; isDark?: boolean };

/** Signed in, with the console open. */
export async function sitDownAs(browser: Browser, where: { url: string }, user: User, options: Options = {}): Promise<Visit> {
  const seen = await visit(browser, where, "/agent", options);
  await signIn(seen.page, user.user);
  await seen.page.getByText("You are not at work.").waitFor();
  return seen;
}

export async function sitDownAvailable(browser: Browser, where: { url: string }, user: User, options: Options = {}): Promise<Visit> {
  const seen = await sitDownAs(browser, where, user, options);
  await seen.page.keyboard.press("Alt+1");
  await seen.page.getByText("Waiting for a contact").waitFor();
  return seen;
}

export function offer(page: Page): Locator {
  return page.locator("[data-offer]");
}

export function oneInHand(page: Page, contact: string): Locator {
  return page.locator(`article[data-contact="${contact}"]`);
}

/** Accepts what is offered, by key, and waits until agent and customer are connected. */
export async function takeOffer(page: Page, contact: string): Promise<void> {
  await offer(page).waitFor();
  await page.keyboard.press("Alt+a");
  await oneInHand(page, contact).and(page.locator('[data-state="talking"]')).waitFor();
}

/** Hands the contact that is chosen on, or asks first. */
export async function handOn(page: Page, to: string, note: string, isAsking = false): Promise<void> {
  await page.keyboard.press("Alt+t");
  await page.getByRole("combobox", { name: "To" }).pressSequentially(to);
  await page.getByRole("option", { name: to }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByLabel("Note for whoever gets it").fill(note);
  await page.getByRole("button", { name: isAsking ? "Ask first" : "Transfer", exact: true }).press("Enter");
}

/** Says what came of a contact in wrap-up, if that is asked, and finishes. */
export async function wrapUp(page: Page, contact: string, disposition: string): Promise<void> {
  const one = oneInHand(page, contact);
  await one.and(page.locator('[data-state="wrap_up"]')).waitFor();
  if (disposition !== "") await one.getByRole("combobox", { name: "Disposition" }).fill(disposition);
  await page.keyboard.press("Alt+w");
  await one.waitFor({ state: "detached" });
}
