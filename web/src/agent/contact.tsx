// One contact in hand: who it is, what can be done with it, the note, and finishing up.

import { createSignal, Match, Show, Switch } from "solid-js";
import { ownQueueText, segmentText } from "../contact_text";
import { Refused } from "../connection";
import { duration } from "../format";
import { Field } from "../parts/field";
import { t } from "../text";
import { CommandButton } from "./button";
import { explain, useConsole } from "./console";
import { ConsultationBar } from "./consultation";
import { Countdown } from "./countdown";
import * as drafts from "./drafts";
import { Words } from "./presence";
import type { InHand } from "./state";
import { nameOf } from "./state";
import { TransferForm } from "./transfer";
import { WhoCard } from "./who";

const NOTE_MAX = 4_000;

export type ContactProps = {
  one: InHand;
  isChosen: boolean;
  isHandingOn: boolean;
  choose: () => void;
  setHandingOn: (is: boolean) => void;
};

export function Contact(props: ContactProps) {
  const console = useConsole();
  const since = () => {
    const now = console.session.now();
    return now === undefined ? null : now - props.one.since;
  };
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
          </p>
          <h3 class="contact-name" tabindex="-1">
            {nameOf(props.one) ?? t("offer.unknown_customer")}
          </h3>
        </div>
        <p class="contact-state">
          <strong>{segmentText(props.one.channel, props.one.state)}</strong> <span class="number">{duration(since())}</span>
        </p>
      </header>
      <Show when={props.one.endedBy}>{(by) => <p class="contact-end">{t(`contact.ended_by.${by()}`)}</p>}</Show>
      <Show when={props.one.transferredTo}>
        {(to) => <p class="contact-end">{t("contact.transferred", { to: Object.values(to())[0] ?? "" })}</p>}
      </Show>
      <Show when={props.one.askedBy}>{(by) => <p class="contact-end">{t("consultation.asked_by", { who: by().agent })}</p>}</Show>
      <WhoCard who={props.one} />
      <Switch>
        <Match when={props.one.state === "wrap_up"}>
          <WrapUpForm one={props.one} />
        </Match>
        <Match when={props.one.state !== "wrap_up"}>
          <Live {...props} />
        </Match>
      </Switch>
    </article>
  );
}

function Live(props: ContactProps) {
  const console = useConsole();
  const isOff = () => !console.isLive() || props.one.state === "connecting" || props.one.endedBy !== null;
  const asked = () => {
    const consulting = console.state()?.consulting;
    return consulting?.contact === props.one.contact ? consulting : undefined;
  };
  return (
    <>
      <Switch
        fallback={
          <div class="buttons">
            <Show when={props.one.askedBy === null}>
              <CommandButton command="hold" isOff={isOff() || props.one.state === "set_aside"} onPress={() => void console.hold(props.one)}>
                {t(props.one.state === "held" ? "contact.unhold" : "contact.hold")}
              </CommandButton>
              <CommandButton command="transfer" isOff={isOff()} onPress={() => props.setHandingOn(true)}>
                {t("contact.transfer")}
              </CommandButton>
            </Show>
            <CommandButton command="end" kind="bad" isOff={isOff()} onPress={() => void console.end(props.one)}>
              {t(props.one.askedBy === null ? "contact.end" : "consultation.leave")}
            </CommandButton>
          </div>
        }
      >
        <Match when={asked()}>{(asked) => <ConsultationBar one={props.one} asked={asked()} isOff={isOff()} />}</Match>
        <Match when={props.isHandingOn}>
          <TransferForm one={props.one} close={() => props.setHandingOn(false)} />
        </Match>
      </Switch>
      <Note one={props.one} />
    </>
  );
}

function Note(props: { one: InHand }) {
  return (
    <Field label={t("wrap_up.note")} hint={t("wrap_up.optional")} error="">
      {(field) => (
        <textarea
          {...field}
          name="note"
          rows="3"
          maxlength={NOTE_MAX}
          value={drafts.draftOf(props.one.segment).note}
          onInput={(event) => drafts.write(props.one.segment, { note: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

function WrapUpForm(props: { one: InHand }) {
  const console = useConsole();
  const [fieldError, setFieldError] = createSignal("");
  const [error, setError] = createSignal("");
  let input: HTMLInputElement | undefined;
  const disposition = () => drafts.draftOf(props.one.segment).disposition;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!console.isLive()) return;
    setError("");
    setFieldError("");
    if (props.one.disposition === "required" && disposition().trim() === "") {
      setFieldError(t("wrap_up.disposition_missing"));
      return input?.focus();
    }
    try {
      await console.finish(props.one);
    } catch (failure) {
      const isField = failure instanceof Refused && failure.why.kind === "invalid_field" && failure.why.field === "disposition";
      if (isField) {
        setFieldError(disposition().trim() === "" ? t("wrap_up.disposition_missing") : explain(failure));
        input?.focus();
      } else setError(explain(failure));
    }
  };
  return (
    <form class="form" data-form="wrap_up" onSubmit={submit} novalidate>
      <Show when={props.one.endsAt}>
        {(endsAt) => <Countdown endsAt={endsAt()} lastsMs={endsAt() - props.one.since} text="wrap_up.left" />}
      </Show>
      <Field
        label={t("wrap_up.disposition")}
        hint={t(props.one.disposition === "required" ? "wrap_up.required" : "wrap_up.optional")}
        error={fieldError()}
      >
        {(field) => (
          <input
            {...field}
            ref={(element) => {
              input = element;
              // Whoever is typing elsewhere is not disturbed.
              queueMicrotask(() => document.activeElement === document.body && element.focus());
            }}
            name="disposition"
            list="dispositions"
            maxlength="64"
            autocomplete="off"
            aria-required={props.one.disposition === "required"}
            value={disposition()}
            onInput={(event) => drafts.write(props.one.segment, { disposition: event.currentTarget.value })}
          />
        )}
      </Field>
      <Words id="dispositions" words={console.words().dispositions} />
      <Note one={props.one} />
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <div class="buttons">
        <CommandButton command="finish" kind="main" isSubmit isOff={!console.isLive()}>
          {t("wrap_up.finish")}
        </CommandButton>
        <Show when={props.one.endsAt !== null}>
          <CommandButton command="extend" isOff={!console.isLive()} onPress={() => void console.extend(props.one)}>
            {t("wrap_up.extend")}
          </CommandButton>
        </Show>
      </div>
    </form>
  );
}
