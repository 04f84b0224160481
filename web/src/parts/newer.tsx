// Says when the server has newer pages than the one that runs. It never loads anything anew by itself: something
// may be typed, or in hand.

import { createEffect, createSignal, on, Show } from "solid-js";
import { useSession } from "../session";
import { t } from "../text";
import { announce } from "./announce";

/** The script that a page begins with, by the address in its text; its name changes with what is in it. */
export function entryScript(html: string): string | undefined {
  return /<script\b[^>]*\btype="module"[^>]*\bsrc="([^"]+)"/.exec(html)?.[1];
}

export function NewerPages() {
  const session = useSession();
  const [isNewer, setNewer] = createSignal(false);
  const running = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute("src");
  const look = async () => {
    try {
      const response = await fetch("/", { cache: "no-cache", credentials: "same-origin" });
      const there = response.ok ? entryScript(await response.text()) : undefined;
      if (there === undefined || there === running || isNewer()) return;
      setNewer(true);
      announce(t("newer.text"));
    } catch {
      // Asked again when a session opens the next time.
    }
  };
  createEffect(on(() => session.opened(), (opened) => opened !== undefined && void look()));
  return (
    <Show when={isNewer()}>
      <div class="banner banner-warn" data-banner="newer">
        <p>{t("newer.text")}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t("newer.reload")}
        </button>
      </div>
    </Show>
  );
}
