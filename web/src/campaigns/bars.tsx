// Counts drawn as bars, with their words and figures beside them. It counts nothing.

import { For, Show } from "solid-js";
import { count, percent } from "../format";
import { language, t } from "../text";
import { openOf, PARTS, partsOf } from "./figures";
import type { Waterfall } from "./told";

/** All leads as one bar of four parts, and what the parts are. */
export function LeadsBar(props: { of: Waterfall; label: string }) {
  const parts = () => partsOf(props.of);
  const shown = () => {
    let from = 0;
    return PARTS.map((part) => {
      const length = props.of.all === 0 ? 0 : (parts()[part] / props.of.all) * 100;
      const one = { part, from, length };
      from += length;
      return one;
    });
  };
  const describe = () => PARTS.map((part) => `${t(`campaigns.part.${part}`)}: ${count(parts()[part], language())}`).join(", ");
  return (
    <div class="leads-bar">
      <svg class="leads-drawn" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={`${props.label}. ${describe()}`}>
        <rect class="bar-ground" width="100" height="10" />
        <For each={shown()}>{(one) => <rect data-part={one.part} x={one.from} width={one.length} height="10" />}</For>
      </svg>
      <ul class="legend" aria-hidden="true">
        <For each={PARTS}>
          {(part) => (
            <li class="legend-one">
              <svg class="mark" viewBox="0 0 10 10">
                <rect data-part={part} width="10" height="10" rx="2" />
              </svg>
              {t(`campaigns.part.${part}`)} <span class="number">{count(parts()[part], language())}</span>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

export type Bar = { key: string; label: string; count: number; note?: string | undefined };

/** Counts that are parts of one whole, each with its bar and share. */
export function Bars(props: { bars: readonly Bar[]; colour: string; labelledby: string }) {
  const all = () => props.bars.reduce((sum, bar) => sum + bar.count, 0);
  return (
    <ul class="bars" aria-labelledby={props.labelledby}>
      <For each={props.bars}>
        {(bar) => (
          <li class="bar" data-bar={bar.key}>
            <span class="bar-words">
              {bar.label} <Show when={bar.note}>{(note) => <span class="quiet">{note()}</span>}</Show>
            </span>
            <span class="number">
              {count(bar.count, language())} <span class="quiet">{percent(all() === 0 ? null : bar.count / all(), language())}</span>
            </span>
            <svg class="bar-drawn" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar-ground" width="100" height="6" />
              <rect data-part={props.colour} width={all() === 0 ? 0 : (bar.count / all()) * 100} height="6" />
            </svg>
          </li>
        )}
      </For>
    </ul>
  );
}

/** How many of the open leads are dialable now. */
export function dialableText(waterfall: Waterfall): string {
  return t("campaigns.of_open", { dialable: count(waterfall.dialable, language()), open: count(openOf(waterfall), language()) });
}
