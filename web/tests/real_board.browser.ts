// The live board in Chromium on the real server: what a supervisor sees from near, why, and what he does about it.

import type { Browser, Locator, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { offer, oneInHand, sitDownAvailable, wrapUp } from "./desk";
import type { Gateway } from "./gateway";
import { ANA, BEN, SUE } from "./users";
import { Usher } from "./usher";
import { expectClean, NARROW, onRealServer, overflows, seriousFindings, shoot, signIn, type Size, visit, type Visit, WIDE } from "./visit";

let usher: Usher;
let gateway: Gateway;
beforeEach(async () => {
  usher = await Usher.start();
  gateway = await usher.gateway();
});
afterEach(() => usher?.stop());

async function watch(browser: Browser, path = "/", options: { size?: Size; isDark?: boolean } = {}): Promise<Visit> {
  const seen = await visit(browser, usher, path, options);
  await signIn(seen.page, SUE.user);
  await seen.page.locator('[data-queue="sales"]').first().waitFor();
  return seen;
}

const panel = (page: Page): Locator => page.getByRole("complementary", { name: "Details" });
const opened = (page: Page): Promise<string | null> => page.evaluate(() => new URLSearchParams(location.search).get("open"));
const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute("data-opens") ?? null);

/** Opens a row's menu by keyboard and chooses from it. */
async function choose(page: Page, button: Locator, item: string): Promise<void> {
  await button.press("Enter");
  const chosen = page.getByRole("menuitem", { name: item, exact: true });
  await chosen.waitFor();
  while (!(await chosen.evaluate((one) => one === document.activeElement))) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}

