// The JSON-RPC envelope of a message: text to fields, and ids for requests. It knows no method.

import type { ErrorKind } from "./protocol";

export type Answered = { is: "answer"; id: string; result: unknown; refusal: ErrorKind | undefined };
export type Notified = { is: "notification"; method: string; params: Record<string, unknown> };

/** What came over the wire; undefined when it is none of ours. */
export function readMessage(text: string): Answered | Notified | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof fields !== "object" || fields === null) return undefined;
  if (typeof fields["method"] === "string") {
    const params = (fields["params"] ?? {}) as Record<string, unknown>;
    return { is: "notification", method: fields["method"], params };
  }
  if (typeof fields["id"] !== "string") return undefined;
  const error = fields["error"] as { data?: ErrorKind } | undefined;
  const refusal = error === undefined ? undefined : (error.data ?? { kind: "internal" as const });
  return { is: "answer", id: fields["id"], result: fields["result"], refusal };
}

/** A random UUID. `crypto.randomUUID` is missing on plain http from another machine. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
