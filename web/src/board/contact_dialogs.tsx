// The questions before what a supervisor orders about a contact. Each sends what was chosen and nothing else.

import { createSignal } from "solid-js";
import { isDirect } from "../contact_text";
import { announce } from "../parts/announce";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { matches, ranksOf } from "../parts/order";
import { Picker } from "../parts/picker";
import type { MonitorMode } from "../protocol";
import { language, t } from "../text";
import type { Of } from "./actions";
import { useBoard } from "./board";
import { Choices } from "./choices";
import { MONITOR_MODES } from "./monitoring";
import { standing, STANDINGS } from "./state";

export function Move(props: { of: Of<"move"> }) {
  const board = useBoard();
  const [queue, setQueue] = createSignal("");
  const [error, setError] = createSignal("");
  const queues = board.live.queues.now().filter((row) => !isDirect(row.queue) && row.queue !== props.of.queue);
  const ranks = ranksOf(queues.map((row) => [row.queue, row.queue]), language());
  queues.sort((a, b) => ranks.get(a.queue)! - ranks.get(b.queue)!);
  const find = (typed: string) =>
    queues
      .filter((row) => matches(typed, [row.queue]))
      .map((row) => ({ value: row.queue, text: row.queue, more: t("dialog.queue_more", { waiting: row.waiting, idle: row.agents_idle }) }));
  const submit = () => {
    setError(queue() === "" ? t("dialog.move.missing") : "");
    if (queue() === "") return undefined;
    const done = t("done.move", { queue: queue() });
    return board.session.ask("contact.move", { contact: props.of.contact, queue: queue() }).then(() => announce(done));
  };
  return (
    <Dialog title={t("dialog.move")} submit={t("action.move.short")} onSubmit={submit} onClose={board.end}>
      <Picker label={t("dialog.move.to")} name="queue" error={error()} find={find} chosen={queue()} choose={setQueue} />
    </Dialog>
  );
}

export function Assign(props: { of: Of<"assign"> }) {
  const board = useBoard();
  const [agent, setAgent] = createSignal("");
  const [error, setError] = createSignal("");
  const agents = board.live.agents.now().filter((row) => row.presence !== "offline");
  const ranks = ranksOf(agents.map((row) => [row.agent, row.name]), language());
  const place = (row: (typeof agents)[number]) => STANDINGS.indexOf(standing(row)) * 1e6 + ranks.get(row.agent)!;
  agents.sort((a, b) => place(a) - place(b));
  const find = (typed: string) =>
    agents
      .filter((row) => matches(typed, [row.name, row.agent]))
      .map((row) => ({ value: row.agent, text: row.name, more: t(`standing.${standing(row)}`) }));
  const submit = () => {
    setError(agent() === "" ? t("dialog.assign.missing") : "");
    if (agent() === "") return undefined;
    const done = t("done.assign", { agent: board.agentTitle(agent()) });
    return board.session.ask("contact.assign", { contact: props.of.contact, agent: agent() }).then(() => announce(done));
  };
  return (
    <Dialog title={t("dialog.assign")} submit={t("action.assign.short")} onSubmit={submit} onClose={board.end}>
      <p class="quiet">{t("dialog.assign.meaning")}</p>
      <Picker label={t("dialog.assign.to")} name="agent" error={error()} find={find} chosen={agent()} choose={setAgent} />
    </Dialog>
  );
}

const PRIORITY_MAX = 1_000;

export function Prioritise(props: { of: Of<"prioritise"> }) {
  const board = useBoard();
  const [priority, setPriority] = createSignal(props.of.priority === null ? "" : String(props.of.priority));
  const [error, setError] = createSignal("");
  const submit = () => {
    const value = Number(priority());
    const isRight = priority().trim() !== "" && Number.isInteger(value) && Math.abs(value) <= PRIORITY_MAX;
    setError(isRight ? "" : t("dialog.prioritise.wrong"));
    if (!isRight) return undefined;
    const params = { contact: props.of.contact, priority: value };
    return board.session.ask("contact.prioritise", params).then(() => announce(t("done.prioritise", { priority: value })));
  };
  return (
    <Dialog title={t("dialog.prioritise")} submit={t("presence.set")} onSubmit={submit} onClose={board.end}>
      <Field label={t("dialog.prioritise.priority")} hint={t("dialog.prioritise.hint")} error={error()}>
        {(field) => (
          <input {...field} name="priority" inputmode="numeric" autocomplete="off" value={priority()} onInput={(event) => setPriority(event.currentTarget.value)} />
        )}
      </Field>
    </Dialog>
  );
}

export function Close(props: { of: Of<"close"> }) {
  const board = useBoard();
  const isTalking = props.of.state === "talking" || props.of.state === "held";
  return (
    <Dialog
      title={t("dialog.close")}
      submit={t("action.close.short")}
      isBad
      onSubmit={() => board.session.ask("contact.close", { contact: props.of.contact }).then(() => announce(t("done.close")))}
      onClose={board.end}
    >
      <p>{t(isTalking ? "dialog.close.talking" : "dialog.close.meaning")}</p>
    </Dialog>
  );
}

export function Monitor(props: { of: Of<"monitor"> }) {
  const board = useBoard();
  const [mode, setMode] = createSignal<MonitorMode>(props.of.mode);
  const [endpoint, setEndpoint] = createSignal(board.monitoring.endpoint());
  const [error, setError] = createSignal("");
  const submit = () => {
    setError(endpoint().trim() === "" ? t("dialog.monitor.missing") : "");
    if (endpoint().trim() === "") return undefined;
    return board.monitoring.start(props.of.contact, mode(), endpoint().trim());
  };
  return (
    <Dialog title={t("dialog.monitor")} submit={t("action.monitor.short")} onSubmit={submit} onClose={board.end}>
      <Choices
        label={t("dialog.monitor.mode")}
        chosen={mode()}
        choose={setMode}
        choices={MONITOR_MODES.map((value) => ({ value, text: t(`dialog.monitor.${value}`) }))}
      />
      <Field label={t("dialog.monitor.endpoint")} hint={t("dialog.monitor.endpoint.hint")} error={error()}>
        {(field) => (
          <input {...field} name="endpoint" autocomplete="off" spellcheck={false} value={endpoint()} onInput={(event) => setEndpoint(event.currentTarget.value)} />
        )}
      </Field>
    </Dialog>
  );
}
