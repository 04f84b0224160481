// The agent's console in Chromium against the scripted centre: what a real server cannot be made to do on demand.

import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallRecording, KnownLead } from "../src/protocol";
import { Centre } from "./centre";
import { expectClean, inChromium, NARROW, overflows, seriousFindings, shoot, signIn, type Size, visit, WIDE } from "./visit";

let centre: Centre;
beforeEach(async () => {
  centre = new Centre();
  await centre.start();
});
afterEach(() => centre.stop());

const LEADS: KnownLead[] = [
  { campaign: "spring", list: "world", lead: "7", state: "open", fields: [{ name: "plan", label: "Plan", value: "<b>basic</b>" }],
    attempts: 2, last: { at: "2026-01-01T00:00:00.000Z", outcome: "no_answer", agent: "ben" }, due: "2026-01-02T09:00:00.000Z" },
  { campaign: "winback", list: "word".repeat(16), lead: "8", state: "over", fields: [], attempts: 0 },
];

async function sitDown(browser: Browser, options: { size?: Size; isDark?: boolean } = {}) {
  const seen = await visit(browser, centre, "/agent", options);
  await signIn(seen.page, "ana");
  await seen.page.getByText("You are not at work.").waitFor();
  return seen;
}

async function sitDownAvailable(browser: Browser, options: { size?: Size; isDark?: boolean } = {}) {
  const seen = await sitDown(browser, options);
  await seen.page.getByRole("button", { name: "Available" }).click();
  await seen.page.getByText("Waiting for a contact").waitFor();
  return seen;
}

/** Accepts the offer by its key as soon as it is there. */
async function take(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Accept" }).waitFor();
  await page.keyboard.press("Alt+a");
  await page.locator('[data-state="talking"]').waitFor();
}

