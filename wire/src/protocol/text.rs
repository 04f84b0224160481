//! Bounded text: every string on the wire has a type that says how long it may be and which
//! characters it may hold. It never trims or repairs what a stranger sent.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serialize};

/// A text was too short, too long, or held a character that its type does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct TextError {
    /// What the type allows, as a phrase.
    pub expected: &'static str,
}

/// What one type of text allows. Lengths are counted in characters (Unicode scalar values).
trait TextRule: Sized {
    const LENGTH_MIN: usize;
    const LENGTH_MAX: usize;
    const EXPECTED: &'static str;
    const ALLOWED: Allowed;
    fn wrap(text: String) -> Self;

    fn check(text: &str) -> Result<(), TextError> {
        let length_fits = text.len() <= Self::LENGTH_MAX.saturating_mul(4)
            && (Self::LENGTH_MIN..=Self::LENGTH_MAX).contains(&text.chars().count());
        if length_fits && text.chars().all(|c| Self::ALLOWED.holds(c)) {
            Ok(())
        } else {
            Err(TextError { expected: Self::EXPECTED })
        }
    }

    fn clip(text: &str) -> Self {
        let mut clipped: String =
            text.chars().map(|c| if Self::ALLOWED.holds(c) { c } else { ' ' }).take(Self::LENGTH_MAX).collect();
        if clipped.is_empty() && Self::LENGTH_MIN > 0 {
            clipped.push('-');
        }
        Self::wrap(clipped)
    }
}

/// Control characters break log lines and NUL cannot be stored in PostgreSQL.
#[derive(Clone, Copy)]
enum Allowed {
    OneLine,
    Lines,
}

impl Allowed {
    fn holds(self, c: char) -> bool {
        match self {
            Allowed::OneLine => !c.is_ascii_control(),
            Allowed::Lines => !c.is_ascii_control() || matches!(c, '\n' | '\r' | '\t'),
        }
    }

    fn pattern(self) -> &'static str {
        match self {
            Allowed::OneLine => r"^[^\u0000-\u001F\u007F]*$",
            Allowed::Lines => r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$",
        }
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: TextRule> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        match T::check(text) {
            Ok(()) => Ok(T::wrap(text.to_owned())),
            Err(error) => Err(E::invalid_value(Unexpected::Other("this text"), &error.expected)),
        }
    }
}

fn read<'de, T: TextRule, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

macro_rules! text_type {
    (
        $(#[$doc:meta])*
        $name:ident: $min:literal to $max:literal, $allowed:ident, $printed:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
        pub struct $name(String);

        impl $name {
            /// The longest it may be, in characters.
            pub const LENGTH_MAX: usize = $max;

            /// # Errors
            /// What this type allows, when `text` is something else.
            pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
                let text = text.into();
                <Self as TextRule>::check(&text)?;
                Ok(Self(text))
            }

            /// For text that the server itself made: cut at the limit, with a space for each
            /// character that is not allowed.
            #[must_use]
            pub fn clipped(text: &str) -> Self {
                <Self as TextRule>::clip(text)
            }

            /// The text as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text as it stands on the wire.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl TextRule for $name {
            const LENGTH_MIN: usize = $min;
            const LENGTH_MAX: usize = $max;
            const EXPECTED: &'static str = text_type!(@expected $min, $max, $allowed);
            const ALLOWED: Allowed = Allowed::$allowed;

            fn wrap(text: String) -> Self {
                Self(text)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": <Self as ts_rs::TS>::docs().map(|docs| super::typescript::plain(&docs)),
                    "type": "string",
                    "minLength": $min,
                    "maxLength": $max,
                    "pattern": Allowed::$allowed.pattern(),
                })
            }
        }

        text_type!(@debug $printed $name);
    };
    (@expected $min:literal, $max:literal, OneLine) => {
        concat!("a text of ", $min, " to ", $max, " characters on one line, none of them a control character")
    };
    (@expected $min:literal, $max:literal, Lines) => {
        concat!("a text of ", $min, " to ", $max, " characters, no control characters but tab and line breaks")
    };
    (@debug shown $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    (@debug hidden $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    };
}

