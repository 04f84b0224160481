// A table of many rows that draws only those near the eye: rows of one height, sorted by any column, walked
// with arrow keys. It knows nothing of what the rows are.

import { type Accessor, createEffect, createMemo, createSignal, For, Index, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { keptOrder, sameOrder, type Sort } from "./order";
import { t } from "../text";
import { type Window, windowOf } from "./window";

export type GridColumn<Column extends string> = {
  name: Column;
  title: string;
  /** What the title is short for. */
  meaning?: string;
  isNumber?: boolean;
};

/** What a row's first cell and its menu need to take part in walking. */
export type RowPlace = { tabIndex: () => number };

export function Grid<Column extends string>(props: {
  class: string;
  labelledby: string;
  columns: GridColumn<Column>[];
  /** The title of the last column, which holds each row's menu. */
  menuTitle: string;
  order: string[];
  sort: Sort<Column>;
  onSort: (sort: Sort<Column>) => void;
  /** A drawn row is of another name when the order changes: what is made here follows it. */
  children: (name: Accessor<string>, place: RowPlace) => JSX.Element;
  /** More attributes of a row, as getters. */
  attributes: (name: Accessor<string>) => JSX.HTMLAttributes<HTMLTableRowElement> & Record<`data-${string}`, string | boolean | undefined>;
}) {
  let box!: HTMLDivElement;
  let body!: HTMLTableSectionElement;
  const [hasFocus, setFocus] = createSignal(false);
  const [active, setActive] = createSignal<string | undefined>(undefined);
  const [seen, setSeen] = createSignal<Window>(windowOf(0, 0, 0, 0));

  // While somebody walks through the rows they stand still: moved rows would lose him.
  const order = createMemo<{ names: string[]; sort: Sort<Column> }>((before) => {
    const isStanding = before !== undefined && hasFocus() && before.sort === props.sort;
    const names = isStanding ? keptOrder(before.names, props.order) : props.order;
    return before !== undefined && before.sort === props.sort && sameOrder(before.names, names) ? before : { names, sort: props.sort };
  });
  const names = () => order().names;
  const shown = createMemo(() => names().slice(seen().first, seen().last), undefined, { equals: sameOrder });
  const stop = createMemo(() => {
    const one = active();
    return one !== undefined && shown().includes(one) ? one : shown()[0];
  });

  const look = () => {
    const row = body.querySelector<HTMLElement>("tr[data-row]");
    const next = windowOf(box.scrollTop, box.clientHeight, row?.offsetHeight ?? 0, names().length);
    setSeen((before) => (before.first === next.first && before.last === next.last && before.height === next.height ? before : next));
  };
  onMount(() => {
    const observer = new ResizeObserver(look);
    observer.observe(box);
    onCleanup(() => observer.disconnect());
  });
  createEffect(on(() => names().length, () => queueMicrotask(look)));

  const focusRow = (place: number, column: string) => {
    const name = names()[Math.max(0, Math.min(names().length - 1, place))];
    if (name === undefined) return;
    const height = body.querySelector<HTMLElement>("tr[data-row]")?.offsetHeight ?? 0;
    const top = names().indexOf(name) * height;
    const head = box.querySelector("thead")?.clientHeight ?? 0;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height + head > box.scrollTop + box.clientHeight) box.scrollTop = top + height + head - box.clientHeight;
    setActive(name);
    look();
    const row = body.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(name)}"]`);
    row?.querySelector<HTMLElement>(`[data-focus="${column}"]`)?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const name = target.closest<HTMLElement>("tr[data-row]")?.dataset["row"];
    const column = target.dataset["focus"];
    if (name === undefined || column === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = names().indexOf(name);
    const page = Math.max(1, seen().page);
    const row = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: names().length - 1 };
    if (event.key in row) focusRow(row[event.key as keyof typeof row], column);
    else if (event.key === "ArrowRight") focusRow(at, "menu");
    else if (event.key === "ArrowLeft") focusRow(at, "open");
    else return;
    event.preventDefault();
  };

  return (
    <div class="grid-box" ref={box} onScroll={look}>
      <table class={`grid ${props.class}`} role="grid" aria-labelledby={props.labelledby} aria-rowcount={names().length + 1}>
        <thead role="rowgroup">
          <tr role="row" aria-rowindex="1">
            <For each={props.columns}>
              {(column) => <Heading column={column} sort={props.sort} onSort={props.onSort} />}
            </For>
            <th role="columnheader" scope="col" data-column="menu">
              <span class="visually-hidden">{props.menuTitle}</span>
            </th>
          </tr>
        </thead>
        <tbody
          role="rowgroup"
          ref={body}
          onKeyDown={onKeyDown}
          onFocusIn={(event) => {
            setFocus(true);
            setActive((event.target as HTMLElement).closest<HTMLElement>("tr[data-row]")?.dataset["row"]);
          }}
          onFocusOut={(event) => {
            if (!body.contains(event.relatedTarget as Node | null)) setFocus(false);
          }}
        >
          <Spacer rows={seen().first} height={seen().height} />
          <Index each={shown()}>
            {(name, place) => (
              <tr role="row" data-row={name()} aria-rowindex={seen().first + place + 2} {...props.attributes(name)}>
                {props.children(name, { tabIndex: () => (stop() === name() ? 0 : -1) })}
              </tr>
            )}
          </Index>
          <Spacer rows={Math.max(0, names().length - seen().last)} height={seen().height} />
        </tbody>
      </table>
    </div>
  );
}

function Heading<Column extends string>(props: {
  column: GridColumn<Column>;
  sort: Sort<Column>;
  onSort: (sort: Sort<Column>) => void;
}) {
  const isSorted = () => props.sort.column === props.column.name;
  const direction = () => (isSorted() ? (props.sort.isDown ? "descending" : "ascending") : "none");
  // Of figures the greatest is looked for first, of words the first.
  const next = () => ({
    column: props.column.name,
    isDown: isSorted() ? !props.sort.isDown : props.column.isNumber === true,
  });
  return (
    <th
      role="columnheader"
      scope="col"
      data-column={props.column.name}
      classList={{ number: props.column.isNumber === true }}
      aria-sort={direction()}
    >
      <button type="button" class="sort" title={props.column.meaning ?? t("grid.sort")} onClick={() => props.onSort(next())}>
        {props.column.title}
        <Show when={isSorted()}>
          <span aria-hidden="true">{props.sort.isDown ? " ▾" : " ▴"}</span>
        </Show>
      </button>
    </th>
  );
}

/** The room of rows that are not drawn. */
function Spacer(props: { rows: number; height: number }) {
  let place!: HTMLTableRowElement;
  createEffect(() => place.style.setProperty("height", `${props.rows * props.height}px`));
  return <tr ref={place} class="spacer" aria-hidden="true" />;
}
