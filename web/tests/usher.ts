// The real server as a child process, for tests: a folder and rules of its own, SQLite, free ports, a line
// that can be cut. It knows no page and routes nothing itself.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Gateway } from "./gateway";
import { type User, USERS } from "./users";
import { Wire } from "./wire";

/** Small: two queues for calls, one for what is written. Ana may hand calls on outside. */
export const RULES: Record<string, string> = {
  // A slow machine is no reason not to place a call.
  "site.toml": 'outside_prefixes = ["+1555"]\nchecked_within = "5s"\n',
  "entry.toml": `
[[entry]]
name = "written"
when = 'contact.channel in ["chat", "email"]'
queue = "written"
[[entry]]
name = "refunds"
when = 'contact.attributes.intent == "refund"'
queue = "care"
[[entry]]
name = "all"
queue = "sales"
`,
  // Nor is it one to miss an offer or a wrap-up.
  "queues/sales.toml": '[queue.sales]\nskills = { sales = 1 }\noffer_timeout = "2m"\nwrap_up = { max = "5m", disposition = "required" }\nescalation = "care"\n',
  "queues/care.toml": '[queue.care]\nskills = { care = 1 }\noffer_timeout = "2m"\nwrap_up = { max = "5m" }\n',
  "queues/written.toml": '[queue.written]\nchannels = ["chat", "email", "task"]\nskills = { sales = 1 }\noffer_timeout = "2m"\nwrap_up = { max = "5m" }\n',
  "agents.toml": `
[agent.ana]
name = "Ana Müller"
teams = ["floor"]
skills = { sales = 5 }
phone = { endpoint = "SIM/ana" }
may_transfer_outside = true
[agent.ben]
name = "Ben Okafor"
teams = ["floor", "seniors"]
skills = { care = 5 }
phone = { endpoint = "SIM/ben" }
`,
};

const GATEWAY = "pbx";
const READY_WITHIN_MS = 30_000;

/** Where the server's program is; undefined when nobody said so or it is not there. */
export function usherPath(): string | undefined {
  const path = process.env["USHER"];
  return path !== undefined && existsSync(path) ? path : undefined;
}

export class Usher {
  readonly wire = new Wire();
  readonly #folder = mkdtempSync(join(tmpdir(), "usher-pages-"));
  readonly #gateways: Gateway[] = [];
  #child: ChildProcess | undefined;
  #host = "";
  #key = "";

  /** A server with these rule files over the usual ones, and the users of the tests. */
  static async start(rules: Record<string, string> = {}): Promise<Usher> {
    const usher = new Usher();
    await usher.wire.start();
    usher.write("usher.toml", `site = "nord"\n[listen]\naddress = "127.0.0.1:0"\nadministration_address = "127.0.0.1:0"\nallowed_origins = ["${usher.wire.url}"]\n[log]\nlevel = "warn"\n`);
    for (const [file, text] of Object.entries({ ...RULES, ...rules })) usher.write(join("routing-rules", file), text);
    for (const user of USERS) await usher.#addUser(user);
    usher.#key = (await usher.run(["key", "add", GATEWAY])).trim().split(" ").at(-1)!;
    await usher.serve();
    return usher;
  }

  /** Where browsers come in: over the line that can be cut. */
  get url(): string {
    return this.wire.url;
  }

  /** A gateway that is there until the server stops; `before`: the same one, back after the server died. */
  async gateway(before?: Gateway): Promise<Gateway> {
    const gateway = await Gateway.open(this.#host, this.#key, before);
    this.#gateways.push(gateway);
    return gateway;
  }

  /** Starts it, also again on what it has written. */
  async serve(): Promise<void> {
    const child = spawn(usherPath()!, ["serve", "--stop-with-stdin"], { cwd: this.#folder, stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    this.#host = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the server does not get ready")), READY_WITHIN_MS);
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const found = /^listening on http:\/\/(\S+)/.exec(line)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    });
    this.wire.to = Number(this.#host.split(":").at(-1));
  }

  /** Gone without a word; what it has written stays. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    for (const gateway of this.#gateways) gateway.close();
    await this.kill();
    await this.wire.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A command of the program on this server's folder: what it prints. */
  run(args: string[], input = ""): Promise<string> {
    const child = spawn(usherPath()!, args, { cwd: this.#folder, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(input);
    const said: string[] = [];
    const complained: string[] = [];
    child.stdout.on("data", (data) => said.push(String(data)));
    child.stderr.on("data", (data) => complained.push(String(data)));
    return new Promise((resolve, reject) => {
      child.on("close", (code) => {
        if (code === 0) resolve(said.join(""));
        else reject(new Error(`usher ${args.join(" ")}: ${complained.join("")}`));
      });
    });
  }

  /** A file in the server's folder: a setting, a rule, something for `run`. */
  write(file: string, text: string): void {
    const path = join(this.#folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  async #addUser({ user, password, roles, agent }: User): Promise<void> {
    const named = agent === null ? [] : ["--agent", agent];
    await this.run(["user", "add", user, ...roles.flatMap((role) => ["--role", role]), ...named, "--password-stdin"], `${password}\n`);
  }
}
