// What is beyond its threshold, in words, and a sound for it that is made of nothing but a tone.

import { type Accessor, createSignal } from "solid-js";
import { count, duration, percent } from "../format";
import type { Alert, AlertMeasure } from "../protocol";
import { language, t } from "../text";

/** A figure of a measure as people read it. */
export function measured(measure: AlertMeasure, value: number): string {
  switch (measure) {
    case "waiting":
    case "agents_available":
    case "not_recorded":
      return count(value, language());
    case "longest_wait":
      return duration(value);
    case "service_level":
    case "abandonment":
      return percent(value, language());
  }
}

export function alertText(alert: Alert, queueTitle: (queue: string) => string): string {
  return t(`alert.${alert.measure}`, {
    queue: queueTitle(alert.queue),
    value: measured(alert.measure, alert.value),
    threshold: measured(alert.measure, alert.threshold),
  });
}

export type AlertSound = { isOn: Accessor<boolean>; set(isOn: boolean): void; play(): void };

const REMEMBERED = "usher.alert_sound";
const TONE_HZ = 740;
const TONE_S = 0.35;
const LOUDNESS = 0.2;

export function createAlertSound(): AlertSound {
  const [isOn, setOn] = createSignal(remembered());
  let audio: AudioContext | undefined;
  const play = () => {
    if (!isOn()) return;
    audio ??= new AudioContext();
    const from = audio.currentTime;
    const tone = new OscillatorNode(audio, { frequency: TONE_HZ });
    const gain = new GainNode(audio, { gain: LOUDNESS });
    gain.gain.setTargetAtTime(0, from + TONE_S / 2, TONE_S / 6);
    tone.connect(gain).connect(audio.destination);
    tone.start(from);
    tone.stop(from + TONE_S);
  };
  return {
    isOn,
    // Browsers let a page sound only after its reader has touched it: choosing sound plays it once.
    set: (next) => {
      setOn(next);
      remember(next);
      if (next) play();
    },
    play,
  };
}

function remembered(): boolean {
  try {
    return localStorage.getItem(REMEMBERED) === "on";
  } catch {
    return false;
  }
}

function remember(isOn: boolean): void {
  try {
    localStorage.setItem(REMEMBERED, isOn ? "on" : "off");
  } catch {
    // A browser that keeps nothing is silent next time.
  }
}
