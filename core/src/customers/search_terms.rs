//! What names, notes and queries are indexed and looked up by, the same on every database. Never asks a database, never ranks.
//!
//! Text is folded (compatibility forms, case, diacritics), then cut into words. A **name** gives every
//! pair of neighbouring letters of a word, each word's first letter marked with `^`, and each ideograph
//! and kana alone; so a query finds any part of a word, by one letter only its beginning. Pairs of the letters of an
//! alphabet are in a name of every tenth customer; so they are asked for only where two letters are all there is, and
//! three neighbours are a term as well. Ideographs on both sides of a space are one word in a name, because 李 伟 and
//! 李伟 are one name. Hangul is folded to its letters (jamo), so that 기 finds 김 while it is being typed. A **note**
//! gives its words, found by their beginnings, and pairs where a script has no spaces.
//!
//! All terms of a query stand among the terms of a text that it fits; the reverse does not hold, so what an
//! index gives is a candidate, checked by [`fits`] or [`note_fits`].
//!
//! Most people type how words begin. For them a name also gives each word marked with `=`, and how each two of its
//! words begin, in their order, marked with `+`: terms of so few customers that a [`SoughtBeginning`] finds the
//! likeliest at once. In one order only: each such term is written to a page of its own.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of a name that are indexed, after folding; a name is not longer, all its parts together.
pub const NAME_LETTERS_MAX: usize = 256;
/// Letters of a query that are looked at, after folding.
pub const QUERY_LETTERS_MAX: usize = 64;
/// Terms of a query: each is one more join in the store, and 16 leave few candidates.
pub const QUERY_TERMS_MAX: usize = 16;
/// Letters by which a word is told from others where two words are one term.
const BEGINNING_LETTERS: usize = 3;
/// Words of a name that each two make a term of: more than people have, and few enough for the names of companies.
const WORDS_COMBINED_MAX: usize = 6;
/// Letters of a note that are indexed, after folding: the longest note that is stored, and room for folding.
pub const NOTE_LETTERS_MAX: usize = 65_536;
/// Different terms of a note; later words of a longer one are not found by the index.
pub const NOTE_TERMS_MAX: usize = 512;
/// Whole words are indexed to this length: no longer one is typed into a search box.
pub const WORD_LETTERS_MAX: usize = 32;

/// Stands before a word's first letter; no letter of any script, and neither are the next two.
const WORD_START: char = '^';
/// Stands before a whole word of a name.
const WHOLE_WORD: char = '=';
/// Stands before each of two words of a name.
const WORD_OF_TWO: char = '+';

/// How a term of a query is compared with the terms of a note.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SoughtTerm {
    Exactly(String),
    /// Any term that begins so.
    BeginningWith(String),
}

/// Where customers stand whose words begin as those of a query do: the likeliest, not all whom it fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SoughtBeginning {
    /// How a term of the name begins, the likeliest first: one of these.
    pub terms: Vec<String>,
    /// Terms that must stand beside it.
    pub others: Vec<String>,
}

/// The terms that a name is indexed by, sorted, each once; none for a text without letters or digits.
#[must_use]
pub fn terms_of_name(name: &str) -> Vec<String> {
    let mut terms = BTreeSet::new();
    let words = words_of_name(&folded(name, NAME_LETTERS_MAX).0);
    for word in &words {
        let letters: Vec<char> = word.chars().collect();
        terms.extend(letters.first().map(|first| String::from_iter([WORD_START, *first])));
        terms.extend(letters.iter().filter(|letter| is_ideographic(**letter)).map(char::to_string));
        terms.extend(pairs(&letters));
        terms.extend(threes(&letters));
        terms.insert(whole_word(word));
    }
    let combined = &words[..words.len().min(WORDS_COMBINED_MAX)];
    for (place, word) in combined.iter().enumerate() {
        terms.extend(combined[place + 1..].iter().map(|later| two_words(word, later)));
    }
    terms.into_iter().collect()
}

/// None: the query holds nothing to look for.
#[must_use]
pub fn beginning_of_query(query: &str) -> Option<SoughtBeginning> {
    let folded = folded_query(query);
    let mut sought: Vec<&str> = words(&folded).collect();
    // The longest say most; of equal ones the first, which was typed to its end.
    sought.sort_by_key(|word| Reverse(word.chars().count()));
    let terms = match sought[..] {
        [] => return None,
        [only] => return Some(SoughtBeginning { terms: vec![whole_word(only)], others: Vec::new() }),
        [longest, next, ..] => vec![two_words(longest, next), two_words(next, longest)],
    };
    let others = sought.iter().enumerate().filter_map(|(place, word)| {
        let is_in_the_term = place < 2 && word.chars().nth(BEGINNING_LETTERS).is_none();
        if is_in_the_term { None } else { terms_of_word(word).pop() }
    });
    Some(SoughtBeginning { terms, others: others.take(QUERY_TERMS_MAX).collect() })
}

