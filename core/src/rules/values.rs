//! The values that several files share: durations, skills, names, attributes. Applies no default.

use std::sync::Arc;

use jiff::fmt::friendly::SpanParser;
use serde_json::{Map, Number, Value as Json};
use toml::de::{DeTable, DeValue};

use super::keys::Keys;
use super::table::{Table, Value, shortened};
use crate::routing::ids::{InvalidName, QueueId, SkillId};
use crate::routing::personal::Attributes;
use crate::routing::rule_set::{Channel, ChannelValues, CustomersAgent};
use crate::routing::skill::{Level, Skills};
use crate::routing::time::Millis;

/// Longest duration a rule may name: a week. It keeps a head start far from an overflow.
pub const DURATION_MAX: Millis = Millis::minutes(7 * 24 * 60);
/// Most skills asked of one agent: a visit's match looks at each.
pub const SKILLS_ASKED_MAX: usize = 16;
/// Highest priority, and lowest below zero: steps of head start.
pub const PRIORITY_MAX: i64 = 1_000;

const DURATION_EXPECTED: &str = "a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\"";

impl<'t> Value<'t> {
    /// Whole milliseconds from 0 to [`DURATION_MAX`].
    pub(super) fn duration(&self) -> Option<Millis> {
        let text = self.text(DURATION_EXPECTED)?;
        let Ok(duration) = SpanParser::new().parse_duration(text) else {
            self.wrong(format_args!("is {:?}", shortened(text)), DURATION_EXPECTED);
            return None;
        };
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        if duration.is_negative() {
            self.wrong("is negative", "a duration of zero or more");
        } else if millis > DURATION_MAX.0 {
            self.wrong(format_args!("is {:?}", shortened(text)), "at most a week, \"168h\"");
        } else if duration.subsec_nanos() % 1_000_000 != 0 {
            self.wrong(format_args!("is {:?}", shortened(text)), "whole milliseconds");
        } else {
            return Some(Millis(millis));
        }
        None
    }

    /// As [`Value::duration`], but not zero.
    pub(super) fn time_limit(&self) -> Option<Millis> {
        let limit = self.duration()?;
        if limit == Millis::ZERO {
            self.wrong("is zero", "a duration above zero");
            return None;
        }
        Some(limit)
    }

    pub(super) fn priority(&self) -> Option<i32> {
        let priority = self.whole(-PRIORITY_MAX..=PRIORITY_MAX)?;
        Some(i32::try_from(priority).expect("PRIORITY_MAX fits"))
    }

    /// A number from `from` to `to`.
    pub(super) fn count(&self, from: u32, to: u32) -> Option<u32> {
        let count = self.whole(i64::from(from)..=i64::from(to))?;
        Some(u32::try_from(count).expect("the range is of u32"))
    }

