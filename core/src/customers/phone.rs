//! Phone numbers in any form to E.164. Alone names the crate that knows numbering plans; it never looks a number up.

use std::fmt;
use std::str::FromStr;

use rlibphonenumber::enums::Region as PlanRegion;
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat, ValidationError,
};
use serde::{Deserialize, Serialize};

use super::phone_text::{digits_only, is_invisible, is_withheld, out_of_uri, split_extension};

/// Longest text that is looked at, in characters: a SIP address with its parameters fits.
pub const PHONE_TEXT_CHARACTERS_MAX: usize = 256;
/// Longest extension, in digits: extensions have 2 to 6, some conference codes 10.
pub const EXTENSION_DIGITS_MAX: usize = 10;
/// E.164 has at most 15 digits; a prefix of up to 5 (`00`, `8~10`, a carrier's) may stand before.
pub(super) const DIGITS_MAX: usize = 20;
/// A number without `+` is tried as an international one from this length on: below, it would fit too many countries.
const BARE_INTERNATIONAL_DIGITS_MIN: usize = 11;
/// With fewer digits than this, a masked text shows none of them.
const DIGITS_SHOWN_FROM: usize = 6;

/// A country or territory as numbering plans know it: two letters, ISO 3166.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(PlanRegion);

/// A text that names no country with a numbering plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the two letters of a country, such as FR or US")]
pub struct UnknownRegion;

impl Region {
    /// # Errors
    /// When no numbering plan has that name.
    pub fn new(letters: &str) -> Result<Self, UnknownRegion> {
        let letters = letters.trim();
        if letters.len() != 2 || !letters.bytes().all(|letter| letter.is_ascii_alphabetic()) {
            return Err(UnknownRegion);
        }
        let region = PlanRegion::from_str(&letters.to_ascii_uppercase()).map_err(|_| UnknownRegion)?;
        let known = PHONE_NUMBER_UTIL.get_supported_regions().any(|supported| supported == region);
        known.then_some(Self(region)).ok_or(UnknownRegion)
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;
    fn try_from(text: String) -> Result<Self, UnknownRegion> {
        Self::new(&text)
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.to_string()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number of a subscriber, and perhaps an extension behind it. Prints itself masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhoneNumber {
    e164: String,
    extension: Option<String>,
}

/// A text that is no phone number. Shows at most the last two digits of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{masked} is not a phone number: {reason}")]
pub struct NotAPhoneNumber {
    pub masked: String,
    pub reason: WhyNoNumber,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyNoNumber {
    #[error("expected at most {PHONE_TEXT_CHARACTERS_MAX} characters and {DIGITS_MAX} digits")]
    TooLong,
    #[error("expected one number: digits, spaces, brackets, hyphens, and perhaps an extension")]
    OtherCharacters,
    #[error("expected a number with its country, such as +33 1 23 45 67 89, where no region is set")]
    NoRegion,
    #[error("expected the code of a country after the +")]
    UnknownCountry,
    #[error("expected more digits for its country{}", with_area(*.local_only))]
    TooFewDigits { local_only: bool },
    #[error("expected fewer digits for its country")]
    TooManyDigits,
    #[error("expected another number of digits for its country")]
    OtherLength,
    #[error("expected a number that is in use, not one digit repeated")]
    OneDigitRepeated,
}

fn with_area(local_only: bool) -> &'static str {
    if local_only { ": the area code too" } else { "" }
}

impl PhoneNumber {
    /// Reads a number in any written form: international, national as in `home`, with an extension,
    /// as a `tel:` or `sip:` address, with digits of any script. `None`: the caller withheld it.
    ///
    /// A number that its country's plan lists is preferred, whichever way of reading gives it; else one of
    /// a possible length counts too, because plans grow faster than programs are renewed.
    ///
    /// # Errors
    /// When it can be no number of a subscriber.
    pub fn read(text: &str, home: Option<Region>) -> Result<Option<Self>, NotAPhoneNumber> {
        let refuse = |reason| NotAPhoneNumber { masked: masked(text), reason };
        let trimmed = text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter));
        if trimmed.chars().nth(PHONE_TEXT_CHARACTERS_MAX).is_some() {
            return Err(refuse(WhyNoNumber::TooLong));
        }
        let written = out_of_uri(trimmed);
        if is_withheld(&written) {
            return Ok(None);
        }
        let (number, extension) = split_extension(&written);
        let parsed = parsed(number, home).map_err(refuse)?;
        Ok(Some(Self { e164: parsed.format_as(PhoneNumberFormat::E164).into_owned(), extension }))
    }

    /// Reads what a caller typed on the keys: as [`Self::read`], without the `*` and `#` around it. `None`: nothing typed.
    ///
    /// # Errors
    /// When it can be no number of a subscriber.
    pub fn read_keys(keys: &str, home: Option<Region>) -> Result<Option<Self>, NotAPhoneNumber> {
        Self::read(keys.trim_matches(|key: char| key == '*' || key == '#' || key.is_whitespace()), home)
    }

    /// `+`, the country's code and the national number: digits only.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// Digits only.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// In the groups of its country, the country's code first, the extension last.
    #[must_use]
    pub fn shown(&self) -> String {
        let number = PHONE_NUMBER_UTIL.parse(&self.e164, None);
        let number = number.map_or_else(
            |_| self.e164.clone(),
            |number| number.format_as(PhoneNumberFormat::International).into_owned(),
        );
        match &self.extension {
            Some(extension) => format!("{number} ext. {extension}"),
            None => number,
        }
    }

    /// Read once for all that is asked of it; `None` only for what no plan has any longer.
    #[must_use]
    pub fn plan(&self) -> Option<NumberPlan> {
        PHONE_NUMBER_UTIL.parse(&self.e164, None).ok().map(NumberPlan)
    }

    /// The country whose plan has the number; `None` for numbers of the world, such as +800.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.plan()?.region()
    }
}

