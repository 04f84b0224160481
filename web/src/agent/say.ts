// What an event means to the agent, said aloud or as a notice to those who do not look at the place where
// it shows. It changes nothing.

import { ownQueueText } from "../contact_text";
import { duration } from "../format";
import type { AgentHears } from "../protocol";
import { announce } from "../parts/announce";
import { showNotice } from "../parts/notices";
import { recordingText } from "../recording_text";
import { t } from "../text";
import { type AgentEvent, type ConsoleState, nameOf, whoIs } from "./state";

export function say(before: ConsoleState, event: AgentEvent): void {
  switch (event.method) {
    case "contact.offered": {
      const who = whoIs(event.params);
      const seconds = Math.round(event.params.expires_in_ms / 1_000);
      const channel = t(`channel.${event.params.contact.channel}`);
      const caller = nameOf(who) ?? t("offer.unknown_customer");
      announce(t("offer.said", { channel, queue: ownQueueText(event.params.contact.queue), who: caller, seconds }), true);
      return;
    }
    case "offer.ended": {
      const outcome = event.params.outcome;
      if (outcome === "accepted") return;
      if (outcome === "declined") announce(t("offer.declined"));
      else showNotice("info", t(`offer.${outcome}`));
      return;
    }
    case "contact.connected": {
      const one = before.inHand.find((other) => other.segment === event.params.segment);
      if (one) announce(t("contact.connected", { who: nameOf(one) ?? t("offer.unknown_customer") }));
      return;
    }
    case "contact.set_aside":
      announce(t("contact.set_aside"));
      return;
    case "contact.recording": {
      const { recording, why } = event.params;
      if (recording.is === "failed") showNotice("warning", t("recording.failed"));
      else if (why) showNotice("warning", t("recording.unchanged", { is: t(recordingText(recording)) }));
      else announce(t(recordingText(recording)));
      return;
    }
    case "contact.leg_lost":
      showNotice("warning", t("contact.leg_lost"));
      return;
    case "contact.leg_back":
      announce(t("contact.leg_back"));
      return;
    case "party.joined":
      announce(t(`party.${event.params.role}`, { who: event.params.agent }));
      return;
    case "party.left":
      if (event.params.why !== "completed" && event.params.why !== "cancelled") {
        showNotice("info", t(`party.left.${event.params.why}`));
      }
      return;
    case "contact.taken_over":
      showNotice("info", t("contact.taken_over", { who: event.params.from }));
      return;
    case "contact.ended":
      announce(t(`contact.ended_by.${event.params.by}`));
      return;
    case "segment.closed":
      sayClosed(before, event.params);
      return;
    case "lead.not_reached":
      sayNotReached(event.params);
      return;
    case "agent.changed":
    case "contact.connecting":
    case "contact.held":
    case "contact.unheld":
    case "contact.taken_up":
    case "contact.suspended":
    case "contact.transferred":
    case "party.invited":
    case "contact.updated":
    case "wrap_up.started":
    case "work.changed":
    case "message.status":
    case "contact.typing":
      return;
    case "message.received": {
      const one = before.inHand.find((other) => other.contact === event.params.contact);
      const who = (one && nameOf(one)) ?? t("offer.unknown_customer");
      announce(t("chat.said", { who, text: event.params.message.text }));
    }
  }
}

function sayNotReached(told: AgentHears["lead.not_reached"]): void {
  const why = told.outcome ? t(`attempt.${told.outcome}`) : t(`not_placed.${told.not_placed ?? "lead_closed"}`);
  showNotice("info", t(told.outcome ? "lead.not_reached" : "lead.not_placed", { why }));
}

function sayClosed(before: ConsoleState, closed: AgentHears["segment.closed"]): void {
  const endedBy = before.inHand.find((one) => one.segment === closed.segment)?.endedBy;
  if (closed.failure) {
    showNotice("warning", t("contact.not_connected", { why: t(`failure.${closed.failure}`) }));
  } else if (closed.not_placed) {
    showNotice("info", t("lead.not_placed", { why: t(`not_placed.${closed.not_placed}`) }));
  } else if (closed.call_failure) {
    showNotice("info", t("contact.not_reached", { why: t(`call_failure.${closed.call_failure}`) }));
  } else if (!closed.connected) {
    // Of a lead that was not reached it was said why.
    if (endedBy !== "router") showNotice("info", t("contact.caller_left"));
  } else {
    const spans = { talk: duration(closed.talk_ms), hold: duration(closed.hold_ms), wrap_up: duration(closed.wrap_up_ms) };
    announce(t("contact.closed", spans));
  }
}
