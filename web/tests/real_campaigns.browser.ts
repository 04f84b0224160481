// The campaigns in Chromium on the real server: what a campaign manager sees, starts, stops and imports.

import type { Browser, Locator, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CYD, SUE } from "./users";
import { Usher } from "./usher";
import { expectClean, NARROW, onRealServer, overflows, seriousFindings, shoot, signIn, type Size, visit, type Visit, WIDE } from "./visit";

let usher: Usher;
beforeEach(async () => {
  usher = await Usher.start();
  await usher.gateway();
});
afterEach(() => usher?.stop());

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
`;
const LIST = 'campaign = "winback"\ndefault_country = "FR"\norder = "oldest"\n[[field]]\nname = "plan"\ntype = "text"\nlabel = "Plan"\n';
const LEADS = 300;

async function withCampaign(list = LIST): Promise<void> {
  usher.write("campaign.toml", CAMPAIGN);
  usher.write("list.toml", list);
  await usher.run(["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "sue"]);
  await usher.run(["list", "create", "spring", "--settings", "list.toml", "--by", "sue"]);
}

/** Leads of three hundred people, and one row whose number is none. */
function leads(): string {
  const rows = Array.from({ length: LEADS }, (_, no) => `+3361200${String(no).padStart(4, "0")},Lead ${no},Europe/Paris,basic\n`);
  rows.splice(7, 0, "12,Bo Short,Europe/Paris,basic\n");
  return `Phone,Name,Time zone,Colour\n${rows.join("")}`;
}

async function manage(browser: Browser, path = "/campaigns", options: { size?: Size; isDark?: boolean } = {}): Promise<Visit> {
  const seen = await visit(browser, usher, path, options);
  await signIn(seen.page, CYD.user);
  await seen.page.getByRole("heading", { level: 1, name: "Campaigns" }).or(seen.page.locator("[data-run]")).first().waitFor();
  return seen;
}

const card = (page: Page): Locator => page.locator('[data-campaign="winback"]');
const list = (page: Page): Locator => page.locator('[data-list="spring"]');
/** The button of an order, once the order before it is answered. */
const order = (page: Page, what: string): Locator => card(page).locator(`[data-order="${what}"][aria-disabled="false"]`);
const figure = (of: Locator, name: string): Promise<string> => of.locator(`[data-figure="${name}"] dd`).innerText();

async function choose(page: Page, name: string, text: string): Promise<void> {
  await list(page).getByLabel("File (CSV").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
}

/** Wide and narrow, light and dark: nothing serious, nothing wider than its window. */
async function look(page: Page, name: string): Promise<void> {
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await shoot(page, `${name}-${size.width}-${colorScheme}`);
      expect(await seriousFindings(page)).toEqual([]);
    }
    expect(await overflows(page)).toBe(false);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(WIDE);
}

onRealServer("the campaigns on the real server", (browser) => {
  test("nothing is there yet, and a campaign that is not there is said plainly", async () => {
    const seen = await manage(browser());
    const { page } = seen;
    await page.getByText("No campaigns yet.").waitFor();
    expect(await page.getByRole("navigation").getByRole("link").allInnerTexts()).toEqual(["Campaigns"]);
    await look(page, "real-campaigns-empty");
    await page.goto(`${usher.url}/campaigns/99`);
    await page.getByText("There is no such campaign.").waitFor();
    await page.getByRole("link", { name: "All campaigns" }).click();
    await page.getByText("No campaigns yet.").waitFor();
    expect(new URL(page.url()).pathname).toBe("/campaigns");
    expectClean(seen);
    await seen.context.close();
  });

  test("an agent is told that campaigns are not for him, a supervisor finds them beside the board", async () => {
    const agent = await visit(browser(), usher, "/campaigns");
    await signIn(agent.page, "ana");
    await agent.page.getByText("ana may not see campaigns.").waitFor();
    await agent.context.close();
    const sue = await visit(browser(), usher, "/");
    await signIn(sue.page, SUE.user);
    await sue.page.getByRole("button", { name: "Sign out" }).waitFor();
    await sue.page.getByRole("link", { name: "Campaigns" }).click();
    await sue.page.getByText("No campaigns yet.").waitFor();
    expectClean(sue);
    await sue.context.close();
  });

  test("a campaign is started, paused, drained and stopped by keyboard, and the reasons of its leads follow", async () => {
    await withCampaign();
    usher.write("leads.csv", leads());
    await usher.run(["import", "leads", "spring", "leads.csv", "--accept-guess", "--errors", "refused.csv", "--by", "sue"]);
    const seen = await manage(browser());
    const { page } = seen;
    await card(page).getByText("Stopped").waitFor();
    expect(await figure(card(page), "dialable")).toBe("0 of 300 open");
    await card(page).getByRole("button", { name: "Start" }).press("Enter");
    await card(page).getByText("Running").waitFor();
    // Whoever pressed it is still among the buttons.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-order"))).toBe("pause");
    await expect.poll(() => figure(card(page), "dialable"), { timeout: 20_000 }).toMatch(/^(2\d\d|300) of 300 open$/);
    await look(page, "real-campaigns-all");

    await card(page).getByRole("link", { name: "winback" }).press("Enter");
    await page.getByRole("heading", { level: 1, name: "winback" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await page.locator('[data-section="leads"] .leads-bar').getByText("with the router").waitFor();
    await look(page, "real-campaign-running");

    await order(page, "pause").press("Enter");
    await card(page).getByText("Paused").waitFor();
    await order(page, "drain").press("Enter");
    await card(page).locator('.run:is([data-run="draining"], [data-run="stopped"])').waitFor();
    await order(page, "start").press("Enter");
    await card(page).getByText("Running").waitFor();
    await order(page, "stop").press("Enter");
    await page.getByRole("dialog").getByText("Calls that nobody has answered are given up at once.").waitFor();
    await shoot(page, "real-campaign-stop-1280");
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await card(page).getByText("Running").waitFor();
    await order(page, "stop").press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Stop", exact: true }).press("Enter");
    await card(page).getByText("Stopped").waitFor();
    await page.locator('[data-section="reasons"] [data-bar="campaign_stopped"]').getByText("The campaign is stopped").waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Campaigns" }).waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("a file is imported through the page: a file that is no table, a column unmapped, checked, begun, found after a reload", async () => {
    await withCampaign();
    const seen = await manage(browser());
    const { page } = seen;
    await card(page).getByRole("link", { name: "winback" }).click();
    await list(page).getByRole("button", { name: "Import leads …" }).press("Enter");
    await list(page).getByRole("button", { name: "Start the import" }).press("Enter");
    await list(page).getByText("Choose a file.").waitFor();
    await choose(page, "photo.xlsx", "PK\u0003\u0004 no workbook");
    await list(page).locator(".field .error").waitFor();
    await shoot(page, "real-import-no-table-1280");
    await choose(page, "leads.csv", leads());
    const phone = list(page).locator('[data-column="Phone"] select');
    await phone.waitFor();
    expect(await phone.inputValue()).toMatch(/^number/);
    expect(await list(page).locator('[data-column="Colour"] select').inputValue()).toBe("");
    expect(await list(page).locator('[data-column="Name"] li').first().innerText()).toBe("Lead 0");
    expect(await page.getByLabel("Country of numbers").inputValue()).toBe("FR");

    await page.getByLabel("Time zone of times").fill("Europe/Nowhere");
    await list(page).locator('[data-column="Colour"] select').selectOption("field:plan");
    await list(page).getByRole("button", { name: "Check first" }).press("Enter");
    await list(page).getByText("Expected a time zone").waitFor();
    expect(await list(page).locator('[data-column="Colour"] select').inputValue()).toBe("field:plan");
    await page.getByLabel("Time zone of times").fill("");
    await phone.selectOption("");
    await list(page).getByRole("button", { name: "Start the import" }).press("Enter");
    await list(page).getByText("Expected a column with a number.").waitFor();
    await shoot(page, "real-import-no-number-1280");
    await phone.selectOption("number_of:mobile");
    await list(page).getByRole("button", { name: "Check first" }).press("Enter");
    await list(page).getByText("All 301 rows: 300 would become leads, 1 would be refused.").waitFor();
    await list(page).getByText("Row 9: Phone:").waitFor();
    await look(page, "real-import-columns");
    await list(page).getByRole("button", { name: "Start the import" }).press("Enter");
    await list(page).locator("[data-import]").waitFor();
    await page.reload();
    await list(page).locator('[data-import][data-state="done"]').waitFor();
    await list(page).getByText("301 rows read, 300 leads added, 1 refused").waitFor();
    await expect.poll(() => figure(page.locator('[data-section="leads"]'), "leads_all")).toBe("300");
    const [download] = await Promise.all([page.waitForEvent("download"), list(page).getByRole("link", { name: "Refused rows (CSV)" }).click()]);
    expect(download.suggestedFilename()).toBe("refused.csv");
    await look(page, "real-import-done");

    // The same file again is refused, until somebody says that it is meant.
    await list(page).getByRole("button", { name: "Import leads …" }).press("Enter");
    await choose(page, "leads.csv", leads());
    await phone.waitFor();
    await list(page).getByRole("button", { name: "Start the import" }).press("Enter");
    await list(page).getByText("The server refuses it").waitFor();
    await list(page).getByLabel("Also if this file was imported here before").check();
    await list(page).getByRole("button", { name: "Start the import" }).press("Enter");
    await list(page).getByText("301 rows read, 0 leads added, 301 refused").waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("a long import is seen as it goes on, found by a page that is loaded anew, and stopped", async () => {
    await withCampaign();
    const seen = await manage(browser());
    const { page } = seen;
    await card(page).getByRole("link", { name: "winback" }).click();
    await list(page).getByRole("button", { name: "Import leads …" }).click();
    const rows = Array.from({ length: 200_000 }, (_, no) => `+336${String(no).padStart(8, "0")},Lead ${no}\n`);
    await choose(page, "long.csv", `Phone,Name\n${rows.join("")}`);
    await list(page).locator('[data-column="Phone"] select').waitFor();
    await list(page).getByRole("button", { name: "Start the import" }).press("Enter");
    await list(page).getByRole("progressbar").waitFor();
    await page.reload();
    await list(page).getByRole("progressbar").waitFor();
    await list(page).getByText("rows/s").waitFor();
    await look(page, "real-import-running");
    await list(page).getByRole("button", { name: "Stop the import" }).press("Enter");
    await list(page).locator('[data-import][data-state="stopped"]').waitFor();
    expectClean(seen);
    await seen.context.close();
  });

  test("leads of a list that is let go by hand are let go, and a wrong number changes nothing", async () => {
    await withCampaign(`release = "by_hand"\n${LIST}`);
    usher.write("leads.csv", leads());
    await usher.run(["import", "leads", "spring", "leads.csv", "--accept-guess", "--errors", "refused.csv", "--by", "sue"]);
    await usher.run(["campaign", "start", "winback", "--by", "sue"]);
    const seen = await manage(browser());
    const { page } = seen;
    await card(page).getByRole("link", { name: "winback" }).click();
    await page.locator('[data-bar="not_released"]').waitFor({ timeout: 20_000 });
    const more = list(page).getByLabel("Let so many more go");
    await more.fill("many");
    await page.keyboard.press("Enter");
    await list(page).getByText("Enter a whole number from 1.").waitFor();
    expect(await more.inputValue()).toBe("many");
    await more.fill("50");
    await page.keyboard.press("Enter");
    await page.locator('[data-bar="not_released"]').getByText("250").waitFor();
    await look(page, "real-campaign-released");
    expectClean(seen);
    await seen.context.close();
  });

  test("a server that cannot be reached is said, with since when the figures are; the page heals by itself", async () => {
    await withCampaign();
    const seen = await manage(browser());
    const { page } = seen;
    await card(page).getByText("Stopped").waitFor();
    await usher.kill();
    const banner = page.locator('[data-banner="lost"]');
    await banner.getByText("The server cannot be reached.").waitFor();
    await banner.getByText("What you see is as of").waitFor();
    await card(page).getByRole("button", { name: "Start" }).press("Enter");
    await card(page).getByText("No answer from the server.").waitFor();
    await look(page, "real-campaigns-lost");
    await usher.serve();
    await banner.waitFor({ state: "detached" });
    await card(page).getByRole("button", { name: "Start" }).press("Enter");
    await card(page).getByText("Running").waitFor();
    expect(await card(page).getByText("No answer from the server.").count()).toBe(0);
    expectClean(seen);
    await seen.context.close();
  });

  test("all of it in Chinese", async () => {
    await withCampaign();
    const seen = await manage(browser());
    const { page } = seen;
    await card(page).getByRole("link", { name: "winback" }).click();
    await list(page).waitFor();
    await page.getByLabel("Language").selectOption("zh");
    await page.getByText("全部活动").waitFor();
    await look(page, "real-campaign-zh");
    expectClean(seen);
    await seen.context.close();
  });
});
