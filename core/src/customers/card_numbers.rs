//! Finds card numbers in notes and chats and masks all but their last four digits, before anything is stored. Never keeps or shows one.
//!
//! A card number is 13 to 19 digits of any script, with at most three spaces, hyphens or dots between two of
//! them, whose check digit is right (Luhn, ISO/IEC 7812-1), whose first digits an issuer has in a length that it
//! issues, and which begins and ends where a group of digits does. So what is left alone: a number written with
//! `+` of up to 15 digits (a phone number), an IBAN whose check digits are right, a longer row of digits that
//! holds a card number somewhere inside. What is masked without being one: about one in 25 order numbers of 16
//! digits (a tenth pass Luhn, four tenths of those begin as an issuer's). What is missed: a card number over
//! two lines, spelt in words, or glued to other digits.

use std::borrow::Cow;
use std::ops::Range;

use super::digits;

/// ISO/IEC 7812-1 allows 19; 13 is the shortest that was issued.
const DIGITS_MIN: usize = 13;
const DIGITS_MAX: usize = 19;
/// What payment rules let be shown.
const DIGITS_KEPT: usize = 4;
/// Between two digits: ` - ` is three.
const SEPARATORS_MAX: usize = 3;
/// E.164: a number with `+` has at most 15 digits.
const PHONE_DIGITS_MAX: usize = 15;
const MASK: char = '*';

/// First digits, from and to, and the lengths that they are issued in.
struct Issuer {
    from: u32,
    to: u32,
    lengths: Range<usize>,
}

const fn issuer(from: u32, to: u32, shortest: usize, longest: usize) -> Issuer {
    Issuer { from, to, lengths: shortest..longest + 1 }
}

/// Compared with as many first digits as `from` has.
const ISSUERS: &[Issuer] = &[
    issuer(4, 4, 13, 13),       // Visa, old
    issuer(4, 4, 16, 16),       // Visa, Electron, Carte Bancaire
    issuer(4, 4, 19, 19),       // Visa
    issuer(51, 55, 16, 16),     // Mastercard
    issuer(2221, 2720, 16, 16), // Mastercard
    issuer(34, 34, 15, 15),     // American Express
    issuer(37, 37, 15, 15),     // American Express
    issuer(300, 305, 14, 19),   // Diners Club
    issuer(309, 309, 14, 19),   // Diners Club
    issuer(36, 36, 14, 19),     // Diners Club
    issuer(38, 39, 14, 19),     // Diners Club
    issuer(3528, 3589, 16, 19), // JCB
    issuer(6011, 6011, 16, 19), // Discover
    issuer(644, 649, 16, 19),   // Discover
    issuer(65, 65, 16, 19),     // Discover, RuPay
    issuer(62, 62, 16, 19),     // UnionPay
    issuer(81, 82, 16, 19),     // UnionPay, RuPay
    issuer(60, 60, 16, 16),     // RuPay, Hipercard
    issuer(508, 508, 16, 16),   // RuPay
    issuer(50, 50, 13, 19),     // Maestro, Dankort, Elo, Verve
    issuer(56, 59, 13, 19),     // Maestro
    issuer(63, 63, 13, 19),     // Maestro, InstaPayment
    issuer(67, 67, 13, 19),     // Maestro
    issuer(2200, 2204, 16, 19), // Mir
    issuer(2205, 2205, 16, 16), // Borica
    issuer(9792, 9792, 16, 16), // Troy
    issuer(9704, 9704, 16, 19), // Napas
    issuer(9860, 9860, 16, 16), // Humo
    issuer(8600, 8600, 16, 16), // Uzcard
];

/// A text as it may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked<'t> {
    pub text: Cow<'t, str>,
    /// Card numbers that were found.
    pub found: usize,
}

/// The text with all but the last four digits of every card number as `*`. Masked again, it stays the same.
#[must_use]
pub fn mask_card_numbers(text: &str) -> Masked<'_> {
    let mut digits = digits_of(text);
    let found = mark_numbers(&mut digits);
    if found == 0 {
        return Masked { text: Cow::Borrowed(text), found };
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for digit in digits.iter().filter(|digit| digit.masked) {
        masked.push_str(&text[done..digit.place.start]);
        masked.push(MASK);
        done = digit.place.end;
    }
    masked.push_str(&text[done..]);
    Masked { text: Cow::Owned(masked), found }
}

/// One digit of the text.
struct Digit {
    place: Range<usize>,
    value: u8,
    /// No digit stands directly before, or directly behind.
    begins_group: bool,
    ends_group: bool,
    /// Digits with the same number have only separators between them.
    run: usize,
    masked: bool,
}

