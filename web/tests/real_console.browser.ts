// The agent's console in Chromium on the real server, with a small gateway: what agents do all day.

import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { handOn, offer, oneInHand, sitDownAvailable, sitDownAs, takeOffer, wrapUp } from "./desk";
import type { Gateway } from "./gateway";
import { ANA, BEN, SUE } from "./users";
import { Usher } from "./usher";
import { expectClean, NARROW, onRealServer, overflows, seriousFindings, shoot, signIn, visit, WIDE } from "./visit";

/** How late the board may show what happened, in milliseconds. */
const SEEN_WITHIN_MS = 500;

let usher: Usher;
let gateway: Gateway;
beforeEach(async () => {
  usher = await Usher.start();
  gateway = await usher.gateway();
});
afterEach(() => usher?.stop());

const atWork = (browser: Browser, user = ANA, options = {}) => sitDownAvailable(browser, usher, user, options);

/** When the page shows this, by the clock that tests share with their browser. */
function seenAt(page: Page, selector: string): Promise<number> {
  return page.evaluate((wanted) => new Promise<number>((resolve) => {
    const look = () => document.querySelector(wanted) !== null && (resolve(Date.now()), true);
    if (!look()) new MutationObserver((_, observer) => look() && observer.disconnect()).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  }), selector);
}

/** Does something and says how much later the page shows it. */
async function lag(page: Page, selector: string, act: () => Promise<unknown>): Promise<number> {
  const seen = seenAt(page, selector);
  const from = Date.now();
  await act();
  return (await seen) - from;
}

