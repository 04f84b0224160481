// My work: what the agent and his teams have to do, due first, live. What becomes of a piece of work stands in
// its line's forms.

import { createEffect, createMemo, createSignal, For, Match, onMount, Show, Switch } from "solid-js";
import { ownQueueText } from "../contact_text";
import { clockTime } from "../format";
import type { ListedContact, ListedWork, ListEntry } from "../protocol";
import { language, t } from "../text";
import { useConsole } from "./console";
import { inOrder, keyOf } from "./work_list";
import { ChangeWorkForm, CloseWorkForm, EscalateWorkForm, WorkForm } from "./work_forms";
import "../style/work.css";

type Whose = "own" | "teams" | "all";
const WHOSE: readonly Whose[] = ["all", "own", "teams"];

/** `turnTo`: what was taken from the list is in hand. */
export default function WorkView(props: { turnTo: (contact: string) => void }) {
  const console = useConsole();
  const [whose, setWhose] = createSignal<Whose>("all");
  const [isAdding, setAdding] = createSignal(false);
  const { liveWork } = console;
  let heading: HTMLHeadingElement | undefined;
  onMount(() => {
    liveWork.watch();
    heading?.focus();
  });
  const me = () => console.state()?.agent.agent;
  const isOwn = (entry: ListEntry) => entry.is === "contact" || entry.owner === me();
  const all = createMemo(() => inOrder(liveWork.list() ?? { entries: new Map(), hasMore: false }));
  const shown = createMemo(() => all().filter((entry) => whose() === "all" || isOwn(entry) === (whose() === "own")).map(keyOf));
  const entryOf = (key: string) => liveWork.list()?.entries.get(key);
  return (
    <section class="work" aria-labelledby="work-heading">
      <header class="work-head">
        <h2 id="work-heading" tabindex="-1" ref={heading}>{t("work.title")}</h2>
        <fieldset class="choices choices-row">
          <legend class="visually-hidden">{t("work.whose")}</legend>
          <For each={WHOSE}>
            {(one) => (
              <label class="check">
                <input type="radio" name="whose" checked={whose() === one} onChange={() => setWhose(one)} />
                {t(`work.${one}`)}
              </label>
            )}
          </For>
        </fieldset>
        <button type="button" class="button" aria-expanded={isAdding()} onClick={() => setAdding(!isAdding())}>
          {t("work.new")}
        </button>
      </header>
      <Show when={isAdding()}>
        <div class="card">
          <WorkForm close={() => setAdding(false)} />
        </div>
      </Show>
      <Switch>
        <Match when={liveWork.list() === undefined}>
          <p class="card empty" role="status">{t(liveWork.isFailed() ? "work.unavailable" : "loading")}</p>
        </Match>
        <Match when={shown().length === 0}>
          <p class="card empty">{t("work.none")}</p>
        </Match>
      </Switch>
      <ul class="work-list">
        <For each={shown()}>
          {(key) => {
            const entry = createMemo<ListEntry>((before) => entryOf(key) ?? before!);
            return (
              <li>
                <Show when={workOf(entry())} fallback={<ContactLine contact={contactOf(entry())!} turnTo={props.turnTo} />}>
                  {(work) => <WorkLine work={work()} turnTo={props.turnTo} />}
                </Show>
              </li>
            );
          }}
        </For>
      </ul>
      <Show when={liveWork.list()?.hasMore}>
        <p class="quiet">{t("work.more")}</p>
      </Show>
    </section>
  );
}

function workOf(entry: ListEntry): ListedWork | undefined {
  return entry.is === "work" ? entry : undefined;
}

function contactOf(entry: ListEntry): ListedContact | undefined {
  return entry.is === "contact" ? entry : undefined;
}

function Due(props: { due: string | null | undefined }) {
  const console = useConsole();
  const isOver = () => {
    const now = console.session.now();
    return props.due != null && now !== undefined && Date.parse(props.due) < now;
  };
  return (
    <Show when={props.due}>
      {(due) => (
        <span class="due" data-over={isOver()}>
          {t(isOver() ? "work.overdue" : "work.due", { at: clockTime(Date.parse(due()), language(), true) })}
        </span>
      )}
    </Show>
  );
}

function ContactLine(props: { contact: ListedContact; turnTo: (contact: string) => void }) {
  const console = useConsole();
  const take = async () => (await console.takeContact(props.contact.contact)) && props.turnTo(props.contact.contact);
  return (
    <article class="card work-line" data-contact-line={props.contact.contact}>
      <p>
        <strong>{t(`channel.${props.contact.channel}`)}</strong>
        <Show when={props.contact.queue}>{(queue) => <> · {ownQueueText(queue())}</>}</Show> · {t(`work.state.${props.contact.state}`)}{" "}
        <Due due={props.contact.due} />
      </p>
      <Show when={props.contact.state === "waiting"}>
        <div class="buttons">
          <button type="button" class="button" aria-disabled={!console.isLive()} onClick={() => void take()}>
            {t("work.take")}
          </button>
        </div>
      </Show>
    </article>
  );
}

type Panel = "change" | "escalate" | "close";

function WorkLine(props: { work: ListedWork; turnTo: (contact: string) => void }) {
  const console = useConsole();
  const take = async () => {
    const task = await console.takeWork(props.work);
    if (task !== undefined) props.turnTo(task);
  };
  const [panel, setPanel] = createSignal<Panel | undefined>(undefined);
  const mayTake = () => props.work.state === "open" || props.work.state === "waiting";
  const shut = () => setPanel(undefined);
  const opener = (what: Panel) => (
    <button type="button" class="button button-small" aria-expanded={panel() === what} onClick={() => setPanel(panel() === what ? undefined : what)}>
      {t(`work.${what}`)}
    </button>
  );
  createEffect(() => {
    if (props.work.contact) shut();
  });
  return (
    <article class="card work-line" data-work={props.work.work} data-state={props.work.state}>
      <header class="contact-head">
        <div>
          <p class="quiet">
            {[t(`work.kind.${props.work.kind}`), props.work.category, props.work.team, props.work.owner].filter(Boolean).join(" · ")}
          </p>
          <h3 class="work-title">{props.work.title}</h3>
        </div>
        <p>
          <Due due={props.work.due} /> <span class="quiet">{t(`work.state.${props.work.state}`)}</span>
        </p>
      </header>
      <Show when={props.work.text}>{(text) => <p class="note-text">{text()}</p>}</Show>
      <Show when={props.work.escalation}>
        {(up) => <p class="quiet">{t("work.escalated", { team: up().team, reason: up().reason })}</p>}
      </Show>
      <div class="buttons">
        <Show when={mayTake()}>
          <button type="button" class="button button-small button-main" aria-disabled={!console.isLive()} onClick={() => void take()}>
            {t("work.take")}
          </button>
        </Show>
        {opener("change")}
        {opener("escalate")}
        {opener("close")}
      </div>
      <Switch>
        <Match when={panel() === "change"}>
          <ChangeWorkForm work={props.work} close={shut} />
        </Match>
        <Match when={panel() === "escalate"}>
          <EscalateWorkForm work={props.work} close={shut} />
        </Match>
        <Match when={panel() === "close"}>
          <CloseWorkForm work={props.work} close={shut} />
        </Match>
      </Switch>
    </article>
  );
}
