// An agent from near: how he stands, what he has in hand, why he gets what he gets. It changes nothing.

import { createMemo, For, Show } from "solid-js";
import { duration, percent } from "../format";
import { MenuButton } from "../parts/menu";
import type { BoardAgent } from "../protocol";
import { language, t } from "../text";
import { agentActions, contactActions } from "./actions";
import { contactText } from "./agents";
import { useBoard } from "./board";
import { useAgo } from "./now";
import { Fact, PanelHead } from "./panel";
import { Mark } from "./standings";
import { standing } from "./state";
import { WhyOfAgent } from "./why_agent";

export function AgentPanel(props: { agent: string }) {
  const board = useBoard();
  const row = createMemo(() => board.live.agents.get(props.agent));
  const actions = () => {
    const known = row();
    return known === undefined ? [] : agentActions(board, known).slice(1);
  };
  return (
    <>
      <PanelHead kind={t("board.agent")} title={board.agentTitle(props.agent)} actions={actions} />
      <Show when={row()} fallback={<p class="empty">{t("agent.not_there")}</p>}>
        {(known) => (
          <>
            <Facts agent={known()} />
            <InHand agent={known()} />
          </>
        )}
      </Show>
      <WhyOfAgent agent={props.agent} changes={row} />
    </>
  );
}

function Facts(props: { agent: BoardAgent }) {
  const ago = useAgo();
  return (
    <dl class="facts">
      <Fact name={t("board.state")}>
        <Mark standing={standing(props.agent)} />
        {t(`standing.${standing(props.agent)}`)}
        <Show when={props.agent.presence === "not_ready" && props.agent.reason}> · {props.agent.reason}</Show>{" "}
        <span class="quiet number">{duration(ago(props.agent.since))}</span>
      </Fact>
      <Fact name={t("board.handled")}>{props.agent.handled}</Fact>
      <Fact name={t("board.occupancy")}>{percent(props.agent.occupancy, language())}</Fact>
    </dl>
  );
}

function InHand(props: { agent: BoardAgent }) {
  const board = useBoard();
  const ago = useAgo();
  return (
    <section aria-labelledby="in-hand-heading">
      <h3 id="in-hand-heading">{t("board.in_hand")}</h3>
      <Show when={props.agent.contacts.length > 0} fallback={<p class="quiet">{t("board.none_in_hand")}</p>}>
        <ul class="queued">
          <For each={props.agent.contacts}>
            {(contact) => (
              <li class="queued-one" data-contact={contact.contact}>
                <span class="queued-who">
                  <button
                    type="button"
                    class="link"
                    data-opens={`contact:${contact.contact}`}
                    onClick={() => board.places.open({ is: "contact", name: contact.contact })}
                  >
                    {contactText(board, contact)}
                  </button>
                </span>
                <time class="number">{duration(ago(contact.since))}</time>
                <MenuButton
                  label={t("menu.of", { name: contact.contact })}
                  items={() =>
                    contactActions(board, {
                      contact: contact.contact,
                      state: contact.state,
                      queue: contact.queue,
                      priority: null,
                      isCall: contact.channel === "voice" || contact.channel === "callback",
                    })
                  }
                />
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
