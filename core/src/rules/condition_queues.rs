//! The calls of `queue("…")` in a condition's text: whose figures, and which. Knows no queue, evaluates nothing.

use std::ops::Range;

use super::condition_words::{Word, skip_literal};

/// The function's name.
pub(super) const QUEUE: &str = "queue";
/// The figures that it gives.
pub(super) const FIGURES: [&str; 6] =
    ["waiting", "agents_idle", "agents_available", "longest_wait_s", "estimated_wait_s", "service_level"];

/// One call, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct QueueCall<'e> {
    /// From the function's name to the end of what could be read.
    pub(super) span: Range<usize>,
    /// The text of the only argument and its place with the quotes. None: there is another kind
    /// of argument, another count of them, or an escape in the literal.
    pub(super) name: Option<(&'e str, Range<usize>)>,
    /// The figure taken of it.
    pub(super) figure: Option<(&'e str, Range<usize>)>,
}

/// All calls in `text`, in order. `words` are those of the text.
pub(super) fn queue_calls<'e>(text: &'e str, words: &[Word<'e>]) -> Vec<QueueCall<'e>> {
    let named = words.iter().enumerate().filter(|(_, word)| word.text == QUEUE && !word.chained);
    named.filter_map(|(at, word)| call(text, word, &words[at + 1..])).collect()
}

fn call<'e>(text: &'e str, word: &Word<'e>, words_after: &[Word<'e>]) -> Option<QueueCall<'e>> {
    let inside = after_mark(text, word.span.end, b'(')?;
    let argument = only_literal(text, past_blanks(text, inside));
    let Some((name, literal, end)) = argument else {
        return Some(QueueCall { span: word.span.clone(), name: None, figure: None });
    };
    let figure = after_mark(text, end, b'.').and_then(|dot| {
        let start = past_blanks(text, dot);
        let figure = words_after.iter().find(|word| word.span.start == start)?;
        Some((figure.text, figure.span.clone()))
    });
    Some(QueueCall { span: word.span.start..end, name: Some((name, literal)), figure })
}

/// The literal that begins at `start`, when it is the only argument: its text without quotes, its
/// place with them, and the place after the closing parenthesis.
fn only_literal(text: &str, start: usize) -> Option<(&str, Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let raw = bytes.get(start).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'r'));
    let quote_at = start + usize::from(raw);
    let quote = *bytes.get(quote_at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let width = if bytes[quote_at..].starts_with(&[quote; 3]) { 3 } else { 1 };
    let literal_end = skip_literal(bytes, quote_at, raw);
    let name = text.get(quote_at + width..literal_end.checked_sub(width)?)?;
    let end = after_mark(text, literal_end, b')')?;
    (raw || !name.contains('\\')).then_some((name, start..literal_end, end))
}

/// The place after `mark`, when it is the next thing at or after `start`.
fn after_mark(text: &str, start: usize, mark: u8) -> Option<usize> {
    let at = past_blanks(text, start);
    (text.as_bytes().get(at) == Some(&mark)).then_some(at + 1)
}

fn past_blanks(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"//") {
            at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
        } else if bytes[at].is_ascii_whitespace() {
            at += 1;
        } else {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::condition_words::words;
    use super::*;

    fn calls(text: &str) -> Vec<(Option<&str>, Option<&str>, &str)> {
        let calls = queue_calls(text, &words(text));
        let shown = calls
            .into_iter()
            .map(|call| (call.name.map(|(name, _)| name), call.figure.map(|(figure, _)| figure), &text[call.span]));
        shown.collect()
    }

    #[test]
    fn calls_are_found_with_their_name_and_figure() {
        assert_eq!(
            calls(
                r#"queue("a").waiting > 1 && queue( r'b\c' ) // so
                .agents_idle == 0"#
            ),
            [(Some("a"), Some("waiting"), r#"queue("a")"#), (Some("b\\c"), Some("agents_idle"), r"queue( r'b\c' )")]
        );
        assert_eq!(calls(r#"queue("""a""").waiting"#), [(Some("a"), Some("waiting"), r#"queue("""a""")"#)]);
        assert_eq!(calls(r#"queue("a")"#), [(Some("a"), None, r#"queue("a")"#)]);
        assert_eq!(calls(r#"queue("a")["waiting"]"#), [(Some("a"), None, r#"queue("a")"#)]);
    }

    #[test]
    fn other_arguments_are_no_name() {
        for text in [
            "queue()",
            "queue(1)",
            "queue(x.y)",
            r#"queue("a", "b")"#,
            r#"queue("a" + "b")"#,
            r#"queue("a\n")"#,
            r#"queue(b"a")"#,
        ] {
            assert_eq!(calls(text), [(None, None, "queue")], "{text}");
        }
        assert_eq!(calls(r#"contact.queue("a") || queue == 1 || "queue(1)" == x"#), []);
    }
}
