// What stands over a table: its heading, finding by typing, and sorting where there are no column heads.

import { createUniqueId, For, type JSX, Show } from "solid-js";
import { count } from "../format";
import type { GridColumn } from "../parts/grid";
import type { Sort } from "../parts/order";
import { language, t, type TextKey } from "../text";

export function Toolbar<Column extends string>(props: {
  heading: TextKey;
  id: string;
  find: string;
  onFind: (typed: string) => void;
  shown: number;
  total: number;
  columns: GridColumn<Column>[];
  sort: Sort<Column>;
  onSort: (sort: Sort<Column>) => void;
  children?: JSX.Element;
}) {
  const findId = createUniqueId();
  const sortId = createUniqueId();
  return (
    <div class="toolbar">
      <h2 id={props.id}>
        {t(props.heading)}{" "}
        <span class="quiet number" role="status">
          <Show when={props.find !== ""} fallback={count(props.total, language())}>
            {t("grid.found", { shown: count(props.shown, language()), total: count(props.total, language()) })}
          </Show>
        </span>
      </h2>
      {props.children}
      <span class="toolbar-field">
        <label class="visually-hidden" for={findId}>
          {t("grid.find_in", { what: t(props.heading) })}
        </label>
        <input
          id={findId}
          type="search"
          class="find"
          placeholder={t("grid.find")}
          autocomplete="off"
          spellcheck={false}
          value={props.find}
          onInput={(event) => props.onFind(event.currentTarget.value)}
        />
      </span>
      <span class="toolbar-field sort-when-narrow">
        <label class="visually-hidden" for={sortId}>
          {t("grid.sort")}
        </label>
        <select
          id={sortId}
          class="language"
          value={props.sort.column}
          onChange={(event) => {
            const column = props.columns.find((one) => one.name === event.currentTarget.value);
            if (column) props.onSort({ column: column.name, isDown: column.isNumber === true });
          }}
        >
          <For each={props.columns}>{(column) => <option value={column.name}>{column.title}</option>}</For>
        </select>
      </span>
    </div>
  );
}
