// The last hours of the centre or of one queue: who came, was answered, left; service level; who waited. As a
// chart with the same figures as a table. It never fills a gap.

import { createMemo, createSignal, createUniqueId, For, Index, type JSX, Show } from "solid-js";
import { clockTime, count, duration, percent } from "../format";
import { isUnknownMethod } from "../refusal";
import type uPlot from "uplot";
import type { HistoryPoint, HistoryShown } from "../protocol";
import { language, t } from "../text";
import { createAsked } from "./asked";
import { useBoard } from "./board";
import { useEvery } from "./now";
import { Legend } from "../parts/legend";
import { type Line, Plot } from "../parts/plot";
import { Unanswered } from "./panel";

const ASK_EVERY_MS = 30_000;

const FLOW: readonly Line[] = [
  { colour: "--chart-entered", isBars: true },
  { colour: "--chart-answered", isBars: true },
  { colour: "--chart-abandoned", isDashed: true },
];
const LEVEL: readonly Line[] = [{ colour: "--chart-waiting" }, { colour: "--chart-busy", isDashed: true, isShare: true }];

export function Hours(props: { queue?: string }) {
  const board = useBoard();
  const headingId = createUniqueId();
  const about = () => (props.queue === undefined ? {} : { queue: props.queue });
  const tick = useEvery(ASK_EVERY_MS);
  const asked = createAsked(
    () => props.queue ?? "",
    () => board.session.ask("history.show", about()),
    () => [tick()],
    ASK_EVERY_MS,
  );
  const points = () => asked.answer()?.points ?? [];
  const heading = (): JSX.Element => (props.queue === undefined ? <h2 id={headingId}>{t("hours.title")}</h2> : <h3 id={headingId}>{t("hours.title")}</h3>);
  return (
    <Show when={!isUnknownMethod(asked.failure())}>
      <section class={props.queue === undefined ? "card" : undefined} aria-labelledby={headingId} data-hours={props.queue ?? ""}>
        {heading()}
        <Show when={asked.answer()} fallback={<Unanswered failure={asked.failure()} again={asked.again} />}>
          {(told) => (
            <Show when={points().length > 1} fallback={<p class="empty">{t("hours.empty")}</p>}>
              <Charts of={told()} />
              <Table points={points()} labelledby={headingId} />
            </Show>
          )}
        </Show>
      </section>
    </Show>
  );
}

function Charts(props: { of: HistoryShown }) {
  const times = createMemo(() => props.of.points.map((point) => Date.parse(point.at) / 1_000));
  const of = (figure: (point: HistoryPoint) => number | null) => props.of.points.map(figure);
  const sum = (figure: (point: HistoryPoint) => number) => count(props.of.points.reduce((all, point) => all + figure(point), 0), language());
  const flow = createMemo(() => [times(), of((point) => point.entered), of((point) => point.answered), of((point) => point.abandoned)] as uPlot.AlignedData);
  const level = createMemo(() => [times(), of((point) => point.waiting_max), of((point) => point.service_level)] as uPlot.AlignedData);
  const span = () => duration(props.of.points.length * props.of.span_ms);
  return (
    <div class="charts">
      <figure class="chart">
        <Legend lines={FLOW} names={[t("hours.entered"), t("board.answered"), t("board.abandoned")]} />
        <div
          role="img"
          aria-label={t("hours.describe", {
            span: span(), entered: sum((point) => point.entered), answered: sum((point) => point.answered), abandoned: sum((point) => point.abandoned),
          })}
        >
          <Plot lines={FLOW} data={flow()} />
        </div>
      </figure>
      <figure class="chart">
        <Legend lines={LEVEL} names={[t("hours.waiting_max"), t("board.service_level")]} />
        <div role="img" aria-label={t("hours.describe_level", { span: span() })}>
          <Plot lines={LEVEL} data={level()} />
        </div>
      </figure>
    </div>
  );
}

function Table(props: { points: readonly HistoryPoint[]; labelledby: string }) {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("board.chart.table")}</summary>
      <Show when={isOpen()}>
        <div class="wide-table" tabindex="0" role="region" aria-labelledby={props.labelledby}>
          <table class="figures" aria-labelledby={props.labelledby}>
            <thead>
              <tr>
                <th scope="col">{t("board.chart.time")}</th>
                <For each={["hours.entered", "board.answered", "board.abandoned", "board.service_level", "hours.waiting_max", "board.longest"] as const}>
                  {(key) => (
                    <th scope="col" class="number">
                      {t(key)}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <Index each={[...props.points].reverse()}>{(point) => <Row point={point()} />}</Index>
            </tbody>
          </table>
        </div>
      </Show>
    </details>
  );
}

function Row(props: { point: HistoryPoint }) {
  const number = (value: number) => count(value, language());
  return (
    <tr>
      <th scope="row">{clockTime(Date.parse(props.point.at), language(), false)}</th>
      <td class="number">{number(props.point.entered)}</td>
      <td class="number">{number(props.point.answered)}</td>
      <td class="number">{number(props.point.abandoned)}</td>
      <td class="number">{percent(props.point.service_level, language())}</td>
      <td class="number">{number(props.point.waiting_max)}</td>
      <td class="number">{duration(props.point.longest_wait_ms)}</td>
    </tr>
  );
}
