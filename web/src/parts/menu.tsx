// A button with a menu. One menu is open at a time, above everything; it does only what its items say.

import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { t } from "../text";

export type MenuItem = { text: string; run: () => void; isBad?: boolean };

type OpenMenu = { button: HTMLElement; label: string; items: MenuItem[] };

const GAP_PX = 4;
const [open, setOpen] = createSignal<OpenMenu | undefined>(undefined);

/** `items` is asked when the menu opens. */
export function MenuButton(props: { label: string; items: () => MenuItem[]; tabIndex?: number; column?: string }) {
  let button!: HTMLButtonElement;
  const isOpen = () => open()?.button === button;
  return (
    <button
      ref={button}
      type="button"
      class="button button-small menu-button"
      aria-haspopup="menu"
      aria-expanded={isOpen()}
      aria-label={props.label}
      title={t("menu.open")}
      tabindex={props.tabIndex}
      data-focus={props.column}
      onClick={() => (isOpen() ? setOpen(undefined) : setOpen({ button, label: props.label, items: props.items() }))}
    >
      <span aria-hidden="true">⋯</span>
    </button>
  );
}

/** Where menus are drawn; once on a page. */
export function MenuHost() {
  return <Show when={open()} keyed>{(menu) => <Menu menu={menu} />}</Show>;
}

function Menu(props: { menu: OpenMenu }) {
  let place!: HTMLDivElement;
  const items = () => [...place.querySelectorAll<HTMLButtonElement>('[role="menuitem"]')];
  const close = (returns: boolean) => {
    setOpen(undefined);
    if (returns && props.menu.button.isConnected) props.menu.button.focus();
  };
  const choose = (item: MenuItem) => {
    close(true);
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const next = nextItem(event.key, at, all.length);
    if (next !== undefined) all[next]?.focus();
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") close(true);
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };
  createEffect(() => {
    place.showPopover();
    stand(place, props.menu.button);
    items()[0]?.focus();
  });
  const outside = (event: Event) => {
    const target = event.target as Node;
    if (!place.contains(target) && !props.menu.button.contains(target)) close(false);
  };
  window.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", outside);
  onCleanup(() => {
    window.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", outside);
  });
  return (
    <div ref={place} class="menu" role="menu" popover="manual" aria-label={props.menu.label} onKeyDown={onKeyDown}>
      <For each={props.menu.items}>
        {(item) => (
          <button
            type="button"
            role="menuitem"
            class="menu-item"
            classList={{ bad: item.isBad === true }}
            tabindex="-1"
            onClick={() => choose(item)}
          >
            {item.text}
          </button>
        )}
      </For>
    </div>
  );
}

function nextItem(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % count;
    case "ArrowUp":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** Below the button if there is room, else above it; never beyond the window. */
function stand(menu: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + GAP_PX;
  const fits = below + size.height <= window.innerHeight;
  const top = fits ? below : Math.max(GAP_PX, from.top - size.height - GAP_PX);
  const left = Math.min(Math.max(GAP_PX, from.right - size.width), window.innerWidth - size.width - GAP_PX);
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${left}px`);
}
