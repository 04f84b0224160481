// What is open beside the board: a queue, a contact or an agent. On a narrow screen it stands over all else.

import { createEffect, createMemo, type JSX, Match, on, onCleanup, onMount, type ParentProps, Show, Switch } from "solid-js";
import { MenuButton, type MenuItem } from "../parts/menu";
import { explain, isUnknownMethod } from "../refusal";
import { t } from "../text";
import { AgentPanel } from "./agent_panel";
import { useBoard } from "./board";
import { ContactPanel } from "./contact_panel";
import { openedText } from "./place";
import { QueuePanel } from "./queue_panel";

export function Panel() {
  const { places } = useBoard();
  const key = createMemo(() => {
    const opened = places.opened();
    return opened === null ? undefined : openedText(opened);
  });
  let place!: HTMLElement;
  // Focus goes with what is opened, and back to where it was opened.
  createEffect(
    on(key, (now, before) => {
      if (now !== undefined) {
        if (before !== undefined || document.activeElement !== document.body) place.querySelector("h2")?.focus();
        place.scrollTop = 0;
      } else if (typeof before === "string") {
        const opener = document.querySelector<HTMLElement>(`[data-opens="${CSS.escape(before)}"]`);
        (opener ?? document.getElementById("content"))?.focus();
      }
    }),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || places.opened() === null) return;
    if (document.querySelector("dialog[open]") !== null) return;
    // In a field that finds, Escape takes back what was typed.
    if (event.target instanceof HTMLInputElement && event.target.type === "search" && event.target.value !== "") return;
    event.preventDefault();
    places.back();
  };
  onMount(() => {
    window.addEventListener("keydown", onKeyDown);
    onCleanup(() => window.removeEventListener("keydown", onKeyDown));
  });
  return (
    <aside ref={place} class="panel" aria-label={t("panel.label")} hidden={key() === undefined}>
      <Show when={key()} keyed>
        {(_) => {
          const opened = places.opened()!;
          return (
            <Switch>
              <Match when={opened.is === "queue"}>
                <QueuePanel queue={opened.name} />
              </Match>
              <Match when={opened.is === "contact"}>
                <ContactPanel contact={opened.name} />
              </Match>
              <Match when={opened.is === "agent"}>
                <AgentPanel agent={opened.name} />
              </Match>
            </Switch>
          );
        }}
      </Show>
    </aside>
  );
}

/** A panel's head: what it is of, the way back, what can be done. */
export function PanelHead(props: ParentProps<{ kind: string; title: string; actions: () => MenuItem[] }>) {
  const { places } = useBoard();
  return (
    <header class="panel-head">
      <div>
        <p class="quiet">{props.kind}</p>
        <h2 tabindex="-1">{props.title}</h2>
        {props.children}
      </div>
      <div class="buttons">
        <Show when={props.actions().length > 0}>
          <MenuButton label={t("menu.of", { name: props.title })} items={props.actions} />
        </Show>
        <Show when={places.depth() > 1}>
          <button type="button" class="button button-small" onClick={() => places.back()}>
            {t("panel.back")}
          </button>
        </Show>
        <button type="button" class="button button-small" data-command="close_panel" onClick={() => places.close()}>
          {t("panel.close")}
        </button>
      </div>
    </header>
  );
}

/** What stands where an answer is not, or not yet. */
export function Unanswered(props: { failure: unknown; again: () => void }) {
  return (
    <Show when={props.failure !== undefined} fallback={<p class="loading">{t("loading")}</p>}>
      <p class="error" role="alert">
        {isUnknownMethod(props.failure) ? t("panel.older_server") : explain(props.failure)}
      </p>
      <Show when={!isUnknownMethod(props.failure)}>
        <button type="button" class="button button-small" onClick={() => props.again()}>
          {t("connection.again")}
        </button>
      </Show>
    </Show>
  );
}

/** A word and its value in a list of facts; nothing when there is no value. */
export function Fact(props: { name: string; children: JSX.Element }) {
  return (
    <div class="fact">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