/// The terms that all must be among a name's, sorted, each once, at most [`QUERY_TERMS_MAX`]. None: the query
/// holds nothing to look for.
#[must_use]
pub fn terms_of_query(query: &str) -> Vec<String> {
    let folded = folded_query(query);
    let mut terms = BTreeSet::new();
    for word in words(&folded) {
        terms.extend(terms_of_word(word));
    }
    terms.into_iter().take(QUERY_TERMS_MAX).collect()
}

/// The rarest that a name must have in which the word stands somewhere, in its order.
fn terms_of_word(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    match letters[..] {
        [only] if is_ideographic(only) => vec![only.to_string()],
        [only] => vec![String::from_iter([WORD_START, only])],
        [_, _] => pairs(&letters).collect(),
        _ => {
            let of_ideographs = pairs(&letters).filter(|pair| pair.contains(is_ideographic));
            threes(&letters).chain(of_ideographs).collect()
        }
    }
}

/// Whether the name holds every word of the query: somewhere in a word, a single letter at its beginning.
/// A query without words fits nothing.
#[must_use]
pub fn fits(query: &str, name: &str) -> bool {
    let query = folded_query(query);
    let name = folded(name, usize::MAX).0;
    let name_words = words_of_name(&name);
    let mut sought = words(&query).peekable();
    sought.peek().is_some()
        && sought.all(|word| {
            let anywhere = is_pair_or_longer(word) || word.starts_with(is_ideographic);
            name_words.iter().any(|held| if anywhere { held.contains(word) } else { held.starts_with(word) })
        })
}

/// The terms that a note is indexed by, sorted, each once.
#[must_use]
pub fn terms_of_note(note: &str) -> Vec<String> {
    let mut terms = BTreeSet::new();
    for run in words(&folded(note, NOTE_LETTERS_MAX).0).flat_map(runs) {
        if terms.len() >= NOTE_TERMS_MAX {
            break;
        }
        if run.starts_with(is_unspaced) {
            let letters: Vec<char> = run.chars().collect();
            terms.extend(pairs(&letters).take(NOTE_TERMS_MAX));
            // The last letter begins no pair; alone it is found by its beginning, as all others are.
            terms.extend(letters.last().map(char::to_string));
        } else {
            terms.insert(run.chars().take(WORD_LETTERS_MAX).collect());
        }
    }
    terms.into_iter().take(NOTE_TERMS_MAX).collect()
}

/// How far the words of a query for notes are typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Typed {
    /// All are whole words.
    Whole,
    /// The last is being typed.
    LastBegun,
    /// Any may be the beginning of one.
    Begun,
}

/// The terms that a note must have, all of them, at most [`QUERY_TERMS_MAX`]. What is whole is sooner found; all that
/// fits is found when every word may be the beginning of one.
#[must_use]
pub fn terms_of_note_query(query: &str, typed: Typed) -> Vec<SoughtTerm> {
    let folded = folded_query(query);
    let sought: Vec<&str> = words(&folded).flat_map(runs).collect();
    let mut terms = BTreeSet::new();
    for (place, run) in sought.iter().enumerate() {
        let is_whole = match typed {
            Typed::Whole => true,
            Typed::LastBegun => place + 1 < sought.len(),
            Typed::Begun => false,
        };
        if run.starts_with(is_unspaced) && is_pair_or_longer(run) {
            terms.extend(pairs(&run.chars().collect::<Vec<_>>()).map(SoughtTerm::Exactly));
        } else {
            let word = run.chars().take(WORD_LETTERS_MAX).collect();
            terms.insert(if is_whole { SoughtTerm::Exactly(word) } else { SoughtTerm::BeginningWith(word) });
        }
    }
    terms.into_iter().take(QUERY_TERMS_MAX).collect()
}

/// Whether the note holds every word of the query: as the beginning of a word, or anywhere in a script without spaces.
#[must_use]
pub fn note_fits(query: &str, note: &str) -> bool {
    let query = folded_query(query);
    let note = folded(note, usize::MAX).0;
    let note_runs: Vec<&str> = words(&note).flat_map(runs).collect();
    let mut sought = words(&query).flat_map(runs).peekable();
    sought.peek().is_some()
        && sought.all(|run| {
            let anywhere = run.starts_with(is_unspaced);
            note_runs.iter().any(|held| if anywhere { held.contains(run) } else { held.starts_with(run) })
        })
}

/// The words of a name, folded, in order, ideographs joined: what names are compared by.
#[must_use]
pub fn folded_words(name: &str) -> Vec<String> {
    words_of_name(&folded(name, NAME_LETTERS_MAX).0)
}

