// The last minutes as a chart with the same figures as a table. It never shows a figure that the
// history does not hold.

import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clockTime, count, duration, MISSING } from "../format";
import { language, t } from "../text";
import { asTable, type History } from "./history";

const HEIGHT = 220;
const TABLE_ROWS = 12;

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
      <p class="legend" aria-hidden="true">
        <svg class="legend-line" viewBox="0 0 24 6">
          <line class="line-waiting" x1="0" y1="3" x2="24" y2="3" />
        </svg>
        {t("board.chart.waiting")}
        <svg class="legend-line" viewBox="0 0 24 6">
          <line class="line-busy" x1="0" y1="3" x2="24" y2="3" />
        </svg>
        {t("board.chart.busy")}
      </p>
      <Show when={known().length > 1} fallback={<p class="empty">{t("board.chart.empty")}</p>}>
        <div role="img" aria-label={describe()}>
          <Plot history={props.history} />
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

function Plot(props: { history: History }) {
  let place!: HTMLDivElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let plot: uPlot | undefined;
  const make = () => {
    plot?.destroy();
    plot = new uPlot(options(place), data(props.history), place);
  };
  onMount(() => {
    make();
    const observer = new ResizeObserver(() => plot?.setSize({ width: Math.max(200, place.clientWidth), height: HEIGHT }));
    observer.observe(place);
    dark.addEventListener("change", make);
    onCleanup(() => {
      observer.disconnect();
      dark.removeEventListener("change", make);
      plot?.destroy();
    });
  });
  createEffect(on(() => props.history, (history) => plot?.setData(data(history))));
  createEffect(on(language, () => plot?.redraw(), { defer: true }));
  return <div class="plot" ref={place} />;
}

function data(history: History): uPlot.AlignedData {
  return [
    history.map((sample) => sample.at / 1_000),
    history.map((sample) => sample.waiting),
    history.map((sample) => sample.busy),
  ];
}

function options(place: HTMLElement): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--quiet"),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
  };
  return {
    width: Math.max(200, place.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(5, Math.ceil(high * 1.1))] } },
    axes: [
      {
        ...axis,
        space: 80,
        incrs: [1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400],
        values: (_plot, ticks) => ticks.map((tick) => clockTime(tick * 1_000, language(), false)),
      },
      {
        ...axis,
        size: 44,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        values: (_plot, ticks) => ticks.map((tick) => count(tick, language())),
      },
    ],
    series: [
      {},
      { stroke: colour("--chart-waiting"), width: 2, points: { show: false } },
      { stroke: colour("--chart-busy"), width: 2, dash: [6, 4], points: { show: false } },
    ],
  };
}
