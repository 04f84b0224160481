// A drawing of lines and bars over time. It draws what it is given, gaps included, and says nothing in words.

import { createEffect, on, onCleanup, onMount } from "solid-js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clockMinute, clockTime, count, percent } from "../format";
import { language } from "../text";

const HEIGHT = 220;

export type Line = {
  /** The custom property that holds its colour. */
  colour: string;
  isDashed?: boolean;
  isBars?: boolean;
  /** A share from 0 to 1, by the scale at the right. */
  isShare?: boolean;
};

/** `data`: times in seconds since 1970, then the values of each line. */
export function Plot(props: { lines: readonly Line[]; data: uPlot.AlignedData }) {
  let place!: HTMLDivElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let plot: uPlot | undefined;
  const make = () => {
    plot?.destroy();
    plot = new uPlot(options(place, props.lines), props.data, place);
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
  createEffect(on(() => props.data, (data) => plot?.setData(data)));
  createEffect(on(language, () => plot?.redraw(), { defer: true }));
  return <div class="plot" ref={place} />;
}

function options(place: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--quiet"),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
  };
  const hasShare = lines.some((line) => line.isShare === true);
  const bars = lines.filter((line) => line.isBars === true);
  return {
    width: Math.max(200, place.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      y: { range: (_plot, _low, high) => [0, Math.max(5, Math.ceil((high ?? 0) * 1.1))] },
      share: { range: [0, 1] },
    },
    axes: [
      {
        ...axis,
        space: 80,
        incrs: [1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400],
        values: (_plot, ticks, _axis, _space, step) =>
          ticks.map((tick) => (step >= 60 ? clockMinute(tick * 1_000, language()) : clockTime(tick * 1_000, language(), false))),
      },
      {
        ...axis,
        size: 44,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        values: (_plot, ticks) => ticks.map((tick) => count(tick, language())),
      },
      ...(hasShare
        ? [{ ...axis, scale: "share", side: 1, size: 50, grid: { show: false }, values: (_plot: uPlot, ticks: number[]) => ticks.map((tick) => percent(tick, language())) }]
        : []),
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => {
        const paint = colour(line.colour);
        if (line.isBars === true) {
          const align = bars.length > 1 ? ((bars.indexOf(line) === 0 ? -1 : 1) as -1 | 1) : 0;
          return { stroke: paint, fill: paint, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.35, 24], align }) };
        }
        return {
          stroke: paint,
          width: 2,
          points: { show: false },
          ...(line.isDashed === true ? { dash: [6, 4] } : {}),
          ...(line.isShare === true ? { scale: "share" } : {}),
        };
      }),
    ],
  };
}