/// Whether the letter stands for a syllable or a word: ideographs, kana, bopomofo.
#[must_use]
pub fn is_ideographic(letter: char) -> bool {
    matches!(u32::from(letter),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3041..=0x312F | 0x31A0..=0x31BF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// Scripts written without spaces between words: the ideographs, Thai, Lao, Tibetan, Burmese, Khmer.
fn is_unspaced(letter: char) -> bool {
    is_ideographic(letter) || matches!(u32::from(letter), 0x0E00..=0x109F | 0x1780..=0x17FF | 0x1950..=0x19DF)
}

fn pairs(letters: &[char]) -> impl Iterator<Item = String> {
    letters.windows(2).map(String::from_iter)
}

fn threes(letters: &[char]) -> impl Iterator<Item = String> {
    let of_an_alphabet = |three: &&[char]| !three.iter().any(|letter| is_ideographic(*letter));
    letters.windows(3).filter(of_an_alphabet).map(String::from_iter)
}

fn whole_word(word: &str) -> String {
    std::iter::once(WHOLE_WORD).chain(word.chars().take(WORD_LETTERS_MAX)).collect()
}

fn two_words(one: &str, other: &str) -> String {
    let beginning = |word: &str| word.chars().take(BEGINNING_LETTERS).collect::<String>();
    format!("{WORD_OF_TWO}{}{WORD_OF_TWO}{}", beginning(one), beginning(other))
}

fn is_pair_or_longer(word: &str) -> bool {
    word.chars().nth(1).is_some()
}

/// A query as far as it is looked at. A word that the limit leaves one letter of goes: its letter need not begin a word.
fn folded_query(query: &str) -> String {
    let (mut folded, cut) = folded(query, QUERY_LETTERS_MAX);
    if cut {
        let mut ends = folded.char_indices().rev();
        let (last, before) = (ends.next(), ends.next());
        if let (Some((place, _)), Some((_, separator))) = (last, before)
            && !is_word_letter(separator)
        {
            folded.truncate(place);
        }
    }
    folded
}

/// The text in its simplest letters, at most so many, and whether it was cut.
fn folded(text: &str, letters_max: usize) -> (String, bool) {
    let mut letters = text
        .chars()
        .filter(|letter| !is_dropped(*letter))
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|letter| !is_dropped(*letter))
        .flat_map(simplest);
    let folded = letters.by_ref().take(letters_max).collect();
    (folded, letters.next().is_some())
}

/// Marks that people leave out, apostrophes inside words, and what cannot be seen.
fn is_dropped(letter: char) -> bool {
    matches!(u32::from(letter),
        // diacritics
        0x0300..=0x036F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F
        // Hebrew points, Arabic vowels and the stretching of words
        | 0x0591..=0x05BD | 0x05BF | 0x05C1 | 0x05C2 | 0x05C4 | 0x05C5 | 0x05C7
        | 0x0610..=0x061A | 0x0640 | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E8 | 0x06EA..=0x06ED
        // apostrophes
        | 0x27 | 0x60 | 0xB4 | 0x02B9..=0x02BF | 0x02C8 | 0x02EE | 0x2018..=0x201B | 0x2032 | 0xFF07 | 0xFF40
        // soft hyphens, joiners, directions, variations
        | 0xAD | 0x061C | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
        | 0xFE00..=0xFE0F | 0xFEFF | 0xE0100..=0xE01EF)
}

/// Letters that no decomposition makes plain. Arabic and Persian keyboards differ in kaf and yeh; the two kana are one.
fn simplest(letter: char) -> impl Iterator<Item = char> {
    let (one, two) = match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ı' => ('i', None),
        'ŧ' => ('t', None),
        'ς' => ('σ', None),
        'ى' | 'ی' => ('ي', None),
        'ک' => ('ك', None),
        'ة' => ('ه', None),
        'ァ'..='ヶ' => (char::from_u32(u32::from(letter) - 0x60).unwrap_or(letter), None),
        other => (other, None),
    };
    std::iter::once(one).chain(two)
}

fn is_word_letter(letter: char) -> bool {
    letter.is_alphanumeric() || is_combining_mark(letter)
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|letter| !is_word_letter(letter)).filter(|word| !word.is_empty())
}

fn words_of_name(folded: &str) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for word in words(folded) {
        match joined.last_mut() {
            Some(before) if before.ends_with(is_ideographic) && word.starts_with(is_ideographic) => {
                before.push_str(word)
            }
            _ => joined.push(word.to_owned()),
        }
    }
    joined
}

/// The parts of a word, cut where its script begins or ends to be one without spaces.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let unspaced = rest.chars().next().map(is_unspaced)?;
        let end = rest.find(|letter: char| is_unspaced(letter) != unspaced).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}