onRealServer("the live board on the real server", (browser) => {
  test("from a queue to who waits, to a contact's way and its why, and back without losing the place", async () => {
    const first = await gateway.arrive({ from: "+15550101", attributes: { intent: "refund" } });
    await gateway.arrive({ from: "+15550102", attributes: { intent: "refund" } });
    const seen = await watch(browser());
    const { page } = seen;
    await page.locator('[data-opens="queue:care"]').focus();
    await page.keyboard.press("Enter");
    expect(await opened(page)).toBe("queue:care");
    await expect.poll(() => panel(page).locator("[data-contact]").count()).toBe(2);
    expect(await panel(page).locator(".queued-place").allInnerTexts()).toEqual(["1", "2"]);
    await panel(page).locator(`[data-opens="contact:${first.contact}"]`).press("Enter");
    await panel(page).getByText("Agents who match: 1. None of them is there.").waitFor();
    await panel(page).getByText("Waits in a queue: care · rule “refunds” · by an entry rule").waitFor();
    await panel(page).getByText("1 of 2").waitFor();
    await panel(page).getByText("Agent by agent").click();
    await panel(page).getByText("not logged in").waitFor();
    await panel(page).getByText("lacks care, of which level 1 is asked").waitFor();
    await shoot(page, "real-board-contact-1280");
    expect(await seriousFindings(page)).toEqual([]);

    // Who is opened by its address alone is the same.
    const other = await visit(browser(), usher, new URL(page.url()).pathname + new URL(page.url()).search);
    await signIn(other.page, SUE.user);
    await panel(other.page).getByText("Agents who match: 1. None of them is there.").waitFor();
    await other.context.close();

    await page.keyboard.press("Escape");
    await expect.poll(() => opened(page)).toBe("queue:care");
    await expect.poll(() => panel(page).locator("[data-contact]").count()).toBe(2);
    await page.keyboard.press("Escape");
    await expect.poll(() => opened(page)).toBeNull();
    expect(await focused(page)).toBe("queue:care");
    await page.goBack();
    expect(await opened(page)).toBe("queue:care");
    expectClean(seen);
    await seen.context.close();
  });

  test("what becomes of a contact is told while it is open: offered, connected, why this agent, ended", async () => {
    const seen = await watch(browser());
    const { page } = seen;
    const ana = await sitDownAvailable(browser(), usher, ANA);
    const call = await gateway.arrive();
    await offer(ana.page).waitFor();
    await page.goto(`${usher.url}/?open=contact:${call.contact}`);
    await panel(page).getByText("It is offered to Ana Müller until").waitFor();
    await ana.page.keyboard.press("Alt+a");
    await panel(page).locator('[data-what="connected"]').waitFor();
    await panel(page).getByText("Offered to Ana Müller in sales. Nobody else matched.").first().waitFor();
    await shoot(page, "real-board-contact-talking-1280");
    await panel(page).getByRole("button", { name: "Ana Müller" }).click();
    expect(await opened(page)).toBe("agent:ana");
    await panel(page).getByText("has a contact in hand").first().waitFor();
    await panel(page).locator(`[data-contact="${call.contact}"]`).waitFor();
    await shoot(page, "real-board-agent-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.goBack();
    await gateway.hangUp(call.ref);
    await panel(page).getByText("Ended: the customer").waitFor();
    await panel(page).locator("dd", { hasText: /^Wrap-up/ }).waitFor();
    await wrapUp(ana.page, call.contact, "resolved");
    await panel(page).getByText("Over", { exact: true }).waitFor();
    await panel(page).getByText("The last decision about it").waitFor();
    expectClean(seen);
    await seen.context.close();
    await ana.context.close();
  });

  test("a queue is paused and resumed, a waiting contact moved, prioritised and given to an agent, by keyboard", async () => {
    const call = await gateway.arrive();
    const seen = await watch(browser());
    const { page } = seen;
    const row = page.locator('[data-queue="sales"]');
    await row.locator(".row-name").focus();
    await page.keyboard.press("ArrowRight");
    await choose(page, row.getByRole("button", { name: "Actions for sales" }), "Pause the queue …");
    await page.getByRole("dialog").getByText("Nothing of it is offered until it is resumed; 1 wait there now").waitFor();
    await shoot(page, "real-board-pause-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Pause", exact: true }).press("Enter");
    await row.getByText("paused").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await row.locator(".row-name").press("Enter");
    await panel(page).getByRole("button", { name: "Resume the queue" }).press("Enter");
    await row.getByText("paused").waitFor({ state: "detached" });

    const menu = () => panel(page).locator(`[data-contact="${call.contact}"]`).getByRole("button", { name: /^Actions for/ });
    await choose(page, menu(), "Set priority …");
    await page.locator("[name=priority]").fill("a lot");
    await page.keyboard.press("Enter");
    await page.getByText("Enter a whole number from −1000 to 1000.").waitFor();
    expect(await page.locator("[name=priority]").inputValue()).toBe("a lot");
    await page.locator("[name=priority]").fill("7");
    await page.keyboard.press("Enter");
    await panel(page).getByText("priority 7").waitFor();

    await choose(page, menu(), "Give to an agent …");
    await page.getByRole("dialog").getByText("Nothing found.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Choose an agent.").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await opened(page)).toBe("queue:sales");

    await choose(page, menu(), "Move to another queue …");
    await page.getByRole("combobox", { name: "Queue", exact: true }).fill("car");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await panel(page).getByText("Nobody waits.").waitFor();
    await expect.poll(() => page.locator('[data-queue="care"] [data-cell="waiting"] .cell-value').innerText()).toBe("1");
    expect(await page.locator(".balance").getAttribute("data-difference")).toBe("0");
    expectClean(seen);
    await seen.context.close();
  });

  test("an agent's state is set with its reason, a contact given to him, closed, and he is logged out; refusals stay beside what was typed", async () => {
    const seen = await watch(browser());
    const { page } = seen;
    const ben = await sitDownAvailable(browser(), usher, BEN);
    const row = page.locator('tr[data-agent="ben"]');
    const menu = () => row.getByRole("button", { name: "Actions for Ben Okafor" });
    await choose(page, menu(), "Set state …");
    await page.keyboard.press("Enter");
    await page.getByText("Enter a reason.").waitFor();
    await page.getByLabel("Reason").fill("coaching");
    await page.keyboard.press("Enter");
    await row.getByText("coaching").waitFor();
    await ben.page.getByText("Not ready").first().waitFor();
    await choose(page, menu(), "Set state …");
    await page.getByRole("button", { name: "Set", exact: true }).press("Enter");
    await row.and(page.locator('[data-state="idle"]')).waitFor();

    const call = await gateway.arrive();
    await page.goto(`${usher.url}/?open=contact:${call.contact}`);
    await panel(page).getByText("Agents who match: 1. None of them is there.").waitFor();
    await choose(page, panel(page).getByRole("button", { name: /^Actions for …00/ }), "Give to an agent …");
    await page.getByRole("combobox", { name: "Agent", exact: true }).fill("okafor");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await offer(ben.page).waitFor();
    await ben.page.keyboard.press("Alt+a");
    await oneInHand(ben.page, call.contact).and(ben.page.locator('[data-state="talking"]')).waitFor();
    await panel(page).locator("dd", { hasText: /^Talking/ }).waitFor();
    await choose(page, panel(page).getByRole("button", { name: /^Actions for …00/ }), "End the contact …");
    await page.getByText("An agent speaks with the customer now").waitFor();
    await page.getByRole("button", { name: "End", exact: true }).press("Enter");
    await panel(page).getByText("Over", { exact: true }).waitFor();

    await choose(page, menu(), "Log out …");
    await page.getByLabel("All go back at once, calls too").check();
    await page.getByRole("button", { name: "Log out", exact: true }).press("Enter");
    await row.waitFor({ state: "detached" });
    expectClean(seen);
    await seen.context.close();
    await ben.context.close();
  });

  test("a message reaches who is meant; a line that is cut loses neither it nor the place", async () => {
    const seen = await watch(browser());
    const { page } = seen;
    const [ana, ben] = [await sitDownAvailable(browser(), usher, ANA), await sitDownAvailable(browser(), usher, BEN)];
    const menu = () => page.locator('[data-queue="care"]').getByRole("button", { name: "Actions for care" });
    await choose(page, menu(), "Send a message …");
    await page.getByLabel("Message", { exact: true }).fill("Refunds: <b>the system is slow</b>");
    await page.getByLabel("Warning").check();
    usher.wire.cut();
    await page.getByRole("button", { name: "Send", exact: true }).press("Enter");
    await page.getByRole("dialog").getByText("No answer from the server.").waitFor();
    expect(await page.getByLabel("Message", { exact: true }).inputValue()).toContain("Refunds");
    usher.wire.heal();
    await page.locator('.header [data-connection="open"]').waitFor();
    await ben.page.locator('.header [data-connection="open"]').waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).press("Enter");
    await ben.page.locator('.notice[data-level="warning"]').getByText("Refunds: <b>the system is slow</b>").waitFor();
    expect(await ana.page.locator(".notice").count()).toBe(0);
    await page.getByRole("button", { name: "Message to everybody …" }).press("Enter");
    expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("");
    await page.getByLabel("Message", { exact: true }).fill("Well done.");
    await page.getByRole("button", { name: "Send", exact: true }).press("Enter");
    await ana.page.getByText("Well done.").first().waitFor();
    expectClean(seen);
    for (const one of [seen, ana, ben]) await one.context.close();
  });

  test("a queue over its threshold is an alert on every board until it is back", async () => {
    await usher.stop();
    usher = await Usher.start({ "queues/care.toml": '[queue.care]\nskills = { care = 1 }\nalerts = { waiting = 2 }\n' });
    gateway = await usher.gateway();
    const seen = await watch(browser());
    const { page } = seen;
    const calls = [await gateway.arrive({ attributes: { intent: "refund" } }), await gateway.arrive({ attributes: { intent: "refund" } })];
    const alerts = page.getByRole("region", { name: /Alerts/ });
    await alerts.getByText("care: 2 waiting (from 2 on)").waitFor();
    expect(await page.title()).toContain("▲ 1");
    await page.reload();
    await alerts.getByText("care: 2 waiting (from 2 on)").click();
    expect(await opened(page)).toBe("queue:care");
    await shoot(page, "real-board-alert-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await gateway.leave(calls[0]!.ref);
    await alerts.waitFor({ state: "detached" });
    expectClean(seen);
    await seen.context.close();
  });

  test("a supervisor listens to a call by his own phone, whispers, and leaves", async () => {
    const seen = await watch(browser());
    const { page } = seen;
    const ana = await sitDownAvailable(browser(), usher, ANA);
    const call = await gateway.arrive();
    await offer(ana.page).waitFor();
    await ana.page.keyboard.press("Alt+a");
    const row = page.locator('tr[data-agent="ana"]');
    await row.getByText("Talking").waitFor();
    await choose(page, row.getByRole("button", { name: /^Actions for/ }), "Listen …");
    await page.getByLabel("Your phone").fill("SIM/sue");
    await page.keyboard.press("Enter");
    const strip = page.locator('[data-banner="monitor"]');
    await strip.getByText(`You are on contact ${call.contact}.`).waitFor();
    expect(gateway.ordered("monitor.start")).toMatchObject([{ endpoint: "SIM/sue", mode: "listen" }]);
    await strip.getByRole("button", { name: "Whisper" }).press("Enter");
    await strip.locator('[aria-pressed="true"]').getByText("Whisper").waitFor();
    expect(gateway.ordered("monitor.mode")).toMatchObject([{ mode: "whisper" }]);
    await shoot(page, "real-board-monitor-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await strip.getByRole("button", { name: "Stop" }).press("Enter");
    await strip.waitFor({ state: "detached" });
    expectClean(seen);
    await seen.context.close();
    await ana.context.close();
  });

  for (const [name, size] of [["1280", WIDE], ["400", NARROW]] as const) {
    for (const isDark of [false, true]) {
      const label = `${name}${isDark ? "-dark" : ""}`;
      test(`the panels at ${label} fit, and axe finds nothing serious`, async () => {
        const calls = [await gateway.arrive({ from: "+15550101" }), await gateway.arrive({ from: "+15550102" })];
        const seen = await watch(browser(), "/", { size, isDark });
        const { page } = seen;
        for (const open of ["queue:sales", `contact:${calls[0]!.contact}`, "agent:ana"]) {
          await page.goto(`${usher.url}/?open=${open}`);
          await panel(page).locator(open.startsWith("queue") ? "[data-contact]" : ".why-answer").first().waitFor();
          await page.waitForTimeout(500);
          await shoot(page, `real-board-${open.split(":")[0]}-${label}`);
          expect(await overflows(page), open).toBe(false);
          expect(await seriousFindings(page), open).toEqual([]);
        }
        // What lies under a panel that covers it is out of reach.
        const isCovered = await page.locator(".board-all").evaluate((one) => (one as HTMLElement).inert);
        expect(isCovered).toBe(size === NARROW);
        await page.locator('[data-command="close_panel"]').click();
        expect(await panel(page).count()).toBe(0);
        expectClean(seen);
        await seen.context.close();
      });
    }
  }

  test("the wallboard shows the queues that its address names, and says when its figures are old", async () => {
    await gateway.arrive();
    const seen = await watch(browser(), "/wallboard?queues=sales,nowhere", { size: { width: 1920, height: 1080 } });
    const { page } = seen;
    await expect.poll(() => page.locator('[data-tile="waiting"] dd').innerText()).toBe("1");
    expect(await page.locator("tr[data-queue]").count()).toBe(1);
    await page.getByText("Not there: nowhere").waitFor();
    expect(await page.locator(".header").count()).toBe(0);
    await shoot(page, "real-wallboard-1920");
    expect(await seriousFindings(page)).toEqual([]);
    const height = await page.locator('[data-tile="waiting"] dd').evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
    expect(height).toBeGreaterThan(100);
    usher.wire.cut();
    await page.getByText("Not connected: these figures are old.").waitFor();
    await shoot(page, "real-wallboard-old-1920");
    await page.setViewportSize(NARROW);
    expect(await overflows(page)).toBe(false);
    await seen.context.close();
  });

  test("newer pages on the server are said, and loaded only when asked", async () => {
    const seen = await watch(browser());
    const { page } = seen;
    expect(await page.locator('[data-banner="newer"]').count()).toBe(0);
    let isNewer = true;
    await page.route(`${usher.url}/`, async (route) => {
      const answer = await route.fetch();
      const text = await answer.text();
      await route.fulfill({ response: answer, body: isNewer ? text.replace(/assets\/index-[^"]+\.js/, "assets/index-NEWER.js") : text });
    });
    usher.wire.cut();
    await page.locator('[data-banner="lost"]').waitFor();
    await page.getByLabel("Find in: Queues").fill("sal");
    usher.wire.heal();
    await page.locator('[data-banner="newer"]').waitFor();
    expect(await page.getByLabel("Find in: Queues").inputValue()).toBe("sal");
    isNewer = false;
    await page.getByRole("button", { name: "Load anew" }).click();
    await page.locator('[data-queue="sales"]').waitFor();
    expect(await page.locator('[data-banner="newer"]').count()).toBe(0);
    await seen.context.close();
  });
});
