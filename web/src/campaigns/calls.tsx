// The calls of a campaign: by the minute, by what came of them, by list and by agent. It adds up nothing anew.

import { createMemo, createUniqueId, For, Show } from "solid-js";
import type uPlot from "uplot";
import { clockMinute, clockTime, count, percent } from "../format";
import { Legend } from "../parts/legend";
import { type Line, Plot } from "../parts/plot";
import { language, t } from "../text";
import { Bars } from "./bars";
import { answerRate, minuteTimes } from "./figures";
import { word } from "./leads";
import { rate } from "./tiles";
import type { Calls, Minute, Status } from "./told";

const LINES: readonly Line[] = [
  { colour: "--chart-busy", isBars: true },
  { colour: "--chart-answered", isBars: true },
];

export function CallsSeen(props: { of: Status }) {
  const id = createUniqueId();
  const calls = () => props.of.status.calls;
  const since = () => props.of.status.calls_since;
  return (
    <section class="card" aria-labelledby={`${id}-calls`} data-section="calls">
      <h2 id={`${id}-calls`}>
        {t("campaigns.calls")}{" "}
        <Show when={since()}>{(at) => <span class="quiet">{t("board.since", { time: clockTime(Date.parse(at()), language(), true) })}</span>}</Show>
      </h2>
      <Show when={calls().proposed > 0} fallback={<p class="empty">{t("campaigns.no_calls")}</p>}>
        <div class="charts">
          <Minutes minutes={calls().minutes} writtenAt={Date.parse(props.of.written_at)} />
          <section class="chart" aria-labelledby={`${id}-came`} data-section="came">
            <h3 id={`${id}-came`}>{t("campaigns.came_of_them")}</h3>
            <Bars bars={cameBars(calls())} colour="dialable" labelledby={`${id}-came`} />
          </section>
          <Show when={Object.keys(calls().refused).length > 0}>
            <section class="chart" aria-labelledby={`${id}-not`} data-section="not_placed">
              <h3 id={`${id}-not`}>{t("campaigns.not_placed")}</h3>
              <Bars bars={refusedBars(calls())} colour="not_now" labelledby={`${id}-not`} />
            </section>
          </Show>
        </div>
        <Table title={t("campaigns.by_list")} name={t("campaigns.list")} rows={props.of.status.lists.map((one) => ({ name: one.list, calls: one.calls }))} />
        <Table title={t("campaigns.by_agent")} name={t("board.agent")} rows={props.of.status.agents.map((one) => ({ name: one.agent, calls: one.calls }))} />
      </Show>
    </section>
  );
}

function cameBars(calls: Calls) {
  return [
    { key: "answered", label: t("campaigns.came.answered"), count: calls.answered },
    { key: "not_answered", label: t("campaigns.came.not_answered"), count: calls.ended - calls.answered },
    { key: "in_flight", label: t("campaigns.came.in_flight"), count: calls.in_flight },
  ];
}

function refusedBars(calls: Calls) {
  const refused = Object.entries(calls.refused).sort(([, a], [, b]) => b - a);
  return refused.map(([why, so]) => ({ key: why, label: word("campaigns.refused", why), count: so }));
}

function Minutes(props: { minutes: readonly Minute[]; writtenAt: number }) {
  const id = createUniqueId();
  const times = createMemo(() => minuteTimes(props.minutes.length, props.writtenAt));
  const data = createMemo(
    () => [times(), props.minutes.map((minute) => minute.placed), props.minutes.map((minute) => minute.answered)] as uPlot.AlignedData,
  );
  const sum = (figure: keyof Minute) => count(props.minutes.reduce((all, minute) => all + minute[figure], 0), language());
  return (
    <figure class="chart" aria-labelledby={id}>
      <h3 id={id}>{t("campaigns.minutes")}</h3>
      <Legend lines={LINES} names={[t("campaigns.placed"), t("campaigns.answered")]} />
      <div role="img" aria-label={t("campaigns.minutes.describe", { minutes: props.minutes.length, placed: sum("placed"), answered: sum("answered") })}>
        <Plot lines={LINES} data={data()} />
      </div>
      <details>
        <summary>{t("board.chart.table")}</summary>
        <div class="wide-table" tabindex="0" role="region" aria-labelledby={id}>
          <table class="figures" aria-labelledby={id}>
            <thead>
              <tr>
                <th scope="col">{t("board.chart.time")}</th>
                <th scope="col" class="number">{t("campaigns.placed")}</th>
                <th scope="col" class="number">{t("campaigns.answered")}</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.minutes}>
                {(minute, place) => (
                  <tr>
                    <th scope="row">{clockMinute((times()[place()] ?? 0) * 1_000, language())}</th>
                    <td class="number">{count(minute.placed, language())}</td>
                    <td class="number">{count(minute.answered, language())}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

type Row = { name: string; calls: Calls };

function Table(props: { title: string; name: string; rows: readonly Row[] }) {
  const id = createUniqueId();
  const number = (text: string) => <td class="number">{text}</td>;
  return (
    <Show when={props.rows.length > 0}>
      <section class="chart" aria-labelledby={id}>
        <h3 id={id}>{props.title}</h3>
        <div class="wide-table" tabindex="0" role="region" aria-labelledby={id}>
          <table class="figures" aria-labelledby={id}>
            <thead>
              <tr>
                <th scope="col">{props.name}</th>
                <For each={["campaigns.calls_a_minute", "campaigns.answers_a_minute", "campaigns.placed", "campaigns.answered", "campaigns.answer_rate", "campaigns.in_flight"] as const}>
                  {(key) => <th scope="col" class="number">{t(key)}</th>}
                </For>
                <th scope="col">{t("campaigns.last_minutes")}</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.rows}>
                {(row) => (
                  <tr data-row={row.name}>
                    <th scope="row">{row.name}</th>
                    {number(rate(row.calls, "placed"))}
                    {number(rate(row.calls, "answered"))}
                    {number(count(row.calls.placed, language()))}
                    {number(count(row.calls.answered, language()))}
                    {number(percent(answerRate(row.calls), language()))}
                    {number(count(row.calls.in_flight, language()))}
                    <td>
                      <Sparks minutes={row.calls.minutes} />
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </section>
    </Show>
  );
}

/** The same minutes, small: placed, and of them answered. */
function Sparks(props: { minutes: readonly Minute[] }) {
  const highest = () => Math.max(1, ...props.minutes.map((minute) => minute.placed));
  const height = (value: number) => (value / highest()) * 20;
  return (
    <svg class="sparks" viewBox="0 0 90 20" aria-hidden="true">
      <For each={props.minutes}>
        {(minute, place) => (
          <>
            <rect class="spark-placed" x={place() * 6} y={20 - height(minute.placed)} width="5" height={height(minute.placed)} />
            <rect class="spark-answered" x={place() * 6} y={20 - height(minute.answered)} width="5" height={height(minute.answered)} />
          </>
        )}
      </For>
    </svg>
  );
}
