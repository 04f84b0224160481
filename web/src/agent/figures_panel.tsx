// The agent's own day in a few figures and one bar. It derives nothing but widths.

import { For, Show } from "solid-js";
import type { OwnFigures } from "../protocol";
import { clockTime, count, duration, percent } from "../format";
import { language, t, type TextKey } from "../text";
import { useConsole } from "./console";

const WIDTH = 240;

export function FiguresPanel() {
  const console = useConsole();
  return (
    <Show when={console.figures.figures()}>
      {(figures) => (
        <section class="figures-own" aria-labelledby="own-figures">
          <h3 id="own-figures">{t("figures.title")}</h3>
          <p class="quiet">{t("figures.since", { time: clockTime(Date.parse(figures().since), language(), false) })}</p>
          <dl>
            {cell("figures.handled", count(figures().handled, language()))}
            {cell("figures.aht", duration(figures().aht_ms))}
            {cell("figures.occupancy", percent(figures().occupancy, language()))}
            {cell("figures.missed", count(figures().missed, language()))}
          </dl>
          <Bar figures={figures()} />
        </section>
      )}
    </Show>
  );
}

function cell(label: TextKey, value: string) {
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** How the time with contacts was spent. */
function Bar(props: { figures: OwnFigures }) {
  const parts = () => {
    const { talk_ms, hold_ms, wrap_up_ms } = props.figures;
    const sum = Math.max(1, talk_ms + hold_ms + wrap_up_ms);
    let from = 0;
    return ([["talk", talk_ms], ["hold", hold_ms], ["wrap_up", wrap_up_ms]] as const).map(([name, ms]) => {
      const width = (ms / sum) * WIDTH;
      from += width;
      return { name, ms, from: from - width, width };
    });
  };
  return (
    <>
      <svg class="figures-bar" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
        <For each={parts()}>{(part) => <rect x={part.from} y="0" width={part.width} height="10" data-part={part.name} />}</For>
      </svg>
      <ul class="figures-parts">
        <For each={parts()}>
          {(part) => (
            <li>
              <svg class="state-dot" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4" data-part={part.name} /></svg>
              {t(`figures.${part.name}`)} <span class="number">{duration(part.ms)}</span>
            </li>
          )}
        </For>
      </ul>
    </>
  );
}
