// Which campaign is open, by the page's address, so that it can be shared and the browser's way back leads back.

import { type Accessor, createSignal, onCleanup } from "solid-js";

export const ALL = "/campaigns";

/** The campaign that an address names; undefined: all of them. */
export function campaignAt(path: string): string | undefined {
  const id = path.startsWith(`${ALL}/`) ? path.slice(ALL.length + 1).replace(/\/+$/, "") : "";
  if (id === "") return undefined;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

export function addressOf(id: string): string {
  return `${ALL}/${encodeURIComponent(id)}`;
}

export type Place = { readonly opened: Accessor<string | undefined>; follow(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void };

export function createPlace(): Place {
  const [opened, setOpened] = createSignal(campaignAt(location.pathname));
  const heard = () => setOpened(campaignAt(location.pathname));
  window.addEventListener("popstate", heard);
  onCleanup(() => window.removeEventListener("popstate", heard));
  return {
    opened,
    // Whoever wants another tab gets one.
    follow: (event) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.pushState(null, "", event.currentTarget.href);
      heard();
      window.scrollTo(0, 0);
    },
  };
}
