// An agent's day in the console on the real server: promises, work, leads, customers, and what calls attention.

import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { offer, oneInHand, sitDownAs, sitDownAvailable, takeOffer, wrapUp } from "./desk";
import type { Gateway } from "./gateway";
import { ANA, BEN } from "./users";
import { Usher } from "./usher";
import { expectClean, onRealServer, overflows, seriousFindings, shoot } from "./visit";

let usher: Usher;
let gateway: Gateway;
beforeEach(async () => {
  usher = await Usher.start();
  gateway = await usher.gateway();
});
afterEach(() => usher?.stop());

const atWork = (browser: Browser, user = ANA, options = {}) => sitDownAvailable(browser, usher, user, options);

/** Fits, and axe finds nothing serious, at the size of a desk and of a phone, light and dark. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [400, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const label = `${name}-${width}${colorScheme === "dark" ? "-dark" : ""}`;
      expect(await overflows(page), label).toBe(false);
      await shoot(page, label);
      expect(await seriousFindings(page), label).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}

onRealServer("an agent's day on the real server", (browser) => {
  test("a call rings until it is taken, as loud as chosen, and not once the ring is off", async () => {
    const seen = await sitDownAs(browser(), usher, ANA);
    const { page } = seen;
    // What sounds is noted; it sounds all the same.
    await page.evaluate(() => {
      const noted = window as unknown as { sounding: Set<unknown> };
      noted.sounding = new Set();
      const make = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function () {
        const tone = make.call(this);
        noted.sounding.add(tone);
        const stop = tone.stop.bind(tone);
        tone.stop = (at?: number) => {
          if (at === undefined) noted.sounding.delete(tone);
          stop(at);
        };
        tone.addEventListener("ended", () => noted.sounding.delete(tone));
        return tone;
      };
    });
    const sounding = () => page.evaluate(() => (window as unknown as { sounding: Set<unknown> }).sounding.size);
    await page.keyboard.press("Alt+1");
    await page.getByText("Waiting for a contact").waitFor();
    expect(await sounding()).toBe(0);
    const call = await gateway.arrive();
    await offer(page).waitFor();
    await expect.poll(sounding).toBeGreaterThan(0);
    await takeOffer(page, call.contact);
    expect(await sounding()).toBe(0);
    await gateway.hangUp(call.ref);
    await wrapUp(page, call.contact, "resolved");
    await page.keyboard.press("Alt+q");
    await gateway.arrive();
    await offer(page).waitFor();
    expect(await sounding()).toBe(0);
    await page.reload();
    expect(await page.getByLabel("Ring for offers").isChecked()).toBe(false);
    expectClean(seen);
    await seen.context.close();
  });

  test("a page that is not seen notifies, with the caller's name only if the agent chose so", async () => {
    const seen = await sitDownAs(browser(), usher, ANA);
    const { page, context } = seen;
    await context.grantPermissions(["notifications"]);
    await page.reload();
    await page.evaluate(() => {
      const noted = window as unknown as { told: { title: string; body: string; open: boolean }[] };
      noted.told = [];
      const Real = window.Notification;
      window.Notification = class extends Real {
        constructor(title: string, options: NotificationOptions = {}) {
          super(title, options);
          const one = { title, body: options.body ?? "", open: true };
          noted.told.push(one);
          const close = this.close.bind(this);
          this.close = () => {
            one.open = false;
            close();
          };
        }
      };
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    });
    const told = () => page.evaluate(() => (window as unknown as { told: { title: string; body: string; open: boolean }[] }).told);
    await page.getByLabel("Notify on this computer").check();
    await page.keyboard.press("Alt+1");
    const first = await gateway.arrive({ from: "+15550177" });
    await offer(page).waitFor();
    await expect.poll(told).toEqual([{ title: "Call for sales", body: "", open: true }]);
    await takeOffer(page, first.contact);
    expect(await told()).toMatchObject([{ open: false }]);
    await gateway.hangUp(first.ref);
    await wrapUp(page, first.contact, "resolved");
    await page.getByLabel("With the caller’s name").check();
    await gateway.arrive({ from: "+15550178" });
    await offer(page).waitFor();
    await expect.poll(told).toMatchObject([{}, { body: "+15550178" }]);
    expectClean(seen);
    await seen.context.close();
  });

  test("a wrap-up in two keys: a digit, Enter; and the figures of the day follow", async () => {
    const seen = await atWork(browser());
    const { page } = seen;
    const call = await gateway.arrive();
    await takeOffer(page, call.contact);
    await gateway.hangUp(call.ref);
    const one = oneInHand(page, call.contact);
    await one.and(page.locator('[data-state="wrap_up"]')).waitFor();
    await page.keyboard.press("2");
    expect(await one.getByRole("combobox", { name: "Disposition" }).inputValue()).toBe("follow-up needed");
    await page.keyboard.press("Enter");
    await one.waitFor({ state: "detached" });
    await expect.poll(() => page.locator(".figures-own dd").first().innerText()).toBe("1");
    // Typing narrows, with Alt and Shift a digit counts while one types.
    const next = await gateway.arrive();
    await takeOffer(page, next.contact);
    await page.keyboard.press("Alt+n");
    await page.keyboard.type("room 3");
    await gateway.hangUp(next.ref);
    const other = oneInHand(page, next.contact);
    await other.and(page.locator('[data-state="wrap_up"]')).waitFor();
    await page.keyboard.type("21");
    expect(await page.getByLabel("Note", { exact: false }).first().inputValue()).toBe("room 321");
    await page.keyboard.press("Alt+Shift+3");
    expect(await other.getByRole("combobox", { name: "Disposition" }).inputValue()).toBe("wrong number");
    await other.getByRole("combobox", { name: "Disposition" }).fill("sil");
    expect(await other.getByRole("option").allInnerTexts()).toEqual([expect.stringContaining("customer silent")]);
    await page.keyboard.press("Enter");
    await other.waitFor({ state: "detached" });
    await expect.poll(() => page.locator(".figures-own dd").first().innerText()).toBe("2");
    expectClean(seen);
    await seen.context.close();
  });

  test("who may have the call stands in the search with how they are; a number outside is dialled", async () => {
    const ana = await atWork(browser());
    const ben = await atWork(browser(), BEN);
    const { page } = ana;
    const call = await gateway.arrive();
    await takeOffer(page, call.contact);
    await page.keyboard.press("Alt+t");
    const choice = page.getByRole("option", { name: "Ben Okafor" });
    await choice.getByText("Idle").waitFor();
    await page.getByRole("option", { name: "care" }).getByText("0 waiting · 1 of 1 idle").waitFor();
    await ben.page.keyboard.press("Alt+2");
    await ben.page.getByLabel("Reason").fill("lunch");
    await ben.page.keyboard.press("Enter");
    // The list is kept fresh while it is open.
    await choice.getByText("Not ready").waitFor();
    await look(page, "real-transfer");
    await page.getByRole("combobox", { name: "To" }).fill("+44 20 7946 0000");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "To" }).and(page.locator('[aria-invalid="true"]')).waitFor();
    await page.getByRole("combobox", { name: "To" }).fill("+1 555 0199");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(() => gateway.ordered("contact.transfer").map((order) => order.to)).toEqual(["+15550199"]);
    await wrapUp(page, call.contact, "resolved");
    expectClean(ana);
    expectClean(ben);
    await ana.context.close();
    await ben.context.close();
  });

  test("a call is promised while one talks and while one finishes up; it comes, and the customer is called", async () => {
    const seen = await atWork(browser());
    const { page } = seen;
    const call = await gateway.arrive({ from: "+33612000077" });
    await takeOffer(page, call.contact);
    await page.keyboard.press("Alt+r");
    await page.getByLabel("At a time").check();
    await page.getByRole("button", { name: "Promise", exact: true }).click();
    await page.getByText("Enter date and time.").waitFor();
    await page.getByLabel("Date and time").fill("2020-01-01T09:00");
    await page.getByRole("button", { name: "Promise", exact: true }).click();
    await page.getByText("This is in the past.").waitFor();
    await page.getByText("Europe/Berlin").waitFor();
    await look(page, "real-promise");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+r");
    // What was typed is still there.
    expect(await page.getByLabel("Date and time").inputValue()).toBe("2020-01-01T09:00");
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    await page.getByLabel("Date and time").fill(tomorrow);
    await page.getByLabel("Anyone").check();
    await page.keyboard.press("Enter");
    await page.locator('form[data-form="promise"]').waitFor({ state: "detached" });
    await gateway.hangUp(call.ref);
    const one = oneInHand(page, call.contact);
    await one.and(page.locator('[data-state="wrap_up"]')).waitFor();
    await one.getByLabel("Promise the customer a call").check();
    await one.getByLabel("Number").fill("0180");
    await page.keyboard.press("Alt+Shift+1");
    await page.keyboard.press("Alt+w");
    await one.getByText("Enter the number with its country’s code").waitFor();
    await one.getByLabel("Number").fill("+33 6 12 00 00 78");
    await page.keyboard.press("Alt+w");
    await one.waitFor({ state: "detached" });
    await offer(page).getByText("Callback").first().waitFor({ timeout: 60_000 });
    await page.keyboard.press("Alt+a");
    await expect.poll(() => gateway.ordered("call.place").map((order) => order.to), { timeout: 15_000 }).toEqual(["+33612000078"]);
    await page.locator('article[data-state="talking"]').waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("work: added, seen by the team at once, overdue marked, taken, changed, escalated and closed", async () => {
    const ana = await sitDownAs(browser(), usher, ANA);
    const ben = await sitDownAs(browser(), usher, BEN);
    for (const { page } of [ana, ben]) await page.keyboard.press("Alt+4");
    const { page } = ana;
    await page.getByText("Nothing to do here.").waitFor();
    await page.getByRole("button", { name: "New …" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Say in a line what is to be done.").waitFor();
    await page.keyboard.type("Bill of May");
    await page.getByLabel("What is to be done").fill(`twice on the bill ${"and again ".repeat(60)}`);
    await page.getByLabel("Due").fill("2026-01-01T09:00");
    await page.getByLabel("Team", { exact: false }).and(page.locator("input:not([type=radio])")).fill("floor");
    await page.getByRole("button", { name: "Save" }).click();
    const atBen = ben.page.locator("[data-work]").filter({ hasText: "Bill of May" });
    await atBen.getByText("overdue since").waitFor();
    await look(page, "real-work");
    await atBen.getByRole("button", { name: "Take" }).click();
    const atAna = page.locator("[data-work]").filter({ hasText: "Bill of May" });
    await atAna.and(page.locator('[data-state="taken"]')).waitFor();
    await atBen.getByRole("button", { name: "Change …" }).click();
    // All of the text is there to be changed, not only what the list shows.
    expect((await ben.page.getByLabel("What is to be done").inputValue()).length).toBeGreaterThan(500);
    await ben.page.getByLabel("In a line").fill("Bills of May");
    await ben.page.getByRole("button", { name: "Save" }).click();
    const changed = page.locator("[data-work]").filter({ hasText: "Bills of May" });
    await changed.waitFor();
    await ben.page.locator("[data-work]").getByRole("button", { name: "Escalate …" }).click();
    await ben.page.getByLabel("Team", { exact: false }).and(ben.page.locator("input:not([type=radio])")).fill("nobody");
    await ben.page.getByLabel("Reason").fill("needs a signature");
    await ben.page.keyboard.press("Enter");
    await ben.page.locator('form[data-form="work_escalate"]').getByText(/Expected|no longer|refused/).first().waitFor();
    await ben.page.getByLabel("Team", { exact: false }).and(ben.page.locator("input:not([type=radio])")).fill("seniors");
    await ben.page.keyboard.press("Enter");
    await ben.page.getByText("Escalated to seniors: needs a signature").waitFor();
    await changed.waitFor({ state: "detached" });
    await ben.page.locator("[data-work]").getByRole("button", { name: "Close …" }).click();
    await ben.page.getByLabel("What came of it").fill("refunded");
    await ben.page.keyboard.press("Enter");
    await ben.page.getByText("Nothing to do here.").waitFor();
    expectClean(ana);
    expectClean(ben);
    await ana.context.close();
    await ben.context.close();
  });

  test("work with a queue that is taken from the list is a task in hand", async () => {
    const seen = await atWork(browser());
    const { page } = seen;
    await page.keyboard.press("Alt+4");
    await page.getByRole("button", { name: "New …" }).click();
    await page.getByLabel("In a line").fill("Send the form");
    await page.getByLabel("Due").fill("2030-01-01T09:00");
    await page.getByLabel("Queue").fill("nowhere");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Queue").and(page.locator('[aria-invalid="true"]')).or(page.getByText("There is no queue nowhere.")).first().waitFor();
    await page.getByLabel("Queue").fill("written");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[data-work]").getByRole("button", { name: "Take" }).click();
    await page.locator('article[data-state="talking"]').getByText("Send the form").waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("leads of a campaign by hand: asked for, looked at, skipped, dialled and wrapped up", async () => {
    usher.write("campaign.toml", CAMPAIGN);
    usher.write("list.toml", 'campaign = "winback"\ndefault_country = "FR"\norder = "oldest"\n[[field]]\nname = "plan"\ntype = "text"\nlabel = "Plan"\n');
    usher.write("leads.csv", "Phone,Name,Time zone,Plan\n+33612000001,Rosa,Europe/Paris,basic\n+33612000002,Otto,Europe/Paris,basic\n+33612000003,Mia,Europe/Paris,basic\n");
    await usher.run(["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "sue"]);
    await usher.run(["list", "create", "spring", "--settings", "list.toml", "--by", "sue"]);
    await usher.run(["import", "leads", "spring", "leads.csv", "--accept-guess", "--by", "sue"]);
    await usher.run(["campaign", "start", "winback", "--by", "sue"]);
    const seen = await atWork(browser());
    const { page } = seen;
    await page.keyboard.press("Alt+o");
    await page.getByLabel("Campaign").fill("nowhere");
    await page.keyboard.press("Enter");
    await page.getByText("There is no such campaign.").waitFor();
    await page.getByLabel("Campaign").fill("winback");
    await page.keyboard.press("Enter");
    await offer(page).getByText("Campaign winback, list spring", { exact: true }).waitFor();
    await offer(page).getByText("basic").first().waitFor();
    await offer(page).getByText("When the time is over it is skipped for you.").waitFor();
    await look(page, "real-lead");
    await page.keyboard.press("Alt+x");
    await offer(page).waitFor({ state: "detached" });
    await page.keyboard.press("Alt+o");
    // The campaign is remembered.
    await expect.poll(() => page.getByLabel("Campaign").inputValue()).toBe("winback");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Dial" }).waitFor();
    await page.keyboard.press("Alt+a");
    await page.locator('article[data-state="talking"]').waitFor();
    expect(gateway.ordered("call.place").map((order) => order.to)).toEqual(["+33612000002"]);
    await page.keyboard.press("Alt+k");
    await page.locator('article[data-state="wrap_up"]').waitFor();
    // What it can come to, the campaign says.
    await expect.poll(() => page.getByRole("listbox").getByRole("option").allInnerTexts()).toEqual([expect.stringContaining("no"), expect.stringContaining("sale")]);
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await page.getByText("No contact in hand.").waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("an unknown caller is found or added by the agent, and known the next time", async () => {
    const seen = await atWork(browser());
    const { page } = seen;
    const call = await gateway.arrive({ from: "+33612000077" });
    await takeOffer(page, call.contact);
    await page.keyboard.press("Alt+u");
    await page.getByLabel("Find a customer").fill("Rosa Weiß");
    await page.getByText("0 found").waitFor();
    await page.getByRole("button", { name: "Add “Rosa Weiß” as a new customer" }).click();
    await page.getByRole("heading", { name: "Rosa Weiß" }).waitFor();
    await gateway.hangUp(call.ref);
    await wrapUp(page, call.contact, "resolved");
    const again = await gateway.arrive({ from: "+33612000077" });
    await offer(page).getByRole("heading", { name: "Rosa Weiß" }).waitFor();
    await takeOffer(page, again.contact);
    await gateway.hangUp(again.ref);
    await wrapUp(page, again.contact, "resolved");
    const other = await gateway.arrive({ from: "+33612000099" });
    await takeOffer(page, other.contact);
    await page.keyboard.press("Alt+u");
    await page.getByLabel("Find a customer").fill("weiss");
    await page.getByText("Rosa Weiß").waitFor();
    await page.getByRole("button", { name: "Details" }).click();
    await page.locator(".customer-details").getByText(/\+33 ?6 ?12 ?00 ?00 ?77/).waitFor();
    await look(page, "real-customer");
    await page.getByRole("button", { name: "It is this one" }).click();
    await oneInHand(page, other.contact).getByRole("heading", { name: "Rosa Weiß" }).waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("a call is escalated; a chat is laid down until a time, and is the agent's again when the customer writes", async () => {
    const ana = await atWork(browser());
    const ben = await atWork(browser(), BEN);
    const { page } = ana;
    const call = await gateway.arrive();
    await takeOffer(page, call.contact);
    await page.keyboard.press("Alt+g");
    await page.getByLabel("Reason").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Enter a reason.").waitFor();
    await page.keyboard.type("wants a manager");
    await page.keyboard.press("Enter");
    await offer(ben.page).waitFor();
    await wrapUp(page, call.contact, "resolved");
    const chat = await gateway.arrive({ channel: "chat", from: "web:77" });
    await takeOffer(page, chat.contact);
    await page.keyboard.press("Alt+l");
    await page.getByRole("button", { name: "Lay down", exact: true }).press("Enter");
    await oneInHand(page, chat.contact).waitFor({ state: "detached" });
    await page.keyboard.press("Alt+4");
    await page.locator(`[data-contact-line="${chat.contact}"]`).getByText("laid down").waitFor();
    await gateway.write(chat.ref, "customer");
    await offer(page).waitFor();
    await page.keyboard.press("Alt+a");
    await oneInHand(page, chat.contact).and(page.locator('[data-state="talking"]')).waitFor();
    expectClean(ana);
    expectClean(ben);
    await ana.context.close();
    await ben.context.close();
  });

  test("the sheet lists every key, opened by ? and closed by Escape, and does not open while one types", async () => {
    const seen = await sitDownAs(browser(), usher, ANA);
    const { page } = seen;
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys", exact: true }).waitFor();
    expect(await page.locator(".sheet kbd").count()).toBeGreaterThan(25);
    await look(page, "real-sheet");
    await page.keyboard.press("Escape");
    await page.locator(".sheet").waitFor({ state: "detached" });
    await page.keyboard.press("Alt+2");
    await page.getByLabel("Reason").press("?");
    expect(await page.locator(".sheet").count()).toBe(0);
    await page.keyboard.press("Alt+/");
    await page.locator(".sheet").waitFor();
    expectClean(seen);
    await seen.context.close();
  });
});

const CAMPAIGN = `
queue = "sales"
gateway = "pbx"
mode = "manual"
purpose = "service"
[preview]
time = "2 min"
[hours]
zone = "lead"
week = { mon-sun = ["00:00-24:00"] }
[disposition.sale]
reached = "right_party"
final = "contact"
is_live_answer = true
[disposition.no]
reached = "right_party"
final = "contact"
`;