text_type! {
    /// The router's number of a contact.
    ContactId: 1 to 64, OneLine, shown
}
text_type! {
    /// The number of a customer in our records.
    CustomerId: 1 to 64, OneLine, shown
}
text_type! {
    /// The number of a piece of work in our records.
    WorkId: 1 to 64, OneLine, shown
}
text_type! {
    /// What a customer is called, in any script; empty while nobody knows.
    CustomerName: 0 to 200, OneLine, hidden
}
text_type! {
    /// What a person typed to find somebody.
    SearchText: 1 to 256, OneLine, hidden
}
text_type! {
    /// The router's number of a segment: one agent's part in a contact.
    SegmentId: 1 to 64, OneLine, shown
}
text_type! {
    /// The router's number of an offer.
    OfferId: 1 to 64, OneLine, shown
}
text_type! {
    /// What a gateway is asked to do: the number of the event that asks for it.
    OrderId: 1 to 64, OneLine, shown
}
text_type! {
    /// The server's name for a supervisor's leg on a call.
    MonitorId: 1 to 64, OneLine, shown
}
text_type! {
    /// The server's name for a recording.
    RecordingId: 1 to 64, OneLine, shown
}
text_type! {
    /// Where a gateway keeps a recording, in its own words: a path, an address.
    RecordingFile: 1 to 512, OneLine, hidden
}
text_type! {
    /// The server's name for one session.
    SessionId: 1 to 64, OneLine, shown
}
text_type! {
    /// An agent, as the rules name him.
    AgentName: 1 to 64, OneLine, shown
}
text_type! {
    /// A team of agents, as the rules name it.
    TeamName: 1 to 64, OneLine, shown
}
text_type! {
    /// A queue, as the rules name it, or an agent's own, which has one character more than the agent.
    QueueName: 1 to 65, OneLine, shown
}
text_type! {
    /// A gateway, as its key names it.
    GatewayName: 1 to 64, OneLine, shown
}
text_type! {
    /// A word of the centre's own: a not-ready reason, a disposition, a rule, a site, a program.
    Name: 1 to 64, OneLine, shown
}
text_type! {
    /// The gateway's own name for a contact, unique at that gateway while the contact lives and 10 minutes after.
    Ref: 1 to 128, OneLine, shown
}
text_type! {
    /// A device at the gateway, e.g. `PJSIP/1001`.
    Endpoint: 1 to 128, OneLine, shown
}
text_type! {
    /// Where a contact came from or what it reached: E.164 for voice and callbacks, otherwise what the channel uses.
    Address: 1 to 256, OneLine, hidden
}
text_type! {
    /// What a person is called.
    PersonName: 1 to 128, OneLine, hidden
}
text_type! {
    /// What a person wrote: a note, a notice.
    Text: 0 to 2000, Lines, hidden
}
text_type! {
    /// A writer's own name for a message, unique in its contact.
    MessageId: 1 to 64, OneLine, shown
}
text_type! {
    /// What was written to somebody: a line of a chat, an email.
    MessageText: 1 to 8000, Lines, hidden
}
text_type! {
    /// What an agent writes of a contact for whoever has the customer next.
    NoteText: 0 to 4000, Lines, hidden
}
text_type! {
    /// A token, ticket or key.
    Secret: 1 to 512, OneLine, hidden
}

impl Address {
    /// Whether it has the shape of an E.164 number: `+`, then 2 to 15 digits, the first not 0.
    #[must_use]
    pub fn is_e164(&self) -> bool {
        match self.0.as_bytes() {
            [b'+', b'1'..=b'9', rest @ ..] => (1..=14).contains(&rest.len()) && rest.iter().all(u8::is_ascii_digit),
            _ => false,
        }
    }
}
