//! Scenarios: commands at times and the events expected, in a file that a supervisor can read.
//! Runs over texts; opens no file.
//!
//! ```toml
//! name  = "the agent who waited longest gets the call"
//! rules = "."                # a folder beside the file, or the rule set itself as a table
//! [[step]]
//! at      = "10s"            # since the start; without a command, time passes
//! command = { accept_offer = { agent = "ben", offer = "ben" } }
//! expect  = [{ contact_connecting = { agent = "ben", connect_by = "30s" } }]
//! ```
//! `expect`: all events of the step, in order, those of time first; fields not named are not
//! compared, and a bare name compares the kind alone. A step without `expect` only sets the scene.
//! `refused`: the refusal. `restart`: the router is built again, `from_journal` or `from_snapshot`.
//! A time or span is a text like `"1500ms"`, `"31s"`, `"10m"`, `"1h"`. Where a number is named that
//! the router gave, a text may stand: `contact = "<ref>"`; `offer`, `segment`, `attempt` or `order = "<agent>"`
//! is the last of that agent, `recording = "<ref>"` the last of that contact, and `order = "<ref>"` the one by which it
//! last left its queue, or the last about its recording.

mod fields;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use self::fields::read_whole;
use super::history::steps::{Step, What};
use super::referee::check::{Mismatch, Rebuild, Referee};
use super::referee::routes::Routes;
use crate::routing::command::{Action, Command};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{ContactId, Request};
use crate::routing::rule_set::RuleSet;
use crate::routing::time::{Millis, Timestamp};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioText {
    name: String,
    rules: Option<Spanned<Value>>,
    #[serde(default, rename = "step")]
    steps: Vec<Spanned<StepText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepText {
    at: String,
    command: Option<Value>,
    request: Option<Request>,
    restart: Option<Rebuild>,
    #[serde(default)]
    keep_snapshot: bool,
    expect: Option<Vec<Value>>,
    refused: Option<Value>,
}

/// Where a scenario and the router part ways, or what cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name}, line {line}: {fault}")]
pub struct ScenarioFailure {
    pub name: String,
    /// From 1.
    pub line: usize,
    pub fault: ScenarioFault,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScenarioFault {
    #[error("{0}")]
    Unreadable(String),
    #[error("expected {expected}, got {got}\n{events}")]
    Differs {
        expected: String,
        got: String,
        /// All events of the step.
        events: String,
    },
    #[error("{0}")]
    Referee(Mismatch),
}

/// The folder of rules the scenario asks for, when it does not carry its own.
///
/// # Errors
/// When the text is not a scenario.
pub fn rules_folder(text: &str) -> Result<Option<String>, ScenarioFailure> {
    Ok(parse(text)?.rules.and_then(|rules| rules.get_ref().as_str().map(str::to_owned)))
}

/// Plays a scenario beside the referee. `rules` are those of the folder it names.
///
/// # Errors
/// The first step that went otherwise, or what cannot be read.
pub fn run<R: Routes>(text: &str, rules: Option<RuleSet>) -> Result<(), ScenarioFailure> {
    let scenario = parse(text)?;
    let failure = |line, fault| ScenarioFailure { name: scenario.name.clone(), line, fault };
    let mut stage = Stage::<R> { referee: Referee::default(), now: Timestamp(0), names: Names::default() };
    let line_of = |place: usize| 1 + text[..place].matches('\n').count();
    let inline = match &scenario.rules {
        Some(rules) if rules.get_ref().is_object() => {
            let read = read_whole(&spans_as_millis(rules.get_ref()), "rules");
            Some(read.map_err(|fault| failure(line_of(rules.span().start), fault))?)
        }
        Some(_folder) => None,
        None => None,
    };
    if let Some(rules) = inline.or(rules) {
        let command = Action::ReplaceRules { rules: rules.into() }.into();
        let done = stage.referee.command(&command, stage.now);
        done.map_err(|mismatch| failure(1, ScenarioFault::Referee(mismatch)))?;
    }
    for step in &scenario.steps {
        let line = line_of(step.span().start);
        stage.play(step.get_ref()).map_err(|fault| failure(line, fault))?;
    }
    Ok(())
}

fn parse(text: &str) -> Result<ScenarioText, ScenarioFailure> {
    toml::from_str(text).map_err(|error| ScenarioFailure {
        name: "the scenario".to_owned(),
        line: error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count()),
        fault: ScenarioFault::Unreadable(error.message().to_owned()),
    })
}

struct Stage<R: Routes> {
    referee: Referee<R>,
    now: Timestamp,
    names: Names,
}

/// What the router numbered, by the names people know.
#[derive(Default)]
struct Names(BTreeMap<(&'static str, String), u64>);

impl Names {
    const KEYS: [&str; 6] = ["contact", "offer", "segment", "attempt", "order", "recording"];

    fn learn(&mut self, event: &Event, event_no: u64) {
        match &event.fact {
            Fact::ContactArrived { contact, reference, .. }
            | Fact::CallbackPromised { contact, reference, .. }
            | Fact::LeadFiled { contact, reference, .. }
            | Fact::ConsultationBegun { contact, reference, .. } => {
                self.0.insert(("contact", reference.to_string()), contact.0);
            }
            Fact::ExitTaken { contact, until: Some(_), .. } | Fact::ContactTransferredOutside { contact, .. } => {
                if let Some(reference) = self.reference_of(*contact) {
                    self.0.insert(("order", reference), event_no);
                }
            }
            Fact::RecordingOrdered { contact, recording, .. } => {
                if let Some(reference) = self.reference_of(*contact) {
                    self.0.insert(("order", reference.clone()), event_no);
                    self.0.insert(("recording", reference), recording.0);
                }
            }
            Fact::ContactOffered { agent, offer, rings, .. } => {
                self.0.insert(("offer", agent.to_string()), offer.0);
                if *rings {
                    self.0.insert(("order", agent.to_string()), event_no);
                    self.0.insert(("order of an offer", offer.to_string()), event_no);
                }
            }
            Fact::AttemptProposed { attempt, agent, .. } | Fact::CallbackProposed { attempt, agent, .. } => {
                self.0.insert(("attempt", agent.to_string()), attempt.0);
            }
            Fact::LegLost { agent, .. } | Fact::AttemptPlaced { agent, .. } => {
                self.0.insert(("order", agent.to_string()), event_no);
            }
            Fact::ContactHandedOver { to, to_segment, .. } => {
                self.0.insert(("segment", to.to_string()), to_segment.0);
            }
            Fact::ContactConnecting { agent, offer, segment, .. } => {
                self.0.insert(("segment", agent.to_string()), segment.0);
                let of_offer = self.0.get(&("order of an offer", offer.to_string())).copied();
                self.0.insert(("order", agent.to_string()), of_offer.unwrap_or(event_no));
            }
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::LeadPromised { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { until: None, .. }
            | Fact::ExitFailed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::TransferFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingTold { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. }
            | Fact::VisitEnded { .. }
            | Fact::ContactEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    fn reference_of(&self, contact: ContactId) -> Option<String> {
        let mut all = self.0.iter().filter(|((key, _), _)| *key == "contact");
        all.find(|(_, number)| **number == contact.0).map(|((_, reference), _)| reference.clone())
    }

    fn number(&self, key: &str, name: &str) -> Option<u64> {
        let key = if ["parent", "consultation"].contains(&key) { "contact" } else { key };
        let key = Names::KEYS.into_iter().find(|known| *known == key)?;
        self.0.get(&(key, name.to_owned())).copied()
    }
}

impl<R: Routes> Stage<R> {
    fn play(&mut self, step: &StepText) -> Result<(), ScenarioFault> {
        let unreadable = |what: String| ScenarioFault::Unreadable(what);
        let at = millis(&step.at).ok_or_else(|| unreadable(format!("at: expected a time, found {}", step.at)))?;
        let now = Timestamp(at.0);
        if now < self.now {
            return Err(unreadable(format!("at: {} is before the step above", step.at)));
        }
        self.now = now;
        let mut refused = Value::Null;
        let events = match &step.command {
            Some(command) => {
                let action = self.names.numbers_for(command, "")?;
                let action = read_whole(&action, "command")?;
                let command = Command { request: step.request.clone(), action };
                let done = self.referee.command(&command, now).map_err(ScenarioFault::Referee)?;
                refused = done.refused.map_or(Value::Null, |refusal| to_value(&refusal));
                done.events
            }
            None => self.referee.pass(now).map_err(ScenarioFault::Referee)?,
        };
        if step.keep_snapshot {
            self.referee.keep_snapshot(now).map_err(ScenarioFault::Referee)?;
        }
        if let Some(from) = step.restart {
            self.referee.crash(from, now).map_err(ScenarioFault::Referee)?;
        }
        let first = self.referee.model().events_folded() - events.len() as u64 + 1;
        for (event, event_no) in events.iter().zip(first..) {
            self.names.learn(event, event_no);
        }
        self.compare(step, &events, &refused)
    }

    fn compare(&self, step: &StepText, events: &[Event], refused: &Value) -> Result<(), ScenarioFault> {
        let got: Vec<Value> = events.iter().map(|event| to_value(&event.fact)).collect();
        let all: Vec<String> = got.iter().map(|fact| format!("    {fact}")).collect();
        let differs = |expected: &Value, got: String| ScenarioFault::Differs {
            expected: expected.to_string(),
            got,
            events: format!("  the step caused:\n{}", all.join("\n")),
        };
        let expected_refusal = step.refused.clone().unwrap_or(Value::Null);
        if !self.names.fits(&expected_refusal, refused, "") {
            return Err(differs(&expected_refusal, format!("the answer {refused}")));
        }
        let Some(expected) = &step.expect else { return Ok(()) };
        for (place, fact) in expected.iter().enumerate() {
            match got.get(place) {
                Some(got) if self.names.fits(fact, got, "") => {}
                Some(got) => return Err(differs(fact, got.to_string())),
                None => return Err(differs(fact, "nothing more".to_owned())),
            }
        }
        match got.get(expected.len()) {
            None => Ok(()),
            Some(more) => Err(differs(&Value::from("nothing more"), more.to_string())),
        }
    }
}

impl Names {
    /// The command with its texts turned into the numbers and spans they stand for.
    fn numbers_for(&self, value: &Value, key: &str) -> Result<Value, ScenarioFault> {
        match value {
            Value::String(text) if Names::KEYS.contains(&key) => match self.number(key, text) {
                Some(number) => Ok(Value::from(number)),
                None => Err(ScenarioFault::Unreadable(format!("{key}: there is none of {text} yet"))),
            },
            Value::Object(_) if key == "attributes" => Ok(value.clone()),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| Ok((key.clone(), self.numbers_for(value, key)?)));
                Ok(Value::Object(fields.collect::<Result<_, ScenarioFault>>()?))
            }
            Value::Array(items) => {
                Ok(Value::Array(items.iter().map(|item| self.numbers_for(item, "")).collect::<Result<_, _>>()?))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(spans_as_millis(value)),
        }
    }

    /// Whether all that is expected is so.
    fn fits(&self, expected: &Value, got: &Value, key: &str) -> bool {
        match (expected, got) {
            (Value::Object(expected), Value::Object(got)) => {
                expected.iter().all(|(key, value)| got.get(key).is_some_and(|got| self.fits(value, got, key)))
            }
            (Value::Array(expected), Value::Array(got)) => {
                expected.len() == got.len() && expected.iter().zip(got).all(|(one, other)| self.fits(one, other, key))
            }
            (Value::String(name), Value::Object(got)) => got.len() == 1 && got.contains_key(name),
            (Value::String(text), Value::Number(got)) => {
                let named = self.number(key, text).map(|number| number as i64);
                got.as_i64().is_some_and(|got| named.or(millis(text).map(|span| span.0)) == Some(got))
            }
            (expected, got) => expected == got,
        }
    }
}

fn to_value(part: &impl serde::Serialize) -> Value {
    serde_json::to_value(part).unwrap_or(Value::Null)
}

/// Every text that is a span becomes its milliseconds; attributes stay as they are.
fn spans_as_millis(value: &Value) -> Value {
    match value {
        Value::String(text) => millis(text).map_or_else(|| value.clone(), |span| Value::from(span.0)),
        Value::Array(items) => items.iter().map(spans_as_millis).collect(),
        Value::Object(fields) => {
            let convert = |(key, value): (&String, &Value)| {
                let kept = key == "attributes";
                (key.clone(), if kept { value.clone() } else { spans_as_millis(value) })
            };
            Value::Object(fields.iter().map(convert).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// `1500ms`, `31s`, `10m`, `1h`.
fn millis(text: &str) -> Option<Millis> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: i64 = text[..digits].parse().ok()?;
    let unit = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _no_unit => return None,
    };
    number.checked_mul(unit).map(Millis)
}

/// Steps of a history as a scenario file, so that a failure can be played again and read.
#[must_use]
pub fn written(name: &str, steps: &[Step]) -> String {
    let mut text = format!("name = {}\n", Value::from(name));
    let mut at = 0;
    for step in steps {
        at += step.after.0;
        let head = format!("[[step]]\nat = \"{at}ms\"\n");
        match &step.what {
            What::KeepSnapshot => text += &format!("{head}keep_snapshot = true\n"),
            What::Crash(from) => text += &format!("{head}restart = {}\n", inline(&to_value(from))),
            What::Command { command, again } => {
                let request = command
                    .request
                    .as_ref()
                    .map_or_else(String::new, |request| format!("request = {}\n", inline(&to_value(request))));
                let one = format!("{head}command = {}\n{request}", inline(&to_value(&command.action)));
                text += &one;
                if *again {
                    text += &one;
                }
            }
        }
    }
    text
}

/// A JSON value in TOML on one line; what is null is left out.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            let fields: Vec<String> =
                kept.map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), inline(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