onRealServer("the agent's console on the real server", (browser) => {
  test("a call from ring to wrap-up by keyboard alone; the board shows each step in time", async () => {
    const watching = await visit(browser(), usher, "/");
    await signIn(watching.page, SUE.user);
    const board = watching.page;
    await board.locator('[data-queue="sales"]').waitFor();
    const seen = await sitDownAs(browser(), usher, ANA);
    const { page } = seen;
    const lags: Record<string, number> = {};
    const state = (is: string) => `[data-agent="ana"][data-state="${is}"]`;
    lags["available"] = await lag(board, state("idle"), () => page.keyboard.press("Alt+1"));
    let call = { ref: "", contact: "" };
    lags["offered"] = await lag(board, state("offered"), async () => {
      call = await gateway.arrive({ from: "+15550177", attributes: { intent: "buy" } });
    });
    // Who calls is seen before the call is taken.
    await offer(page).getByRole("heading", { name: "+15550177" }).waitFor();
    await offer(page).getByText("buy").waitFor();
    await shoot(page, "real-offer-1280");
    lags["busy"] = await lag(board, state("busy"), () => page.keyboard.press("Alt+a"));
    const one = oneInHand(page, call.contact);
    await one.and(page.locator('[data-state="talking"]')).waitFor();
    await page.keyboard.press("Alt+n");
    await page.keyboard.type("asked for the big one");
    await page.keyboard.press("Alt+h");
    await one.and(page.locator('[data-state="held"]')).waitFor();
    await page.keyboard.press("Alt+h");
    await one.and(page.locator('[data-state="talking"]')).waitFor();
    expect(gateway.orders.map((order) => order.method)).toEqual(["contact.connect", "contact.hold", "contact.unhold"]);
    lags["wrap-up"] = await lag(board, state("wrap_up"), () => gateway.hangUp(call.ref));
    await wrapUp(page, call.contact, "resolved");
    await page.getByText("Waiting for a contact").waitFor();
    console.log(`the board shows it after (ms): ${JSON.stringify(lags)}`);
    for (const [step, ms] of Object.entries(lags)) expect(ms, step).toBeLessThan(SEEN_WITHIN_MS);
    expect(await board.locator(".balance").getAttribute("data-difference")).toBe("0");
    expectClean(seen);
    expectClean(watching);
    await seen.context.close();
    await watching.context.close();
  });

  test("the line is cut for a while: what came meanwhile is there once, what was typed stays", async () => {
    const seen = await atWork(browser());
    const { page } = seen;
    const first = await gateway.arrive();
    await takeOffer(page, first.contact);
    await page.keyboard.press("Alt+n");
    await page.keyboard.type("half a sen");
    usher.wire.cut();
    await page.locator('[data-banner="lost"]').waitFor();
    await page.keyboard.type("tence");
    await gateway.hangUp(first.ref);
    usher.wire.heal();
    await oneInHand(page, first.contact).and(page.locator('[data-state="wrap_up"]')).waitFor();
    expect(await page.getByLabel("Note").inputValue()).toBe("half a sentence");
    expect(await page.locator("[data-contact]").count()).toBe(1);
    await wrapUp(page, first.contact, "resolved");
    // The browser itself says that it is offline; a call comes; it is back.
    await seen.context.setOffline(true);
    await page.locator('[data-banner="lost"]').waitFor();
    const second = await gateway.arrive({ from: "+15550142" });
    await seen.context.setOffline(false);
    await offer(page).getByRole("heading", { name: "+15550142" }).waitFor();
    expect(await page.locator("[data-offer]").count()).toBe(1);
    await page.locator('.header [data-connection="open"]').waitFor();
    await page.keyboard.press("Alt+a");
    await oneInHand(page, second.contact).and(page.locator('[data-state="talking"]')).waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("the server is killed and comes back: the call is still in hand, and ends as ever", async () => {
    const seen = await atWork(browser());
    const { page } = seen;
    const call = await gateway.arrive();
    await takeOffer(page, call.contact);
    const one = oneInHand(page, call.contact);
    await usher.kill();
    await page.locator('[data-banner="lost"]').waitFor();
    expect(await page.locator('[data-command="end"]').getAttribute("aria-disabled")).toBe("true");
    await usher.serve();
    gateway = await usher.gateway(gateway);
    await page.locator('.header [data-connection="open"]').waitFor({ timeout: 30_000 });
    await one.and(page.locator('[data-state="talking"]')).waitFor();
    await page.keyboard.press("Alt+k");
    await wrapUp(page, call.contact, "resolved");
    expectClean(seen);
    await seen.context.close();
  });

  test("handed on to a queue, then to an agent, each with a note", async () => {
    const ana = await atWork(browser());
    const ben = await atWork(browser(), BEN);
    const call = await gateway.arrive();
    await takeOffer(ana.page, call.contact);
    await handOn(ana.page, "care", "Needs a refund");
    await offer(ben.page).getByText("Needs a refund").waitFor();
    await wrapUp(ana.page, call.contact, "resolved");
    await ben.page.keyboard.press("Alt+a");
    await oneInHand(ben.page, call.contact).and(ben.page.locator('[data-state="talking"]')).waitFor();
    await handOn(ben.page, "Ana Müller", "Back to you");
    await offer(ana.page).getByText("Back to you").waitFor();
    await wrapUp(ben.page, call.contact, "");
    await ana.page.keyboard.press("Alt+a");
    await oneInHand(ana.page, call.contact).and(ana.page.locator('[data-state="talking"]')).waitFor();
    expectClean(ana);
    expectClean(ben);
    await ana.context.close();
    await ben.context.close();
  });

  for (const [name, size] of [["1280", WIDE], ["400", NARROW]] as const) {
    test(`a colleague is asked, swapped, joined and given the customer, by keyboard, at ${name}`, async () => {
      const ana = await atWork(browser(), ANA, { size });
      const ben = await atWork(browser(), BEN, { size });
      const { page } = ana;
      const call = await gateway.arrive();
      await takeOffer(page, call.contact);
      const one = oneInHand(page, call.contact);
      await handOn(page, "Ben Okafor", "May I?", true);
      await page.getByText("Waiting for a colleague. The customer is on hold.").waitFor();
      await shoot(page, `real-asking-${name}`);
      await offer(ben.page).getByText("May I?").waitFor();
      await ben.page.keyboard.press("Alt+a");
      await page.getByText("You speak with ben. The customer is on hold.").waitFor();
      await ben.page.getByText("ana asks you; a customer waits behind.").waitFor();
      await shoot(page, `real-consulting-${name}`);
      expect(await overflows(page)).toBe(false);
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press("Alt+s");
      await page.getByText("You speak with the customer. ben is on hold.").waitFor();
      await page.keyboard.press("Alt+j");
      await page.getByText("You, the customer and ben hear each other.").waitFor();
      expect(gateway.ordered("conference.join")).toHaveLength(1);
      await page.keyboard.press("Alt+c");
      await one.and(page.locator('[data-state="wrap_up"]')).waitFor();
      await ben.page.getByText("ana has handed the customer over to you.").first().waitFor();
      await oneInHand(ben.page, call.contact).and(ben.page.locator('[data-state="talking"]')).waitFor();
      expectClean(ana);
      expectClean(ben);
      await ana.context.close();
      await ben.context.close();
    });
  }
});
