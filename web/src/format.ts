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

export function percent(share: number | null | undefined, language: string): string {
  if (share === null || share === undefined) return MISSING;
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

let minuteFormat: { language: string; format: Intl.DateTimeFormat } | undefined;

/** A time of the centre in the viewer's zone, to the minute. */
export function clockMinute(ms: number, language: string): string {
  if (minuteFormat?.language !== language) {
    const format = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    minuteFormat = { language, format };
  }
  return minuteFormat.format.format(ms);
}

/** A time of the centre in the viewer's zone. */
export function clockTime(ms: number | undefined, language: string, withDate: boolean): string {
  if (ms === undefined) return MISSING;
  const key = `${language}/${withDate}`;
  let format = timeFormats.get(key);
  if (format === undefined) {
    const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    const date = { year: "numeric", month: "short", day: "numeric" } as const;
    format = new Intl.DateTimeFormat(language, withDate ? { ...date, ...time } : time);
    timeFormats.set(key, format);
  }
  return format.format(ms);
}
