// Asking for the next lead of a campaign that is dialled by hand. Which lead comes, the server says.

import { createSignal } from "solid-js";
import { Field } from "../parts/field";
import { t } from "../text";
import { ActionForm } from "./action_form";
import { useConsole } from "./console";
import { explain } from "../refusal";
import { Words } from "./presence";

const REMEMBERED = "usher.campaign";

export function NextLeadForm(props: { close: () => void }) {
  const console = useConsole();
  const [campaign, setCampaign] = createSignal(remembered() ?? console.words().campaigns[0] ?? "");
  const [error, setError] = createSignal("");
  return (
    <section class="card">
      <ActionForm
        name="lead"
        title="lead.title"
        submit="lead.next"
        close={props.close}
        isReady={() => {
          setError(campaign().trim() === "" ? t("lead.campaign_missing") : "");
          return error() === "";
        }}
        run={async () => {
          await console.nextLead(campaign().trim());
          remember(campaign().trim());
        }}
        refused={(failure) => {
          setError(explain(failure));
          return true;
        }}
      >
        <Field label={t("lead.campaign")} error={error()}>
          {(field) => (
            <input
              {...field}
              ref={(element) => queueMicrotask(() => element.focus())}
              name="campaign"
              list="campaigns"
              maxlength="64"
              autocomplete="off"
              value={campaign()}
              onInput={(event) => setCampaign(event.currentTarget.value)}
            />
          )}
        </Field>
        <Words id="campaigns" words={console.words().campaigns} />
      </ActionForm>
    </section>
  );
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(campaign: string): void {
  try {
    localStorage.setItem(REMEMBERED, campaign);
  } catch {
    // A browser that keeps nothing asks again.
  }
}
