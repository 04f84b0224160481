// Figures, durations and times as people read them. It never guesses a missing figure: that is a dash.

export const MISSING = "–";

/** 0:07, 12:05, 1:02:03. Negative durations are 0. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return MISSING;
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** What is left until a moment, in whole seconds that begin: 1 until the last moment, then 0. */
export function secondsLeft(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
}

/** One format for each language: to make one costs far more than to use it. */
function byLanguage<Format>(make: (language: string) => Format): (language: string) => Format {
  const made = new Map<string, Format>();
  return (language) => {
    const known = made.get(language);
    if (known !== undefined) return known;
    const format = make(language);
    made.set(language, format);
    return format;
  };
}

const TO_THE_MINUTE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const TO_THE_SECOND = { ...TO_THE_MINUTE, second: "2-digit" } as const;
const WITH_DATE = { ...TO_THE_SECOND, year: "numeric", month: "short", day: "numeric" } as const;

const shares = byLanguage((language) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }));
const counts = byLanguage((language) => new Intl.NumberFormat(language));
const minutes = byLanguage((language) => new Intl.DateTimeFormat(language, TO_THE_MINUTE));
const times = byLanguage((language) => new Intl.DateTimeFormat(language, TO_THE_SECOND));
const timesWithDate = byLanguage((language) => new Intl.DateTimeFormat(language, WITH_DATE));

export function percent(share: number | null | undefined, language: string): string {
  return share === null || share === undefined ? MISSING : shares(language).format(share);
}

export function count(value: number, language: string): string {
  return counts(language).format(value);
}

/** A time of the centre in the viewer's zone, to the minute. */
export function clockMinute(ms: number, language: string): string {
  return minutes(language).format(ms);
}

/** A time of the centre in the viewer's zone. */
export function clockTime(ms: number | undefined, language: string, withDate: boolean): string {
  if (ms === undefined) return MISSING;
  return (withDate ? timesWithDate : times)(language).format(ms);
}
