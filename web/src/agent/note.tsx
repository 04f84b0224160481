// The note about a contact, and quietly whether the server has it. It ends nothing.

import { Show } from "solid-js";
import { Field } from "../parts/field";
import { t } from "../text";
import { useConsole } from "./console";
import * as drafts from "./drafts";
import { keyText } from "./shortcuts";
import type { InHand } from "./state";

const NOTE_MAX = 4_000;

export function NoteField(props: { one: InHand }) {
  const console = useConsole();
  const note = () => drafts.draftOf(props.one.segment).note;
  return (
    <div class="note-field">
      <Field label={t("wrap_up.note")} hint={`${t("wrap_up.optional")} ${keyText("note")}`} error="">
        {(field) => (
          <textarea
            {...field}
            name="note"
            rows="3"
            maxlength={NOTE_MAX}
            value={note()}
            onInput={(event) => console.notes.write(props.one, event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="quiet note-saved" data-saved={console.notes.isSaved(props.one)}>
        <Show when={note() !== ""}>{t(console.notes.isSaved(props.one) ? "note.saved" : "note.unsaved")}</Show>
      </p>
    </div>
  );
}
