// What a supervisor can do to a queue, a contact or an agent, and which of it a menu holds. It does nothing.

import type { BoardAgent, MonitorMode, NoticeTo } from "../protocol";
import { t } from "../text";
import type { MenuItem } from "../parts/menu";
import type { Board } from "./board";
import { MONITOR_MODES } from "./monitoring";

/** What is asked about before it is done. */
export type Action =
  | { is: "set_presence"; agent: string }
  | { is: "log_out"; agent: string }
  | { is: "move"; contact: string; queue: string | null }
  | { is: "prioritise"; contact: string; priority: number | null }
  | { is: "assign"; contact: string }
  | { is: "close"; contact: string; state: string | null }
  | { is: "pause"; queue: string }
  | { is: "notice"; to: NoticeTo }
  | { is: "monitor"; contact: string; mode: MonitorMode };

/** One kind of them. */
export type Of<Is extends Action["is"]> = Extract<Action, { is: Is }>;

export function queueActions(board: Board, queue: string): MenuItem[] {
  const isPaused = board.live.queues.get(queue)?.paused === true;
  return [
    { text: t("action.open"), run: () => board.places.open({ is: "queue", name: queue }) },
    isPaused
      ? { text: t("action.resume"), run: () => void board.run("queue.resume", { queue }, t("done.resume", { queue })) }
      : { text: t("action.pause"), run: () => board.begin({ is: "pause", queue }) },
    { text: t("action.notice"), run: () => board.begin({ is: "notice", to: { queue } }) },
  ];
}

export function agentActions(board: Board, agent: BoardAgent): MenuItem[] {
  const name = agent.agent;
  const isThere = agent.presence !== "offline";
  const talking = agent.contacts.filter((one) => one.state === "talking" || one.state === "held");
  const call = talking.find((one) => one.channel === "voice" || one.channel === "callback");
  return [
    { text: t("action.open"), run: () => board.places.open({ is: "agent", name }) },
    ...(isThere
      ? [
          { text: t("action.set_presence"), run: () => board.begin({ is: "set_presence", agent: name }) },
          { text: t("action.log_out"), run: () => board.begin({ is: "log_out", agent: name }) },
        ]
      : []),
    { text: t("action.notice"), run: () => board.begin({ is: "notice", to: { agents: [name] } }) },
    ...(call === undefined ? [] : monitorActions(board, call.contact)),
  ];
}

/** Of a contact that waits, or that somebody has. */
export type ContactOf = { contact: string; state: string; queue: string | null; priority: number | null; isCall: boolean };

export function contactActions(board: Board, of: ContactOf, isOpen = false): MenuItem[] {
  const { contact } = of;
  const waits = of.state === "waiting" || of.state === "offered";
  return [
    ...(isOpen ? [] : [{ text: t("action.open"), run: () => board.places.open({ is: "contact", name: contact }) }]),
    ...(waits
      ? [
          { text: t("action.move"), run: () => board.begin({ is: "move", contact, queue: of.queue }) },
          { text: t("action.prioritise"), run: () => board.begin({ is: "prioritise", contact, priority: of.priority }) },
          { text: t("action.assign"), run: () => board.begin({ is: "assign", contact }) },
        ]
      : []),
    ...((of.state === "talking" || of.state === "held") && of.isCall ? monitorActions(board, contact) : []),
    { text: t("action.close"), run: () => board.begin({ is: "close", contact, state: of.state }), isBad: true },
  ];
}

function monitorActions(board: Board, contact: string): MenuItem[] {
  return MONITOR_MODES.map((mode) => ({
    text: t(`action.monitor.${mode}`),
    run: () => board.begin({ is: "monitor", contact, mode }),
  }));
}
