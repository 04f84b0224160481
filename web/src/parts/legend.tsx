// What the lines of a drawing are, for those who see it. The drawing's own words are elsewhere.

import { For } from "solid-js";
import type { Line } from "./plot";

export function Legend(props: { lines: readonly Line[]; names: readonly string[] }) {
  return (
    <p class="legend" aria-hidden="true">
      <For each={props.lines}>
        {(line, place) => (
          <span class="legend-one">
            <svg class="legend-line" viewBox="0 0 24 6">
              <line data-line={line.colour} data-dashed={line.isDashed === true} x1="0" y1="3" x2="24" y2="3" />
            </svg>
            {props.names[place()]}
          </span>
        )}
      </For>
    </p>
  );
}