/// The digits that may be of a card number, in order.
fn digits_of(text: &str) -> Vec<Digit> {
    let accounts = bank_accounts(text);
    let mut accounts = accounts.iter().peekable();
    let mut digits: Vec<Digit> = Vec::new();
    let mut gap = Gap { separators: 0, breaks: true, plus: false };
    let mut run = 0;
    let mut run_has_plus = false;
    for (start, letter) in text.char_indices() {
        while accounts.next_if(|account| account.end <= start).is_some() {}
        let in_account = accounts.peek().is_some_and(|account| account.start <= start);
        let Some(value) = digits::value(letter).filter(|_| !in_account) else {
            gap.widen(letter);
            continue;
        };
        let new_run = gap.breaks || gap.separators > SEPARATORS_MAX;
        if new_run {
            drop_phone_number(&mut digits, run, run_has_plus);
            run += 1;
            run_has_plus = gap.plus;
        }
        let begins_group = new_run || gap.separators > 0;
        if let Some(before) = digits.last_mut() {
            before.ends_group |= begins_group;
        }
        let place = start..start + letter.len_utf8();
        digits.push(Digit { place, value, begins_group, ends_group: false, run, masked: false });
        gap = Gap { separators: 0, breaks: false, plus: false };
    }
    if let Some(last) = digits.last_mut() {
        last.ends_group = true;
    }
    drop_phone_number(&mut digits, run, run_has_plus);
    digits
}

/// What stands between a digit and the next.
struct Gap {
    separators: usize,
    breaks: bool,
    plus: bool,
}

impl Gap {
    fn widen(&mut self, letter: char) {
        self.plus = matches!(letter, '+' | '＋') || self.plus && matches!(letter, '(' | ' ');
        if is_separator(letter) {
            self.separators += 1;
        } else if !is_invisible(letter) {
            self.breaks = true;
        }
    }
}

fn drop_phone_number(digits: &mut Vec<Digit>, run: usize, has_plus: bool) {
    if !has_plus {
        return;
    }
    let begin = digits.iter().rposition(|digit| digit.run != run).map_or(0, |before| before + 1);
    if digits.len() - begin <= PHONE_DIGITS_MAX {
        digits.truncate(begin);
    }
}

fn is_separator(letter: char) -> bool {
    let dash =
        matches!(letter, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}');
    let dot = matches!(letter, '.' | '·' | '•' | '\u{2024}' | '\u{30fb}' | '\u{ff0e}' | '\u{3002}');
    let space = letter.is_whitespace() && !matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    dash || dot || space
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Marks what is to be masked, and counts the numbers. What a mask lays bare begins a group, so it is looked at
/// as the masked text would be.
fn mark_numbers(digits: &mut [Digit]) -> usize {
    let mut found = 0;
    for begin in 0..digits.len() {
        if !digits[begin].begins_group {
            continue;
        }
        for length in DIGITS_MIN..=DIGITS_MAX {
            let Some(number) = digits.get(begin..begin + length) else {
                break;
            };
            if number[length - 1].run != number[0].run {
                break;
            }
            if number[length - 1].ends_group && is_issued(number) && has_check_digit(number) {
                found += usize::from(!number[0].masked);
                let kept = begin + length - DIGITS_KEPT;
                digits[begin..kept].iter_mut().for_each(|digit| digit.masked = true);
                digits[kept].begins_group = true;
            }
        }
    }
    found
}

fn is_issued(number: &[Digit]) -> bool {
    ISSUERS.iter().any(|issuer| {
        let beginning = number.iter().take(issuer.from.ilog10() as usize + 1);
        let beginning = beginning.fold(0, |before, digit| before * 10 + u32::from(digit.value));
        issuer.lengths.contains(&number.len()) && (issuer.from..=issuer.to).contains(&beginning)
    })
}

/// Luhn: from the right, every second digit doubled, the sum of all digits divides by ten.
fn has_check_digit(number: &[Digit]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit.value);
            if place % 2 == 0 { value } else { value * 2 / 10 + value * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Where International Bank Account Numbers stand: ISO 13616, 15 to 34 characters, the remainder by 97 is 1.
fn bank_accounts(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while start + 15 <= bytes.len() {
        let head = &bytes[start..start + 4];
        let begins = head[..2].iter().all(u8::is_ascii_alphabetic)
            && head[2..].iter().all(u8::is_ascii_digit)
            && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric());
        let end = begins.then(|| bank_account_end(bytes, start)).flatten();
        if let Some(end) = end {
            found.push(start..end);
        }
        start = end.unwrap_or(start + 1);
    }
    found
}

fn bank_account_end(bytes: &[u8], start: usize) -> Option<usize> {
    const LENGTH: Range<usize> = 15..35;
    let add = |remainder: u32, letter: u8| match letter {
        b'0'..=b'9' => (remainder * 10 + u32::from(letter - b'0')) % 97,
        _ => (remainder * 100 + u32::from(letter.to_ascii_uppercase() - b'A') + 10) % 97,
    };
    let mut remainder = 0;
    let mut length = 4;
    for place in start + 4..bytes.len() {
        let letter = bytes[place];
        let single_space = letter == b' ' && bytes[place - 1] != b' ';
        if single_space {
            continue;
        }
        if !letter.is_ascii_alphanumeric() || length + 1 >= LENGTH.end {
            return None;
        }
        remainder = add(remainder, letter);
        length += 1;
        let word_ends = bytes.get(place + 1).is_none_or(|next| !next.is_ascii_alphanumeric());
        let checked = bytes[start..start + 4].iter().fold(remainder, |remainder, letter| add(remainder, *letter));
        if word_ends && LENGTH.contains(&length) && checked == 1 {
            return Some(place + 1);
        }
    }
    None
}
