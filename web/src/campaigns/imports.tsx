// The imports of a list: those that go on, what became of the last ones, and a new one. A page that is loaded anew finds them.

import { createEffect, createSignal, For, on, Show } from "solid-js";
import { clockTime, count, percent } from "../format";
import { announce } from "../parts/announce";
import { explain } from "../refusal";
import { language, t } from "../text";
import { importsOf, refusedRows, stopImport } from "./asks";
import { createFresh } from "./fresh";
import { NewImport } from "./new_import";
import type { CallList, Import } from "./told";

const RUNNING_EVERY_MS = 1_000;
const RESTING_EVERY_MS = 5_000;

export function Imports(props: { list: CallList; done: () => Promise<void> }) {
  const [isNew, setNew] = createSignal(false);
  let opener!: HTMLButtonElement;
  const isRunning = (): boolean => asked.value()?.items.some((one) => one.state === "running") ?? false;
  const asked = createFresh(() => importsOf(props.list.id), () => (isRunning() ? RUNNING_EVERY_MS : RESTING_EVERY_MS), "import");
  createEffect(
    on(isRunning, (is, was) => {
      if (was !== true || is) return;
      announce(t("campaigns.import.over", { list: props.list.name }));
      void props.done();
    }),
  );
  const close = () => {
    setNew(false);
    opener.focus();
  };
  return (
    <div class="imports">
      <Show when={(asked.value()?.items.length ?? 0) > 0}>
        <ul class="lines" aria-label={t("campaigns.imports", { list: props.list.name })}>
          <For each={asked.value()?.items}>{(one) => <OneImport of={one} changed={asked.hurry} />}</For>
        </ul>
      </Show>
      <div class="buttons">
        <button type="button" class="button" ref={opener} aria-expanded={isNew()} onClick={() => setNew(!isNew())}>
          {t("campaigns.import.new")}
        </button>
      </div>
      <Show when={isNew()}>
        <NewImport
          list={props.list}
          onClose={close}
          onBegun={async () => {
            close();
            await asked.hurry();
          }}
        />
      </Show>
    </div>
  );
}

function OneImport(props: { of: Import; changed: () => Promise<void> }) {
  const [error, setError] = createSignal("");
  const [isAsked, setAsked] = createSignal(false);
  const stop = async () => {
    if (isAsked()) return;
    setAsked(true);
    setError("");
    try {
      await stopImport(props.of.import);
      await props.changed();
    } catch (failure) {
      setError(explain(failure));
    } finally {
      setAsked(false);
    }
  };
  const share = () => (props.of.size_bytes === null || props.of.size_bytes === 0 ? undefined : Math.min(1, props.of.bytes_read / props.of.size_bytes));
  const speed = () => {
    const seconds = (Date.parse(props.of.as_of) - Date.parse(props.of.begun.at)) / 1_000;
    return seconds > 0 && props.of.rows_read > 0 ? count(Math.round(props.of.rows_read / seconds), language()) : undefined;
  };
  return (
    <li class="import" data-import={props.of.import} data-state={props.of.state}>
      <p>
        <strong>{props.of.file_name}</strong> {t(`campaigns.import.${props.of.state}`)}{" "}
        <span class="quiet">{clockTime(Date.parse(props.of.begun.at), language(), true)}</span>
      </p>
      <Show when={props.of.state === "running"}>
        <div class="import-progress">
          <progress max="1" value={share()} aria-label={t("campaigns.import.progress", { file: props.of.file_name })} />
          <span class="number">{percent(share(), language())}</span>
          <Show when={speed()}>{(rows) => <span class="number quiet">{t("campaigns.import.speed", { rows: rows() })}</span>}</Show>
          <button type="button" class="button button-small" aria-disabled={isAsked()} onClick={() => void stop()}>
            {t("campaigns.import.stop")}
          </button>
        </div>
      </Show>
      <p class="number">
        {t("campaigns.import.counts", {
          rows: count(props.of.rows_read, language()),
          added: count(props.of.added, language()),
          refused: count(props.of.refused, language()),
        })}{" "}
        <Show when={props.of.refused > 0 && props.of.state !== "running"}>
          <a href={refusedRows(props.of.import)} download="refused.csv">
            {t("campaigns.import.refused_rows")}
          </a>
        </Show>
      </p>
      <Show when={props.of.why}>{(why) => <p class="error">{why()}</p>}</Show>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
    </li>
  );
}
