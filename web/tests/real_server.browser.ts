// The drive for a real server, tried on the scripted centre so that it is ready.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Centre } from "./centre";
import { queue } from "./rows";
import { inChromium } from "./visit";

const DRIVE = new URL("./real-server.mjs", import.meta.url).pathname;
const run = promisify(execFile);

inChromium("the drive for a real server", () => {
  const drive = (centre: Centre, more: Record<string, string> = {}) =>
    run("node", [DRIVE], {
      env: {
        ...process.env, BASE_URL: centre.url, SUPERVISOR_USER: "sue", SUPERVISOR_PASSWORD: "sue-pass", AGENT_USER: "ana",
        AGENT_PASSWORD: "ana-pass", CONTACT_WITHIN_S: "30", ...more,
      },
    });

  test("takes a contact end to end", async () => {
    const centre = new Centre();
    await centre.start();
    centre.queues.set("sales", queue("sales"));
    centre.offersByItself = true;
    const { stdout } = await drive(centre);
    expect(stdout.trim().split("\n").at(-1)).toBe("OK");
    expect(centre.asked("wrap_up.finish")[0]).toMatchObject({ disposition: "resolved" });
    expect(centre.complaints).toEqual([]);
    await centre.stop();
  });

  test("fails where no contact comes", async () => {
    const centre = new Centre();
    await centre.start();
    centre.queues.set("sales", queue("sales"));
    await expect(drive(centre, { CONTACT_WITHIN_S: "3" })).rejects.toThrow("no contact within 3 s");
    await centre.stop();
  });
});
