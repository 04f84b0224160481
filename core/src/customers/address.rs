//! Addresses of customers, every written form to one key that look-ups compare. Never looks one up.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::phone::{NotAPhoneNumber, PhoneNumber, Region, masked};

/// RFC 5321: longest address that a mail server takes, in octets; counted here in characters.
pub const EMAIL_CHARACTERS_MAX: usize = 254;
/// RFC 5321: longest part before the `@`.
const EMAIL_LOCAL_CHARACTERS_MAX: usize = 64;
/// Longest name of a chat network or of a foreign system.
pub const SYSTEM_NAME_CHARACTERS_MAX: usize = 32;
/// Longest chat handle or foreign id: a messenger's opaque ids have about 80 characters.
pub const HANDLE_CHARACTERS_MAX: usize = 128;
/// Longer text typed into a search box is no address.
const SOUGHT_CHARACTERS_MAX: usize = 256;

/// What an address is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    Phone,
    Email,
    /// A name on a chat network.
    Handle,
    /// The customer's number in another system.
    External,
}

impl AddressKind {
    /// As it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            AddressKind::Phone => "phone",
            AddressKind::Email => "email",
            AddressKind::Handle => "handle",
            AddressKind::External => "external",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Phone, Self::Email, Self::Handle, Self::External].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One address. Two are the same address when kind and value are equal. Prints itself masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    pub kind: AddressKind,
    /// The key for look-up: E.164; an email in lower case; `network:handle` folded; `system:id` as given.
    pub value: String,
    /// Of a phone number only: digits. It is no part of the key: a switchboard's callers share the number.
    pub extension: Option<String>,
    /// What people are shown: the number in groups, anything else as it was given.
    pub shown: String,
}

/// A text that is no address of its kind. Never repeats it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    #[error(transparent)]
    Phone(#[from] NotAPhoneNumber),
    #[error("expected an email address, such as name@example.com, of at most {EMAIL_CHARACTERS_MAX} characters")]
    Email,
    #[error(
        "expected the name of a network or system: 1 to {SYSTEM_NAME_CHARACTERS_MAX} letters, digits, dots, hyphens or underscores"
    )]
    SystemName,
    #[error("expected 1 to {HANDLE_CHARACTERS_MAX} characters, none of them a control character, no space at the ends")]
    Handle,
    #[error("expected network:handle or system:id")]
    NoSystem,
}

impl Address {
    /// A phone number in any form ([`PhoneNumber::read`]). `None`: the caller withheld it.
    ///
    /// # Errors
    /// When it can be no phone number.
    pub fn phone(text: &str, home: Option<Region>) -> Result<Option<Self>, NotAPhoneNumber> {
        Ok(PhoneNumber::read(text, home)?.map(Self::from))
    }

    /// An email address, also as `Name <name@example.com>` or `mailto:`. Lower case is its key, because no
    /// mail server in use tells `Ann@` from `ann@`; what follows a plus stays, because it may be a person.
    ///
    /// # Errors
    /// When it is none.
    pub fn email(text: &str) -> Result<Self, NotAnAddress> {
        let shown = bare_email(text);
        let well_formed = is_email(shown);
        if !well_formed {
            return Err(NotAnAddress::Email);
        }
        let value: String = shown.trim_end_matches('.').nfc().flat_map(char::to_lowercase).nfc().collect();
        Ok(Self { kind: AddressKind::Email, value, extension: None, shown: shown.to_owned() })
    }

    /// A name on a chat network. Case, width and a leading `@` make no difference.
    ///
    /// # Errors
    /// When network or handle is empty, too long, or holds what a name cannot.
    pub fn handle(network: &str, handle: &str) -> Result<Self, NotAnAddress> {
        let network = system_name(network)?.to_ascii_lowercase();
        let shown = handle.trim();
        let bare = shown.strip_prefix('@').unwrap_or(shown);
        if !is_plain(bare) {
            return Err(NotAnAddress::Handle);
        }
        let folded: String = bare.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        let value = format!("{network}:{folded}");
        Ok(Self { kind: AddressKind::Handle, value, extension: None, shown: shown.to_owned() })
    }

