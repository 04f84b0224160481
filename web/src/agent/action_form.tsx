// A form that asks the server for one thing: what it refuses stands beside its field or below, and what was typed
// stays. It checks nothing itself.

import { createSignal, type JSX, Show } from "solid-js";
import { t, type TextKey } from "../text";
import { useConsole } from "./console";
import { explain } from "../refusal";

export type ActionFormProps = {
  /** For tests and styles. */
  name: string;
  title: TextKey;
  submit: TextKey;
  close: () => void;
  /** Looks at what was typed; false when something of it stands wrong beside its field. */
  isReady: () => boolean;
  run: () => Promise<unknown>;
  /** Whether the refusal stands beside a field now. */
  refused: (failure: unknown) => boolean;
  children: JSX.Element;
};

export function ActionForm(props: ActionFormProps) {
  const console = useConsole();
  const [error, setError] = createSignal("");
  const [isBusy, setBusy] = createSignal(false);
  let form: HTMLFormElement | undefined;
  /** The first field with a mistake. */
  const lead = () => queueMicrotask(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy() || !console.isLive()) return;
    setError("");
    if (!props.isReady()) return lead();
    setBusy(true);
    try {
      await props.run();
      props.close();
    } catch (failure) {
      if (props.refused(failure)) lead();
      else setError(explain(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="form action-form"
      data-form={props.name}
      ref={form}
      onSubmit={submit}
      novalidate
      aria-label={t(props.title)}
      onKeyDown={(event) => event.key === "Escape" && props.close()}
    >
      {props.children}
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <div class="buttons">
        <button type="submit" class="button button-main" aria-disabled={isBusy() || !console.isLive()}>
          {t(props.submit)}
        </button>
        <button type="button" class="button" onClick={() => props.close()}>
          {t("presence.cancel")}
        </button>
      </div>
    </form>
  );
}
