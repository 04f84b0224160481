// The agent's console: state, offers, contacts in hand. It lays out its parts and gives keys their meaning.

import { createMemo, createSignal, For, Show } from "solid-js";
import { ownQueueText } from "../contact_text";
import type { ContactOffered } from "../protocol";
import { SessionProvider } from "../session";
import { Layout } from "../parts/layout";
import { t } from "../text";
import { Contact } from "./contact";
import { ConsoleContext, createConsole } from "./console";
import { ColleagueAlone } from "./consultation";
import * as drafts from "./drafts";
import { Offers } from "./offers";
import { PresencePanel } from "./presence";
import { type Command, useShortcuts } from "./shortcuts";
import type { ConsoleState, InHand } from "./state";

export default function ConsolePage() {
  const console = createConsole();
  const mark = () => {
    const offer = console.state()?.offers[0];
    return offer === undefined ? undefined : `● ${t(`channel.${offer.contact.channel}`)}: ${ownQueueText(offer.contact.queue)}`;
  };
  const isMine = () => console.session.status().is !== "taken_over";
  return (
    <SessionProvider session={console.session}>
      <ConsoleContext.Provider value={console}>
        <Layout title="console.title" {...(mark() === undefined ? {} : { mark: mark()! })} onSignOut={() => void console.logOut()}>
          <h1 class="visually-hidden">{t("console.title")}</h1>
          <Show when={console.state()} fallback={<Show when={isMine()}><p class="loading">{t("loading")}</p></Show>}>
            {(state) => (
              <Show when={isMine()}>
                <Desk state={state()} />
              </Show>
            )}
          </Show>
        </Layout>
      </ConsoleContext.Provider>
    </SessionProvider>
  );

  function Desk(props: { state: ConsoleState }) {
    const [chosen, setChosen] = createSignal<string | undefined>(undefined);
    const [handingOn, setHandingOn] = createSignal<string | undefined>(undefined);
    const [isAsking, setAsking] = createSignal(false);
    const current = createMemo(() => {
      const all = props.state.inHand;
      return all.find((one) => one.segment === chosen()) ?? all.find((one) => one.state !== "wrap_up") ?? all[0];
    });
    const segments = createMemo(() => props.state.inHand.map((one) => one.segment), undefined, {
      equals: (a, b) => a.join("\n") === b.join("\n"),
    });
    const accept = async (offer: ContactOffered) => {
      if (!(await console.accept(offer))) return;
      requestAnimationFrame(() => {
        const heading = document.querySelector<HTMLElement>(`[data-contact="${CSS.escape(offer.contact.id)}"] h3`);
        if (document.activeElement === document.body) heading?.focus();
      });
    };
    const onCurrent = (may: (one: InHand) => boolean, run: (one: InHand) => void): boolean => {
      const one = current();
      if (one === undefined || !may(one)) return false;
      if (console.isLive()) run(one);
      return true;
    };
    const isLive = (one: InHand) => (one.state === "talking" || one.state === "held") && one.endedBy === null;
    const isAsked = (one: InHand) => isLive(one) && props.state.consulting?.contact === one.contact;
    const hasColleague = (one: InHand) => isAsked(one) && props.state.consulting?.agent !== undefined;
    const isWrapUp = (one: InHand) => one.state === "wrap_up";
    const runCommand = (command: Command): boolean => {
      const offer = props.state.offers[0];
      switch (command) {
        case "available":
          if (console.isLive()) void console.goAvailable();
          return true;
        case "not_ready":
          if (console.isLive()) setAsking(true);
          return true;
        case "accept":
          if (offer !== undefined && console.isLive()) void accept(offer);
          return offer !== undefined;
        case "decline":
          if (offer !== undefined && console.isLive()) void console.decline(offer);
          return offer !== undefined;
        case "hold":
          return onCurrent(isLive, (one) => void console.hold(one));
        case "transfer":
          return onCurrent(isLive, (one) => setHandingOn(one.segment));
        case "complete":
          return onCurrent(hasColleague, (one) => void console.consultation(one, "transfer.complete"));
        case "swap":
          return onCurrent(hasColleague, (one) => void console.consultation(one, "transfer.swap"));
        case "conference":
          return onCurrent(hasColleague, (one) => void console.consultation(one, "conference.add"));
        case "cancel":
          return onCurrent(isAsked, (one) => void console.consultation(one, "transfer.cancel"));
        case "end":
          return onCurrent(isLive, (one) => void console.end(one));
        case "note":
          return onCurrent(() => true, (one) => partOf<HTMLTextAreaElement>(one, "textarea[name=note]")?.focus());
        case "finish":
          return onCurrent(isWrapUp, (one) => partOf<HTMLFormElement>(one, "form[data-form=wrap_up]")?.requestSubmit());
        case "extend":
          return onCurrent((one) => isWrapUp(one) && one.endsAt !== null, (one) => void console.extend(one));
      }
    };
    useShortcuts(runCommand);
    return (
      <div class="desk" data-stale={!console.isLive()}>
        <PresencePanel state={props.state} isAsking={isAsking()} setAsking={setAsking} />
        <div class="desk-main">
          <Show when={console.error() !== ""}>
            <div class="banner banner-bad" data-banner="error">
              <p>{console.error()}</p>
              <button type="button" class="button button-small" onClick={() => console.dismissError()}>
                {t("notice.dismiss")}
              </button>
            </div>
          </Show>
          <Offers offers={props.state.offers} accept={(offer) => void accept(offer)} />
          <section aria-labelledby="contacts-heading">
            <h2 id="contacts-heading">{t("contacts.title")}</h2>
            <Show when={props.state.consulting?.contact === undefined && props.state.consulting}>
              {(asked) => <ColleagueAlone asked={asked()} />}
            </Show>
            <For each={segments()} fallback={<p class="card empty">{t("contacts.none")}</p>}>
              {(segment) => {
                const one = createMemo<InHand>(
                  (before) => props.state.inHand.find((other) => other.segment === segment) ?? before!,
                );
                return (
                  <Contact
                    one={one()}
                    isChosen={current()?.segment === segment}
                    isHandingOn={handingOn() === segment}
                    choose={() => setChosen(segment)}
                    setHandingOn={(is) => setHandingOn(is ? segment : undefined)}
                  />
                );
              }}
            </For>
          </section>
          <UnsentNotes />
        </div>
      </div>
    );
  }
}

function partOf<E extends Element>(one: InHand, selector: string): E | null {
  return document.querySelector<E>(`[data-segment="${CSS.escape(one.segment)}"] ${selector}`);
}

function UnsentNotes() {
  return (
    <For each={drafts.unsent()}>
      {(unsent) => (
        <div class="card unsent">
          <p>
            <strong>{unsent.who}</strong> · {t("wrap_up.unsent")}
          </p>
          <p class="note-text">{unsent.note}</p>
          <button type="button" class="button button-small" onClick={() => drafts.discard(unsent.segment)}>
            {t("wrap_up.discard")}
          </button>
        </div>
      )}
    </For>
  );
}
