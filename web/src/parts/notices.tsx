// Messages to this person that stay until they are dismissed. It never shows markup.

import { createSignal, For, Show } from "solid-js";
import type { NoticeLevel } from "../protocol";
import { t } from "../text";
import { announce } from "./announce";

type Shown = { id: number; level: NoticeLevel; text: string };

const NOTICES_MAX = 5;
const [notices, setNotices] = createSignal<readonly Shown[]>([]);
let nextId = 1;

export function showNotice(level: NoticeLevel, text: string): void {
  const shown = { id: nextId++, level, text };
  setNotices((all) => [...all.filter((one) => one.text !== text), shown].slice(-NOTICES_MAX));
  announce(text, level === "alert");
}

export function Notices() {
  return (
    <Show when={notices().length > 0}>
      <ul class="notices">
        <For each={notices()}>
          {(notice) => (
            <li class="notice" data-level={notice.level}>
              <span>{notice.text}</span>
              <button
                type="button"
                class="button button-small"
                onClick={() => setNotices((all) => all.filter((one) => one.id !== notice.id))}
              >
                {t("notice.dismiss")}
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
