//! A condition tried on samples before anything runs it: can it ever hold? Reports nothing itself.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::condition::Subject;
use super::condition_words::{Word, paths_of};
use super::table::shortened;
use crate::routing::entry::moment;
use crate::routing::expression::{EvaluationError, Expression, QueueFigures, Scope};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

/// Why it never holds. A missing attribute is an everyday thing; a type that never fits is a mistake.
pub(super) fn failure(expression: &Expression, words: &[Word<'_>], subject: Subject) -> Option<String> {
    let attributes = attribute_paths(words, subject);
    let mut failure = None;
    for filling in fillings(attributes.len()) {
        for scope in samples(subject, &attributes, filling.as_ref(), expression.queues()) {
            match expression.holds(&scope) {
                Ok(_) => return None,
                Err(EvaluationError::NotABoolean(kind)) => {
                    failure = Some(format!("gives {}, neither true nor false", plain_kind(&kind)));
                }
                Err(EvaluationError::Failed(message)) if filling.is_none() => {
                    if !is_missing(&message) {
                        failure.get_or_insert(format!("fails when tried: {}", shortened_line(&message)));
                    }
                }
                Err(EvaluationError::Failed(_)) => {}
            }
        }
    }
    failure
}

fn is_missing(message: &str) -> bool {
    message.starts_with("No such key") || message.starts_with("Index out of bounds")
}

fn plain_kind(kind: &str) -> &str {
    match kind {
        "int" | "uint" => "a whole number",
        "double" => "a number",
        "string" => "a text",
        other => other,
    }
}

fn shortened_line(message: &str) -> String {
    shortened(message.lines().next().unwrap_or_default())
}

/// The attributes that a condition names: paths below the open parts of its variables.
fn attribute_paths(words: &[Word<'_>], subject: Subject) -> Vec<(&'static str, Vec<String>)> {
    let owned = |path: &[&Word<'_>]| path.iter().map(|word| word.text.to_owned()).collect::<Vec<_>>();
    let mut found = Vec::new();
    for variable in subject.variables() {
        for path in paths_of(words, variable) {
            let attribute = if Subject::fields(variable).is_empty() {
                Some(&path[..])
            } else {
                path.split_first().filter(|(first, _)| first.text == "attributes").map(|(_, rest)| rest)
            };
            if let Some(attribute) = attribute.filter(|attribute| !attribute.is_empty()) {
                found.push((*variable, owned(attribute)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// First no attributes at all; then, when the condition names just one, that one with each type.
/// With two, a type that fits one need not fit the other, and nothing could be concluded.
fn fillings(attribute_count: usize) -> Vec<Option<Json>> {
    let mut fillings = vec![None];
    if attribute_count == 1 {
        fillings.extend([json!("a"), json!(1), json!(1.5), json!(true), json!(["a"])].map(Some));
    }
    fillings
}

fn samples(
    subject: Subject,
    attributes: &[(&'static str, Vec<String>)],
    filling: Option<&Json>,
    queues: &[QueueId],
) -> Vec<Scope> {
    let filled = |root: &str| {
        let mut fields = json!({});
        for (_, path) in attributes.iter().filter(|(variable, _)| *variable == root) {
            if let Some(value) = filling {
                fields = path.iter().rev().fold(value.clone(), |inner, name| json!({ name.as_str(): inner }));
            }
        }
        fields
    };
    match subject {
        Subject::Contact => {
            let customer = filled("customer");
            let contact = |channel: Channel, direction| {
                json!({
                    "channel": channel.name(), "direction": direction,
                    "from": "+33612345678", "to": "+33180000000", "attributes": filled("contact"),
                })
            };
            let contacts = [contact(Channel::Voice, "inbound"), contact(Channel::Chat, "outbound")];
            let now = moment("UTC", Timestamp(0));
            let scope = |contact| Scope::new([("contact", contact), ("customer", &customer), ("now", &now)]);
            contacts.iter().map(|contact| scope(contact).with_queues(sample_figures(queues))).collect()
        }
        Subject::Agent => {
            let agent = json!({
                "id": "ana", "name": "Ana", "site": "Lyon", "teams": ["day"], "skills": {},
                "attributes": filled("agent"),
            });
            let contact = json!({
                "channel": "voice", "direction": "inbound",
                "from": "+33612345678", "to": "+33180000000", "attributes": filled("contact"),
            });
            vec![Scope::new([("agent", &agent), ("contact", &contact)])]
        }
        Subject::Step => vec![Scope::new([]).with_queues(sample_figures(queues))],
    }
}

/// A queue at work; no figure is zero, so that one may divide by it.
fn sample_figures(queues: &[QueueId]) -> BTreeMap<QueueId, QueueFigures> {
    let figures = || QueueFigures {
        waiting: 7,
        agents_idle: 2,
        agents_available: 5,
        longest_wait_s: 60,
        estimated_wait_s: 40,
        service_level: 80,
    };
    queues.iter().map(|queue| (queue.clone(), figures())).collect()
}
