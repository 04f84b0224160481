//! What conditions may read: the contact, the moment by the site's clocks, and which agents each queue's own
//! condition lets have a contact. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::matching::describe;
use super::model::{Contact, Model};
use super::open_time::{DAY, MINUTE, WEEKDAY_OF_DAY_0, date_of};
use crate::routing::command::Direction;
use crate::routing::expression::{Expression, Scope};
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::routing::personal::Attributes;
use crate::routing::time::Timestamp;

/// By queue: all agents of whom its condition holds.
pub(crate) type Fitting = BTreeMap<QueueId, BTreeSet<AgentId>>;

/// Who fits for one contact, in queues whose conditions read it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Fitted {
    /// What was known of the contact when this was worked out.
    pub known: Attributes,
    pub who: Fitting,
}

pub(super) fn describe_contact(contact: &Contact) -> Value {
    let direction = match contact.direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
        Direction::Internal => "internal",
    };
    json!({
        "channel": contact.channel.name(),
        "direction": direction,
        "from": contact.from.as_ref().map(|from| Arc::clone(&from.0)),
        "to": contact.to.as_ref().map(|to| Arc::clone(&to.0)),
        "attributes": contact.attributes.0,
    })
}

pub(super) fn reads_contact(condition: &Expression) -> bool {
    condition.variables().iter().any(|name| name == "contact")
}

impl Model {
    /// What stands on the clock and the calendar on the wall, where the site is.
    pub(super) fn moment(&self, now: Timestamp) -> Value {
        let wall = (now + self.wall_offset).0;
        let at = jiff::Timestamp::from_millisecond(wall).expect("histories and scenarios play in this age");
        let zone = TimeZone::get(&self.site().time_zone).unwrap_or(TimeZone::UTC);
        let local = wall + i64::from(zone.to_offset(at).seconds()) * 1_000;
        let (day, minute_of_day) = (local.div_euclid(DAY), local.rem_euclid(DAY) / MINUTE);
        let (hour, minute) = (minute_of_day / 60, minute_of_day % 60);
        json!({
            "date": date_of(day).to_string(),
            "time": format!("{hour:02}:{minute:02}"),
            "hour": hour,
            "minute": minute,
            "weekday": (day + WEEKDAY_OF_DAY_0).rem_euclid(7) + 1,
        })
    }

    /// Of the queues whose conditions do not read contacts. An error is as good as no.
    pub(super) fn who_fits(&self) -> Fitting {
        self.who_fits_of(false, |condition, agent| condition.holds(&Scope::new([("agent", agent)])) == Ok(true))
    }

    fn who_fits_for(&self, contact: &Contact) -> Fitting {
        let described = describe_contact(contact);
        self.who_fits_of(true, |condition, agent| {
            condition.holds(&Scope::new([("agent", agent), ("contact", &described)])) == Ok(true)
        })
    }

    fn who_fits_of(&self, of_contacts: bool, holds: impl Fn(&Expression, &Value) -> bool) -> Fitting {
        let conditions = self.queues.iter().filter_map(|(queue, rules)| Some((queue, rules.agents.as_ref()?)));
        let asked = conditions.filter(|(_, condition)| reads_contact(condition) == of_contacts);
        let fits = |condition: &Expression| {
            let all = self.agents.iter().filter(|agent| holds(condition, &describe(agent)));
            all.map(|agent| agent.id.clone()).collect()
        };
        asked.map(|(queue, condition)| (queue.clone(), fits(condition))).collect()
    }

    /// Who fits for each contact, anew for those of whom something else is known now.
    pub(super) fn fit_contacts(&mut self) {
        let known_as_it_is =
            |contact: &&Contact| contact.fitted.as_ref().is_some_and(|fitted| fitted.known == contact.attributes);
        let stale: Vec<ContactId> =
            self.all_contacts().filter(|contact| !known_as_it_is(contact)).map(|contact| contact.id).collect();
        for id in stale {
            let contact = &self.contacts[&id];
            let fitted = Fitted { known: contact.attributes.clone(), who: self.who_fits_for(contact) };
            self.contact_mut(id).fitted = Some(fitted);
        }
    }

    /// Whether the rules let the agent have it as it waits now.
    pub(crate) fn admits_now(&self, agent: &AgentId, contact: &Contact) -> bool {
        contact.visit.as_ref().is_some_and(|visit| self.admits(self.agent(agent), contact, visit))
    }

    /// Whether the queue's condition lets the agent have the contact; without one at hand, what reads it holds.
    pub(super) fn fits(&self, agent: &AgentId, queue: &QueueId, contact: Option<&Contact>) -> bool {
        let for_contact = contact.and_then(|contact| contact.fitted.as_ref()).and_then(|fitted| fitted.who.get(queue));
        for_contact.or(self.fitting.get(queue)).is_none_or(|fitting| fitting.contains(agent))
    }
}
