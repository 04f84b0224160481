//! CEL conditions checked as text before anything runs them. Decides no routing.

use std::ops::Range;

use super::condition_queues::{FIGURES, QUEUE, QueueCall, queue_calls};
use super::condition_trial;
use super::condition_words::{Word, bound_names, paths_of, words};
use super::table::{Value, nearest, shortened};
use crate::routing::expression::{Expression, InvalidExpression};
use crate::routing::ids::QueueId;

/// What a condition of a step may read.
const STEP_READS: &str = "figures of queues alone, such as queue(\"general\").agents_idle > 2";
/// Functions of later versions.
const LATER_FUNCTIONS: [&str; 3] = ["duration", "timestamp", "now"];
const FUNCTIONS_EXPECTED: &str =
    "a function of CEL: all, contains, endsWith, exists, filter, has, int, map, matches, size, startsWith, string …";

/// What a condition is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    /// `contact`, `customer` and `now`.
    Contact,
    /// `agent` and `contact`.
    Agent,
    /// The figures of queues, and no variable.
    Step,
}

impl Subject {
    pub(super) fn variables(self) -> &'static [&'static str] {
        match self {
            Subject::Contact => &["contact", "customer", "now"],
            Subject::Agent => &["agent", "contact"],
            Subject::Step => &[],
        }
    }

    fn example(self) -> &'static str {
        match self {
            Subject::Contact => "a CEL condition, such as 'contact.channel == \"voice\"'",
            Subject::Agent => "a CEL condition, such as 'agent.site == \"Lyon\"'",
            Subject::Step => "a CEL condition, such as 'queue(\"general\").agents_idle > 2'",
        }
    }

    /// The fields that a variable has; none listed: any.
    pub(super) fn fields(variable: &str) -> &'static [&'static str] {
        match variable {
            "contact" => &["channel", "direction", "from", "to", "attributes"],
            "agent" => &["id", "name", "site", "teams", "skills", "attributes"],
            "now" => &["date", "time", "hour", "minute", "weekday"],
            _ => &[],
        }
    }
}

/// A condition as read.
pub(super) struct Condition {
    pub(super) expression: Expression,
    /// The queues whose figures it asks for, and where in the file each is named.
    pub(super) queues: Vec<(QueueId, Range<usize>)>,
}

/// Reads and checks a condition; reports with a mark inside its literal where that can be computed.
pub(super) fn read_condition(value: &Value<'_>, subject: Subject) -> Option<Condition> {
    let text = value.text(subject.example())?;
    let marks = Marks { value, text, content_start: content_start(value, text) };
    let expression = match Expression::new(text) {
        Ok(expression) => expression,
        Err(error) => {
            marks.syntax(&error, subject);
            return None;
        }
    };
    let words = words(text);
    let errors_before = value.found.error_count();
    marks.check_variables(&expression, &words, subject);
    marks.check_functions(&expression, &words);
    let queues = marks.check_queues(&words, subject);
    marks.check_fields(&words, subject);
    if value.found.error_count() == errors_before
        && let Some(failure) = condition_trial::failure(&expression, &words, subject)
    {
        marks.wrong(0..text.len(), format!("{} {failure}", value.key), "a condition that can hold");
    }
    (value.found.error_count() == errors_before).then_some(Condition { expression, queues })
}

struct Marks<'v, 't> {
    value: &'v Value<'t>,
    text: &'t str,
    /// Where the condition's own text begins in the file, when it stands there as it is.
    content_start: Option<usize>,
}

impl Marks<'_, '_> {
    /// The place in the file of a part of the condition's text.
    fn in_file(&self, span: &Range<usize>) -> Range<usize> {
        match self.content_start {
            Some(start) => start + span.start..start + span.end,
            None => self.value.span.clone(),
        }
    }

    fn wrong(&self, span: Range<usize>, message: String, expected: impl Into<String>) {
        self.value.found.error(self.value.source, self.in_file(&span), message, expected);
    }

    fn syntax(&self, error: &InvalidExpression, subject: Subject) {
        match error {
            InvalidExpression::Syntax { message, line, column } => {
                let span = one_character(self.text, *line, *column);
                let (message, expected) = plain_syntax(message, &self.text[span.start..], subject);
                self.wrong(span, format!("{} is no condition: {message}", self.value.key), expected);
            }
            InvalidExpression::TooLong(_) | InvalidExpression::TooManyNodes(_) | InvalidExpression::TooDeep(_) => {
                let told = error.to_string();
                let expected = told.trim_start_matches("expected ").to_owned();
                self.value.wrong("is too large", expected);
            }
        }
    }

    fn place_of(&self, words: &[Word<'_>], fits: impl Fn(&Word<'_>) -> bool) -> Range<usize> {
        words.iter().find(|word| fits(word)).map_or(0..self.text.len(), |word| word.span.clone())
    }

