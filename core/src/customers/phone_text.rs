//! What a text says before any numbering plan is asked: the number in it, its extension, or that it is withheld. Never judges the number.

use super::digits::with_plain_digits;
use super::phone::{DIGITS_MAX, EXTENSION_DIGITS_MAX, WhyNoNumber};

/// What gateways, telephones and people write when there is no number; compared lower-cased.
const WITHHELD: &[&str] = &[
    "",
    "-",
    "anonymous",
    "anonymous caller",
    "blocked",
    "caller id withheld",
    "hidden",
    "n/a",
    "no caller id",
    "no number",
    "none",
    "not available",
    "null",
    "number withheld",
    "out of area",
    "payphone",
    "private",
    "private number",
    "restricted",
    "unavailable",
    "undefined",
    "unknown",
    "unknown caller",
    "unknown number",
    "withheld",
    "匿名",
    "未知",
    "非通知",
];

/// Words and signs that stand before an extension; a longer one stands before the one that ends it.
const EXTENSION_MARKERS: &[&str] = &[
    ";ext",
    "extension",
    "extensión",
    "durchwahl",
    "anschluss",
    "poste",
    "anexo",
    "ramal",
    "extn",
    "ext",
    "int",
    "доб",
    "вн",
    "dw",
    "分机",
    "分機",
    "内线",
    "内線",
    "내선",
    "x",
    "#",
    ",",
    ";",
];

pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

pub(super) fn is_withheld(written: &str) -> bool {
    let plain = written.trim().to_lowercase();
    let plain = plain.trim_matches(|letter| matches!(letter, '<' | '>' | '"' | '\'' | '(' | ')'));
    WITHHELD.contains(&plain)
}

/// The number in a `tel:`, `sip:` or `callto:` address, with plain digits and without what cannot be seen.
pub(super) fn out_of_uri(text: &str) -> String {
    let inner = match (text.rfind('<'), text.ends_with('>')) {
        (Some(begin), true) => &text[begin + 1..text.len() - 1],
        _ => text,
    };
    let plain: String = with_plain_digits(inner).chars().filter(|letter| !is_invisible(*letter)).collect();
    let plain = plain.replace('＋', "+");
    let Some((scheme, rest)) = plain.split_once(':') else {
        return plain;
    };
    match scheme.trim().to_ascii_lowercase().as_str() {
        "sip" | "sips" => {
            let user = rest.split_once('@').map_or(rest, |(user, _)| user);
            percent_decoded(without_parameters(user, None).as_str())
        }
        "tel" | "callto" => {
            let context = parameter(rest, "phone-context").filter(|context| context.starts_with('+'));
            without_parameters(&percent_decoded(rest), context)
        }
        _ => plain,
    }
}

fn parameter<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.split(';').skip(1).find_map(|one| {
        let (key, value) = one.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The number, its extension behind it, and nothing else of what follows a `;`.
fn without_parameters(text: &str, context: Option<&str>) -> String {
    let number = text.split(';').next().unwrap_or_default();
    let extension = parameter(text, "ext").map(|extension| format!(";ext={extension}")).unwrap_or_default();
    format!("{}{number}{extension}", context.unwrap_or_default())
}

/// `%2B` to `+`, for ASCII; anything else stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        decoded.push_str(&rest[..place]);
        rest = &rest[place..];
        let code = rest.get(1..3).and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii);
        match code {
            Some(code) => {
                decoded.push(char::from(code));
                rest = &rest[3..];
            }
            None => {
                decoded.push('%');
                rest = &rest[1..];
            }
        }
    }
    decoded + rest
}

/// The number, and the extension when a marker and digits end the text.
pub(super) fn split_extension(written: &str) -> (&str, Option<String>) {
    let whole = written.trim_end_matches(|letter: char| letter.is_whitespace() || letter == ')');
    let before = whole.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let extension = &whole[before.len()..];
    if extension.is_empty() || extension.len() > EXTENSION_DIGITS_MAX {
        return (written, None);
    }
    let marked = before.trim_end_matches(|letter: char| letter.is_whitespace() || matches!(letter, '.' | ':' | '='));
    for marker in EXTENSION_MARKERS {
        let Some(number) = without_ending(marked, marker) else {
            continue;
        };
        let number = number.trim_end_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '(' | ',' | ';' | '.' | '-' | '/' | '#')
        });
        let own_word =
            !number.ends_with(char::is_alphabetic) && number.ends_with(|letter: char| letter.is_ascii_digit());
        if own_word {
            return (number, Some(extension.to_owned()));
        }
    }
    (written, None)
}

/// What stands before `ending`, whichever case it is written in.
fn without_ending<'t>(text: &'t str, ending: &str) -> Option<&'t str> {
    let mut place = text.len();
    for wanted in ending.chars().rev() {
        let letter = text[..place].chars().next_back()?;
        let same = letter.to_lowercase().eq(std::iter::once(wanted)) || is_full_width(letter, wanted);
        if !same {
            return None;
        }
        place -= letter.len_utf8();
    }
    Some(&text[..place])
}

fn is_full_width(letter: char, plain: char) -> bool {
    plain.is_ascii_graphic()
        && letter.to_lowercase().next().is_some_and(|letter| u32::from(letter) == u32::from(plain) + 0xFEE0)
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '-' | '.' | '/' | '(' | ')' | '[' | ']' | '~')
        || matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{ff0d}'..='\u{ff0f}')
        || matches!(
            letter,
            '\u{ff08}' | '\u{ff09}' | '\u{ff3b}' | '\u{ff3d}' | '\u{ff5e}' | '\u{2053}' | '\u{223c}' | '·'
        )
}

/// `+` when it has one, and the digits. Refused: what is written in other characters.
pub(super) fn digits_only(number: &str) -> Result<String, WhyNoNumber> {
    let number = number.trim_matches(is_separator);
    let mut digits = String::new();
    for letter in number.chars() {
        match letter {
            '+' if digits.is_empty() => digits.push('+'),
            '0'..='9' => digits.push(letter),
            _ if is_separator(letter) => {}
            _ => return Err(WhyNoNumber::OtherCharacters),
        }
    }
    let count = digits.trim_start_matches('+').len();
    match count {
        0 => Err(WhyNoNumber::OtherCharacters),
        1..=DIGITS_MAX => Ok(digits),
        _ => Err(WhyNoNumber::TooLong),
    }
}
