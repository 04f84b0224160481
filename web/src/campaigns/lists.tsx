// The lists of a campaign: how their leads stand, more of them let go, files of leads imported. It asks through others.

import { createMemo, createSignal, createUniqueId, For, Show } from "solid-js";
import { count } from "../format";
import { announce } from "../parts/announce";
import { Field } from "../parts/field";
import { explain, restFieldError } from "../refusal";
import { language, t } from "../text";
import { release, type SeenWhole } from "./asks";
import { dialableText, LeadsBar } from "./bars";
import { Imports } from "./imports";
import type { CallList } from "./told";

export function Lists(props: { of: SeenWhole; done: () => Promise<void> }) {
  const id = createUniqueId();
  return (
    <section class="card" aria-labelledby={id} data-section="lists">
      <h2 id={id}>{t("campaigns.lists")}</h2>
      <Show when={props.of.lists.length > 0} fallback={<p class="empty">{t("campaigns.no_lists")}</p>}>
        <For each={props.of.lists}>{(list) => <One list={list} of={props.of} done={props.done} />}</For>
      </Show>
    </section>
  );
}

function One(props: { list: CallList; of: SeenWhole; done: () => Promise<void> }) {
  const id = createUniqueId();
  const leads = createMemo(() => props.of.status?.status.lists.find((one) => one.list === props.list.name)?.leads);
  const settings = () => props.list.settings;
  const released = () => {
    const how = settings().release;
    if (how === "all" || how === "by_hand") return t(`campaigns.release.${how}`);
    return t(`campaigns.release.every_${how.tranche.every}`, { leads: count(how.tranche.leads, language()) });
  };
  return (
    <article class="call-list" aria-labelledby={id} data-list={props.list.name}>
      <div class="campaign-head">
        <h3 id={id}>{props.list.name}</h3>
        <Show when={!settings().active}>
          <span class="bad">{t("campaigns.list_paused")}</span>
        </Show>
        <span class="quiet">{released()}</span>
        <Show when={leads()}>
          {(seen) => (
            <span>
              {t("campaigns.dialable")}: <span class="number">{dialableText(seen().waterfall)}</span>
            </span>
          )}
        </Show>
      </div>
      <Show when={leads()}>{(seen) => <LeadsBar of={seen().waterfall} label={props.list.name} />}</Show>
      <Show when={settings().release === "by_hand"}>
        <Release list={props.list} done={props.done} />
      </Show>
      <Imports list={props.list} done={props.done} />
    </article>
  );
}

function Release(props: { list: CallList; done: () => Promise<void> }) {
  const [leads, setLeads] = createSignal("");
  const [fieldError, setFieldError] = createSignal("");
  const [error, setError] = createSignal("");
  const [isBusy, setBusy] = createSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy()) return;
    setError("");
    const asked = /^\s*\d{1,9}\s*$/.test(leads()) ? Number(leads()) : 0;
    setFieldError(asked > 0 ? "" : t("campaigns.release.wrong"));
    if (asked === 0) return;
    setBusy(true);
    try {
      await release(props.list.id, asked);
      announce(t("campaigns.release.done", { leads: count(asked, language()), list: props.list.name }));
      setLeads("");
      await props.done();
    } catch (failure) {
      const ofField = restFieldError(failure, "leads");
      setFieldError(ofField);
      if (ofField === "") setError(explain(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="inline-form" onSubmit={submit} novalidate>
      <Field label={t("campaigns.release.leads")} error={fieldError()}>
        {(field) => (
          <input {...field} name="leads" inputmode="numeric" autocomplete="off" value={leads()} onInput={(event) => setLeads(event.currentTarget.value)} />
        )}
      </Field>
      <button type="submit" class="button" aria-disabled={isBusy()}>
        {t("campaigns.release.submit")}
      </button>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
    </form>
  );
}
