//! One value as it was given, and as a setting takes it. Knows no key and no source.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use hyper::Uri;
use secrecy::SecretString;
use toml::de::DeValue;
use tracing_subscriber::EnvFilter;

use super::customer_fields;
use super::keys::Kind;
use super::settings::{Database, LogFormat};
use crate::customers::phone::{PhoneNumber, Region};
use crate::customers::redaction::{Hidable, Sight};
use crate::routing::time::Timestamp;

/// Ids on the wire begin with the site's name.
const SITE_LENGTH_MAX: usize = 32;
/// Longest name of an attribute or a system, in characters.
const NAME_LENGTH_MAX: usize = 32;
/// A list of origins is compared at every handshake.
const ORIGINS_MAX: usize = 64;
/// Things of a customer that one role does not see.
const HIDDEN_MAX: usize = 256;
/// Instead of a number of days.
const FOREVER: &str = "forever";
/// Instead of a database of its own.
const SAME: &str = "same";
/// Instead of what may be left out.
const NONE: &str = "none";
/// Longest password, URL or way to dial, in bytes.
const TEXT_BYTES_MAX: usize = 256;
/// What stands for the number that is dialled.
const NUMBER_PLACES: [&str; 2] = ["{number}", "{digits}"];

/// A value as the file holds it, or as text.
pub(super) enum Given<'v> {
    InFile(&'v DeValue<'v>),
    /// From the environment or a flag; a list is parted by commas.
    AsText(&'v str),
}

impl Given<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Given::InFile(value) => value.as_str(),
            Given::AsText(text) => Some(text),
        }
    }

    fn number(&self) -> Option<u64> {
        match self {
            Given::InFile(value) => {
                let integer = value.as_integer()?;
                u64::from_str_radix(integer.as_str(), integer.radix()).ok()
            }
            Given::AsText(text) => text.replace('_', "").parse().ok(),
        }
    }

    fn switch(&self) -> Option<bool> {
        match self {
            Given::InFile(value) => value.as_bool(),
            Given::AsText(text) => text.parse().ok(),
        }
    }

    fn list(&self) -> Option<Vec<String>> {
        match self {
            Given::InFile(value) => {
                value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
            }
            Given::AsText("") => Some(Vec::new()),
            Given::AsText(text) => Some(text.split(',').map(|item| item.trim().to_owned()).collect()),
        }
    }
}

impl<Of> Kind<Of> {
    /// Puts the value where it belongs; nothing when it is not [`Kind::expected`], and then changes nothing.
    pub(super) fn set(&self, config: &mut Of, given: &Given<'_>) -> Option<()> {
        match self {
            Kind::Site(at) => *at(config) = given.text().filter(|text| is_site(text))?.to_owned(),
            Kind::Level(at) => *at(config) = given.text().filter(|text| is_level(text))?.to_owned(),
            Kind::Path(at) => {
                *at(config) = PathBuf::from(given.text().filter(|text| !text.is_empty() && !text.contains('\0'))?);
            }
            Kind::Database(at) => *at(config) = database_of(given.text()?)?,
            Kind::OwnDatabase(at) => {
                *at(config) = match given.text()? {
                    SAME => None,
                    text => Some(database_of(text)?),
                };
            }
            Kind::Address(at) => *at(config) = given.text()?.parse::<SocketAddr>().ok()?,
            Kind::Switch(at) => *at(config) = given.switch()?,
            Kind::Origins(at) => {
                let list = given.list().filter(|list| list.len() <= ORIGINS_MAX)?;
                *at(config) = list.iter().all(|text| is_origin(text)).then_some(list)?;
            }
            Kind::LogFormat(at) => {
                *at(config) = match given.text()? {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => return None,
                };
            }
            Kind::Milliseconds(at, range) => *at(config) = Duration::from_millis(within(given, range)?),
            Kind::Bytes(at, range) | Kind::Count(at, range, _) => {
                *at(config) = within(given, range)?.try_into().ok()?;
            }
            Kind::Events(at, range) => *at(config) = within(given, range)?,
            Kind::PerSecond(at, range, _) | Kind::Burst(at, range) | Kind::Times(at, range) => {
                *at(config) = within(given, range)?.try_into().ok()?;
            }
            Kind::Instant(at) => {
                *at(config) = match given.text()? {
                    "now" => None,
                    text => Some(Timestamp(text.parse::<jiff::Timestamp>().ok()?.as_millisecond())),
                };
            }
            Kind::Region(at) => {
                *at(config) = match given.text()? {
                    NONE => None,
                    text => Some(Region::new(text).ok()?),
                };
            }
            Kind::Hidden(at) => {
                let list = given.list().filter(|list| list.len() <= HIDDEN_MAX)?;
                let hidden: Result<Vec<Hidable>, _> = list.iter().map(|word| word.parse()).collect();
                *at(config) = Sight::without(hidden.ok()?);
            }
            Kind::Fields(at) => *at(config) = customer_fields::read(given).ok()?,
            Kind::DaysKept(at, range) => {
                *at(config) = match given.text() {
                    Some(FOREVER) => None,
                    Some(_) | None => Some(within(given, range)?.try_into().ok()?),
                };
            }
            Kind::EventsKept(at, range) => {
                *at(config) = match given.text() {
                    Some(FOREVER) => None,
                    Some(_) | None => Some(within(given, range)?),
                };
            }
            Kind::Name(at) => *at(config) = given.text().filter(|text| is_name(text))?.to_owned(),
            Kind::OwnName(at) => {
                *at(config) = match given.text().filter(|text| is_name(text))? {
                    NONE => None,
                    name => Some(name.to_owned()),
                };
            }
            Kind::OwnCount(at, range, _) => {
                *at(config) = match given.text() {
                    Some(NONE) => None,
                    Some(_) | None => Some(within(given, range)?.try_into().ok()?),
                };
            }
            Kind::Secret(at) => {
                let text = given.text().filter(|text| is_short(text))?;
                *at(config) = (!text.is_empty()).then(|| SecretString::from(text));
            }
            Kind::OwnPath(at) => {
                let text = given.text().filter(|text| !text.contains('\0'))?;
                *at(config) = (!text.is_empty()).then(|| PathBuf::from(text));
            }
            Kind::AriUrl(at) => *at(config) = given.text().filter(|text| is_ari_url(text))?.to_owned(),
            Kind::Dialled(at) => *at(config) = given.text().filter(|text| is_dialled(text))?.to_owned(),
            Kind::Number(at) => {
                *at(config) = match given.text()? {
                    NONE => None,
                    text if text.starts_with('+') => Some(PhoneNumber::read(text, None).ok()??),
                    _ => return None,
                };
            }
        }
        Some(())
    }

