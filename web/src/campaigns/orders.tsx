// What a campaign may be told to do, with the server's refusal beside it. Stopping is asked twice.

import { createEffect, createSignal, For, on, Show } from "solid-js";
import { announce } from "../parts/announce";
import { Dialog } from "../parts/dialog";
import { explain } from "../refusal";
import { t } from "../text";
import { order } from "./asks";
import type { Campaign, Order, Run } from "./told";

const POSSIBLE: Readonly<Record<Run, readonly Order[]>> = {
  stopped: ["start"],
  running: ["pause", "drain", "stop"],
  paused: ["start", "drain", "stop"],
  draining: ["start", "pause", "stop"],
};

/** `done`: the server has done it. */
export function Orders(props: { campaign: Campaign; done: () => Promise<void> }) {
  const [error, setError] = createSignal("");
  const [doing, setDoing] = createSignal<Order | undefined>(undefined);
  const [isAsked, setAsked] = createSignal(false);
  let group!: HTMLDivElement;
  let hadFocus = false;
  const tell = async (what: Order) => {
    await order(props.campaign.id, what);
    announce(t(`campaigns.done.${what}`, { campaign: props.campaign.name }));
    void props.done();
  };
  const press = async (what: Order) => {
    if (doing() !== undefined) return;
    setError("");
    if (what === "stop") return setAsked(true);
    setDoing(what);
    try {
      await tell(what);
    } catch (failure) {
      setError(explain(failure));
    } finally {
      setDoing(undefined);
    }
  };
  // The button that was pressed goes with what it did; whoever pressed it stays here.
  createEffect(
    on(
      () => props.campaign.run,
      () => {
        if (hadFocus && !group.contains(document.activeElement)) group.querySelector("button")?.focus();
      },
      { defer: true },
    ),
  );
  return (
    <div class="orders">
      <div
        class="buttons"
        role="group"
        aria-label={t("campaigns.orders", { campaign: props.campaign.name })}
        ref={group}
        onFocusIn={() => (hadFocus = true)}
        onFocusOut={(event) => (hadFocus = event.relatedTarget === null)}
      >
        <For each={POSSIBLE[props.campaign.run]}>
          {(what) => (
            <button
              type="button"
              class="button"
              classList={{ "button-main": what === "start", "button-bad": what === "stop" }}
              data-order={what}
              aria-disabled={doing() !== undefined}
              onClick={() => void press(what)}
            >
              {t(what === "start" && props.campaign.run !== "stopped" ? "campaigns.order.resume" : `campaigns.order.${what}`)}
            </button>
          )}
        </For>
      </div>
      <div role="alert">
        <Show when={error() !== ""}>
          <p class="error">{error()}</p>
        </Show>
      </div>
      <Show when={isAsked()}>
        <Dialog
          title={t("campaigns.stop.title", { campaign: props.campaign.name })}
          submit={t("campaigns.order.stop_now")}
          isBad
          onSubmit={() => tell("stop")}
          onClose={() => setAsked(false)}
        >
          <p>{t("campaigns.stop.meaning")}</p>
        </Dialog>
      </Show>
    </div>
  );
}

export function RunMark(props: { run: Run }) {
  return (
    <span class="run" data-run={props.run}>
      <svg class="mark" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="5" />
      </svg>
      {t(`campaigns.run.${props.run}`)}
    </span>
  );
}
