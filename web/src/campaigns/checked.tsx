// What an import would come to, before it is begun. It changes nothing.

import { For, Show } from "solid-js";
import { count } from "../format";
import { language, t } from "../text";
import type { Check } from "./told";

export function Checked(props: { of: Check }) {
  const counts = () => ({ rows: count(props.of.rows_read, language()), added: count(props.of.added, language()), refused: count(props.of.refused, language()) });
  return (
    <div class="why-answer" role="status" data-checked>
      <p>{t(props.of.is_whole ? "campaigns.check.whole" : "campaigns.check.begins", counts())}</p>
      <Show when={props.of.refused_rows.length > 0}>
        <ul class="lines">
          <For each={props.of.refused_rows}>
            {(row) => (
              <li>
                {t("campaigns.check.row", { row: row.row })} {row.field === null ? row.why : `${row.field}: ${row.why}`}
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
