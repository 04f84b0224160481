// A question over the page: a form in a dialog that keeps what was typed until it is done or dismissed. It
// sends nothing itself.

import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from "solid-js";
import { explain } from "../refusal";
import { t } from "../text";

export function Dialog(props: {
  title: string;
  submit: string;
  isBad?: boolean;
  /** What is to be done; it throws when it was not. Undefined: something is still missing, and was said. */
  onSubmit: () => Promise<void> | undefined;
  onClose: () => void;
  children: JSX.Element;
}) {
  const id = createUniqueId();
  const [error, setError] = createSignal("");
  const [isBusy, setBusy] = createSignal(false);
  let dialog!: HTMLDialogElement;
  const opener = document.activeElement;
  onMount(() => dialog.showModal());
  onCleanup(() => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy()) return;
    const doing = props.onSubmit();
    if (doing === undefined) return;
    setError("");
    setBusy(true);
    try {
      await doing;
      props.onClose();
    } catch (failure) {
      setError(explain(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form class="form" onSubmit={submit} novalidate>
        <h2 id={id}>{props.title}</h2>
        {props.children}
        <div role="alert">
          <Show when={error() !== ""}>
            <p class="error">{error()}</p>
          </Show>
        </div>
        <div class="buttons">
          <button
            type="submit"
            class="button"
            classList={{ "button-main": props.isBad !== true, "button-bad": props.isBad === true }}
            aria-disabled={isBusy()}
          >
            {props.submit}
          </button>
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t("presence.cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
