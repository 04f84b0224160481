//! Texts with a limit. A text that may name a person prints itself redacted. Never changes what it was given.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest tag, tier, category or other short name, in characters.
pub const WORD_LENGTH_MAX: usize = 64;
/// Longest name of a person or company, in characters.
pub const NAME_LENGTH_MAX: usize = 200;
/// Longest address of any kind, in characters: mail addresses end at 254.
pub const ADDRESS_LENGTH_MAX: usize = 256;
/// Longest title of a piece of work, in characters.
pub const TITLE_LENGTH_MAX: usize = 200;
/// Longest note or description, in characters: a wire message holds 64 KiB.
pub const NOTE_LENGTH_MAX: usize = 16_000;
/// Longest reference to a recording or a transcript, in characters.
pub const REFERENCE_LENGTH_MAX: usize = 512;

/// A text that cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    #[error("expected at most {length_max} characters")]
    TooLong { length_max: usize },
    #[error("expected no NUL character")]
    Nul,
    #[error("expected at least one character")]
    Empty,
    #[error("expected no control characters")]
    Control,
}

/// A text that may name a person, in any script, of at most `MAX` characters; it may be empty.
/// It cannot hold NUL, which PostgreSQL refuses.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonalText<const MAX: usize>(String);

pub type CustomerName = PersonalText<NAME_LENGTH_MAX>;
pub type AddressText = PersonalText<ADDRESS_LENGTH_MAX>;
pub type TitleText = PersonalText<TITLE_LENGTH_MAX>;
pub type NoteText = PersonalText<NOTE_LENGTH_MAX>;
pub type ReferenceText = PersonalText<REFERENCE_LENGTH_MAX>;

impl<const MAX: usize> PersonalText<MAX> {
    /// # Errors
    /// When the text is too long or holds NUL.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidText> {
        let text = text.into();
        if text.contains('\0') {
            return Err(InvalidText::Nul);
        }
        // Bytes first: most texts are short, and only a long one has to be counted.
        if text.len() > MAX && text.chars().count() > MAX {
            return Err(InvalidText::TooLong { length_max: MAX });
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MAX: usize> TryFrom<String> for PersonalText<MAX> {
    type Error = InvalidText;
    fn try_from(text: String) -> Result<Self, InvalidText> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<PersonalText<MAX>> for String {
    fn from(text: PersonalText<MAX>) -> String {
        text.0
    }
}

impl<const MAX: usize> fmt::Debug for PersonalText<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters", self.0.chars().count())
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// When the text is empty, longer than [`WORD_LENGTH_MAX`], or holds a control character.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidText> {
                let text = text.into();
                if text.is_empty() {
                    return Err(InvalidText::Empty);
                }
                if text.chars().any(char::is_control) {
                    return Err(InvalidText::Control);
                }
                if text.chars().count() > WORD_LENGTH_MAX {
                    return Err(InvalidText::TooLong { length_max: WORD_LENGTH_MAX });
                }
                Ok(Self(text))
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;
            fn try_from(text: String) -> Result<Self, InvalidText> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> String {
                word.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

words! {
    Tag,
    /// The value segment: `gold`.
    Tier,
    /// A language tag: `fr`, `pt-BR`.
    Language,
    /// What a piece of work is about, in the centre's own words.
    Category,
    /// A kind of address as it is stored: `phone`.
    AddressKindWord,
    /// Who reads the journal and writes rows from it.
    ReaderName,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_text_is_bounded_in_characters_and_prints_nothing_of_itself() {
        let name: PersonalText<3> = PersonalText::new("小明偉").unwrap();
        assert_eq!(name.as_str(), "小明偉");
        assert_eq!(format!("{name:?}"), "3 characters");
        assert_eq!(PersonalText::<3>::new("abcd"), Err(InvalidText::TooLong { length_max: 3 }));
        assert_eq!(PersonalText::<3>::new("a\0"), Err(InvalidText::Nul));
        assert!(PersonalText::<3>::new("").unwrap().is_empty());
        assert!(serde_json::from_str::<PersonalText<3>>(r#""a\u0000""#).is_err());
    }

    #[test]
    fn a_word_is_short_and_printable() {
        assert_eq!(Tag::new("vip").unwrap().to_string(), "vip");
        assert_eq!(Tag::new(""), Err(InvalidText::Empty));
        assert_eq!(Tag::new("a\nb"), Err(InvalidText::Control));
        assert_eq!(Tag::new("x".repeat(65)), Err(InvalidText::TooLong { length_max: WORD_LENGTH_MAX }));
    }
}
