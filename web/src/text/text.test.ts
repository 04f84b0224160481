import { expect, test } from "vitest";
import { LANGUAGES, setLanguage, t } from ".";

const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("every language has every text with the same places for values", () => {
  const english = LANGUAGES.get("en")!;
  expect(LANGUAGES.size).toBeGreaterThan(1);
  for (const [tag, texts] of LANGUAGES) {
    expect(Object.keys(texts).sort(), tag).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      expect(placesOf(text), `${tag} ${key}`).toEqual(placesOf(english[key as keyof typeof english]!));
    }
  }
});

test("values are put in as they are, an unknown place stays", () => {
  setLanguage("en");
  expect(t("presence.next", { presence: "<b>$1</b>" })).toBe("After this contact: <b>$1</b>");
  expect(t("presence.next")).toBe("After this contact: {presence}");
});
