// Adding, changing, escalating and closing a piece of work. What was typed stays when the server refuses; a
// change that somebody else made meanwhile is said.

import { createResource, createSignal, For, type JSX, Match, Switch } from "solid-js";
import { workText } from "../api";
import type { ListedWork, WorkFields, WorkKind } from "../protocol";
import { Field } from "../parts/field";
import { t, type TextKey } from "../text";
import { ActionForm } from "./action_form";
import { useConsole } from "./console";
import { fieldError } from "../refusal";
import { zoneName } from "./promised";

const KINDS: readonly WorkKind[] = ["task", "service_request", "sales_lead", "complaint"];

type Typed = { kind: WorkKind; title: string; text: string; category: string; due: string; owner: string; team: string; queue: string };
type FieldName = keyof Typed;

/** How the list ends a text that it does not show whole. */
const CUT_SHORT = "…";

/** Changes a piece of work, once all of its text is there: what is not sent is taken away. */
export function ChangeWorkForm(props: { work: ListedWork; close: () => void }) {
  const shown = props.work.text ?? "";
  const [whole] = createResource(async () => (shown.endsWith(CUT_SHORT) ? workText(props.work.work) : shown));
  return (
    <Switch fallback={<p class="quiet">{t("loading")}</p>}>
      <Match when={whole.error !== undefined}>
        <p class="error" role="alert">{t("work.unavailable")}</p>
      </Match>
      <Match when={whole() !== undefined}>
        <WorkForm work={{ ...props.work, text: whole()! }} close={props.close} />
      </Match>
    </Switch>
  );
}

