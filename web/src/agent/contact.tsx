// One contact in hand: who it is, what can be done with it, the note, and finishing up. Of those that are not
// chosen, a line.

import { lazy, Match, Show, Suspense, Switch } from "solid-js";
import { ownQueueText, segmentText } from "../contact_text";
import { duration } from "../format";
import { isRunning, recordingText } from "../recording_text";
import { t } from "../text";
import { CommandButton } from "./button";
import { useConsole } from "./console";
import { ConsultationBar } from "./consultation";
import { Keypad } from "./keypad";
import { NoteField } from "./note";
import { PromiseForm } from "./promise";
import type { InHand } from "./state";
import { nameOf } from "./state";
import { WhoCard } from "./who";
import { WrapUpForm } from "./wrap_up";

const Chat = lazy(() => import("./chat").then(({ Chat }) => ({ default: Chat })));
const TransferForm = lazy(() => import("./transfer").then(({ TransferForm }) => ({ default: TransferForm })));
const CustomerForm = lazy(() => import("./customer").then(({ CustomerForm }) => ({ default: CustomerForm })));
const EscalateForm = lazy(() => import("./handing").then(({ EscalateForm }) => ({ default: EscalateForm })));
const SuspendForm = lazy(() => import("./handing").then(({ SuspendForm }) => ({ default: SuspendForm })));

/** So that a key finds its form at once, though none is part of the first load. */
export function preloadForms(): void {
  for (const form of [Chat, TransferForm, CustomerForm, EscalateForm, SuspendForm]) void form.preload();
}

/** A form that stands open with a contact. */
export type Panel = "transfer" | "keypad" | "promise" | "customer" | "escalate" | "suspend";

export type ContactProps = {
  one: InHand;
  isChosen: boolean;
  panel: Panel | undefined;
  choose: () => void;
  open: (panel: Panel | undefined) => void;
};

/** What is written can be laid down until the customer writes again. */
export function canSuspend(one: InHand): boolean {
  return one.channel === "chat" || one.channel === "email" || one.channel === "task";
}

/** Only a call has an end that hears keys. */
export function canPressKeys(one: InHand): boolean {
  return one.channel === "voice" || one.channel === "callback";
}

export function Contact(props: ContactProps) {
  const console = useConsole();
  const since = () => {
    const now = console.session.now();
    return now === undefined ? null : now - props.one.since;
  };
  const unread = () => console.chats.conversation(props.one.contact).unread;
  return (
    <article
      class="card contact"
      data-contact={props.one.contact}
      data-segment={props.one.segment}
      data-state={props.one.state}
      data-chosen={props.isChosen}
      onFocusIn={() => props.choose()}
      onPointerDown={() => props.choose()}
    >
      <header class="contact-head">
        <div>
          <p class="quiet">
            <Show when={props.one.channel}>{(channel) => t(`channel.${channel()}`)}</Show>
            <Show when={props.one.queue}>{(queue) => ` · ${ownQueueText(queue())}`}</Show>
            <Show when={props.one.lead}>{(lead) => ` · ${t("offer.lead", { campaign: lead().campaign, list: lead().list })}`}</Show>
          </p>
          <h3 class="contact-name" tabindex="-1">
            {nameOf(props.one) ?? t("offer.unknown_customer")}
          </h3>
        </div>
        <p class="contact-state">
          <Show when={!props.isChosen && unread() > 0}>
            <span class="unread">{t("chat.unread", { count: unread() })}</span>{" "}
          </Show>
          <Show when={props.one.state !== "wrap_up" && props.one.recording}>
            {(recording) => <span class="recording" data-recording={recordingText(recording()).slice("recording.".length)}>{t(recordingText(recording()))}</span>}
          </Show>{" "}
          <strong>{segmentText(props.one.channel, props.one.state)}</strong> <span class="number">{duration(since())}</span>{" "}
          <Show when={!props.isChosen}>
            <button type="button" class="button button-small" onClick={() => props.choose()}>
              {t("contact.choose")}
            </button>
          </Show>
        </p>
      </header>
      <Show when={props.one.endedBy}>{(by) => <p class="contact-end">{t(`contact.ended_by.${by()}`)}</p>}</Show>
      <Show when={props.isChosen}>
        <Whole {...props} />
      </Show>
    </article>
  );
}

