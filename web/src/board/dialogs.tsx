// The questions before what a supervisor orders: each says what it will do and keeps what was typed. It sends
// what was chosen and nothing else.

import { createSignal, For, Match, Show, Switch } from "solid-js";
import { announce } from "../parts/announce";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import type { LogOutHow, NoticeLevel, NoticeTo, Presence } from "../protocol";
import { t } from "../text";
import type { Of } from "./actions";
import { useBoard } from "./board";
import { Choices, reasonWords } from "./choices";
import { Assign, Close, Monitor, Move, Prioritise } from "./contact_dialogs";


export function Dialogs() {
  const board = useBoard();
  return (
    <Show when={board.asking()} keyed>
      {(action) => (
        <Switch>
          <Match when={action.is === "set_presence" && action}>{(one) => <SetPresence of={one()} />}</Match>
          <Match when={action.is === "log_out" && action}>{(one) => <LogOut of={one()} />}</Match>
          <Match when={action.is === "move" && action}>{(one) => <Move of={one()} />}</Match>
          <Match when={action.is === "prioritise" && action}>{(one) => <Prioritise of={one()} />}</Match>
          <Match when={action.is === "assign" && action}>{(one) => <Assign of={one()} />}</Match>
          <Match when={action.is === "close" && action}>{(one) => <Close of={one()} />}</Match>
          <Match when={action.is === "pause" && action}>{(one) => <Pause of={one()} />}</Match>
          <Match when={action.is === "notice" && action}>{(one) => <SendNotice of={one()} />}</Match>
          <Match when={action.is === "monitor" && action}>{(one) => <Monitor of={one()} />}</Match>
        </Switch>
      )}
    </Show>
  );
}

function SetPresence(props: { of: Of<"set_presence"> }) {
  const board = useBoard();
  const row = () => board.live.agents.get(props.of.agent);
  const [presence, setPresence] = createSignal<Presence>(row()?.presence === "available" ? "not_ready" : "available");
  const [reason, setReason] = createSignal("");
  const [error, setError] = createSignal("");
  const [when, setWhen] = createSignal<"now" | "after_contact">("now");
  const hasContacts = () => (row()?.contacts.length ?? 0) > 0;
  const submit = () => {
    const isMissing = presence() === "not_ready" && reason().trim() === "";
    setError(isMissing ? t("presence.reason_missing") : "");
    if (isMissing) return undefined;
    const given = presence() === "not_ready" ? { reason: reason().trim() } : {};
    const params = { agent: props.of.agent, presence: presence(), when: hasContacts() ? when() : ("now" as const), ...given };
    return board.session.ask("agent.set_presence", params).then(() => announce(t("done.set_presence")));
  };
  return (
    <Dialog
      title={t("dialog.set_presence", { agent: board.agentTitle(props.of.agent) })}
      submit={t("presence.set")}
      onSubmit={submit}
      onClose={board.end}
    >
      <Choices
        label={t("presence.title_of")}
        chosen={presence()}
        choose={setPresence}
        choices={[
          { value: "available", text: t("presence.available") },
          { value: "not_ready", text: t("presence.not_ready") },
        ]}
      />
      <Show when={presence() === "not_ready"}>
        <Field label={t("presence.reason")} error={error()}>
          {(field) => (
            <input {...field} name="reason" list="reasons" maxlength="64" autocomplete="off" value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />
          )}
        </Field>
        <datalist id="reasons">
          <For each={reasonWords()}>{(word) => <option value={word} />}</For>
        </datalist>
      </Show>
      <Show when={hasContacts()}>
        <Choices
          label={t("dialog.when")}
          chosen={when()}
          choose={setWhen}
          choices={[
            { value: "now", text: t("presence.now") },
            { value: "after_contact", text: t("dialog.after_contact") },
          ]}
        />
      </Show>
    </Dialog>
  );
}

function LogOut(props: { of: Of<"log_out"> }) {
  const board = useBoard();
  const [how, setHow] = createSignal<LogOutHow>("finish");
  return (
    <Dialog
      title={t("dialog.log_out", { agent: board.agentTitle(props.of.agent) })}
      submit={t("action.log_out.short")}
      isBad
      onSubmit={() => board.session.ask("agent.log_out", { agent: props.of.agent, how: how() }).then(() => announce(t("done.log_out")))}
      onClose={board.end}
    >
      <Choices
        label={t("dialog.log_out.how")}
        chosen={how()}
        choose={setHow}
        choices={(["finish", "hand_back", "force"] as const).map((value) => ({ value, text: t(`dialog.log_out.${value}`) }))}
      />
    </Dialog>
  );
}

function Pause(props: { of: Of<"pause"> }) {
  const board = useBoard();
  const queue = props.of.queue;
  return (
    <Dialog
      title={t("dialog.pause", { queue: board.queueTitle(queue) })}
      submit={t("action.pause.short")}
      isBad
      onSubmit={() => board.session.ask("queue.pause", { queue }).then(() => announce(t("done.pause", { queue })))}
      onClose={board.end}
    >
      <p>{t("dialog.pause.meaning", { waiting: board.live.queues.get(queue)?.waiting ?? 0 })}</p>
    </Dialog>
  );
}

const LEVELS: readonly NoticeLevel[] = ["info", "warning", "alert"];
/** What was typed outlives a dialog that was closed without sending. */
const [noticeText, setNoticeText] = createSignal("");

function SendNotice(props: { of: Of<"notice"> }) {
  const board = useBoard();
  const [level, setLevel] = createSignal<NoticeLevel>("info");
  const [error, setError] = createSignal("");
  const submit = () => {
    setError(noticeText().trim() === "" ? t("dialog.notice.missing") : "");
    if (noticeText().trim() === "") return undefined;
    return board.session.ask("notice.send", { to: props.of.to, level: level(), text: noticeText().trim() }).then(({ consoles }) => {
      setNoticeText("");
      announce(t("done.notice", { count: consoles }));
    });
  };
  return (
    <Dialog title={t("dialog.notice", { to: toText(props.of.to) })} submit={t("action.notice.short")} onSubmit={submit} onClose={board.end}>
      <Field label={t("dialog.notice.text")} error={error()}>
        {(field) => (
          <textarea {...field} name="notice" rows="3" maxlength="1000" value={noticeText()} onInput={(event) => setNoticeText(event.currentTarget.value)} />
        )}
      </Field>
      <Choices
        label={t("dialog.notice.level")}
        chosen={level()}
        choose={setLevel}
        choices={LEVELS.map((value) => ({ value, text: t(`dialog.notice.${value}`) }))}
      />
    </Dialog>
  );

  function toText(to: NoticeTo): string {
    if ("queue" in to) return t("dialog.notice.to_queue", { queue: board.queueTitle(to.queue) });
    if ("agents" in to) return to.agents.map((agent) => board.agentTitle(agent)).join(", ");
    return t("dialog.notice.to_all");
  }
}
