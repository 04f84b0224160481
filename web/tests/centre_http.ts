// The scripted centre's HTTP side: the built pages under the server's own policy, signing in, tickets.

import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import type { User } from "./users";

const DIST = new URL("../dist/", import.meta.url).pathname;
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export class CentreHttp {
  readonly #users: Map<string, User>;
  readonly #logins = new Map<string, User>();
  readonly #tickets = new Map<string, User>();
  #next = 1;
  /** Answers every call of the API with this status instead. */
  failWith: number | undefined;

  constructor(users: readonly User[]) {
    this.#users = new Map(users.map((one) => [one.user, one]));
  }

  /** Who holds this ticket; it works once. */
  redeem(ticket: string): User | undefined {
    const user = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    return user;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://centre").pathname;
    if (!path.startsWith("/api/")) return this.#page(path, response);
    if (this.failWith !== undefined) return answer(response, this.failWith, { kind: "unavailable", retry_after_ms: 0 });
    const user = this.#logins.get(/usher=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    const call = `${request.method} ${path}`;
    if (call === "POST /api/v1/login") return this.#login(await body(request), response);
    if (user === undefined) return answer(response, 401, { kind: "not_signed_in" });
    switch (call) {
      case "GET /api/v1/me":
        return answer(response, 200, { user: user.user, roles: user.roles, agent: user.agent });
      case "POST /api/v1/logout":
        for (const [cookie, one] of this.#logins) if (one === user) this.#logins.delete(cookie);
        return answer(response, 200, {});
      case "POST /api/v1/ticket": {
        const ticket = `ticket${this.#next++}`;
        this.#tickets.set(ticket, user);
        return answer(response, 200, { ticket, expires_in_ms: 30_000 });
      }
      default:
        return answer(response, 404, { kind: "not_found" });
    }
  }

  #login(fields: Record<string, unknown>, response: ServerResponse): void {
    const user = this.#users.get(String(fields["user"]));
    if (user === undefined || user.password !== fields["password"]) return answer(response, 401, { kind: "bad_login" });
    const cookie = `login${this.#next++}`;
    this.#logins.set(cookie, user);
    response.setHeader("set-cookie", `usher=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
    answer(response, 200, { user: user.user, roles: user.roles, agent: user.agent });
  }

  async #page(path: string, response: ServerResponse): Promise<void> {
    const file = extname(path) === "" ? "index.html" : normalize(path).replace(/^\/+/, "");
    try {
      const content = await readFile(join(DIST, file));
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      response.setHeader("content-security-policy", "default-src 'self'");
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  }
}

function answer(response: ServerResponse, status: number, fields: object): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(fields));
}

async function body(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, unknown>;
}
