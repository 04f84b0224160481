// The agent's console: who is there, and the desk once the server has said what is on it.

import { Show } from "solid-js";
import { ownQueueText } from "../contact_text";
import { SessionProvider } from "../session";
import { Layout } from "../parts/layout";
import { t } from "../text";
import { ConsoleContext, createConsole } from "./console";
import { Desk } from "./desk";

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
}
