// Drives a running server through its pages in Chromium: a supervisor's board and an agent who takes
// one real contact end to end by keyboard. It starts no server. Settings, from the environment:
// BASE_URL, SUPERVISOR_USER, SUPERVISOR_PASSWORD, AGENT_USER, AGENT_PASSWORD,
// CONTACT_WITHIN_S (how long to wait for a contact, 120), SHOTS (a folder for screenshots, optional).

import { startBrowser } from "./browser.mjs";

const STEP_MS = 15_000;
const SEEN_WITHIN_MS = 500;

const env = (name, standard) => {
  const value = process.env[name] ?? standard;
  if (value === undefined) fail(`${name} is not set`);
  return value;
};
const say = (text) => console.log(text);
function fail(why) {
  console.error(`FAILED: ${why}`);
  process.exit(1);
}

const baseUrl = env("BASE_URL");
const withinMs = Number(env("CONTACT_WITHIN_S", "120")) * 1_000;
const mistakes = [];
const { browser, stop } = await startBrowser().catch((error) => fail(String(error)));

async function open(path, user, password) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en" });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  page.on("pageerror", (error) => mistakes.push(`${path}: ${error}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) mistakes.push(`${path}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).host !== new URL(baseUrl).host) mistakes.push(`${path} asked a stranger: ${request.url()}`);
  });
  await page.goto(new URL(path, baseUrl).href);
  await page.getByLabel("User").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator('.header [data-connection="open"]').waitFor();
  return page;
}

async function shoot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

/** Waits for an offer and takes it; one that runs out or is taken back is no failure, the next one counts. */
async function takeContact(console_) {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    await comeBack(console_);
    const offer = console_.locator("[data-offer]").first();
    const isThere = await offer.waitFor({ timeout: Math.min(5_000, until - Date.now()) }).then(() => true, () => false);
    if (!isThere) continue;
    await console_.keyboard.press("Alt+a");
    const talking = console_.locator('article[data-state="talking"], article[data-state="held"]').first();
    const isTaken = await talking.waitFor({ timeout: STEP_MS }).then(() => true, () => false);
    if (isTaken) return talking;
    say("an offer went before it was taken; waiting for the next");
  }
  throw new Error(`no contact within ${withinMs / 1_000} s`);
}

async function comeBack(console_) {
  const activity = await console_.locator(".presence").getAttribute("data-activity");
  if (activity === "not_responding" || activity === "unreachable") await console_.keyboard.press("Alt+1");
}

/** The agent's row shows the state; how long that took, in milliseconds. */
async function seenOnBoard(board, agent, state) {
  const from = Date.now();
  await board.locator(`[data-agent="${agent}"][data-state="${state}"]`).waitFor({ state: "attached" });
  return Date.now() - from;
}

try {
  const board = await open("/", env("SUPERVISOR_USER"), env("SUPERVISOR_PASSWORD"));
  await board.locator("[data-queue]").first().waitFor();
  say(`board: ${await board.locator("[data-queue]").count()} queues, ${await board.locator("[data-agent]").count()} agents at work`);
  const desk = await open("/agent", env("AGENT_USER"), env("AGENT_PASSWORD"));
  const agent = (await desk.evaluate(() => fetch("/api/v1/me").then((answer) => answer.json()))).agent;
  await desk.locator(".presence").waitFor();
  await desk.keyboard.press("Alt+1");
  await desk.locator('.presence[data-presence="available"]').waitFor();
  say(`console: ${agent} is available`);

  const contact = await takeContact(desk);
  const name = await contact.getAttribute("data-contact");
  const lag = await seenOnBoard(board, agent, "busy");
  say(`contact ${name} is in hand; the board showed it ${lag} ms later`);
  if (lag > SEEN_WITHIN_MS) mistakes.push(`the board showed the contact only after ${lag} ms`);
  await shoot(desk, "real-console-talking");
  await shoot(board, "real-board");

  await desk.keyboard.press("Alt+2");
  await desk.getByLabel("Reason").fill("break");
  await desk.keyboard.press("Enter");
  await desk.getByText("After this contact: Not ready (break)").waitFor();
  const one = desk.locator(`article[data-contact="${name}"]`);
  if ((await one.getAttribute("data-state")) !== "wrap_up") await desk.keyboard.press("Alt+k");
  await one.and(desk.locator('[data-state="wrap_up"]')).waitFor();
  await one.getByLabel("Disposition").fill("resolved");
  await one.getByLabel("Note").fill("taken by the page test");
  await desk.keyboard.press("Alt+w");
  await one.waitFor({ state: "detached" });
  await desk.locator('.presence[data-presence="not_ready"]').waitFor();
  await seenOnBoard(board, agent, "not_ready");
  say(`contact ${name} is finished`);

  const difference = await board.locator(".balance").getAttribute("data-difference");
  if (difference !== "0") mistakes.push(`the board does not balance: ${difference}`);
  await desk.locator('[data-command="log_out"]').click();
  await desk.getByRole("heading", { name: "Sign in" }).waitFor();
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  await stop();
  say("OK");
} catch (error) {
  await stop();
  fail([String(error), ...mistakes].join("\n"));
}