/** `work`: what is changed; without it something is added. */
export function WorkForm(props: { work?: ListedWork; close: () => void }) {
  const console = useConsole();
  // What is typed is of the version that was read: of two who change it, the later one is told.
  const work = props.work;
  const [typed, setTyped] = createSignal<Typed>(typedOf(work));
  const [errors, setErrors] = createSignal<Partial<Record<FieldName, string>>>({});
  const write = (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change }));
  const text = (name: Exclude<FieldName, "kind" | "text">, label: TextKey, more: JSX.InputHTMLAttributes<HTMLInputElement> = {}, hint = t("wrap_up.optional")) => (
    <Field label={t(label)} hint={hint} error={errors()[name] ?? ""}>
      {(field) => (
        <input
          autocomplete="off"
          maxlength="64"
          {...more}
          {...field}
          name={`work_${name}`}
          value={typed()[name]}
          onInput={(event) => write({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <ActionForm
      name="work"
      submit="work.submit"
      title={work === undefined ? "work.new" : "work.change"}
      close={props.close}
      run={() => {
        const fields = fieldsOf(typed(), work);
        return work === undefined ? console.createWork(fields) : console.changeWork(work, fields);
      }}
      isReady={() => {
        setErrors(typed().title.trim() === "" ? { title: t("work.title_missing") } : {});
        return typed().title.trim() !== "";
      }}
      refused={(failure) => {
        const names: readonly FieldName[] = ["title", "text", "category", "due", "owner", "team", "queue"];
        const found = names.flatMap((name) => {
          const said = fieldError(failure, name);
          return said === undefined ? [] : [[name, said] as const];
        });
        setErrors(Object.fromEntries(found));
        return found.length > 0;
      }}
    >
      <Field label={t("work.kind")} error="">
        {(field) => (
          <select {...field} name="work_kind" value={typed().kind} onChange={(event) => write({ kind: event.currentTarget.value as WorkKind })}>
            <For each={KINDS}>{(kind) => <option value={kind}>{t(`work.kind.${kind}`)}</option>}</For>
          </select>
        )}
      </Field>
      {text("title", "work.in_a_line", { maxlength: 200, ref: (element) => queueMicrotask(() => element.focus()) }, t("wrap_up.required"))}
      <Field label={t("work.text")} hint={t("wrap_up.optional")} error={errors().text ?? ""}>
        {(field) => (
          <textarea {...field} name="work_text" rows="3" maxlength="4000" value={typed().text} onInput={(event) => write({ text: event.currentTarget.value })} />
        )}
      </Field>
      <div class="work-fields">
        {text("due", "work.when", { type: "datetime-local" }, zoneName())}
        {text("category", "work.category")}
        {text("owner", "work.owner", { list: "work-owners" })}
        {text("team", "work.team")}
        {text("queue", "work.queue", { list: "work-queues" })}
      </div>
      <datalist id="work-owners">
        <For each={console.state()?.agents ?? []}>{(one) => <option value={one.agent}>{one.name}</option>}</For>
      </datalist>
      <datalist id="work-queues">
        <For each={console.state()?.queues ?? []}>{(one) => <option value={one.queue} />}</For>
      </datalist>
    </ActionForm>
  );
}

export function EscalateWorkForm(props: { work: ListedWork; close: () => void }) {
  const console = useConsole();
  const [team, setTeam] = createSignal("");
  const [reason, setReason] = createSignal("");
  const [errors, setErrors] = createSignal({ team: "", reason: "" });
  return (
    <ActionForm
      name="work_escalate"
      submit="work.escalate"
      title="work.escalate"
      close={props.close}
      run={() => console.escalateWork(props.work, team().trim(), reason().trim())}
      isReady={() => {
        const missing = { team: team().trim() === "" ? t("work.team_missing") : "", reason: reason().trim() === "" ? t("presence.reason_missing") : "" };
        setErrors(missing);
        return missing.team === "" && missing.reason === "";
      }}
      refused={(failure) => {
        const found = { team: fieldError(failure, "team") ?? "", reason: fieldError(failure, "reason") ?? "" };
        setErrors(found);
        return found.team !== "" || found.reason !== "";
      }}
    >
      <Field label={t("work.team")} error={errors().team}>
        {(field) => (
          <input {...field} ref={(element) => queueMicrotask(() => element.focus())} name="escalate_team" maxlength="64" autocomplete="off" value={team()} onInput={(event) => setTeam(event.currentTarget.value)} />
        )}
      </Field>
      <Field label={t("presence.reason")} error={errors().reason}>
        {(field) => (
          <input {...field} name="escalate_work_reason" maxlength="1000" autocomplete="off" value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />
        )}
      </Field>
    </ActionForm>
  );
}

export function CloseWorkForm(props: { work: ListedWork; close: () => void }) {
  const console = useConsole();
  const [outcome, setOutcome] = createSignal("");
  const [outcomeError, setOutcomeError] = createSignal("");
  return (
    <ActionForm
      name="work_close"
      submit="work.close"
      title="work.close"
      close={props.close}
      run={() => console.closeWork(props.work, outcome().trim())}
      isReady={() => {
        setOutcomeError(outcome().trim() === "" ? t("work.outcome_missing") : "");
        return outcome().trim() !== "";
      }}
      refused={(failure) => {
        const found = fieldError(failure, "outcome");
        setOutcomeError(found ?? "");
        return found !== undefined;
      }}
    >
      <Field label={t("work.outcome")} error={outcomeError()}>
        {(field) => (
          <input {...field} ref={(element) => queueMicrotask(() => element.focus())} name="outcome" maxlength="1000" autocomplete="off" value={outcome()} onInput={(event) => setOutcome(event.currentTarget.value)} />
        )}
      </Field>
    </ActionForm>
  );
}

function typedOf(work: ListedWork | undefined): Typed {
  return {
    kind: work?.kind ?? "task",
    title: work?.title ?? "",
    text: work?.text ?? "",
    category: work?.category ?? "",
    due: work?.due ? localTime(Date.parse(work.due)) : "",
    owner: work?.owner ?? "",
    team: work?.team ?? "",
    queue: work?.queue ?? "",
  };
}

/** As a field of date and time has it, in the viewer's zone. */
function localTime(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A due time that was not touched stays to the second. */
function fieldsOf(typed: Typed, work: ListedWork | undefined): WorkFields {
  const given = (name: Exclude<FieldName, "kind" | "title" | "due">) => (typed[name].trim() === "" ? {} : { [name]: typed[name].trim() });
  const isSameDue = work?.due != null && localTime(Date.parse(work.due)) === typed.due;
  const due = typed.due === "" ? {} : { due: isSameDue ? work.due! : new Date(typed.due).toISOString() };
  return { kind: typed.kind, title: typed.title.trim(), ...due, ...given("text"), ...given("category"), ...given("owner"), ...given("team"), ...given("queue") };
}
