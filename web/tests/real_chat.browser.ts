// Chats in the console on the real server: lines both ways, kept over every loss.

import { afterEach, beforeEach, expect, test } from "vitest";
import { oneInHand, sitDownAvailable, takeOffer, wrapUp } from "./desk";
import type { Gateway } from "./gateway";
import { ANA } from "./users";
import { Usher } from "./usher";
import { expectClean, onRealServer, shoot } from "./visit";

let usher: Usher;
let gateway: Gateway;
beforeEach(async () => {
  usher = await Usher.start();
  gateway = await usher.gateway();
});
afterEach(() => usher?.stop());

onRealServer("chats on the real server", (browser) => {
  test("what either writes is at the other's, also what was written before and while the line was cut", async () => {
    const seen = await sitDownAvailable(browser(), usher, ANA);
    const { page } = seen;
    const chat = await gateway.arrive({ channel: "chat", from: "web:77" });
    await gateway.write(chat.ref, "customer", "Hello?");
    await takeOffer(page, chat.contact);
    const lines = page.locator(".chat-line .chat-text");
    await lines.getByText("Hello?").waitFor();
    await page.keyboard.press("Alt+i");
    await page.keyboard.type("Hello, I am Ana.");
    await expect.poll(() => gateway.typed).toBeGreaterThan(0);
    await page.keyboard.press("Enter");
    await page.locator('.chat-line[data-status="delivered"]').getByText("Hello, I am Ana.").waitFor();
    expect(gateway.ordered("message.send").map((order) => order.text)).toEqual(["Hello, I am Ana."]);
    gateway.types(chat.ref);
    await page.getByText("web:77 is writing …").waitFor();
    usher.wire.cut();
    await page.locator('[data-banner="lost"]').waitFor();
    await gateway.write(chat.ref, "customer", "Are you there?");
    await page.keyboard.type("half a li");
    usher.wire.heal();
    await lines.getByText("Are you there?").waitFor();
    expect(await page.getByRole("textbox", { name: "Message" }).inputValue()).toBe("half a li");
    gateway.failNext.set("message.send", "failed");
    await page.locator('.header [data-connection="open"]').waitFor();
    await page.keyboard.type("ne");
    await page.keyboard.press("Enter");
    await page.getByText("did not arrive").waitFor();
    await page.getByRole("button", { name: "Send again" }).click();
    await page.locator('.chat-line[data-status="delivered"]').getByText("half a line").waitFor();
    await shoot(page, "real-chat-1280");
    await page.reload();
    await expect.poll(() => lines.allInnerTexts()).toEqual(["Hello?", "Hello, I am Ana.", "Are you there?", "half a line", "half a line"]);
    expectClean(seen);
    await seen.context.close();
  });

  test("a note is the server's as it is typed: it is there on another computer, and filed when the wrap-up ends by itself", async () => {
    const seen = await sitDownAvailable(browser(), usher, ANA);
    const { page } = seen;
    const call = await gateway.arrive();
    await takeOffer(page, call.contact);
    await page.getByLabel("Note").fill("wants a call");
    await page.getByText("Saved.").waitFor();
    const other = await browser().newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } });
    const elsewhere = await other.newPage();
    await elsewhere.goto(`${usher.url}/agent`);
    await elsewhere.getByLabel("User").fill(ANA.user);
    await elsewhere.getByLabel("Password").fill(ANA.password);
    await elsewhere.getByRole("button", { name: "Sign in" }).click();
    await oneInHand(elsewhere, call.contact).waitFor();
    expect(await elsewhere.getByLabel("Note").inputValue()).toBe("wants a call");
    await gateway.hangUp(call.ref);
    await wrapUp(elsewhere, call.contact, "resolved");
    expect(await elsewhere.locator(".unsent").count()).toBe(0);
    expectClean(seen);
    await seen.context.close();
    await other.close();
  });
});