    /// A share from 0 to 1 as thousandths.
    pub(super) fn per_mille(&self) -> Option<u32> {
        const EXPECTED: &str = "a share from 0 to 1 in thousandths, such as 0.80";
        let share = match self.value {
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
            DeValue::String(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                None
            }
        };
        let thousandths = share
            .map(|share| share * 1_000.0)
            .filter(|share| (0.0..=1_000.0).contains(share) && (share - share.round()).abs() < 1e-6);
        if thousandths.is_none() {
            self.wrong("is no share", EXPECTED);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1000")]
        thousandths.map(|share| share.round() as u32)
    }

    /// A name made by `new`.
    pub(super) fn name<T>(&self, new: impl Fn(&str) -> Result<T, InvalidName>) -> Option<T> {
        let text = self.text("a name in quotes")?;
        new(text).map_err(|error| self.wrong_name(text, &error)).ok()
    }

    /// A queue of the rules, not an agent's own.
    pub(super) fn queue_name(&self) -> Option<QueueId> {
        let queue = self.name(QueueId::new)?;
        if queue.is_of_agent() {
            self.wrong(format_args!("is {:?}", shortened(queue.as_str())), "a queue of queues/*.toml; @ is for agents");
            return None;
        }
        Some(queue)
    }

    /// The key as a name made by `new`.
    pub(super) fn key_name<T>(&self, new: impl Fn(&str) -> Result<T, InvalidName>) -> Option<T> {
        let result = new(self.key);
        if let Err(error) = &result {
            let message = format!("{:?} is no name", shortened(self.key));
            self.found.error(self.source, self.key_span.clone(), message, plain(error));
        }
        result.ok()
    }

    /// The key as [`Value::label`].
    pub(super) fn key_label(&self) -> Option<Arc<str>> {
        self.key_name(crate::routing::ids::TeamId::new).map(|name| Arc::from(name.as_str()))
    }

    fn wrong_name(&self, text: &str, error: &InvalidName) {
        self.wrong(format_args!("{:?} is no name", shortened(text)), plain(error));
    }

    /// Text that people read, bounded like a name.
    pub(super) fn label(&self) -> Option<Arc<str>> {
        self.name(crate::routing::ids::TeamId::new).map(|name| Arc::from(name.as_str()))
    }

    /// `{ billing = 5, french = 1 }`, at most `count_max` of them.
    pub(super) fn skills(&self, count_max: usize) -> Option<Skills> {
        let table = self.any_table("skills with a level each, such as { billing = 5 }")?;
        let mut skills = Skills::new();
        for value in table.values() {
            let name = value.key_name(SkillId::new);
            let level = value.whole(1..=10).and_then(|level| u8::try_from(level).ok());
            let level = level.and_then(|level| Level::new(level).ok());
            if let (Some(name), Some(level)) = (name, level) {
                skills.insert(name, level);
            }
        }
        if skills.len() > count_max {
            self.wrong(format_args!("names {} skills", skills.len()), format!("at most {count_max}"));
        }
        Some(skills)
    }

    /// An agent as the customer's record names him.
    pub(super) fn customers_agent(&self) -> Option<CustomersAgent> {
        let choices = [CustomersAgent::Owner, CustomersAgent::LastAgent].map(|who| (who.name(), who));
        self.choice(&choices, &[])
    }

    /// `{ voice = 1 }` over `defaults`.
    pub(super) fn by_channel(&self, keys: &Keys, defaults: ChannelValues, from: u32, to: u32) -> Option<ChannelValues> {
        let table = self.table(keys)?;
        Some(channel_values(&table, defaults, from, to))
    }

    /// Any TOML as JSON; dates and times become text.
    pub(super) fn attributes(&self, count_max: usize) -> Option<Attributes> {
        let table = self.any_table("attributes, such as { remote = true }")?;
        let attributes: Map<String, Json> =
            table.values().map(|value| (value.key.to_owned(), value.json().unwrap_or(Json::Null))).collect();
        if attributes.len() > count_max {
            self.wrong(format_args!("names {} attributes", attributes.len()), format!("at most {count_max}"));
        }
        Some(Attributes(attributes))
    }

    fn json(&self) -> Option<Json> {
        let json = to_json(self.value);
        if json.is_none() {
            self.wrong("holds a number out of range", "finite numbers that fit 64 bits");
        }
        json
    }
}

/// A number for each channel that `table` names, the others from `defaults`.
pub(super) fn channel_values(table: &Table<'_>, defaults: ChannelValues, from: u32, to: u32) -> ChannelValues {
    let mut values = defaults;
    for channel in Channel::ALL {
        if let Some(number) = table.get(channel.name()).and_then(|value| value.count(from, to)) {
            values.0[channel.index()] = number;
        }
    }
    values
}

fn to_json(value: &DeValue<'_>) -> Option<Json> {
    match value {
        DeValue::String(text) => Some(Json::String(text.to_string())),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Json::from),
        DeValue::Float(number) => number.as_str().parse().ok().and_then(Number::from_f64).map(Json::Number),
        DeValue::Boolean(flag) => Some(Json::Bool(*flag)),
        DeValue::Datetime(moment) => Some(Json::String(moment.to_string())),
        DeValue::Array(elements) => elements.iter().map(|element| to_json(element.get_ref())).collect(),
        DeValue::Table(table) => table_json(table),
    }
}

fn table_json(table: &DeTable<'_>) -> Option<Json> {
    let fields: Option<Map<String, Json>> =
        table.iter().map(|(key, value)| Some((key.get_ref().to_string(), to_json(value.get_ref())?))).collect();
    fields.map(Json::Object)
}

fn plain(error: &InvalidName) -> String {
    error.to_string().trim_start_matches("expected ").to_owned()
}
