// Which of the centre's words a digit or some letters mean. It knows no field.

/** So many of the words have a digit. */
export const DIGITS_MAX = 9;

/** The word that the digit stands for. */
export function wordOfDigit(words: readonly string[], digit: number): string | undefined {
  return digit >= 1 && digit <= DIGITS_MAX ? words[digit - 1] : undefined;
}

/** Those that begin with what is typed, then those that have it anywhere. */
export function narrowed(words: readonly string[], typed: string): string[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const at = (word: string) => word.toLocaleLowerCase().indexOf(wanted);
  return words.filter((word) => at(word) >= 0).sort((a, b) => Number(at(a) > 0) - Number(at(b) > 0));
}