    /// The customer's id in another system: exact, to the letter, because that system's ids may differ by case only.
    ///
    /// # Errors
    /// When system or id is empty, too long, or holds what it cannot.
    pub fn external(system: &str, id: &str) -> Result<Self, NotAnAddress> {
        let system = system_name(system)?;
        if !is_plain(id) || id.trim() != id {
            return Err(NotAnAddress::Handle);
        }
        let value = format!("{system}:{id}");
        Ok(Self { kind: AddressKind::External, value, extension: None, shown: id.to_owned() })
    }

    /// Reads an address whose kind is known, handles as `network:handle` and external ids as `system:id`.
    /// `None`: a withheld number.
    ///
    /// # Errors
    /// When it is none of that kind.
    pub fn read(kind: AddressKind, text: &str, home: Option<Region>) -> Result<Option<Self>, NotAnAddress> {
        match kind {
            AddressKind::Phone => Ok(Self::phone(text, home)?),
            AddressKind::Email => Self::email(text).map(Some),
            AddressKind::Handle => {
                let (network, handle) = text.split_once(':').ok_or(NotAnAddress::NoSystem)?;
                Self::handle(network, handle).map(Some)
            }
            AddressKind::External => {
                let (system, id) = text.split_once(':').ok_or(NotAnAddress::NoSystem)?;
                Self::external(system, id).map(Some)
            }
        }
    }
}

/// The addresses that a text typed into a search box may be; none for a name. A handle and an external id
/// are taken only with their network or system in front.
#[must_use]
pub fn sought_addresses(text: &str, home: Option<Region>) -> Vec<Address> {
    if text.chars().nth(SOUGHT_CHARACTERS_MAX).is_some() {
        return Vec::new();
    }
    [AddressKind::Phone, AddressKind::Email, AddressKind::Handle, AddressKind::External]
        .into_iter()
        .filter_map(|kind| Address::read(kind, text, home).ok().flatten())
        .collect()
}

impl From<PhoneNumber> for Address {
    fn from(number: PhoneNumber) -> Self {
        Self {
            kind: AddressKind::Phone,
            value: number.e164().to_owned(),
            extension: number.extension().map(str::to_owned),
            shown: number.shown(),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = match self.kind {
            AddressKind::Phone => masked(&self.value),
            AddressKind::Email | AddressKind::Handle | AddressKind::External => "…".to_owned(),
        };
        write!(f, "{} {masked}", self.kind.as_str())
    }
}

fn bare_email(text: &str) -> &str {
    let trimmed = text.trim();
    let inner = match (trimmed.rfind('<'), trimmed.ends_with('>')) {
        (Some(begin), true) => trimmed[begin + 1..trimmed.len() - 1].trim(),
        _ => trimmed,
    };
    match inner.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest.trim(),
        _ => inner,
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let domain = domain.trim_end_matches('.');
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || !letter.is_ascii())
    };
    let short =
        text.chars().nth(EMAIL_CHARACTERS_MAX).is_none() && local.chars().nth(EMAIL_LOCAL_CHARACTERS_MAX).is_none();
    let no_spaces = !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    let local_fits = !local.is_empty() && !local.contains(['@', '<', '>', ',', ';', '(', ')', '"', '\\']);
    short && no_spaces && local_fits && domain.contains('.') && domain.split('.').all(label)
}

fn system_name(name: &str) -> Result<&str, NotAnAddress> {
    let name = name.trim();
    let fits = (1..=SYSTEM_NAME_CHARACTERS_MAX).contains(&name.len())
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-' | b'_'));
    fits.then_some(name).ok_or(NotAnAddress::SystemName)
}

fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().nth(HANDLE_CHARACTERS_MAX).is_none() && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn france() -> Option<Region> {
        Some(Region::new("FR").unwrap())
    }

    #[test]
    fn emails_in_many_forms_are_one_address() {
        for text in [
            "ann.smith@example.com",
            "  Ann.Smith@Example.COM ",
            "mailto:ann.smith@example.com",
            "MAILTO:ANN.SMITH@EXAMPLE.COM",
            "Ann Smith <ann.smith@example.com>",
            "\"Smith, Ann\" <Ann.Smith@example.com>",
            "<ann.smith@example.com>",
            "ann.smith@example.com.",
        ] {
            assert_eq!(Address::email(text).unwrap().value, "ann.smith@example.com", "{text}");
        }
    }

    #[test]
    fn what_may_be_another_person_stays_another_address() {
        let plain = Address::email("ann@example.com").unwrap();
        for other in ["ann+work@example.com", "a.nn@example.com", "ann@mail.example.com"] {
            assert_ne!(Address::email(other).unwrap().value, plain.value);
        }
        assert_eq!(Address::email("李@例え.テスト").unwrap().value, "李@例え.テスト");
        assert_eq!(
            Address::email("MU\u{308}LLER@BU\u{308}CHER.example").unwrap().value,
            Address::email("müller@bücher.example").unwrap().value
        );
    }

    #[test]
    fn no_emails() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.com", "example.".repeat(40));
        for text in [
            "",
            " ",
            "@",
            "ann",
            "ann@",
            "@example.com",
            "ann@example",
            "ann@example..com",
            "ann smith@example.com",
            "ann@exa mple.com",
            "a@b@example.com",
            "ann@-example.com",
            "a\u{0}@example.com",
            "a,b@example.com",
            "<script>@example.com",
            &long,
            &longer,
            "ann@example.com, bob@example.com",
        ] {
            assert_eq!(Address::email(text), Err(NotAnAddress::Email), "{text}");
        }
    }

    #[test]
    fn handles_are_folded_and_external_ids_are_not() {
        let value = |network, handle| Address::handle(network, handle).unwrap().value;
        assert_eq!(value("Telegram", " @Olga_K "), "telegram:olga_k");
        assert_eq!(value("telegram", "ＯＬＧＡ_K"), "telegram:olga_k");
        assert_eq!(value("wechat", "李伟:1"), "wechat:李伟:1");
        assert_ne!(Address::external("CRM", "a1").unwrap().value, Address::external("CRM", "A1").unwrap().value);
        assert_ne!(Address::external("CRM", "a1").unwrap().value, Address::external("crm", "a1").unwrap().value);
        for (system, id) in [("", "1"), ("a:b", "1"), ("crm", ""), ("crm", " 1"), ("crm", "1\n"), ("c m", "1")] {
            assert!(Address::external(system, id).is_err(), "{system} {id}");
        }
        assert!(Address::handle("telegram", "@").is_err());
        assert!(Address::handle("telegram", &"a".repeat(HANDLE_CHARACTERS_MAX + 1)).is_err());
    }

    #[test]
    fn a_search_box_takes_any_address() {
        let kinds = |text| sought_addresses(text, france()).iter().map(|found| found.kind).collect::<Vec<_>>();
        assert_eq!(kinds("01 23 45 67 89"), [AddressKind::Phone]);
        assert_eq!(kinds("ann@example.com"), [AddressKind::Email]);
        assert_eq!(kinds("telegram:olga"), [AddressKind::Handle, AddressKind::External]);
        assert_eq!(kinds("sip:+33123456789@example.com")[0], AddressKind::Phone);
        assert_eq!(kinds("Müller"), []);
        assert_eq!(kinds("unknown"), []);
        assert_eq!(kinds(&"1".repeat(100_000)), []);
    }

    #[test]
    fn an_address_prints_itself_masked() {
        let phone = Address::phone("+33 1 23 45 67 89", None).unwrap().unwrap();
        assert_eq!(format!("{phone:?}"), "phone …89");
        assert_eq!(format!("{:?}", Address::email("ann@example.com").unwrap()), "email …");
        assert_eq!(phone.shown, "+33 1 23 45 67 89");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_read_reads_as_itself(text in "\\PC{0,40}|[a-zA-Z@. <>+:-]{0,40}|.{0,300}") {
            for kind in [AddressKind::Phone, AddressKind::Email, AddressKind::Handle, AddressKind::External] {
                if let Ok(Some(address)) = Address::read(kind, &text, france()) {
                    let again = Address::read(kind, &address.value, None).unwrap().unwrap();
                    prop_assert_eq!(&again.value, &address.value);
                    prop_assert_eq!(AddressKind::of_name(kind.as_str()), Some(kind));
                }
            }
        }
    }
}
