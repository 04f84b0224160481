// The live board in Chromium against the scripted centre.

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Centre } from "./centre";
import type { BoardAgent } from "../src/protocol";
import { agent, queue } from "./rows";
import { expectClean, inChromium, NARROW, overflows, seriousFindings, shoot, signIn, visit, WIDE } from "./visit";

let centre: Centre;
beforeEach(async () => {
  centre = new Centre();
  await centre.start();
});
afterEach(() => centre.stop());

const WORDS = ["sales", "care", "billing", "technical", "returns", "complaints", "retention", "loans", "cards", "travel"];
const NAMES = ["Ana Müller", "Ben Okafor", "Chloé Dubois", "Dmitri Volkov", "Eun-ji Park", "Farah Haddad", "<b>Gil</b> Levy", "Hugo Ångström", "Iris van der Berg", "João Silva"];

/** 20 queues and 60 agents in every state. */
function fill(): void {
  for (let number = 0; number < 20; number += 1) {
    const name = number < 10 ? WORDS[number]! : `${WORDS[number - 10]}-${["emergency", "second-level"][number % 2]}`;
    const answered = number * 37;
    const abandoned = number * 3;
    centre.queues.set(name, queue(name, {
      waiting: number % 4, offered: number % 2, connecting: 0, longest_waiting_since: number % 4 ? centre.time(-number * 31_000) : null,
      longest_wait_ms: number * 31_000, entered: answered + abandoned + (number % 4) + (number % 2), answered,
      answered_within: Math.floor(answered * (0.98 - number / 50)), abandoned, short_abandoned: number % 3 === 0 ? number / 3 : 0,
      service_level: answered > 0 ? 0.98 - number / 50 : null, asa_ms: answered > 0 ? number * 2_700 : null,
      aht_ms: answered > 0 ? 180_000 + number * 11_000 : null, agents_available: 12, agents_idle: number % 5, agents_busy: 6,
      target_share: 0.8, target_within_ms: 20_000,
      ...(number % 3 ? { estimated_wait: { p50_ms: number * 31_000, p90_ms: number * 71_000 } } : {}),
    }));
  }
  const states = [
    ["available", "idle"], ["available", "busy"], ["available", "busy"], ["available", "wrap_up"], ["not_ready", "idle"],
    ["available", "offered"], ["available", "busy"], ["available", "not_responding"], ["available", "unreachable"], ["offline", "idle"],
  ] as const;
  for (let number = 0; number < 60; number += 1) {
    const [presence, activity] = states[number % 10]!;
    const since = centre.time(-number * 17_000);
    centre.agents.set(`agent-${number}`, agent(`agent-${number}`, {
      name: `${NAMES[(number * 7) % 10]} ${number + 1}`, presence, activity, since,
      ...(presence === "not_ready" ? { reason: "lunch" } : {}),
      contacts: activity === "busy" ? [{ contact: `c-${number}`, queue: "sales", channel: number % 3 ? "voice" : "chat", state: number % 4 ? "talking" : "held", since }] : [],
    }));
  }
}

/** 200 queues and 1,000 agents. */
function crowd(): void {
  for (let number = 0; number < 200; number += 1) {
    const name = `queue-${String(number).padStart(3, "0")}`;
    centre.queues.set(name, queue(name, { waiting: number % 20, entered: number % 20, target_share: 0.8, service_level: (number % 10) / 10 }));
  }
  for (let number = 0; number < 1_000; number += 1) {
    const activity = number % 2 === 0 ? "busy" : "idle";
    const since = centre.time(-number * 1_000);
    const contacts = activity === "idle" ? [] : [{ contact: `c-${number}`, queue: "queue-001", channel: "voice" as const, state: "talking" as const, since }];
    centre.agents.set(`a${number}`, agent(`a${number}`, { name: `Agent ${number}`, activity, since, contacts }));
  }
}

test("the script of all pages is under 200 kB gzipped", () => {
  const folder = new URL("../dist/assets/", import.meta.url).pathname;
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(folder + name)).length, 0);
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(200_000);
});

