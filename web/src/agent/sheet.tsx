// Every key of the console on one sheet. It runs no command.

import { For, onMount } from "solid-js";
import { t } from "../text";
import { KEYS, keyText } from "./shortcuts";
import "../style/sheet.css";

export function ShortcutSheet(props: { close: () => void }) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="sheet-heading" onClose={() => props.close()}>
      <h2 id="sheet-heading">{t("sheet.title")}</h2>
      <For each={KEYS}>
        {(group) => (
          <section aria-label={t(group.title)}>
            <h3>{t(group.title)}</h3>
            <dl>
              <For each={group.commands}>
                {(command) => (
                  <div>
                    <dt><kbd>{keyText(command)}</kbd></dt>
                    <dd>{t(`key.${command}`)}</dd>
                  </div>
                )}
              </For>
              <For each={group.others}>
                {(key) => (
                  <div>
                    <dt><kbd>{t(`sheet.${key}.key`)}</kbd></dt>
                    <dd>{t(`sheet.${key}`)}</dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
      <form method="dialog" class="buttons">
        <button type="submit" class="button">{t("sheet.close")}</button>
      </form>
    </dialog>
  );
}
