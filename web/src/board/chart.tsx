// The last minutes as a chart with the same figures as a table. It never shows a figure that the
// history does not hold.

import { createMemo, createSignal, For, Show } from "solid-js";
import type uPlot from "uplot";
import { clockTime, count, duration, MISSING } from "../format";
import { language, t } from "../text";
import { asTable, type History } from "./history";
import { Legend } from "../parts/legend";
import { type Line, Plot } from "../parts/plot";

const TABLE_ROWS = 12;
const LINES: readonly Line[] = [{ colour: "--chart-waiting" }, { colour: "--chart-busy", isDashed: true }];

export function Chart(props: { history: History }) {
  const [isOpen, setOpen] = createSignal(false);
  const known = createMemo(() => props.history.filter((sample) => sample.waiting !== null));
  const span = () => {
    const samples = known();
    return samples.length < 2 ? duration(0) : duration(samples.at(-1)!.at - samples[0]!.at);
  };
  const describe = () => {
    const last = known().at(-1);
    return t("board.chart.describe", { span: span(), waiting: last?.waiting ?? MISSING, busy: last?.busy ?? MISSING });
  };
  return (
    <section class="card" aria-labelledby="chart-heading">
      <h2 id="chart-heading">
        {t("board.chart")} <span class="quiet number">{span()}</span>
      </h2>
      <Legend lines={LINES} names={[t("board.chart.waiting"), t("board.chart.busy")]} />
      <Show when={known().length > 1} fallback={<p class="empty">{t("board.chart.empty")}</p>}>
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
    history.map((sample) => sample.at / 1_000),
    history.map((sample) => sample.waiting),
    history.map((sample) => sample.busy),
  ];
}