function Whole(props: ContactProps) {
  const isWrapUp = () => props.one.state === "wrap_up";
  const isOver = () => isWrapUp() || props.one.endedBy !== null;
  return (
    <>
      <Show when={props.one.transferredTo}>
        {(to) => <p class="contact-end">{t("contact.transferred", { to: Object.values(to())[0] ?? "" })}</p>}
      </Show>
      <Show when={props.one.askedBy}>{(by) => <p class="contact-end">{t("consultation.asked_by", { who: by().agent })}</p>}</Show>
      <WhoCard who={props.one} />
      <Suspense fallback={<p class="quiet">{t("loading")}</p>}>
        <Show when={(props.one.channel === "chat" || props.one.channel === "email") && props.one.askedBy === null}>
          <Chat one={props.one} isChosen={props.isChosen} isOver={isOver()} />
        </Show>
        <Show when={!isWrapUp()}>
          <Live {...props} />
        </Show>
        <Show when={isWrapUp() && props.panel === "customer"}>
          <CustomerForm one={props.one} close={() => props.open(undefined)} />
        </Show>
      </Suspense>
      {/* Whoever types when the customer hangs up types on. */}
      <NoteField one={props.one} />
      <Show when={isWrapUp()}>
        <WrapUpForm one={props.one} />
      </Show>
    </>
  );
}

function Live(props: ContactProps) {
  const console = useConsole();
  const isOff = () => !console.isLive() || props.one.state === "connecting" || props.one.endedBy !== null;
  const isMine = () => props.one.askedBy === null;
  const asked = () => {
    const consulting = console.state()?.consulting;
    return consulting?.contact === props.one.contact ? consulting : undefined;
  };
  const close = () => props.open(undefined);
  return (
    <Switch fallback={<Buttons {...props} isOff={isOff()} isMine={isMine()} />}>
      <Match when={asked()}>{(asked) => <ConsultationBar one={props.one} asked={asked()} isOff={isOff()} />}</Match>
      <Match when={props.panel === "transfer"}>
        <TransferForm one={props.one} close={close} />
      </Match>
      <Match when={props.panel === "keypad"}>
        <Keypad one={props.one} close={close} />
      </Match>
      <Match when={props.panel === "promise"}>
        <PromiseForm one={props.one} close={close} />
      </Match>
      <Match when={props.panel === "customer"}>
        <CustomerForm one={props.one} close={close} />
      </Match>
      <Match when={props.panel === "escalate"}>
        <EscalateForm one={props.one} close={close} />
      </Match>
      <Match when={props.panel === "suspend"}>
        <SuspendForm one={props.one} close={close} />
      </Match>
    </Switch>
  );
}

function Buttons(props: ContactProps & { isOff: boolean; isMine: boolean }) {
  const console = useConsole();
  const opener = (panel: Panel) => (
    <CommandButton command={panel} isOff={props.isOff} onPress={() => props.open(panel)}>
      {t(`contact.${panel}`)}
    </CommandButton>
  );
  return (
    <div class="buttons">
      <Show when={props.isMine}>
        <CommandButton command="hold" isOff={props.isOff || props.one.state === "set_aside"} onPress={() => void console.hold(props.one)}>
          {t(props.one.state === "held" ? "contact.unhold" : "contact.hold")}
        </CommandButton>
        {opener("transfer")}
      </Show>
      <CommandButton command="end" kind="bad" isOff={props.isOff} onPress={() => void console.end(props.one)}>
        {t(props.isMine ? "contact.end" : "consultation.leave")}
      </CommandButton>
      <Show when={props.isMine}>
        <Show when={canPressKeys(props.one)}>{opener("keypad")}</Show>
        <Show when={isRunning(props.one.recording)}>
          <CommandButton command="recording" isOff={props.isOff} onPress={() => void console.record(props.one)}>
            {t(props.one.recording?.should_be === "paused" ? "contact.resume_recording" : "contact.pause_recording")}
          </CommandButton>
        </Show>
        {opener("promise")}
        {opener("customer")}
        {opener("escalate")}
        <Show when={canSuspend(props.one)}>{opener("suspend")}</Show>
      </Show>
    </div>
  );
}
