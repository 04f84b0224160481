//! What is wrong with a body or a query, out of serde's words: the field and what was expected, never what was sent.

use super::HttpError;

/// A path is cut here, as its keys may be a stranger's.
const FIELD_CHARACTERS_MAX: usize = 200;

/// `whole`: how the whole is called when no field of it is at fault.
pub(super) fn fault_of(whole: &str, path: &str, message: &str) -> HttpError {
    let message = message.rfind(" at line ").map_or(message, |end| &message[..end]);
    let path = if path == "." { "" } else { path };
    let named = |start: &str| message.strip_prefix(start).and_then(|rest| rest.split('`').next());
    let (below, expected) = if let Some(name) = named("missing field `") {
        (Some(name), "this field, which is missing".to_owned())
    } else if let Some(name) = named("duplicate field `") {
        (Some(name), "this field once".to_owned())
    } else if let Some(name) = named("unknown field `") {
        let known = message.rsplit_once(", expected ").map(|(_, known)| known.replace('`', ""));
        // serde's path may or may not end at the unknown field itself.
        let below = (path != name && !path.ends_with(&format!(".{name}"))).then_some(name);
        (below, known.map_or("no fields".to_owned(), |known| format!("a known field: {}", without_lead(&known))))
    } else {
        (None, expectation(message))
    };
    let field = match (path, below) {
        ("", None) => whole.to_owned(),
        ("", Some(name)) => name.to_owned(),
        (path, None) => path.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
    };
    HttpError::field(shortened(&field), expected)
}

/// "one of a, b" and "a or b" say the same.
fn without_lead(known: &str) -> &str {
    known.strip_prefix("one of ").unwrap_or(known)
}

fn expectation(message: &str) -> String {
    let Some((_, expected)) = message.rsplit_once(", expected ") else {
        return match message.strip_prefix("expected ") {
            Some(expected) => expected.to_owned(),
            None if message.starts_with("recursion limit") => "at most 128 levels".to_owned(),
            None if message.starts_with("number out of range") => "a number that a 64-bit float can hold".to_owned(),
            None => "a value of this field's type".to_owned(),
        };
    };
    let names_our_code = ["struct ", "map", "a map"].iter().any(|start| expected.starts_with(start));
    match expected {
        _ if names_our_code => "an object".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not below 0".to_owned(),
        expected => expected.replace('`', ""),
    }
}

fn shortened(field: &str) -> String {
    match field.char_indices().nth(FIELD_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &field[..end]),
        None => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        name: Option<String>,
        inner: Vec<Inner>,
    }

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        word: Word,
        count: u8,
        yes: bool,
    }

    #[derive(Deserialize, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        One,
        TwoWords,
    }

    #[test]
    fn every_fault_names_its_field_and_never_what_was_sent() {
        for (text, field, expected) in [
            (r#"{"nam": "secret"}"#, "nam", "a known field: name or inner"),
            (r#"{"inner": [{"wort": 1}]}"#, "inner[0].wort", "a known field: word, count, yes"),
            (r#"{"name": {"secret": 1}}"#, "name", "a text"),
            (r#"{"inner": "secret"}"#, "inner", "a list"),
            (r#"{"inner": [{"word": "secret"}]}"#, "inner[0].word", "one or two_words"),
            (r#"{"inner": [{"count": -17}]}"#, "inner[0].count", "a whole number, not below 0"),
            (r#"{"inner": [{"yes": "secret"}]}"#, "inner[0].yes", "true or false"),
            (r#"{"inner": ["secret"]}"#, "inner[0]", "an object"),
            (r#"{"name": "a", "name": "secret"}"#, "name", "this field once"),
            ("{}", "inner", "this field, which is missing"),
        ] {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let error = serde_path_to_error::deserialize::<_, Outer>(&mut deserializer).unwrap_err();
            let path = error.path().to_string();
            let fault = fault_of("body", &path, &error.into_inner().to_string());
            assert_eq!(fault, HttpError::field(field, expected), "{text}");
        }
    }
}
