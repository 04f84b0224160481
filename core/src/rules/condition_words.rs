//! Where the names of a CEL condition stand in its text. Parses no expression: literals and comments are skipped.

use std::ops::Range;

/// One name in a condition's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word<'e> {
    pub(super) text: &'e str,
    /// In bytes of the condition.
    pub(super) span: Range<usize>,
    /// Follows a `.`: a field or a method.
    pub(super) chained: bool,
    /// Stands before a `(`: a function or a method.
    pub(super) called: bool,
}

/// CEL's macros whose first argument names a variable of their own.
const BINDING_MACROS: [&str; 6] = ["all", "exists", "exists_one", "existsOne", "map", "filter"];

/// All names of `text`, in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    let mut after_dot = false;
    while at < bytes.len() {
        let byte = bytes[at];
        if is_name_start(byte) {
            let start = at;
            while at < bytes.len() && is_name_part(bytes[at]) {
                at += 1;
            }
            if at < bytes.len() && matches!(bytes[at], b'"' | b'\'') && is_literal_prefix(&bytes[start..at]) {
                let raw = bytes[start..at].iter().any(|letter| letter.eq_ignore_ascii_case(&b'r'));
                at = skip_literal(bytes, at, raw);
            } else {
                let called = text[at..].trim_start().starts_with('(');
                words.push(Word { text: &text[start..at], span: start..at, chained: after_dot, called });
            }
            after_dot = false;
        } else if matches!(byte, b'"' | b'\'') {
            at = skip_literal(bytes, at, false);
            after_dot = false;
        } else if bytes[at..].starts_with(b"//") {
            at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
        } else if byte.is_ascii_digit() {
            while at < bytes.len() && (is_name_part(bytes[at]) || bytes[at] == b'.') {
                at += 1;
            }
            after_dot = false;
        } else {
            if !byte.is_ascii_whitespace() && byte != b'?' {
                after_dot = byte == b'.';
            }
            at += 1;
        }
    }
    words
}

/// Names that `all(x, …)` and its like bind.
pub(super) fn bound_names<'e>(words: &[Word<'e>]) -> Vec<&'e str> {
    words
        .windows(2)
        .filter(|pair| pair[0].chained && pair[0].called && BINDING_MACROS.contains(&pair[0].text))
        .map(|pair| pair[1].text)
        .collect()
}

/// The fields named after `root`, such as `[["attributes", "intent"]]` for `contact.attributes.intent`; methods left out.
pub(super) fn paths_of<'w, 'e>(words: &'w [Word<'e>], root: &str) -> Vec<Vec<&'w Word<'e>>> {
    let starts = words.iter().enumerate().filter(|(_, word)| word.text == root && !word.chained && !word.called);
    starts.map(|(at, _)| words[at + 1..].iter().take_while(|word| word.chained && !word.called).collect()).collect()
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_literal_prefix(letters: &[u8]) -> bool {
    letters.len() <= 2 && letters.iter().all(|letter| matches!(letter.to_ascii_lowercase(), b'r' | b'b'))
}

/// The place after the literal that begins with the quote at `start`.
pub(super) fn skip_literal(bytes: &[u8], start: usize, raw: bool) -> usize {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let width = if triple { 3 } else { 1 };
    let mut at = start + width;
    while at < bytes.len() {
        if bytes[at] == b'\\' && !raw {
            at += 2;
        } else if bytes[at] == quote && (!triple || bytes[at..].starts_with(&[quote; 3])) {
            return at + width;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_literals_skipped() {
        let text = r#"contact.attributes.intent == "a.b(" && r'\' + x.size() > 1.5e3 // y"#;
        let words = words(text);
        let found: Vec<(&str, bool, bool)> = words.iter().map(|word| (word.text, word.chained, word.called)).collect();
        assert_eq!(
            found,
            [
                ("contact", false, false),
                ("attributes", true, false),
                ("intent", true, false),
                ("x", false, false),
                ("size", true, true)
            ]
        );
        let paths = paths_of(&words, "contact");
        assert_eq!(paths[0].iter().map(|word| word.text).collect::<Vec<_>>(), ["attributes", "intent"]);
    }

    #[test]
    fn names_bound_by_macros() {
        assert_eq!(bound_names(&words("agent.teams.exists(t, t == \"day\")")), ["t"]);
    }
}
