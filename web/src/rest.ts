// Requests over REST, for pages that ask again and again. It keeps nothing and retries nothing.

/** What a refusal says beside its words. */
export type RestDetails = { field?: string; expected?: string; with?: string[]; retry_after_ms?: number; bytes_max?: number };

/** The server answered that it does not. */
export class RestRefused extends Error {
  constructor(readonly kind: string, message: string, readonly details: RestDetails) {
    super(message);
  }
}

/** No answer came, or none that can be read. */
export class Unanswered extends Error {}

/** An answer, and when the server gave it; undefined: it did not say when. */
export type Answer<T> = { body: T; at: number | undefined };

type Method = "GET" | "POST" | "DELETE";

/** Long enough for a server that counts the leads of a long list. */
const ANSWER_WITHIN_MS = 30_000;

export async function ask<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
  if (method === "POST") {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(body ?? {});
  }
  return send<T>(path, init);
}

/** A file goes for as long as it takes. */
export async function sendFile<T>(path: string, file: Blob): Promise<Answer<T>> {
  return send<T>(path, { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } });
}

async function send<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin" });
    text = await response.text();
  } catch {
    throw new Unanswered();
  }
  const answer = parse(text);
  if (!response.ok) throw refusal(answer);
  if (answer === undefined && text !== "") throw new Unanswered();
  const at = Date.parse(response.headers.get("date") ?? "");
  return { body: answer as T, at: Number.isNaN(at) ? undefined : at };
}

function refusal(answer: unknown): Error {
  const error = (answer as { error?: { kind?: unknown; message?: unknown } } | undefined)?.error;
  if (typeof error?.kind !== "string") return new Unanswered();
  return new RestRefused(error.kind, typeof error.message === "string" ? error.message : "", error as RestDetails);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