    fn check_variables(&self, expression: &Expression, words: &[Word<'_>], subject: Subject) {
        let bound = bound_names(words);
        for name in expression.variables() {
            if subject.variables().contains(&name.as_str()) || bound.contains(&name.as_str()) || name.starts_with('@') {
                continue;
            }
            let place = self.place_of(words, |word| word.text == name && !word.chained && !word.called);
            if subject == Subject::Step {
                self.wrong(place, format!("{} reads {}", self.value.key, shortened(&name)), STEP_READS);
                continue;
            }
            let expected = match nearest(&name, subject.variables().iter().copied()) {
                Some(right) => format!("{right}?"),
                None => subject.variables().join(" or "),
            };
            self.wrong(place, format!("{} names the unknown variable {}", self.value.key, shortened(&name)), expected);
        }
    }

    fn check_functions(&self, expression: &Expression, words: &[Word<'_>]) {
        for name in expression.unknown_functions().into_iter().filter(|name| name != QUEUE) {
            let place = self.place_of(words, |word| word.text == name && word.called);
            let message = if LATER_FUNCTIONS.contains(&name.as_str()) {
                format!("{name}() is not supported by this version yet")
            } else {
                format!("{} calls the unknown function {}", self.value.key, shortened(&name))
            };
            self.wrong(place, message, FUNCTIONS_EXPECTED);
        }
    }

    /// The queues that a condition on contacts or steps asks for; agents are judged without figures.
    fn check_queues(&self, words: &[Word<'_>], subject: Subject) -> Vec<(QueueId, Range<usize>)> {
        for word in words.iter().filter(|word| word.text == QUEUE && word.chained && word.called) {
            let message = format!("{} calls the unknown function {QUEUE} of something", self.value.key);
            self.wrong(word.span.clone(), message, "queue(\"…\") without anything before it");
        }
        let calls = queue_calls(self.text, words);
        match subject {
            Subject::Contact | Subject::Step => calls.iter().filter_map(|call| self.queue_asked(call)).collect(),
            Subject::Agent => {
                for call in calls {
                    let message = format!("{} asks for the figures of a queue", self.value.key);
                    self.wrong(call.span, message, "agent alone: figures are for the when of entry rules and steps");
                }
                Vec::new()
            }
        }
    }

    fn queue_asked(&self, call: &QueueCall<'_>) -> Option<(QueueId, Range<usize>)> {
        let all = || format!("one of {}", FIGURES.join(", "));
        let Some((name, name_span)) = &call.name else {
            let expected = "one name in plain quotes, such as queue(\"billing\")";
            self.wrong(call.span.clone(), "queue() names no queue".to_owned(), expected);
            return None;
        };
        match &call.figure {
            None => {
                let expected = format!("a figure after it, such as .waiting: {}", all());
                self.wrong(call.span.clone(), "queue() by itself is no figure".to_owned(), expected);
            }
            Some((figure, _)) if FIGURES.contains(figure) => {}
            Some((figure, span)) => {
                let expected = nearest(figure, FIGURES).map_or_else(all, |right| format!("{right}?"));
                self.wrong(span.clone(), format!("queue() has no {}", shortened(figure)), expected);
            }
        }
        match QueueId::new(name) {
            Ok(queue) => Some((queue, self.in_file(name_span))),
            Err(error) => {
                let expected = error.to_string().trim_start_matches("expected ").to_owned();
                self.wrong(name_span.clone(), format!("{:?} is no name of a queue", shortened(name)), expected);
                None
            }
        }
    }

    fn check_fields(&self, words: &[Word<'_>], subject: Subject) {
        for variable in subject.variables() {
            let fields = Subject::fields(variable);
            for path in paths_of(words, variable) {
                let Some(field) = path.first().filter(|field| !fields.is_empty() && !fields.contains(&field.text))
                else {
                    continue;
                };
                let expected = match nearest(field.text, fields.iter().copied()) {
                    Some(right) => format!("{right}?"),
                    None => format!("one of {}; what the gateway sent is under attributes", fields.join(", ")),
                };
                let expected = match subject {
                    Subject::Contact | Subject::Step => expected,
                    Subject::Agent => expected.replace("what the gateway sent is", "others are"),
                };
                self.wrong(field.span.clone(), format!("{variable} has no {}", shortened(field.text)), expected);
            }
        }
    }
}

/// Where the text of a literal begins in the file; none when escapes make file and text differ.
fn content_start(value: &Value<'_>, text: &str) -> Option<usize> {
    let raw = value.source.text.get(value.span.clone())?;
    let width = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
    let inner = raw.get(width..raw.len().checked_sub(width)?)?;
    let newline = match width {
        3 if inner.starts_with("\r\n") => 2,
        3 if inner.starts_with('\n') => 1,
        _ => 0,
    };
    (inner.get(newline..)? == text).then_some(value.span.start + width + newline)
}

/// The character at a line and column from 1; nothing past the end.
fn one_character(text: &str, line: usize, column: usize) -> Range<usize> {
    let line_start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    let rest = &text[line_start..];
    let start = rest.char_indices().nth(column - 1).map_or(text.len(), |(at, _)| line_start + at);
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + width
}

/// A parser's message in plain words, and what to write instead. `rest` is the text at the mark.
fn plain_syntax(message: &str, rest: &str, subject: Subject) -> (String, &'static str) {
    let expected = match rest.split_whitespace().next() {
        Some("and") => "&& for and",
        Some("or") => "|| for or",
        Some("not") => "! for not",
        Some(word) if word.starts_with('=') => "== to compare",
        Some(_) | None => subject.example(),
    };
    let told = message.trim_start_matches("Syntax error: ");
    let told = told.split(" expecting ").next().unwrap_or(told);
    let plain = if told.contains("<EOF>") {
        "it ends too early".to_owned()
    } else if told.contains("Recursion limit") {
        "it is nested too deep".to_owned()
    } else if let Some(rest) = told.strip_prefix("token recognition error at: ") {
        format!("cannot read {}", shortened(rest))
    } else if let Some(rest) = told.strip_prefix("mismatched input ").or_else(|| told.strip_prefix("extraneous input "))
    {
        format!("unexpected {}", shortened(rest))
    } else if told.contains("Context") {
        "it is incomplete".to_owned()
    } else {
        shortened(told)
    };
    (plain, expected)
}
