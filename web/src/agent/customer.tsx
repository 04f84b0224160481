// Whose contact it is: finding the customer, looking at one, naming the contact, or adding somebody new. It
// merges nobody.

import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import { clockTime } from "../format";
import type { CustomerFound, CustomerShown } from "../protocol";
import { Field } from "../parts/field";
import { language, t } from "../text";
import { useConsole } from "./console";
import { explain } from "../refusal";
import type { InHand } from "./state";

const TYPED_FOR_MS = 250;
const FOUND_MAX = 10;

export function CustomerForm(props: { one: InHand; close: () => void }) {
  const console = useConsole();
  const [query, setQuery] = createSignal("");
  const [found, setFound] = createSignal<readonly CustomerFound[] | undefined>(undefined);
  const [shown, setShown] = createSignal<CustomerShown | undefined>(undefined);
  const [error, setError] = createSignal("");
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const tell = (failure: unknown) => setError(explain(failure));
  const find = () => {
    const run = ++asked;
    const wanted = query().trim();
    if (wanted === "") return setFound(undefined);
    setError("");
    console.session.ask("customer.search", { query: wanted, limit: FOUND_MAX }).then(
      ({ customers }) => run === asked && setFound(customers),
      (failure) => run === asked && tell(failure),
    );
  };
  createEffect(on(query, () => {
    clearTimeout(timer);
    timer = setTimeout(find, TYPED_FOR_MS);
  }, { defer: true }));
  const show = (customer: string) => {
    setError("");
    console.session.ask("customer.show", { customer }).then(setShown, tell);
  };
  const name = async (customer: string) => {
    setError("");
    try {
      await console.nameCustomer(props.one, customer);
      props.close();
    } catch (failure) {
      tell(failure);
    }
  };
  const add = async () => {
    setError("");
    try {
      const { customer } = await console.addCustomer(props.one, query().trim());
      await name(customer);
    } catch (failure) {
      tell(failure);
    }
  };
  return (
    <form
      class="form"
      data-form="customer"
      novalidate
      aria-label={t("customer.title")}
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
      onKeyDown={(event) => event.key === "Escape" && props.close()}
    >
      <Field label={t("customer.search")} hint={t("customer.hint")} error="">
        {(field) => (
          <input
            {...field}
            ref={(element) => queueMicrotask(() => element.focus())}
            name="customer"
            type="search"
            maxlength="200"
            autocomplete="off"
            value={query()}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        )}
      </Field>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <p class="quiet" role="status">
        <Show when={found()}>{(all) => t("customer.found", { count: all().length })}</Show>
      </p>
      <ul class="customers-found">
        <For each={found() ?? []}>
          {(one) => (
            <li>
              <span>
                <strong>{one.name ?? t("customer.nameless")}</strong>{" "}
                <span class="quiet">
                  {[one.tier, one.last_contact_at && t("customer.last", { at: clockTime(Date.parse(one.last_contact_at), language(), true) }), one.note]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              <span class="buttons">
                <button type="button" class="button button-small" onClick={() => show(one.customer)}>
                  {t("customer.show")}
                </button>
                <button type="button" class="button button-small button-main" aria-disabled={!console.isLive()} onClick={() => void name(one.customer)}>
                  {t("customer.is_this")}
                </button>
              </span>
              <Show when={shown()?.card.customer === one.customer && shown()}>{(all) => <CustomerDetails shown={all()} />}</Show>
            </li>
          )}
        </For>
      </ul>
      <div class="buttons">
        <Show when={query().trim() !== "" && found() !== undefined}>
          <button type="button" class="button" aria-disabled={!console.isLive()} onClick={() => void add()}>
            {t("customer.add", { name: query().trim() })}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => props.close()}>
          {t("presence.cancel")}
        </button>
      </div>
    </form>
  );
}

function CustomerDetails(props: { shown: CustomerShown }) {
  const card = () => props.shown.card;
  return (
    <dl class="who customer-details">
      <For each={card().addresses}>
        {(address) => (
          <div>
            <dt>{t(`customer.address.${address.kind}`)}</dt>
            <dd>{address.shown}</dd>
          </div>
        )}
      </For>
      <For each={card().fields}>
        {(field) => (
          <div>
            <dt>{field.label}</dt>
            <dd>{field.value}</dd>
          </div>
        )}
      </For>
      <For each={props.shown.notes}>
        {(note) => (
          <div>
            <dt>{clockTime(Date.parse(note.at), language(), true)} · {note.by}</dt>
            <dd>{note.text}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}
