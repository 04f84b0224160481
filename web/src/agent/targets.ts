// To whom a contact can be handed on: found on the server as one types, kept fresh while the form is open.
// Until the server has said, the names of the snapshot stand in, without figures.

import { createEffect, on, onCleanup } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { duration } from "../format";
import type { TransferAgent, TransferQueue, TransferTo } from "../protocol";
import { t } from "../text";
import type { Console } from "./console";

/** One line of the list: where the contact would go, and how it stands there. */
export type Target = { key: string; to: TransferTo; name: string; group: "agents" | "queues" | "outside"; standing: string | null; about: string };
export type Found = { agents: readonly Target[]; queues: readonly Target[]; isMore: boolean };

const TYPED_FOR_MS = 150;
const REFRESHED_EVERY_MS = 3_000;
const OUTSIDE = /^\+[\d\s().-]{4,24}$/;

export function createTargets(console: Console, search: () => string) {
  const [found, setFound] = createStore<Found>(fromSnapshot(console, ""));
  // Who stays in the list keeps his line: a press on it is not lost by a refresh.
  const show = (next: Found) => setFound(reconcile(next, { key: "key" }));
  let asked = 0;
  const ask = () => {
    const run = ++asked;
    const wanted = search().trim();
    console.session
      .ask("transfer.targets", wanted === "" ? {} : { search: wanted })
      .then(
        ({ agents, queues, is_more }) => {
          // A later question has a better answer.
          if (run !== asked) return;
          const now = console.session.now();
          show({ agents: agents.map((one) => ofAgent(one, now)), queues: queues.map(ofQueue), isMore: is_more });
        },
        () => run === asked && show(fromSnapshot(console, wanted)),
      );
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(on(search, (typed) => {
    // Until the answer is here, nothing stands first that does not fit what was typed.
    const stays = (one: Target) => fits(one.name, typed.trim());
    show({ agents: found.agents.filter(stays), queues: found.queues.filter(stays), isMore: false });
    clearTimeout(timer);
    timer = setTimeout(ask, TYPED_FOR_MS);
  }));
  const refresh = setInterval(ask, REFRESHED_EVERY_MS);
  onCleanup(() => {
    asked += 1;
    clearTimeout(timer);
    clearInterval(refresh);
  });
  return found;
}

/** A number outside, if that is what was typed. */
export function outside(typed: string): Target | undefined {
  const text = typed.trim();
  if (!OUTSIDE.test(text)) return undefined;
  const number = `+${text.replace(/\D/g, "")}`;
  return { key: `number ${number}`, to: { number }, name: number, group: "outside", standing: null, about: "" };
}

function fits(name: string, wanted: string): boolean {
  return name.toLocaleLowerCase().includes(wanted.toLocaleLowerCase());
}

function fromSnapshot(console: Console, wanted: string): Found {
  const state = console.state();
  const agents = (state?.agents ?? []).filter((one) => one.agent !== state?.agent.agent && fits(one.name, wanted));
  const queues = (state?.queues ?? []).filter((one) => fits(one.queue, wanted));
  return {
    agents: agents.map(({ agent, name }) => ({ key: `agent ${agent}`, to: { agent }, name, group: "agents", standing: null, about: "" })),
    queues: queues.map(({ queue }) => ({ key: `queue ${queue}`, to: { queue }, name: queue, group: "queues", standing: null, about: "" })),
    isMore: false,
  };
}

function ofAgent({ agent, name, standing, since }: TransferAgent, now: number | undefined): Target {
  const spent = now === undefined ? "" : ` ${duration(now - Date.parse(since))}`;
  return { key: `agent ${agent}`, to: { agent }, name, group: "agents", standing, about: `${t(`standing.${standing}`)}${spent}` };
}

function ofQueue(queue: TransferQueue): Target {
  const about = [
    queue.paused ? t("board.paused") : undefined,
    t("transfer.waiting", { count: queue.waiting }),
    t("transfer.idle", { idle: queue.agents_idle, available: queue.agents_available }),
    queue.estimated_wait ? t("transfer.estimated", { duration: duration(queue.estimated_wait.p50_ms) }) : undefined,
  ];
  const standing = queue.paused || queue.agents_available === 0 ? "not_ready" : queue.agents_idle > 0 ? "idle" : "busy";
  return { key: `queue ${queue.queue}`, to: { queue: queue.queue }, name: queue.queue, group: "queues", standing, about: about.filter(Boolean).join(" · ") };
}
