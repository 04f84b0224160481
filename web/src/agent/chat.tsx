// The conversation of a chat in hand, and the line in which the agent writes. All of it is text, never markup.

import { createEffect, For, on, onMount, Show } from "solid-js";
import type { Message } from "../protocol";
import { clockTime } from "../format";
import { language, t } from "../text";
import { useConsole } from "./console";
import * as drafts from "./drafts";
import { type InHand, nameOf } from "./state";
import "../style/chat.css";

const TEXT_MAX = 8_000;
/** So near its end a list is kept at its end. */
const NEAR_END_PX = 60;

export function Chat(props: { one: InHand; isChosen: boolean; isOver: boolean }) {
  const console = useConsole();
  const { chats } = console;
  const conversation = () => chats.conversation(props.one.contact);
  const outgoing = () => drafts.draftOf(props.one.segment).outgoing;
  let lines: HTMLOListElement | undefined;
  onMount(() => chats.open(props.one.contact));
  createEffect(() => {
    if (props.isChosen && conversation().unread > 0) chats.seen(props.one.contact);
  });
  // Who reads further up is not moved.
  let isAtEnd = true;
  const unsent = () => outgoing().filter((line) => !chats.isSending(line.message)).length;
  createEffect(on([() => conversation().messages.length, () => outgoing().length, unsent, () => props.isChosen], () => {
    if (isAtEnd) queueMicrotask(() => lines?.scrollTo({ top: lines.scrollHeight }));
  }));
  const who = (message: Message) => {
    if (message.by === "customer") return nameOf(props.one) ?? t("chat.customer");
    if (message.by === "system") return t("chat.system");
    return message.agent === console.state()?.agent.agent ? t("chat.you") : (message.agent ?? t("chat.agent"));
  };
  const send = () => {
    isAtEnd = true;
    if (console.isLive() && !props.isOver) chats.write(props.one);
  };
  return (
    <section class="chat" aria-label={t("chat.title")}>
      <Show when={conversation().leftOut > 0}>
        <p class="quiet">{t("chat.left_out", { count: conversation().leftOut })}</p>
      </Show>
      <ol
        class="chat-lines"
        ref={lines}
        tabindex="0"
        aria-label={t("chat.lines")}
        onScroll={() => (isAtEnd = lines === undefined || lines.scrollHeight - lines.scrollTop - lines.clientHeight < NEAR_END_PX)}
      >
        <For each={conversation().messages}>
          {(message) => (
            <li class="chat-line" data-by={message.by} data-status={message.status}>
              <p class="quiet">
                {who(message)} · <time>{clockTime(Date.parse(message.at), language(), false)}</time>
                <Show when={message.by === "agent" && message.status !== "sent"}> · {t(`chat.${message.status}`)}</Show>
              </p>
              <p class="chat-text">{message.text}</p>
              <Show when={message.status === "failed" && !props.isOver}>
                <button type="button" class="button button-small" aria-disabled={!console.isLive()} onClick={() => chats.repeat(props.one, message.text)}>
                  {t("chat.again")}
                </button>
              </Show>
            </li>
          )}
        </For>
        <For each={outgoing()}>
          {(line) => (
            <li class="chat-line" data-by="agent" data-status={chats.isSending(line.message) ? "sending" : "unsent"}>
              <p class="quiet">
                {t("chat.you")} · {t(chats.isSending(line.message) ? "chat.sending" : "chat.unsent")}
              </p>
              <p class="chat-text">{line.text}</p>
              <Show when={!chats.isSending(line.message)}>
                <button type="button" class="button button-small" aria-disabled={!console.isLive()} onClick={() => chats.again(props.one, line)}>
                  {t("chat.again")}
                </button>
              </Show>
            </li>
          )}
        </For>
      </ol>
      <p class="quiet chat-typing" role="status">
        <Show when={chats.isTyping(props.one.contact)}>{t("chat.typing", { who: nameOf(props.one) ?? t("chat.customer") })}</Show>
      </p>
      <Show when={!props.isOver}>
        <form
          class="chat-form"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <textarea
            name="message"
            rows="2"
            maxlength={TEXT_MAX}
            aria-label={t("chat.message")}
            placeholder={t("chat.placeholder")}
            value={drafts.draftOf(props.one.segment).message}
            onInput={(event) => chats.types(props.one, event.currentTarget.value)}
            onKeyDown={(event) => {
              // While characters are being composed, Enter belongs to the input method.
              if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
              event.preventDefault();
              send();
            }}
          />
          <button type="submit" class="button button-main" aria-disabled={!console.isLive()}>
            {t("chat.send")}
          </button>
        </form>
      </Show>
    </section>
  );
}