/// What the plan of its country says of a number.
pub struct NumberPlan(Parsed);

impl NumberPlan {
    /// Without `+`; numbers of the world, such as +800, have one too.
    #[must_use]
    pub fn country_code(&self) -> u16 {
        u16::try_from(self.0.country_code).unwrap_or_default()
    }

    /// As [`PhoneNumber::region`].
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.0.get_region_code().filter(|region| *region != PlanRegion::World).map(Region)
    }

    /// Whether its first digits say where it rings: those of a landline do, and in some countries those of a mobile phone.
    /// What the plan does not list says nothing.
    #[must_use]
    pub fn is_geographical(&self) -> bool {
        self.0.is_geographical()
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.e164))
    }
}

/// The last two digits of a text, when it has enough of them that two say nothing.
#[must_use]
pub fn masked(text: &str) -> String {
    let digits: Vec<char> = text
        .chars()
        .take(PHONE_TEXT_CHARACTERS_MAX)
        .filter_map(|letter| super::digits::value(letter).map(|value| char::from(b'0' + value)))
        .collect();
    let shown = if digits.len() < DIGITS_SHOWN_FROM { &[] } else { &digits[digits.len() - 2..] };
    format!("…{}", shown.iter().collect::<String>())
}

fn parsed(number: &str, home: Option<Region>) -> Result<Parsed, WhyNoNumber> {
    let digits = digits_only(number)?;
    let as_written = plan_number(&digits, home);
    if let Some(listed) = as_written.as_ref().ok().filter(|number| number.is_valid()) {
        return Ok(listed.clone());
    }
    let international = international_form(&digits).and_then(|form| plan_number(&form, None).ok());
    if let Some(listed) = international.as_ref().filter(|number| number.is_valid()) {
        return Ok(listed.clone());
    }
    let plain = digits.trim_start_matches('+').trim_start_matches('0');
    if plain.bytes().collect::<std::collections::BTreeSet<u8>>().len() <= 1 {
        return Err(WhyNoNumber::OneDigitRepeated);
    }
    match (as_written, international) {
        (Ok(number), _) => Ok(number),
        (Err(_), Some(number)) if digits.starts_with("00") => Ok(number),
        (Err(reason), _) => Err(reason),
    }
}

/// A number of a possible length, by the plan of its country.
fn plan_number(digits: &str, home: Option<Region>) -> Result<Parsed, WhyNoNumber> {
    if !digits.starts_with('+') && home.is_none() {
        return Err(WhyNoNumber::NoRegion);
    }
    let number = PHONE_NUMBER_UTIL.parse(digits, home.map(|region| region.0)).map_err(|error| match error {
        ParseError::InvalidCountryCode => WhyNoNumber::UnknownCountry,
        ParseError::NotANumber(_) | ParseError::TooShortAfterIdd | ParseError::TooShortNsn => {
            WhyNoNumber::TooFewDigits { local_only: false }
        }
        ParseError::TooLongNsn => WhyNoNumber::TooManyDigits,
    })?;
    match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => Ok(number),
        Ok(NumberLengthType::IsPossibleLocalOnly) => Err(WhyNoNumber::TooFewDigits { local_only: true }),
        Err(ValidationError::InvalidCountryCode) => Err(WhyNoNumber::UnknownCountry),
        Err(ValidationError::TooShort) => Err(WhyNoNumber::TooFewDigits { local_only: false }),
        Err(ValidationError::InvalidLength) => Err(WhyNoNumber::OtherLength),
        Err(ValidationError::TooLong) => Err(WhyNoNumber::TooManyDigits),
    }
}

/// The number with a `+`, where `00` stands for it or trunks and spreadsheets have dropped it.
fn international_form(digits: &str) -> Option<String> {
    if digits.starts_with('+') {
        return None;
    }
    if let Some(rest) = digits.strip_prefix("00") {
        return Some(format!("+{rest}"));
    }
    (digits.len() >= BARE_INTERNATIONAL_DIGITS_MIN).then(|| format!("+{digits}"))
}
