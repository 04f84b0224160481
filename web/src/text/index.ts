// What the pages say, by key, in the viewer's language. A language is one file beside en.json. It
// puts values in as text, never as markup.

import { createSignal } from "solid-js";
import en from "./en.json";

export type TextKey = keyof typeof en;
type Texts = Partial<Record<TextKey, string>>;

const files = import.meta.glob<Texts>("./*.json", { eager: true, import: "default" });

/** Each language by its tag. */
export const LANGUAGES: ReadonlyMap<string, Texts> = new Map(
  Object.entries(files).map(([path, texts]) => [path.slice(2, -5), texts]),
);

const REMEMBERED = "usher.language";

const [language, chooseLanguage] = createSignal(firstLanguage());
export { language };

export function setLanguage(tag: string): void {
  if (!LANGUAGES.has(tag)) return;
  chooseLanguage(tag);
  try {
    localStorage.setItem(REMEMBERED, tag);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

/** The text of a key, with `{name}` replaced by the value of that name. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  // A newer server may say a word that this page has no text for.
  const text = LANGUAGES.get(language())?.[key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The key of a word that the server says, if there is a text for it. */
export function keyOf(key: string): TextKey | undefined {
  return key in en ? (key as TextKey) : undefined;
}

function firstLanguage(): string {
  const wanted = [remembered(), ...(typeof navigator === "undefined" ? [] : navigator.languages)];
  for (const tag of wanted) {
    if (tag === null) continue;
    for (const known of [tag, tag.split("-")[0]!]) if (LANGUAGES.has(known)) return known;
  }
  return "en";
}

function remembered(): string | null {
  try {
    return typeof localStorage === "undefined" ? null : localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}
