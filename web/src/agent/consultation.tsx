// A colleague who is asked about a contact in hand: where that stands, and what to do next.

import { Show } from "solid-js";
import type { Consulting } from "../protocol";
import { t } from "../text";
import { CommandButton } from "./button";
import { useConsole } from "./console";
import type { InHand } from "./state";

/** In place of the usual buttons, while the customer is on hold. */
export function ConsultationBar(props: { one: InHand; asked: Consulting; isOff: boolean }) {
  const console = useConsole();
  const act = (what: Parameters<typeof console.consultation>[1]) => void console.consultation(props.one, what);
  const isConference = () => props.asked.role === "conference";
  const standing = () => {
    if (isConference()) return "consultation.conference";
    return props.one.state === "held" ? "consultation.with" : "consultation.held";
  };
  return (
    <section class="consultation" aria-label={t("consultation.title")}>
      <p class="contact-end" role="status">
        <Show when={props.asked.agent} fallback={t("consultation.waiting")}>
          {(who) => <>{t(standing(), { who: who() })}</>}
        </Show>
      </p>
      <div class="buttons">
        <Show when={props.asked.agent}>
          <CommandButton command="complete" kind="main" isOff={props.isOff} onPress={() => act("transfer.complete")}>
            {t(isConference() ? "consultation.leave_both" : "consultation.complete")}
          </CommandButton>
          <Show when={!isConference()}>
            <CommandButton command="swap" isOff={props.isOff} onPress={() => act("transfer.swap")}>
              {t("consultation.swap")}
            </CommandButton>
            <CommandButton command="conference" isOff={props.isOff} onPress={() => act("conference.add")}>
              {t("consultation.join")}
            </CommandButton>
          </Show>
        </Show>
        <CommandButton command="cancel" isOff={props.isOff} onPress={() => act("transfer.cancel")}>
          {t(isConference() ? "consultation.remove" : "consultation.cancel")}
        </CommandButton>
      </div>
    </section>
  );
}

/** The customer has left; the two agents talk on. */
export function ColleagueAlone(props: { asked: Consulting }) {
  const console = useConsole();
  return (
    <section class="card consultation" aria-label={t("consultation.title")}>
      <p role="status">{t("consultation.alone", { who: props.asked.agent ?? "" })}</p>
      <button
        type="button"
        class="button"
        aria-disabled={!console.isLive()}
        onClick={() => void console.leaveConsultation(props.asked.consultation)}
      >
        {t("consultation.leave")}
      </button>
    </section>
  );
}
