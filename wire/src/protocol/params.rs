//! The `params` or `result` of one message: raw text until its type is known. It never guesses a
//! type.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::ErrorKind;

/// A path is cut here, as its keys may be a stranger's.
const FIELD_LENGTH_MAX: usize = 200;

/// Text that is JSON but not yet read as a type. Absent params are an empty object.
#[derive(Debug, Clone, Copy)]
pub struct Params<'a>(Option<&'a RawValue>);

impl<'a> Params<'a> {
    pub(super) fn new(raw: Option<&'a RawValue>) -> Self {
        Params(raw)
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.0.map_or("{}", RawValue::get)
    }

    /// Reads the text as one type.
    ///
    /// # Errors
    /// `InvalidField` with the path of the first field that is not as the type wants it.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, ErrorKind> {
        // A derived reader also takes an array for a struct, by position; the wire does not.
        if !self.text().starts_with('{') {
            return Err(ErrorKind::invalid_field("params", "an object"));
        }
        serde_json::from_str(self.text()).map_err(|_| self.find_fault::<T>())
    }

    /// Reads again, slowly, with the path: only what was refused pays for it.
    fn find_fault<T: DeserializeOwned>(self) -> ErrorKind {
        let mut deserializer = serde_json::Deserializer::from_str(self.text());
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Ok(_) => ErrorKind::invalid_field("params", "one object"),
            Err(error) => {
                let path = match error.path().to_string() {
                    whole if whole == "." => String::new(),
                    path => path,
                };
                let fault = describe(&error.into_inner().to_string());
                ErrorKind::invalid_field(clip(join(&path, fault.field.as_deref())), fault.expected)
            }
        }
    }
}

struct Fault {
    /// The field below the path, when serde's path ends at what holds it.
    field: Option<String>,
    expected: String,
}

/// serde hands its errors over as text only: this takes out of it what was expected and leaves
/// what was found, which is the sender's data.
fn describe(message: &str) -> Fault {
    let message = message.rfind(" at line ").map_or(message, |end| &message[..end]);
    let named = |start: &str| message.strip_prefix(start).map(|name| name.trim_end_matches('`').to_owned());
    if let Some(name) = named("missing field `") {
        return Fault { field: Some(name), expected: "this field, which is missing".to_owned() };
    }
    if let Some(name) = named("duplicate field `") {
        return Fault { field: Some(name), expected: "this field once".to_owned() };
    }
    let expected = if let Some((_, expected)) = message.rsplit_once(", expected ") {
        strip_serde_words(expected)
    } else if message.starts_with("recursion limit") {
        "at most 128 levels".to_owned()
    } else if message.starts_with("number out of range") {
        "a number that a 64-bit float can hold".to_owned()
    } else {
        "valid JSON text".to_owned()
    };
    Fault { field: None, expected }
}

/// "struct Foo" names our code and not the wire.
fn strip_serde_words(expected: &str) -> String {
    let inner = expected
        .strip_prefix("struct ")
        .or_else(|| expected.strip_prefix("internally tagged enum "))
        .or_else(|| expected.strip_prefix("adjacently tagged enum "))
        .or_else(|| expected.strip_prefix("map"))
        .or_else(|| expected.strip_prefix("a map"));
    match inner {
        Some(_) => "an object".to_owned(),
        None if expected.starts_with("enum ") => "one of the names that the schema lists".to_owned(),
        None => expected.to_owned(),
    }
}

fn join(path: &str, field: Option<&str>) -> String {
    match field {
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None if path.is_empty() => "params".to_owned(),
        None => path.to_owned(),
    }
}

fn clip(field: String) -> String {
    match field.char_indices().nth(FIELD_LENGTH_MAX) {
        Some((end, _)) => format!("{}…", &field[..end]),
        None => field,
    }
}
