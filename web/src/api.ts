// The few HTTP calls around a session: who is there, signing in and out, a ticket, what lists cut short. It keeps
// nothing.

import type { AgentName, Role } from "./protocol";

/** Who is signed in. */
export type Person = { user: string; roles: Role[]; agent: AgentName | null };

/** Why a call did not do what was asked. */
export type Failure =
  | { is: "not_signed_in" }
  | { is: "too_many"; retryAfterMs: number }
  | { is: "unavailable"; retryAfterMs: number };

export class ApiError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.is);
  }
}

const CALL_TIMEOUT_MS = 10_000;

export async function me(): Promise<Person | null> {
  try {
    return readPerson(await call("GET", "/api/v1/me"));
  } catch (error) {
    if (error instanceof ApiError && error.failure.is === "not_signed_in") return null;
    throw error;
  }
}

export async function login(user: string, password: string): Promise<Person> {
  return readPerson(await call("POST", "/api/v1/login", { user, password }));
}

export async function logout(): Promise<void> {
  await call("POST", "/api/v1/logout");
}

/** A single-use ticket for the socket. */
export async function ticket(): Promise<string> {
  const answer = (await call("POST", "/api/v1/ticket")) as { ticket?: unknown };
  if (typeof answer?.ticket !== "string") throw new ApiError({ is: "unavailable", retryAfterMs: 0 });
  return answer.ticket;
}

/** All that is to be done: lists show the beginning of it. */
export async function workText(work: string): Promise<string> {
  const answer = (await call("GET", `/api/v1/work/${encodeURIComponent(work)}`)) as { text?: unknown };
  if (typeof answer?.text !== "string") throw new ApiError({ is: "unavailable", retryAfterMs: 0 });
  return answer.text;
}

async function call(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    const init: RequestInit = { method, credentials: "same-origin", signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
    if (method === "POST") {
      init.headers = { "content-type": "application/json" };
      init.body = JSON.stringify(body ?? {});
    }
    response = await fetch(path, init);
  } catch {
    throw new ApiError({ is: "unavailable", retryAfterMs: 0 });
  }
  const text = await response.text().catch(() => "");
  const answer = parse(text);
  if (response.ok) return answer;
  throw new ApiError(failureOf(response, answer));
}

function failureOf(response: Response, answer: unknown): Failure {
  if (response.status === 401 || response.status === 403) return { is: "not_signed_in" };
  const retryAfterMs = retryAfter(response, answer);
  return response.status === 429 ? { is: "too_many", retryAfterMs } : { is: "unavailable", retryAfterMs };
}

function retryAfter(response: Response, answer: unknown): number {
  const said = findNumber(answer, "retry_after_ms", 3);
  if (said !== undefined) return said;
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}

function findNumber(value: unknown, name: string, depth: number): number | undefined {
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  const fields = value as Record<string, unknown>;
  if (typeof fields[name] === "number") return fields[name];
  for (const inner of Object.values(fields)) {
    const found = findNumber(inner, name, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

function readPerson(answer: unknown): Person {
  const fields = answer as { user?: unknown; roles?: unknown; agent?: unknown };
  if (typeof fields?.user !== "string" || !Array.isArray(fields.roles)) {
    throw new ApiError({ is: "unavailable", retryAfterMs: 0 });
  }
  return {
    user: fields.user,
    roles: fields.roles as Role[],
    agent: typeof fields.agent === "string" ? fields.agent : null,
  };
}
