// The desk: own state, offers, contacts in hand or the list of work. It lays out its parts.

import { createEffect, createMemo, createSignal, For, lazy, Match, onCleanup, Show, Suspense, Switch } from "solid-js";
import type { ContactOffered } from "../protocol";
import { t } from "../text";
import { alertChoices, chooseAlerts } from "./alert_choices";
import { AttentionPanel, useAttention } from "./attention";
import { CommandButton } from "./button";
import { Contact, type Panel, preloadForms } from "./contact";
import { useConsole } from "./console";
import { ColleagueAlone } from "./consultation";
import { createCommands } from "./commands";
import * as drafts from "./drafts";
import { FiguresPanel } from "./figures_panel";
import { Offers } from "./offers";
import { PresencePanel } from "./presence";
import { useShortcuts } from "./shortcuts";
import type { ConsoleState, InHand } from "./state";

const WorkView = lazy(() => import("./work"));
const NextLeadForm = lazy(() => import("./lead").then(({ NextLeadForm }) => ({ default: NextLeadForm })));
const ShortcutSheet = lazy(() => import("./sheet").then(({ ShortcutSheet }) => ({ default: ShortcutSheet })));

export type View = "contacts" | "work";

const PRELOADED_AFTER_MS = 500;

export function Desk(props: { state: ConsoleState }) {
  const console = useConsole();
  const [view, setView] = createSignal<View>("contacts");
  const [open, setOpen] = createSignal<{ segment: string; panel: Panel } | undefined>(undefined);
  const [isAsking, setAsking] = createSignal(false);
  const [isWanting, setWanting] = createSignal(false);
  const [isOnSheet, setOnSheet] = createSignal(false);
  const [accepted, setAccepted] = createSignal<string | undefined>(undefined);
  useAttention(() => props.state.offers);
  const preloading = setTimeout(() => {
    preloadForms();
    for (const view of [WorkView, NextLeadForm, ShortcutSheet]) void view.preload();
  }, PRELOADED_AFTER_MS);
  onCleanup(() => clearTimeout(preloading));

  const lookOutFor = (contact: string) => {
    setView("contacts");
    setAccepted(contact);
  };
  const accept = async (offer: ContactOffered) => {
    lookOutFor(offer.contact.id);
    if (!(await console.accept(offer))) setAccepted(undefined);
  };
  // What was accepted is what the agent turns to.
  createEffect(() => {
    const one = props.state.inHand.find((other) => other.contact === accepted() && other.state !== "wrap_up");
    if (one === undefined) return;
    setAccepted(undefined);
    turnTo(one);
  });
  const turnTo = (one: InHand) => {
    console.choose(one.segment);
    headingOf(one)?.focus();
  };
  const openPanel = (one: InHand, panel: Panel | undefined) => {
    setOpen(panel === undefined ? undefined : { segment: one.segment, panel });
    // Whoever closed a form goes on where it stood.
    if (panel === undefined) queueMicrotask(() => document.activeElement === document.body && headingOf(one)?.focus());
  };
  const commands = createCommands(console, {
    accept: (offer) => void accept(offer),
    ask: () => setAsking(true),
    view: setView,
    isOn: (wanted) => view() === wanted,
    turnTo,
    open: openPanel,
    wantLead: () => setWanting(true),
    ring: () => chooseAlerts({ isRinging: !alertChoices().isRinging }),
    sheet: () => setOnSheet(!isOnSheet()),
  });
  useShortcuts(commands);
  return (
    <div class="desk" data-stale={!console.isLive()}>
      <div class="desk-side">
        <PresencePanel state={props.state} isAsking={isAsking()} setAsking={setAsking} />
        <div class="card desk-more">
          <FiguresPanel />
          <AttentionPanel />
        </div>
      </div>
      <Offers offers={props.state.offers} accept={(offer) => void accept(offer)} />
      <div class="desk-main">
        <Show when={console.error() !== ""}>
          <div class="banner banner-bad" data-banner="error">
            <p>{console.error()}</p>
            <button type="button" class="button button-small" onClick={() => console.dismissError()}>
              {t("notice.dismiss")}
            </button>
          </div>
        </Show>
        <nav class="views" aria-label={t("views.title")}>
          <For each={["contacts", "work"] as const}>
            {(one) => (
              <CommandButton command={one} isPressed={view() === one} onPress={() => setView(one)}>
                {t(`views.${one}`)}
              </CommandButton>
            )}
          </For>
          <CommandButton command="next_lead" isOff={!console.isLive()} onPress={() => setWanting(true)}>
            {t("lead.ask")}
          </CommandButton>
          <CommandButton command="sheet" onPress={() => setOnSheet(true)}>
            {t("sheet.open")}
          </CommandButton>
        </nav>
        <Suspense fallback={<p class="loading">{t("loading")}</p>}>
          <Show when={isWanting()}>
            <NextLeadForm close={() => setWanting(false)} />
          </Show>
          <Switch>
            <Match when={view() === "work"}>
              <WorkView turnTo={lookOutFor} />
            </Match>
            <Match when={view() === "contacts"}>
              <InHandList state={props.state} panelOf={(segment) => (open()?.segment === segment ? open()?.panel : undefined)} open={openPanel} />
            </Match>
          </Switch>
          <Show when={isOnSheet()}>
            <ShortcutSheet close={() => setOnSheet(false)} />
          </Show>
        </Suspense>
        <UnsentNotes />
      </div>
    </div>
  );
}

function headingOf(one: InHand): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-segment="${CSS.escape(one.segment)}"] h3`);
}

type InHandListProps = {
  state: ConsoleState;
  panelOf: (segment: string) => Panel | undefined;
  open: (one: InHand, panel: Panel | undefined) => void;
};

function InHandList(props: InHandListProps) {
  const console = useConsole();
  const segments = createMemo(() => props.state.inHand.map((one) => one.segment), undefined, {
    equals: (a, b) => a.join("\n") === b.join("\n"),
  });
  return (
    <section class="in-hand-list" aria-labelledby="contacts-heading">
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
              isChosen={console.current()?.segment === segment}
              panel={props.panelOf(segment)}
              choose={() => console.choose(segment)}
              open={(panel) => props.open(one(), panel)}
            />
          );
        }}
      </For>
    </section>
  );
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
