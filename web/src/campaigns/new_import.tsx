// A file of leads chosen, its columns confirmed, checked and imported. What was chosen stays whatever the server refuses.

import { createSignal, For, Show } from "solid-js";
import { Field } from "../parts/field";
import { explain, restFieldError } from "../refusal";
import { t } from "../text";
import { begin, check, type ImportAsked, lookAtSheet, sendLeads, throwAway } from "./asks";
import { Checked } from "./checked";
import { choiceOf, choices, mappingOf } from "./mapping";
import type { CallList, Check, ImportFile } from "./told";

const SAMPLES_SHOWN = 3;
type Busy = "sending" | "checking" | "beginning";

export function NewImport(props: { list: CallList; onClose: () => void; onBegun: () => Promise<void> }) {
  const [file, setFile] = createSignal<ImportFile | undefined>(undefined);
  const [chosen, setChosen] = createSignal<readonly string[]>([]);
  const [home, setHome] = createSignal("");
  const [zone, setZone] = createSignal("");
  const [dates, setDates] = createSignal("");
  const [isAgain, setAgain] = createSignal(false);
  const [checked, setChecked] = createSignal<Check | undefined>(undefined);
  const [failure, setFailure] = createSignal<unknown>(undefined);
  const [fileError, setFileError] = createSignal("");
  const [busy, setBusy] = createSignal<Busy | undefined>(undefined);

  const look = (looked: ImportFile) => {
    setFile(looked);
    setChosen(looked.columns.map((heading) => choiceOf(looked.mapping.columns[heading])));
    if (home() === "") setHome(looked.mapping.home ?? "");
    setChecked(undefined);
  };
  /** One at a time; what is refused is shown and changes nothing. */
  const doing = async (what: Busy, act: () => Promise<void>, refused: (thrown: unknown) => void = setFailure) => {
    if (busy() !== undefined) return;
    setBusy(what);
    setFailure(undefined);
    setFileError("");
    try {
      await act();
    } catch (thrown) {
      refused(thrown);
    } finally {
      setBusy(undefined);
    }
  };
  const refusedFile = (thrown: unknown) => setFileError(restFieldError(thrown, "file") || restFieldError(thrown, "name") || explain(thrown));
  const send = (picked: File) =>
    doing(
      "sending",
      async () => {
        const before = file()?.file;
        look(await sendLeads(props.list.id, picked));
        if (before !== undefined) await throwAway(before).catch(() => undefined);
      },
      refusedFile,
    );
  const asked = (of: ImportFile): ImportAsked => ({
    file: of.file,
    ...(of.sheet === null ? {} : { sheet: of.sheet }),
    list: props.list.id,
    mapping: mappingOf(of.columns, chosen(), { home: home(), zone: zone(), dates: dates() }),
    again: isAgain(),
  });
  const choose = (place: number, choice: string) => {
    setChosen((all) => all.map((one, at) => (at === place ? choice : one)));
    setChecked(undefined);
  };
  const columnError = (heading: string) => restFieldError(failure(), `mapping.columns.${heading}`);
  const elsewhere = () => {
    if (failure() === undefined) return "";
    const besideFields = ["mapping.home", "mapping.zone", "sheet"].some((field) => restFieldError(failure(), field) !== "");
    return besideFields || file()?.columns.some((heading) => columnError(heading) !== "") ? "" : restFieldError(failure(), "mapping.columns") || explain(failure());
  };

  return (
    <form
      class="form import-form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        const of = file();
        if (of === undefined) setFileError(t("campaigns.import.file_missing"));
        else void doing("beginning", () => begin(asked(of)).then(props.onBegun));
      }}
    >
      <Field label={t("campaigns.import.file")} hint={t("campaigns.import.file.hint")} error={fileError()}>
        {(field) => (
          <input
            {...field}
            type="file"
            name="file"
            accept=".csv,.txt,.tsv,.xlsx"
            ref={(input) => queueMicrotask(() => input.focus())}
            // The same file, corrected meanwhile, may be chosen again.
            onClick={(event) => (event.currentTarget.value = "")}
            onChange={(event) => {
              const picked = event.currentTarget.files?.[0];
              if (picked !== undefined) void send(picked);
            }}
          />
        )}
      </Field>
      <p role="status" class="quiet">
        {busy() === undefined ? "" : t(`campaigns.import.${busy()!}`)}
      </p>
      <Show when={file()}>
        {(of) => (
          <>
            <Show when={of().sheets.length > 1}>
              <Field label={t("campaigns.import.sheet")} error={restFieldError(failure(), "sheet")}>
                {(field) => (
                  <select
                    {...field}
                    value={of().sheet ?? ""}
                    onChange={(event) => {
                      const sheet = event.currentTarget.value;
                      void doing("sending", async () => look(await lookAtSheet(props.list.id, of().file, sheet)));
                    }}
                  >
                    <For each={of().sheets}>{(sheet) => <option value={sheet}>{sheet}</option>}</For>
                  </select>
                )}
              </Field>
            </Show>
            <h4>{t("campaigns.import.columns", { file: of().name })}</h4>
            <div class="columns">
              <For each={of().columns}>
                {(heading, place) => (
                  <div class="column" data-column={heading}>
                    <Field label={heading} error={columnError(heading)}>
                      {(field) => (
                        <select {...field} onChange={(event) => choose(place(), event.currentTarget.value)}>
                          <For each={choices(props.list.settings.field ?? [], chosen()[place()] ?? "")}>
                            {(choice) => (
                              <option value={choice.value} selected={choice.value === chosen()[place()]}>
                                {choice.text}
                              </option>
                            )}
                          </For>
                        </select>
                      )}
                    </Field>
                    <ul class="samples quiet" aria-label={t("campaigns.import.samples", { column: heading })}>
                      <For each={of().rows_sample.slice(0, SAMPLES_SHOWN)}>{(row) => <li>{row[place()] || "–"}</li>}</For>
                    </ul>
                  </div>
                )}
              </For>
            </div>
            <div class="columns">
              <Field label={t("campaigns.import.home")} hint={t("campaigns.import.home.hint")} error={restFieldError(failure(), "mapping.home")}>
                {(field) => <input {...field} name="home" autocomplete="off" value={home()} onInput={(event) => setHome(event.currentTarget.value)} />}
              </Field>
              <Field label={t("campaigns.import.zone")} hint={t("campaigns.import.zone.hint")} error={restFieldError(failure(), "mapping.zone")}>
                {(field) => <input {...field} name="zone" autocomplete="off" value={zone()} onInput={(event) => setZone(event.currentTarget.value)} />}
              </Field>
              <Field label={t("campaigns.import.dates")} error={restFieldError(failure(), "mapping.dates")}>
                {(field) => (
                  <select {...field} name="dates" value={dates()} onChange={(event) => setDates(event.currentTarget.value)}>
                    <option value="">{t("campaigns.import.dates.none")}</option>
                    <option value="day_first">{t("campaigns.import.dates.day_first")}</option>
                    <option value="month_first">{t("campaigns.import.dates.month_first")}</option>
                  </select>
                )}
              </Field>
            </div>
            <label class="check">
              <input type="checkbox" name="again" checked={isAgain()} onChange={(event) => setAgain(event.currentTarget.checked)} />
              {t("campaigns.import.again")}
            </label>
            <Show when={checked()}>{(told) => <Checked of={told()} />}</Show>
          </>
        )}
      </Show>
      <div role="alert">
        <Show when={elsewhere() !== ""}>
          <p class="error">{elsewhere()}</p>
        </Show>
      </div>
      <div class="buttons">
        <button type="submit" class="button button-main" aria-disabled={busy() !== undefined}>
          {t("campaigns.import.begin")}
        </button>
        <Show when={file()}>
          {(of) => (
            <button
              type="button"
              class="button"
              aria-disabled={busy() !== undefined}
              onClick={() => void doing("checking", async () => void setChecked(await check(asked(of()))))}
            >
              {t("campaigns.import.check")}
            </button>
          )}
        </Show>
        <button
          type="button"
          class="button"
          onClick={() => {
            const sent = file()?.file;
            if (sent !== undefined) void throwAway(sent).catch(() => undefined);
            props.onClose();
          }}
        >
          {t("presence.cancel")}
        </button>
      </div>
    </form>
  );
}
