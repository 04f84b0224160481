// Agents by state: a mark, a bar, and the counts in words. It counts nobody.

import { createMemo, For, Index } from "solid-js";
import { count } from "../format";
import { language, t } from "../text";
import { type Standing, STANDINGS } from "./state";

export const AT_WORK = STANDINGS.filter((name) => name !== "offline");

export function Mark(props: { standing: Standing }) {
  return (
    <svg class="mark" viewBox="0 0 10 10" aria-hidden="true">
      <rect data-standing={props.standing} width="10" height="10" rx="2" />
    </svg>
  );
}

/** A small bar whose words are in its title and for screen readers. */
export function StandingBar(props: { counts: readonly (readonly [Standing, number])[] }) {
  const words = createMemo(() => {
    const there = props.counts.filter(([, agents]) => agents > 0);
    return there.map(([standing, agents]) => `${t(`standing.${standing}`)} ${count(agents, language())}`).join(" · ");
  });
  return (
    <span class="standing-bar" title={words()}>
      <Bar counts={props.counts} />
      <span class="visually-hidden">{words()}</span>
    </span>
  );
}

function Bar(props: { counts: readonly (readonly [Standing, number])[] }) {
  const parts = createMemo(() => {
    const all = Math.max(1, props.counts.reduce((sum, [, agents]) => sum + agents, 0));
    let from = 0;
    return props.counts.map(([name, agents]) => {
      const width = (agents / all) * 1_000;
      const part = { name, x: from, width };
      from += width;
      return part;
    });
  });
  return (
    <svg class="states-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-ground" width="1000" height="10" />
      <Index each={parts()}>{(part) => <rect data-standing={part().name} x={part().x} width={part().width} height="10" />}</Index>
    </svg>
  );
}

/** All agents at work, by state. */
export function States(props: { standings: Record<Standing, number> }) {
  return (
    <>
      <Bar counts={AT_WORK.map((name) => [name, props.standings[name]] as const)} />
      <dl class="states" aria-label={t("board.by_state")}>
        <For each={AT_WORK}>
          {(name) => (
            <div class="state-count" data-state={name}>
              <dt>
                <Mark standing={name} />
                {t(`standing.${name}`)}
              </dt>
              <dd>{count(props.standings[name], language())}</dd>
            </div>
          )}
        </For>
      </dl>
    </>
  );
}
