// What every page has around it: header, connection, sign-in, notices. It knows no page's content.

import { createEffect, For, Match, type ParentProps, Show, Switch } from "solid-js";
import { clockTime } from "../format";
import { type Entry, mayOpen, useSession } from "../session";
import { keyOf, language, LANGUAGES, setLanguage, t, type TextKey } from "../text";
import { Announcer } from "./announce";
import { ConnectionBanner, ConnectionMark } from "./connection_state";
import { NewerPages } from "./newer";
import { Notices } from "./notices";
import { SignIn } from "./sign_in";

type LayoutProps = ParentProps<{
  title: TextKey;
  mark?: string;
  onSignOut?: () => void;
  /** Without header, once somebody is signed in. */
  isBare?: boolean;
}>;

export function Layout(props: LayoutProps) {
  const session = useSession();
  createEffect(() => {
    document.title = `${props.mark === undefined ? "" : `${props.mark} · `}${t(props.title)} · ${t("app")}`;
  });
  return (
    <>
      <a class="skip" href="#content">
        {t("skip")}
      </a>
      <Show when={props.isBare !== true || !session.person()}>
        <Header title={props.title} onSignOut={props.onSignOut ?? (() => void session.signOut())} />
      </Show>
      <main id="content" tabindex="-1" data-bare={props.isBare === true}>
        <Switch fallback={<Inside {...props} />}>
          <Match when={session.person() === undefined}>
            <p class="loading" role="status">
              {session.isUnreachable() ? t("connection.nobody") : t("loading")}
            </p>
          </Match>
          <Match when={session.person() === null}>
            <SignIn title={props.title} />
          </Match>
        </Switch>
      </main>
      <Announcer />
    </>
  );
}

function Inside(props: LayoutProps) {
  const session = useSession();
  const isAllowed = () => {
    const person = session.person();
    return person !== null && person !== undefined && mayOpen(session.entry, person);
  };
  const refusal = (): TextKey => keyOf(`sign_in.role.${session.entry}`) ?? "sign_in.role.supervisor";
  return (
    <Show
      when={isAllowed()}
      fallback={
        <div class="card sign-in">
          <h1>{t(props.title)}</h1>
          <p>{t(refusal(), { user: session.person()?.user ?? "" })}</p>
          <button type="button" class="button" onClick={() => void session.signOut()}>
            {t("sign_in.other_user")}
          </button>
        </div>
      }
    >
      <ConnectionBanner />
      <NewerPages />
      <Notices />
      {props.children}
    </Show>
  );
}

function Header(props: { title: TextKey; onSignOut: () => void }) {
  const session = useSession();
  // Only what this person may open; before anybody is signed in, all.
  const page = (href: string, text: TextKey, entry: Entry) => {
    const mayGo = () => {
      const person = session.person();
      return !person || mayOpen(entry, person);
    };
    return (
      <Show when={mayGo()}>
        <a href={href} aria-current={props.title === text.replace("nav.", "") + ".title" ? "page" : undefined}>
          {t(text)}
        </a>
      </Show>
    );
  };
  return (
    <header class="header">
      <span class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true" class="brand-mark">
          <rect width="32" height="32" rx="7" />
          <path d="M9 8v9a7 7 0 0 0 14 0V8" />
        </svg>
        {t("app")}
      </span>
      <nav aria-label={t("nav.pages")}>
        {page("/", "nav.board", "supervisor")}
        {page("/campaigns", "nav.campaigns", "campaigns")}
        {page("/agent", "nav.console", "agent")}
      </nav>
      <Show when={session.person()}>
        <Show when={session.hasSocket}>
          <ConnectionMark />
        </Show>
        <Show when={session.opened()}>
          {(opened) => (
            <span class="header-clock">
              <span class="header-site">{opened().site}</span>{" "}
              <time aria-label={t("clock")}>{clockTime(session.now(), language(), true)}</time>{" "}
              <Show when={session.clock.speed !== 1}>
                <span class="quiet">{t("clock.speed", { speed: session.clock.speed })}</span>
              </Show>
            </span>
          )}
        </Show>
      </Show>
      <span class="header-end">
        <select
          class="language"
          aria-label={t("language")}
          value={language()}
          onChange={(event) => setLanguage(event.currentTarget.value)}
        >
          <For each={[...LANGUAGES.keys()]}>
            {(tag) => (
              <option value={tag} lang={tag}>
                {new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag}
              </option>
            )}
          </For>
        </select>
        <Show when={session.person()}>
          {(person) => (
            <>
              <span class="header-user">{person().user}</span>
              <button type="button" class="button button-small" onClick={() => props.onSignOut()}>
                {t("sign_out")}
              </button>
            </>
          )}
        </Show>
      </span>
    </header>
  );
}
