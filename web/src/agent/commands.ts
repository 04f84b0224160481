// What each key of the console does, and whether it can be done now. It draws nothing.

import type { ContactOffered } from "../protocol";
import { isRunning } from "../recording_text";
import type { Console } from "./console";
import { canPressKeys, canSuspend, type Panel } from "./contact";
import { wordOfDigit } from "./disposition_words";
import * as drafts from "./drafts";
import type { Command } from "./shortcuts";
import type { InHand } from "./state";
import { said } from "./words";

/** What the desk does with itself. */
type DeskDoes = {
  accept: (offer: ContactOffered) => void;
  ask: () => void;
  view: (view: "contacts" | "work") => void;
  isOn: (view: "contacts" | "work") => boolean;
  turnTo: (one: InHand) => void;
  open: (one: InHand, panel: Panel) => void;
  wantLead: () => void;
  ring: () => void;
  sheet: () => void;
};

export function createCommands(console: Console, desk: DeskDoes) {
  const state = () => console.state();
  const onCurrent = (may: (one: InHand) => boolean, run: (one: InHand) => void): boolean => {
    const one = console.current();
    if (one === undefined || !may(one)) return false;
    if (console.isLive()) {
      desk.view("contacts");
      run(one);
    }
    return true;
  };
  const onOffer = (run: (offer: ContactOffered) => void): boolean => {
    const offer = state()?.offers[0];
    if (offer !== undefined && console.isLive()) run(offer);
    return offer !== undefined;
  };
  const whenLive = (run: () => void): boolean => {
    if (console.isLive()) run();
    return true;
  };
  const isLive = (one: InHand) => (one.state === "talking" || one.state === "held") && one.endedBy === null;
  const isMine = (one: InHand) => isLive(one) && one.askedBy === null;
  const isAsked = (one: InHand) => isLive(one) && state()?.consulting?.contact === one.contact;
  const hasColleague = (one: InHand) => isAsked(one) && state()?.consulting?.agent !== undefined;
  const isWrapUp = (one: InHand) => one.state === "wrap_up";
  const opens = (panel: Panel, may: (one: InHand) => boolean) => onCurrent(may, (one) => desk.open(one, panel));
  const consults = (what: Parameters<Console["consultation"]>[1], may: (one: InHand) => boolean) =>
    onCurrent(may, (one) => void console.consultation(one, what));
  const leads = (selector: string) =>
    onCurrent(() => true, (one) => partOf<HTMLElement>(one, selector)?.focus());
  /** To the contact before or after the current one, round and round. */
  const turn = (by: 1 | -1): boolean => {
    const all = state()?.inHand ?? [];
    const at = all.findIndex((one) => one.segment === console.current()?.segment);
    const next = all[(at + by + all.length) % all.length];
    if (next === undefined) return false;
    desk.view("contacts");
    desk.turnTo(next);
    return true;
  };

  const command = (command: Command): boolean => {
    switch (command) {
      case "available":
        return whenLive(() => void console.goAvailable());
      case "not_ready":
        return whenLive(desk.ask);
      case "contacts":
      case "work":
        desk.view(command);
        return true;
      case "next_lead":
        return whenLive(desk.wantLead);
      case "ring":
        desk.ring();
        return true;
      case "sheet":
        desk.sheet();
        return true;
      case "accept":
        return onOffer(desk.accept);
      case "decline":
        return onOffer((offer) => void console.decline(offer));
      case "previous":
        return turn(-1);
      case "next":
        return turn(1);
      case "hold":
        return onCurrent(isMine, (one) => void console.hold(one));
      case "transfer":
      case "promise":
      case "escalate":
        return opens(command, isMine);
      case "customer":
        return opens(command, (one) => isMine(one) || isWrapUp(one));
      case "keypad":
        return opens(command, (one) => isMine(one) && canPressKeys(one));
      case "recording":
        return onCurrent((one) => isMine(one) && isRunning(one.recording), (one) => void console.record(one));
      case "suspend":
        return opens(command, (one) => isMine(one) && canSuspend(one));
      case "complete":
        return consults("transfer.complete", hasColleague);
      case "swap":
        return consults("transfer.swap", hasColleague);
      case "conference":
        return consults("conference.add", hasColleague);
      case "cancel":
        return consults("transfer.cancel", isAsked);
      case "end":
        return onCurrent(isLive, (one) => void console.end(one));
      case "message":
        return leads("textarea[name=message]");
      case "note":
        return leads("textarea[name=note]");
      case "finish":
        return onCurrent(isWrapUp, (one) => partOf<HTMLFormElement>(one, "form[data-form=wrap_up]")?.requestSubmit());
      case "extend":
        return onCurrent((one) => isWrapUp(one) && one.endsAt !== null, (one) => void console.extend(one));
    }
  };

  /** What came of the contact, by the digit of its word; Enter then finishes. */
  const digit = (digit: number): boolean => {
    const one = console.current();
    if (one === undefined || !isWrapUp(one) || !desk.isOn("contacts")) return false;
    const word = wordOfDigit(said(one.lead?.dispositions) ?? console.words().dispositions, digit);
    if (word === undefined) return false;
    drafts.write(one.segment, { disposition: word });
    partOf<HTMLElement>(one, "input[name=disposition]")?.focus();
    return true;
  };

  return { command, digit };
}

function partOf<E extends Element>(one: InHand, selector: string): E | null {
  return document.querySelector<E>(`[data-segment="${CSS.escape(one.segment)}"] ${selector}`);
}
