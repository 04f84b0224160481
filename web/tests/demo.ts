// The demo as a child process: a centre with virtual callers and agents. It looks at no page.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { usherPath } from "./usher";

const READY_WITHIN_MS = 60_000;

export type LogIn = { user: string; password: string };

export class Demo {
  private constructor(
    readonly url: string,
    readonly supervisor: LogIn,
    readonly agent: LogIn,
    readonly child: ChildProcess,
  ) {}

  /** `speed`: how many times as fast as the wall's the centre's clock runs. */
  static async start(speed: number): Promise<Demo> {
    // The rules are those of the repository's top folder.
    const child = spawn(usherPath()!, ["demo", "--port", "0", "--speed", String(speed)], { cwd: "..", stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    const found = (pattern: RegExp) => said.map((line) => pattern.exec(line)).find((match) => match !== null);
    const logIn = (who: string): LogIn | undefined => {
      const match = found(new RegExp(`^log in as ${who}[^:]*: (\\S+) +password (\\S+)`));
      return match ? { user: match[1]!, password: match[2]! } : undefined;
    };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the demo does not begin:\n${said.join("\n")}`)), READY_WITHIN_MS);
      child.on("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${said.join("\n")}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        said.push(line);
        const url = found(/^live page: (http:\S+)\/$/)?.[1];
        const [supervisor, agent] = [logIn("supervisor"), logIn("agent")];
        if (url === undefined || supervisor === undefined || agent === undefined) return;
        clearTimeout(timer);
        resolve(new Demo(url, supervisor, agent, child));
      });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.kill("SIGINT");
    await ended;
  }
}
