// What the board shows of all it has, kept in the address, so that it can be shared and the browser's way back
// leads back. It asks the server nothing.

import { type Accessor, createSignal, onCleanup } from "solid-js";

export const OPENABLE = ["queue", "contact", "agent"] as const;
export type Opened = { readonly is: (typeof OPENABLE)[number]; readonly name: string };

/** The settings of the tables, by their names in the address. */
export type View = Readonly<Record<"queues_find" | "queues_sort" | "agents_find" | "agents_sort" | "away", string>>;
const VIEW_NAMES = ["queues_find", "queues_sort", "agents_find", "agents_sort", "away"] as const;

export type Place = { readonly opened: Opened | null; readonly view: View };

export function readPlace(search: string): Place {
  const fields = new URLSearchParams(search);
  const view = Object.fromEntries(VIEW_NAMES.map((name) => [name, fields.get(name) ?? ""])) as View;
  return { opened: readOpened(fields.get("open")), view };
}

/** The address's part after the path; what is empty is left out. */
export function placeText(place: Place): string {
  const fields = new URLSearchParams();
  for (const name of VIEW_NAMES) if (place.view[name] !== "") fields.set(name, place.view[name]);
  if (place.opened !== null) fields.set("open", openedText(place.opened));
  const text = fields.toString();
  return text === "" ? "" : `?${text}`;
}

export function openedText(opened: Opened): string {
  return `${opened.is}:${opened.name}`;
}

function readOpened(text: string | null): Opened | null {
  const at = text?.indexOf(":") ?? -1;
  if (text === null || at < 0) return null;
  const is = OPENABLE.find((one) => one === text.slice(0, at));
  const name = text.slice(at + 1);
  return is === undefined || name === "" ? null : { is, name };
}

export type Places = {
  readonly opened: Accessor<Opened | null>;
  readonly view: Accessor<View>;
  /** How many panels lie under the one that is open. */
  readonly depth: Accessor<number>;
  open(opened: Opened): void;
  /** To what was open before, or to none. */
  back(): void;
  close(): void;
  change(view: Partial<View>): void;
};

type Kept = { depth?: number } | null;

export function createPlaces(): Places {
  const [place, setPlace] = createSignal(readPlace(location.search), { equals: (a, b) => placeText(a) === placeText(b) });
  const depthNow = () => (history.state as Kept)?.depth ?? 0;
  const [depth, setDepth] = createSignal(depthNow());
  const heard = () => {
    setDepth(depthNow());
    setPlace(readPlace(location.search));
  };
  window.addEventListener("popstate", heard);
  onCleanup(() => window.removeEventListener("popstate", heard));
  const go = (next: Place, depth: number, isNew: boolean) => {
    const address = location.pathname + placeText(next);
    if (isNew) history.pushState({ depth }, "", address);
    else history.replaceState({ depth }, "", address);
    setDepth(depth);
    setPlace(next);
  };
  const close = () => {
    if (place().opened !== null) go({ ...place(), opened: null }, 0, true);
  };
  return {
    opened: () => place().opened,
    view: () => place().view,
    depth,
    open: (opened) => {
      const now = place().opened;
      if (now !== null && openedText(now) === openedText(opened)) return;
      go({ ...place(), opened }, now === null ? 1 : depth() + 1, true);
    },
    back: () => (depth() > 1 ? history.back() : close()),
    close,
    change: (view) => go({ ...place(), view: { ...place().view, ...view } }, depth(), false),
  };
}