    /// What it may be, with its unit, as an error says it.
    pub(super) fn expected(&self) -> String {
        let number = |what: &str, range: &RangeInclusive<u64>| {
            format!("a whole number of {what} from {} to {}", grouped(*range.start()), grouped(*range.end()))
        };
        match self {
            Kind::Site(_) => {
                format!("1 to {SITE_LENGTH_MAX} letters a to z, digits or dashes, beginning with a letter")
            }
            Kind::Level(_) => {
                "off, error, warn, info, debug or trace, perhaps with parts as in info,usher::http=debug".into()
            }
            Kind::Path(_) => "a path".into(),
            Kind::Database(_) => "\"sqlite\" or a URL like postgres://user:password@host/database".into(),
            Kind::OwnDatabase(_) => {
                format!("\"{SAME}\", \"sqlite\" or a URL like postgres://user:password@host/database")
            }
            Kind::Address(_) => "an IP address and a port, like 127.0.0.1:7700 or [::1]:7700".into(),
            Kind::Switch(_) => "true or false".into(),
            Kind::Origins(_) => {
                format!("at most {ORIGINS_MAX} origins like https://usher.example.com, lower case, without a path")
            }
            Kind::LogFormat(_) => "\"text\" or \"json\"".into(),
            Kind::Milliseconds(_, range) => number("milliseconds", range),
            Kind::Bytes(_, range) => number("bytes", range),
            Kind::Count(_, range, what) => number(what, range),
            Kind::Events(_, range) => number("events", range),
            Kind::PerSecond(_, range, what) => number(&format!("{what} a second"), range),
            Kind::Burst(_, range) => number("messages", range),
            Kind::Times(_, range) => number("times", range),
            Kind::Region(_) => format!("\"{NONE}\" or the two letters of a country, like FR"),
            Kind::Name(_) => format!("1 to {NAME_LENGTH_MAX} letters a to z, digits, dots, dashes or underscores"),
            Kind::OwnName(_) => {
                format!("\"{NONE}\" or 1 to {NAME_LENGTH_MAX} letters a to z, digits, dots, dashes or underscores")
            }
            Kind::OwnCount(_, range, what) => format!("\"{NONE}\" or {}", number(what, range)),
            Kind::Secret(_) => format!("a text of at most {TEXT_BYTES_MAX} bytes, or \"\" for none"),
            Kind::OwnPath(_) => "a path, or \"\" for none".into(),
            Kind::AriUrl(_) => "a URL like http://127.0.0.1:8088/ari, without a password in it".into(),
            Kind::Dialled(_) => {
                format!(
                    "a technology and what it dials, like PJSIP/{}@trunk, with {}",
                    NUMBER_PLACES[0],
                    NUMBER_PLACES.join(" or ")
                )
            }
            Kind::Number(_) => format!("\"{NONE}\" or a number like +33142685300"),
            Kind::Hidden(_) => {
                let words: Vec<String> = Hidable::PLAIN.iter().map(ToString::to_string).collect();
                format!("a list of {} or custom.NAME for one custom field", words.join(", "))
            }
            Kind::Fields(_) => customer_fields::expected(),
            Kind::DaysKept(_, range) => format!("\"{FOREVER}\" or {}", number("days", range)),
            Kind::EventsKept(_, range) => format!("\"{FOREVER}\" or {}", number("events", range)),
            Kind::Instant(_) => "\"now\" or a time like 1999-02-02T05:00:00Z".into(),
        }
    }