inChromium("the live board", (browser) => {
  test("sign-in says what is missing, what is wrong and what is down, and keeps what was typed", async () => {
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Enter your user name.").waitFor();
    await shoot(page, "sign-in-1280");
    await page.getByLabel("User").fill("sue");
    await page.getByLabel("Password").fill("not it");
    await page.keyboard.press("Enter");
    await page.getByText("User name or password is not right.").waitFor();
    centre.http.failWith = 503;
    await page.keyboard.press("Enter");
    await page.getByText("The server does not answer.").waitFor();
    expect(await page.getByLabel("User").inputValue()).toBe("sue");
    expect(await seriousFindings(page)).toEqual([]);
    centre.http.failWith = undefined;
    await signIn(page, "sue");
    await page.getByText("No queues yet.").waitFor();
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("an agent without the right is told so, and a reload stays signed in", async () => {
    const seen = await visit(browser(), centre, "/");
    await signIn(seen.page, "ana");
    await seen.page.getByText("ana may not see the live board.").waitFor();
    await seen.page.reload();
    await seen.page.getByText("ana may not see the live board.").waitFor();
    expect(centre.asked("session.open")).toEqual([]);
    await seen.context.close();
  });

  for (const [name, size] of [["1280", WIDE], ["400", NARROW], ["2560", { width: 2560, height: 1300 }]] as const) {
    for (const isDark of name === "2560" ? [false] : [false, true]) {
      const label = `${name}${isDark ? "-dark" : ""}`;
      test(`empty and full at ${label}: fits, and axe finds nothing serious`, async () => {
        const seen = await visit(browser(), centre, "/", { size, isDark });
        const { page } = seen;
        await signIn(page, "sue");
        await page.getByText("Nobody is logged in.").waitFor();
        await shoot(page, `board-empty-${label}`);
        expect(await seriousFindings(page)).toEqual([]);
        fill();
        centre.changeBoard([...centre.queues.values()], [...centre.agents.values()]);
        await page.locator("[data-queue]").nth(19).waitFor();
        expect(await page.locator("tr[data-agent]").count()).toBe(54);
        await page.waitForTimeout(2_000);
        expect(await overflows(page)).toBe(false);
        await shoot(page, `board-full-${label}`);
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.locator(".balance").getAttribute("data-difference")).toBe("0");
        expectClean(seen, centre);
        await seen.context.close();
      });
    }
  }

  test("a delta is on the screen at once, names are text, the longest wait ticks by the centre's clock", async () => {
    await centre.stop();
    centre = new Centre(60);
    await centre.start();
    centre.queues.set("sales", queue("sales"));
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    await page.locator('[data-queue="sales"]').waitFor();
    const row = queue("sales", { waiting: 1, entered: 1, longest_waiting_since: centre.time(), target_share: 0.8, service_level: 0.5 });
    centre.changeBoard([row, queue('<img src=x onerror="alert(1)">')], [agent("x", { name: "<script>alert(1)</script>" })]);
    const shown = page.locator('[data-queue="sales"]');
    await expect.poll(() => shown.locator('[data-cell="waiting"] .cell-value').innerText(), { timeout: 1_000 }).toBe("1");
    expect(await shown.innerText()).toContain("below target");
    await page.getByText("<script>alert(1)</script>").waitFor();
    await page.getByText('<img src=x onerror="alert(1)">').waitFor();
    const wait = async () => {
      const [minutes, seconds] = (await shown.locator('[data-cell="longest"] .cell-value').innerText()).split(":").map(Number);
      return minutes! * 60 + seconds!;
    };
    const before = await wait();
    await page.waitForTimeout(2_000);
    const passed = (await wait()) - before;
    expect(passed).toBeGreaterThan(90);
    expect(passed).toBeLessThan(200);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("the server goes and comes back: said plainly, what is shown is dated, then healed with what was missed", async () => {
    fill();
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    await page.locator('[data-queue="sales"]').waitFor();
    await page.locator('.header [data-connection="open"]').waitFor();
    await centre.stop();
    await page.getByText(/Reconnecting in \d+ s|Reconnecting …/).first().waitFor();
    await page.getByText("What you see is as of").waitFor();
    await page.waitForTimeout(3_000);
    await shoot(page, "board-lost-1280");
    expect(await seriousFindings(page)).toEqual([]);
    centre.queues.set("sales", queue("sales", { waiting: 7, entered: 7 }));
    await centre.start();
    await page.getByRole("button", { name: "Try now" }).click({ timeout: 3_000 }).catch(() => undefined);
    await expect.poll(() => page.locator('[data-queue="sales"] [data-cell="waiting"] .cell-value').innerText(), { timeout: 15_000 }).toBe("7");
    expect(await page.locator('[data-banner="lost"]').count()).toBe(0);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("of 200 queues and 1,000 agents only those near the eye are drawn; walked, sorted and found by keyboard, and shared by the address", async () => {
    crowd();
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    const agents = page.getByRole("grid", { name: /Agents/ });
    await agents.locator("tr[data-agent]").first().waitFor();
    expect(await agents.getAttribute("aria-rowcount")).toBe("1001");
    expect(await agents.locator("tr[data-agent]").count()).toBeLessThan(80);
    await agents.locator(".row-name").first().focus();
    await page.keyboard.press("End");
    const focused = () => page.evaluate(() => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex"));
    expect(await focused()).toBe("1001");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("PageUp");
    expect(Number(await focused())).toBeLessThan(1_000);
    await page.keyboard.press("Home");
    expect(await focused()).toBe("2");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-haspopup"))).toBe("menu");

    const queues = page.getByRole("grid", { name: /Queues/ });
    await queues.getByRole("button", { name: "Waiting" }).press("Enter");
    expect(await queues.locator('[aria-sort="descending"]').innerText()).toContain("Waiting");
    const first = () => queues.locator('tr[data-queue] [data-cell="waiting"] .cell-value').first().innerText();
    expect(await first()).toBe("19");
    await page.getByLabel("Find in: Agents").fill("agent 77 busy");
    await expect.poll(() => agents.getAttribute("aria-rowcount")).toBe("6");
    await page.reload();
    await expect.poll(() => agents.getAttribute("aria-rowcount")).toBe("6");
    expect(await first()).toBe("19");
    expect(await seriousFindings(page)).toEqual([]);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("ten deltas a second on a board of 200 queues and 1,000 agents: frames stay short", async () => {
    crowd();
    const seen = await visit(browser(), centre, "/?queues_sort=-waiting&agents_sort=-since");
    const { page } = seen;
    await signIn(page, "sue");
    await page.locator("tr[data-agent]").first().waitFor();
    await page.waitForTimeout(1_000);
    // The page's own work, by the processor's clock: frames also wait for whatever else the machine does.
    const debug = await seen.context.newCDPSession(page);
    await debug.send("Performance.enable", { timeDomain: "threadTicks" });
    const worked = async () => (await debug.send("Performance.getMetrics")).metrics.find((one) => one.name === "TaskDuration")!.value * 1_000;
    const before = await worked();
    const frames = page.evaluate((forMs) => new Promise<number[]>((resolve) => {
      const spans: number[] = [];
      const from = performance.now();
      let last = from;
      const frame = (now: number) => {
        spans.push(now - last);
        last = now;
        if (now - from < forMs) requestAnimationFrame(frame);
        else resolve(spans.slice(1));
      };
      requestAnimationFrame(frame);
    }), 10_000);
    // Each second every agent and every queue changes once: far more than happens.
    let round = 0;
    const [queues, agents] = [[...centre.queues.values()], [...centre.agents.values()]];
    const tenth = <Row>(rows: Row[]) => rows.filter((_, place) => place % 10 === round % 10);
    const timer = setInterval(() => {
      round += 1;
      const since = centre.time();
      centre.changeBoard(
        tenth(queues).map((row) => ({ ...row, waiting: (row.waiting + round) % 20 })),
        tenth(agents).map((row) => ({ ...row, since, activity: round % 20 < 10 ? "busy" : "idle" })),
      );
    }, 100);
    const spans = (await frames).sort((a, b) => a - b);
    clearInterval(timer);
    const perDelta = Math.round((await worked()) - before) / round;
    const at = (share: number) => Math.round(spans[Math.floor(spans.length * share)]! * 10) / 10;
    console.log(`frames: ${spans.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${Math.round(spans.at(-1)!)} ms; deltas: ${round}, work for each ${Math.round(perDelta * 10) / 10} ms`);
    expect(round).toBeGreaterThan(50);
    expect(perDelta).toBeLessThan(50);
    await seen.context.close();
  });

  test("who logs in is in the table at once, whenever it was sorted last", async () => {
    fill();
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    await page.locator('tr[data-agent="agent-0"][data-state="idle"]').waitFor();
    // No timer runs any more: what is seen now waited for none.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    const change = (name: string, to: Partial<BoardAgent>) => centre.changeBoard([], [{ ...centre.agents.get(name)!, ...to }]);
    change("agent-0", { activity: "wrap_up" });
    await page.locator('tr[data-agent="agent-0"][data-state="wrap_up"]').waitFor();
    change("agent-9", { presence: "available" });
    await page.locator('tr[data-agent="agent-9"][data-state="idle"]').waitFor();
    change("agent-9", { presence: "offline" });
    await page.locator('tr[data-agent="agent-9"]').waitFor({ state: "detached" });
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("what is over its threshold is listed, marked, counted in the title and said once", async () => {
    fill();
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    await page.locator('[data-queue="sales"]').waitFor();
    const alert = { queue: "care", measure: "waiting" as const, value: 12, threshold: 10, since: centre.time(-61_000) };
    centre.tell("supervisor", "alert.raised", { alert });
    const list = page.getByRole("region", { name: /Alerts/ });
    await list.getByText("care: 12 waiting (from 10 on)").waitFor();
    await list.getByText("for 1:0").waitFor();
    await page.locator('tr[data-queue="care"][data-alert]').waitFor();
    expect(await page.title()).toContain("▲ 1");
    expect(await page.getByRole("alert").allInnerTexts()).toContain("care: 12 waiting (from 10 on)");
    await list.getByLabel("Sound with new alerts").check();
    await shoot(page, "board-alert-1280");
    expect(await seriousFindings(page)).toEqual([]);
    const failed = { queue: "sales", measure: "not_recorded" as const, value: 1, threshold: 1, since: centre.time(-2_000) };
    centre.tell("supervisor", "alert.raised", { alert: failed });
    await list.getByText("sales: recording failed in 1 of the calls in progress").waitFor();
    for (const one of [alert, failed]) {
      centre.tell("supervisor", "alert.cleared", { queue: one.queue, measure: one.measure, at: centre.time() });
    }
    await list.waitFor({ state: "detached" });
    expect(await page.title()).not.toContain("▲");
    await page.reload();
    expect(await page.getByLabel("Sound with new alerts").isChecked()).toBe(true);
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("a call is listened to by the supervisor's own phone: the mode is changed, it ends, the phone is remembered", async () => {
    fill();
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    const menu = page.locator('tr[data-agent="agent-1"]').getByRole("button", { name: /^Actions for/ });
    await menu.click();
    await page.getByRole("menuitem", { name: "Whisper …" }).click();
    await page.getByRole("button", { name: "Ring my phone" }).click();
    await page.getByText("Enter the phone to ring.").waitFor();
    await page.getByLabel("Your phone").fill("SIP/sue");
    await shoot(page, "board-monitor-1280");
    await page.keyboard.press("Enter");
    const strip = page.locator('[data-banner="monitor"]');
    await strip.getByText("Your phone rings for contact c-1.").waitFor();
    expect(centre.asked("monitor.start")).toEqual([{ contact: "c-1", mode: "whisper", endpoint: "SIP/sue" }]);
    centre.tell("supervisor", "monitor.changed", { contact: "c-1", state: "on", mode: "whisper" });
    await strip.getByText("You are on contact c-1.").waitFor();
    await strip.getByRole("button", { name: "Join in" }).click();
    await expect.poll(() => centre.asked("monitor.mode")).toEqual([{ contact: "c-1", mode: "barge" }]);
    centre.tell("supervisor", "monitor.changed", { contact: "c-1", state: "on", mode: "barge" });
    await strip.locator('[aria-pressed="true"]').getByText("Join in").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await strip.getByRole("button", { name: "Stop" }).click();
    centre.tell("supervisor", "monitor.changed", { contact: "c-1", state: "over", mode: "barge" });
    await strip.waitFor({ state: "detached" });
    await page.reload();
    await menu.click();
    await page.getByRole("menuitem", { name: "Listen …" }).click();
    expect(await page.getByLabel("Your phone").inputValue()).toBe("SIP/sue");
    centre.refuseNext.set("monitor.start", { kind: "not_permitted" });
    await page.getByRole("button", { name: "Ring my phone" }).click();
    await page.getByRole("dialog").getByText("You may not do this.").waitFor();
    expect(await page.getByLabel("Your phone").inputValue()).toBe("SIP/sue");
    expectClean(seen, centre);
    await seen.context.close();
  });

  test("the chart has a table twin that holds the same figures", async () => {
    fill();
    const seen = await visit(browser(), centre, "/");
    const { page } = seen;
    await signIn(page, "sue");
    await page.locator(".plot canvas").waitFor();
    await page.getByText("The chart as a table").click();
    const cells = await page.locator(".figures tbody tr").first().locator("td").allInnerTexts();
    const waiting = [...centre.queues.values()].reduce((sum, row) => sum + row.waiting + row.offered + row.connecting, 0);
    expect(cells).toEqual([String(waiting), "18"]);
    await shoot(page, "board-chart-table-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await seen.context.close();
  });

  test("Chinese is one choice away and remembered", async () => {
    const seen = await visit(browser(), centre, "/");
    await seen.page.getByLabel("Language").selectOption("zh");
    await seen.page.getByRole("heading", { name: "实时看板" }).waitFor();
    await seen.page.reload();
    await seen.page.getByRole("button", { name: "登录" }).waitFor();
    expect(await seen.page.evaluate(() => document.documentElement.lang)).toBe("zh");
    await seen.context.close();
  });
});
