// The last minutes as a chart with the same figures as a table. It never shows a figure that the
// history does not hold.

import { createMemo, createSignal, For, Show } from "solid-js";
import type uPlot from "uplot";
import { clockTime, count, duration, MISSING } from "../format";
import { language, t } from "../text";
import { asTable, type History, knownIn } from "./history";
import { Legend } from "../parts/legend";
import { type Line, Plot } from "../parts/plot";

const TABLE_ROWS = 12;
const LINES: readonly Line[] = [{ colour: "--chart-waiting" }, { colour: "--chart-busy", isDashed: true }];

export function Chart(props: { history: History }) {
  const [isOpen, setOpen] = createSignal(false);
  const known = createMemo(() => {
    const places = knownIn(props.history);
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    return { count: places.length, first: props.history.sample(first), last: props.history.sample(last) };
  });
  const span = () => {
    const samples = known();
    return duration(samples === undefined ? 0 : samples.last.at - samples.first.at);
  };
  const describe = () => {
    const last = known()?.last;
    return t("board.chart.describe", { span: span(), waiting: last?.waiting ?? MISSING, busy: last?.busy ?? MISSING });
  };
  return (
    <section class="card" aria-labelledby="chart-heading">
      <h2 id="chart-heading">
        {t("board.chart")} <span class="quiet number">{span()}</span>
      </h2>
      <Legend lines={LINES} names={[t("board.chart.waiting"), t("board.chart.busy")]} />
      <Show when={(known()?.count ?? 0) > 1} fallback={<p class="empty">{t("board.chart.empty")}</p>}>
        <div role="img" aria-label={describe()}>
          <Plot lines={LINES} data={data(props.history)} />
        </div>
      </Show>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("board.chart.table")}</summary>
        <Show when={isOpen()}>
          <table class="figures" aria-labelledby="chart-heading">
            <thead>
              <tr>
                <th scope="col">{t("board.chart.time")}</th>
                <th scope="col" class="number">
                  {t("board.chart.waiting")}
                </th>
                <th scope="col" class="number">
                  {t("board.chart.busy")}
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={asTable(props.history, TABLE_ROWS)}>
                {(sample) => (
                  <tr>
                    <th scope="row">{clockTime(sample.at, language(), false)}</th>
                    <td class="number">{count(sample.waiting ?? 0, language())}</td>
                    <td class="number">{count(sample.busy ?? 0, language())}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </Show>
      </details>
    </section>
  );
}

function data(history: History): uPlot.AlignedData {
  return [
    history.all((sample) => sample.at / 1_000),
    history.all((sample) => sample.waiting),
    history.all((sample) => sample.busy),
  ];
}
