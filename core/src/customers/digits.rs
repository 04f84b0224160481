//! Digits of every script as numbers. Never judges what they are the digits of.

use unicode_normalization::UnicodeNormalization;

/// The zeros of Unicode's decimal digits (category Nd, Unicode 16); the nine that follow each are 1 to 9.
const ZEROS: &[u32] = &[
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// The value of a digit of any script, also raised, lowered or circled (`²`, `③`); of nothing else.
pub(super) fn value(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return letter.is_ascii_digit().then(|| letter as u8 - b'0');
    }
    if !letter.is_numeric() {
        return None;
    }
    let code = u32::from(letter);
    let place = ZEROS.partition_point(|zero| *zero <= code);
    let decimal = place.checked_sub(1).map(|before| code - ZEROS[before]).filter(|value| *value <= 9);
    if let Some(value) = decimal {
        return u8::try_from(value).ok();
    }
    let mut plain = std::iter::once(letter).nfkc();
    let first = plain.next().filter(char::is_ascii_digit)?;
    plain.next().is_none().then(|| first as u8 - b'0')
}

/// The same text with every digit as `0` to `9`.
pub(super) fn with_plain_digits(text: &str) -> String {
    text.chars().map(|letter| value(letter).map_or(letter, |value| char::from(b'0' + value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_have_their_value() {
        for (written, plain) in [
            ("0123456789", "0123456789"),
            ("０１２９", "0129"),
            ("٠١٢٩", "0129"),
            ("०१२९", "0129"),
            ("๐๑๒๙", "0129"),
            ("𝟎𝟏𝟗𝟘𝟙𝟡", "019019"),
            ("²③", "23"),
            ("⑩½一Ⅷa", "⑩½一Ⅷa"),
        ] {
            assert_eq!(with_plain_digits(written), plain);
        }
    }

    #[test]
    fn the_zeros_stand_in_their_order() {
        assert!(ZEROS.is_sorted_by(|one, next| one + 10 <= *next));
    }
}