    /// As the file would hold it.
    pub(super) fn show(&self, config: &mut Of) -> String {
        match self {
            Kind::Site(at) | Kind::Level(at) | Kind::Name(at) | Kind::AriUrl(at) | Kind::Dialled(at) => {
                quoted(at(config))
            }
            Kind::OwnName(at) => quoted(at(config).as_deref().unwrap_or(NONE)),
            Kind::OwnCount(at, ..) => at(config).map_or_else(|| quoted(NONE), |count| grouped(u64::from(count))),
            Kind::Secret(at) => quoted(if at(config).is_some() { "…" } else { "" }),
            Kind::OwnPath(at) => quoted(&at(config).as_deref().map(|path| path.to_string_lossy()).unwrap_or_default()),
            Kind::Number(at) => quoted(at(config).as_ref().map_or(NONE, PhoneNumber::e164)),
            Kind::Region(at) => quoted(&at(config).map_or_else(|| NONE.to_owned(), |region| region.to_string())),
            Kind::Path(at) => quoted(&at(config).to_string_lossy()),
            Kind::Database(at) => shown_database(at(config)),
            Kind::OwnDatabase(at) => at(config).as_ref().map_or_else(|| quoted(SAME), shown_database),
            Kind::Address(at) => quoted(&at(config).to_string()),
            Kind::Switch(at) => at(config).to_string(),
            Kind::Origins(at) => list_of(at(config).iter()),
            Kind::Hidden(at) => list_of(at(config).hidden()),
            Kind::Fields(at) => toml::Value::try_from(at(config)).expect("declarations are TOML").to_string(),
            Kind::DaysKept(at, _) => match at(config) {
                Some(days) => grouped(u64::from(*days)),
                None => quoted(FOREVER),
            },
            Kind::EventsKept(at, _) => at(config).map_or_else(|| quoted(FOREVER), grouped),
            Kind::LogFormat(at) => quoted(match at(config) {
                LogFormat::Text => "text",
                LogFormat::Json => "json",
            }),
            Kind::Milliseconds(at, _) => {
                let ms = at(config).as_millis();
                grouped(ms.try_into().expect("the range of every duration fits"))
            }
            Kind::Bytes(at, _) | Kind::Count(at, _, _) => grouped(*at(config) as u64),
            Kind::Events(at, _) => grouped(*at(config)),
            Kind::PerSecond(at, _, _) | Kind::Burst(at, _) | Kind::Times(at, _) => grouped(u64::from(*at(config))),
            Kind::Instant(at) => match at(config).and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok()) {
                None => quoted("now"),
                Some(at) => quoted(&at.to_string()),
            },
        }
    }
}

fn within(given: &Given<'_>, range: &RangeInclusive<u64>) -> Option<u64> {
    given.number().filter(|number| range.contains(number))
}

pub(super) fn is_site(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= SITE_LENGTH_MAX && text.bytes().all(is_part) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    (1..=NAME_LENGTH_MAX).contains(&text.len()) && text.bytes().all(is_part)
}

fn is_short(text: &str) -> bool {
    text.len() <= TEXT_BYTES_MAX && !text.contains(char::is_control)
}

fn is_ari_url(text: &str) -> bool {
    let is_url = |url: &Uri| {
        let has_user = url.authority().is_some_and(|authority| authority.as_str().contains('@'));
        url.scheme_str() == Some("http") && url.host().is_some() && url.query().is_none() && !has_user
    };
    is_short(text) && text.parse::<Uri>().is_ok_and(|url| is_url(&url))
}

fn is_dialled(text: &str) -> bool {
    let places: usize = NUMBER_PLACES.iter().map(|place| text.matches(place).count()).sum();
    let technology = text.split_once('/').map(|(technology, _)| technology);
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_short(text) && places == 1 && technology.is_some_and(is_word)
}

fn is_level(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    // A word alone that is no level would silence everything but a part of that name.
    let are_words_levels = text.split(',').all(|part| part.contains('=') || LEVELS.contains(&part.trim()));
    are_words_levels && EnvFilter::try_new(text).is_ok()
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/?#@*".contains(c)))
        && text.bytes().all(|byte| !byte.is_ascii_uppercase())
}

fn database_of(text: &str) -> Option<Database> {
    if text == "sqlite" {
        return Some(Database::Sqlite);
    }
    let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"))?;
    (!rest.is_empty()).then(|| Database::Postgres(text.into()))
}

fn shown_database(database: &Database) -> String {
    match database {
        Database::Sqlite => quoted("sqlite"),
        Database::Postgres(_) => quoted("postgres://…"),
    }
}

fn list_of(items: impl Iterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items.map(|item| quoted(&item.to_string())).collect();
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// 65_536, as the file may hold it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push('_');
        }
        shown.push(digit);
    }
    shown
}