inChromium("the agent's console", (browser) => {
  test("an offer is acknowledged and said aloud; a missing disposition is said beside its field, which has the focus", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    const offer = centre.offer({}, { customer: { id: "k-7", name: "Rosa Weiß", tier: "gold" } });
    await page.getByRole("heading", { name: "Rosa Weiß" }).waitFor();
    await expect.poll(() => centre.asked("offer.received")).toEqual([{ offer }]);
    await expect.poll(() => page.locator('[aria-live="assertive"]').innerText()).toContain("Call for sales: Rosa Weiß. 20 seconds");
    await take(page);
    await page.keyboard.press("Alt+k");
    await page.locator('[data-state="wrap_up"]').waitFor();
    await page.keyboard.press("Alt+w");
    await page.getByText("Enter the disposition of this contact.").waitFor();
    expect(centre.asked("wrap_up.finish")).toEqual([]);
    await shoot(page, "console-wrap-up-error-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.type("1");
    await page.keyboard.press("Alt+n");
    await page.keyboard.type("Wants a call tomorrow.");
    await page.keyboard.press("Alt+w");
    await page.getByText("No contact in hand.").waitFor();
    expect(centre.asked("wrap_up.finish")[0]).toMatchObject({ disposition: "resolved", note: "Wants a call tomorrow." });
    expectClean(seen, centre);
    await seen.context.close();
  });

  for (const [name, size] of [["1280", WIDE], ["400", NARROW]] as const) {
    for (const isDark of [false, true]) {
      const label = `${name}${isDark ? "-dark" : ""}`;
      test(`every state at ${label}: fits, and axe finds nothing serious`, async () => {
        const seen = await sitDown(browser(), { size, isDark });
        const { page } = seen;
        const look = async (state: string) => {
          expect(await overflows(page), state).toBe(false);
          await shoot(page, `console-${state}-${label}`);
          expect(await seriousFindings(page), state).toEqual([]);
        };
        await look("offline");
        await page.getByRole("button", { name: "Available" }).click();
        await page.getByText("Waiting for a contact").waitFor();
        const offer = centre.offer(
          { attributes: { intent: "<b>cancel</b>", long: "word".repeat(60), nested: { a: [1, 2] } }, note: "She called twice today.\nBe kind." },
          { customer: { id: "k-7", name: "<img src=x onerror=alert(1)> Weiß", tier: "gold" } },
        );
        await page.getByRole("button", { name: "Accept" }).waitFor();
        centre.bringLeads(offer, LEADS);
        await page.getByText("Call lists").waitFor();
        await look("offer");
        await page.getByRole("button", { name: "Accept" }).click();
        await page.locator('[data-state="talking"]').waitFor();
        await look("talking");
        await page.getByRole("button", { name: "Transfer …" }).click();
        await page.getByRole("button", { name: "Transfer", exact: true }).click();
        await page.getByText("Choose where the contact goes.").waitFor();
        await look("transfer-error");
        await page.getByRole("button", { name: "Cancel" }).click();
        await page.getByRole("button", { name: "Not ready" }).click();
        await page.getByRole("button", { name: "Set" }).click();
        await page.getByText("Enter a reason.").waitFor();
        await look("not-ready-error");
        expectClean(seen, centre);
        await seen.context.close();
      });
    }
  }

  test("keys of a telephone go out as they are typed, pasted or pressed, and are forgotten with the keypad", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer();
    await take(page);
    await page.keyboard.press("Alt+p");
    await page.getByLabel("Keys", { exact: false }).first().waitFor();
    await page.keyboard.type("1a2#");
    await page.getByRole("button", { name: "*", exact: true }).click();
    await expect.poll(() => centre.asked("contact.dtmf").map((asked) => (asked as { digits: string }).digits)).toEqual(["1", "A", "2", "#", "*"]);
    await page.locator(".keypad output").getByText("1A2#*").waitFor();
    await shoot(page, "console-keypad-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".keypad").waitFor({ state: "detached" });
    await page.keyboard.press("Alt+p");
    expect(await page.locator(".keypad output").innerText()).toBe("");
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("a call that is recorded says so, and its agent pauses that by a key", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer();
    await take(page);
    const contact = String(await page.locator("[data-contact]").getAttribute("data-contact"));
    const told = (recording: CallRecording) => centre.push("contact.recording", { contact, recording, at: centre.time() });
    told({ should_be: "recording", is: "recording" });
    await page.locator(".recording").getByText("● Recorded").waitFor();
    await shoot(page, "console-recorded-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Alt+e");
    await expect.poll(() => centre.asked("recording.pause")).toEqual([{ contact }]);
    told({ should_be: "paused", is: "paused" });
    await page.locator(".recording").getByText("Recording paused").waitFor();
    await page.getByRole("button", { name: "Resume recording" }).click();
    await expect.poll(() => centre.asked("recording.resume")).toEqual([{ contact }]);
    told({ should_be: "recording", is: "failed" });
    await page.locator(".notice").getByText("Recording failed").waitFor();
    expect(await page.getByRole("button", { name: "Resume recording" }).count()).toBe(0);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("the countdown runs by the centre's clock, and a missed offer is said with the way back", async () => {
    await centre.stop();
    centre = new Centre(10);
    await centre.start();
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    const offer = centre.offer({}, {}, 60_000);
    const countdown = page.locator(".offer .countdown");
    await countdown.waitFor();
    const left = async () => Number(await countdown.getAttribute("data-seconds"));
    const before = await left();
    await page.waitForTimeout(2_000);
    const passed = before - (await left());
    expect(passed).toBeGreaterThan(15);
    expect(passed).toBeLessThan(30);
    centre.endOffer(offer, "expired");
    await page.getByText("You missed an offer.").waitFor();
    await page.locator(".notice").getByText("The offer ran out.").waitFor();
    await shoot(page, "console-missed-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "I am here" }).click();
    await page.getByText("Waiting for a contact").waitFor();
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("a late accept and a decline are said in words, nothing else changes", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    const offer = centre.offer();
    centre.refuseNext.set("offer.accept", { kind: "offer_gone", offer, why: "expired" });
    await page.getByRole("button", { name: "Accept" }).click();
    await page.locator('[data-banner="error"]').getByText("This offer is over.").waitFor();
    await page.keyboard.press("Alt+x");
    await page.getByRole("button", { name: "Accept" }).waitFor({ state: "detached" });
    expect(centre.asked("offer.decline")).toEqual([{ offer }]);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("a queue that is gone is said in the form, where what was typed stays", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer();
    await take(page);
    await page.keyboard.press("Alt+t");
    await page.getByRole("combobox", { name: "To" }).pressSequentially("care");
    await page.keyboard.press("Enter");
    await page.getByLabel("Note for whoever gets it").fill("Needs a refund");
    centre.refuseNext.set("contact.transfer", { kind: "unknown_queue", queue: "care" });
    await page.getByRole("button", { name: "Transfer", exact: true }).click();
    await page.getByText("This is no longer there.").waitFor();
    expect(await page.getByLabel("Note for whoever gets it").inputValue()).toBe("Needs a refund");
    await page.getByRole("button", { name: "Transfer", exact: true }).click();
    await page.getByText("Transferred to care.").waitFor();
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("a note is never lost: kept over a reload, and shown when its time ran out before the server had it", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer();
    await take(page);
    await page.getByLabel("Note").fill("half a sentence");
    await page.reload();
    await page.locator('[data-state="talking"]').waitFor();
    expect(await page.getByLabel("Note").inputValue()).toBe("half a sentence");
    await page.getByText("Saved.").waitFor();
    centre.refuseNext.set("contact.note", { kind: "unavailable", retry_after_ms: 1_000 });
    await page.getByLabel("Note").fill("half a sentence and more");
    await page.getByText("Not saved yet.").waitFor();
    const contact = centre.segments[0]!.contact;
    centre.endContact(contact, "customer");
    await page.locator('[data-state="wrap_up"]').waitFor();
    await page.keyboard.press("Alt+m");
    await expect.poll(async () => Number(await page.locator(".contact .countdown").getAttribute("data-seconds"))).toBeGreaterThan(100);
    centre.closeSegment(contact, null);
    await page.locator(".unsent").getByText("half a sentence and more").waitFor();
    await shoot(page, "console-unsent-1280");
    expect(await seriousFindings(page)).toEqual([]);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("several chats: what comes while another has the focus is marked, keys turn to it, and no text is lost", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    const chat = async (name: string) => {
      centre.offer({ channel: "chat", from: `web:${name}` }, { customer: { name } });
      await page.getByRole("button", { name: "Accept" }).waitFor();
      await page.keyboard.press("Alt+a");
      await page.locator('[data-state="talking"]').filter({ hasText: name }).waitFor();
      await expect.poll(() => page.locator('[data-chosen="true"] h3').innerText()).toBe(name);
      return centre.segments.at(-1)!.contact;
    };
    const rosa = await chat("Rosa Weiß");
    const otto = await chat("<b>Otto</b>");
    const line = () => page.getByRole("textbox", { name: "Message" });
    await line().waitFor();
    await page.keyboard.press("Alt+i");
    await page.keyboard.type("half a li");
    centre.customerWrites(rosa, "<img src=x onerror=alert(1)>\nHello?");
    centre.customerWrites(rosa, "word".repeat(80));
    await page.locator(`[data-contact="${rosa}"]`).getByText("2 new").waitFor();
    centre.customerWrites(otto, "Are you there?");
    await page.locator(".chat").getByText("Are you there?").waitFor();
    expect(await page.locator(`[data-contact="${otto}"] .unread`).count()).toBe(0);
    await page.keyboard.press("Alt+ArrowUp");
    await page.locator(".chat").getByText("<img src=x onerror=alert(1)>").waitFor();
    expect(await page.locator(".unread").count()).toBe(0);
    await page.keyboard.press("Alt+i");
    await page.keyboard.type("Hello Rosa,");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("I am here.");
    expect(centre.asked("contact.typing").at(-1)).toEqual({ contact: rosa });
    centre.refuseNext.set("message.send", { kind: "unavailable", retry_after_ms: 1_000 });
    await page.keyboard.press("Enter");
    await page.getByText("not sent").waitFor();
    expect(await line().inputValue()).toBe("");
    for (const [name, size] of [["1280", WIDE], ["400", NARROW]] as const) {
      await page.setViewportSize(size);
      expect(await overflows(page)).toBe(false);
      await shoot(page, `console-chats-${name}`);
      expect(await seriousFindings(page)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await shoot(page, "console-chats-400-dark");
    expect(await seriousFindings(page)).toEqual([]);
    await page.setViewportSize(WIDE);
    // It is still there after a reload, and goes under the number it had.
    await page.reload();
    await page.getByText("not sent").waitFor();
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("not sent").waitFor({ state: "detached" });
    const sent = centre.asked("message.send");
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[1]).toMatchObject({ contact: rosa, text: "Hello Rosa,\nI am here." });
    centre.push("message.status", { contact: rosa, message: String(sent[1]!["message"]), status: "failed" });
    await page.getByText("did not arrive").waitFor();
    centre.tell("agent", "contact.typing", { contact: rosa, at: centre.time() });
    await page.getByText("Rosa Weiß is writing …").waitFor();
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(() => line().inputValue()).toBe("half a li");
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("of a note that was typed here and elsewhere nothing is lost, and what the server has is not asked for again", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer();
    await take(page);
    await page.getByLabel("Note").fill("typed here");
    await page.getByText("Saved.").waitFor();
    expect(centre.asked("contact.note").at(-1)).toMatchObject({ note: "typed here" });
    await centre.stop();
    await page.locator('[data-banner="lost"]').waitFor();
    await page.getByLabel("Note").fill("typed here, and more");
    await page.getByText("Not saved yet.").waitFor();
    centre.forgetSessions();
    centre.segments = centre.segments.map((one) => ({ ...one, note: "typed elsewhere" }));
    await centre.start();
    await expect.poll(() => page.getByLabel("Note").inputValue(), { timeout: 30_000 }).toBe("typed elsewhere\n\ntyped here, and more");
    await page.getByText("Saved.").waitFor();
    centre.closeSegment(centre.segments[0]!.contact, null);
    await page.getByText("No contact in hand.").waitFor();
    expect(await page.locator(".unsent").count()).toBe(0);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("nothing moves while a contact is offered: neither what is in hand nor the offer's buttons", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer({ channel: "chat" }, { customer: { name: "Rosa Weiß" } });
    await take(page);
    await page.waitForTimeout(300);
    const places = (selector: string) => page.locator(selector).evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
    const before = await places(".contact button, .contact textarea, .views button");
    const offer = centre.offer({}, { customer: { name: "Otto" } });
    await page.getByRole("button", { name: "Accept" }).waitFor();
    expect(await places(".contact button, .contact textarea, .views button")).toEqual(before);
    const buttons = await places(".offer button");
    centre.bringLeads(offer, LEADS);
    await page.locator(".offer").getByText("Call lists").waitFor();
    expect(await places(".offer button")).toEqual(buttons);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("the server dies and forgets: said plainly, buttons rest, then a fresh snapshot", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    centre.offer();
    await take(page);
    await centre.stop();
    await page.locator('[data-banner="lost"]').waitFor();
    expect(await page.locator('[data-command="end"]').getAttribute("aria-disabled")).toBe("true");
    await page.waitForTimeout(2_000);
    await shoot(page, "console-lost-1280");
    expect(await seriousFindings(page)).toEqual([]);
    centre.forgetSessions();
    centre.segments = [];
    await centre.start();
    await page.getByText("No contact in hand.").waitFor({ timeout: 30_000 });
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("a console opened elsewhere: the first is told and does not fight back", async () => {
    const first = await sitDownAvailable(browser());
    const second = await visit(browser(), centre, "/agent");
    await signIn(second.page, "ana");
    await first.page.locator('[data-banner="taken_over"]').waitFor();
    await second.page.getByText("Waiting for a contact").waitFor();
    const opened = centre.asked("session.open").length;
    await shoot(first.page, "console-taken-over-1280");
    await first.page.waitForTimeout(3_000);
    expect(centre.asked("session.open").length).toBe(opened);
    await first.page.getByRole("button", { name: "Work in this window" }).click();
    await first.page.getByText("Waiting for a contact").waitFor();
    await second.page.locator('[data-banner="taken_over"]').waitFor();
    expectClean(first, centre);
    await first.context.close();
    await second.context.close();
  });

  test("not ready with a reason, after this contact, and logging out with a contact in hand", async () => {
    const seen = await sitDownAvailable(browser());
    const { page } = seen;
    await page.keyboard.press("Alt+2");
    await page.getByLabel("Reason").fill("lunch");
    await page.keyboard.press("Enter");
    await page.getByText("· lunch").waitFor();
    await page.keyboard.press("Alt+1");
    centre.disposition = "optional";
    centre.offer();
    await take(page);
    await page.keyboard.press("Alt+2");
    await page.getByLabel("Reason").fill("training");
    await page.keyboard.press("Enter");
    await page.getByText("After this contact: Not ready (training)").waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByText("You are logged out after this contact.").waitFor();
    await page.keyboard.press("Alt+k");
    await page.locator('[data-state="wrap_up"]').waitFor();
    await page.keyboard.press("Alt+w");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(centre.agent.presence).toBe("offline");
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("in Chinese everything fits, on a phone, too", async () => {
    const seen = await sitDownAvailable(browser(), { size: NARROW });
    const { page } = seen;
    await page.getByLabel("Language").selectOption("zh");
    centre.offer();
    await page.locator("[data-offer]").waitFor();
    await page.keyboard.press("Alt+a");
    await page.locator('[data-state="talking"]').waitFor();
    const look = async (name: string) => {
      for (const [label, size] of [["400", NARROW], ["1280", WIDE]] as const) {
        await page.setViewportSize(size);
        expect(await overflows(page), `${name} ${label}`).toBe(false);
        await shoot(page, `console-zh-${name}-${label}`);
      }
    };
    await page.keyboard.press("Alt+t");
    await page.getByRole("option", { name: "Ben Okafor" }).getByText("空闲").waitFor();
    await look("transfer");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+4");
    await page.getByText("这里没有待办事项。").waitFor();
    await page.getByRole("button", { name: "新建…" }).click();
    await look("work");
    await page.keyboard.press("Alt+k");
    await page.locator('[data-state="wrap_up"]').waitFor();
    await look("wrap-up");
    await page.keyboard.press("Alt+/");
    await look("sheet");
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("an opening that is refused says why and can be tried again", async () => {
    centre.refuseNext.set("session.open", { kind: "not_permitted" });
    const seen = await visit(browser(), centre, "/agent");
    await signIn(seen.page, "ana");
    await seen.page.getByText("The server does not let this page in (not_permitted).").waitFor();
    await seen.page.getByRole("button", { name: "Try again" }).click();
    await seen.page.getByText("You are not at work.").waitFor();
    expectClean(seen, centre);
    await seen.context.close();
  });
});
