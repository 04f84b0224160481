//! The rules that are delivered with Usher.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::{bank, demo, loaded, queue, told};
use crate::routing::expression::{Expression, QueueFigures, Scope};
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::rule_set::{
    AlertRules, Channel, CustomersAgent, ExitAction, ExitKey, ExitRules, LongWaitExit, NamedAgent, PhoneMode,
    PreferredRules, SiteRules, TieBreaker,
};
use crate::routing::time::{Millis, Timestamp};
use crate::rules::LoadedRules;
use crate::rules::keys::{TABLES, TELEPHONE_KEYS};

#[test]
fn the_demo_loads_without_a_warning() {
    let LoadedRules { rules, warnings } = loaded(&demo());
    assert!(warnings.is_empty(), "{warnings}");
    let aside = vec![Channel::Email, Channel::Task];
    let interrupts = [(Channel::Voice, aside.clone()), (Channel::Callback, aside)].into();
    let outside_prefixes = ["+33", "+352", "+41"].map(Arc::from).to_vec();
    let not_ready_reasons = ["break", "lunch", "meeting", "training"].map(Arc::from).to_vec();
    let dispositions = ["resolved", "follow-up", "wrong number", "customer silent"].map(Arc::from).to_vec();
    let time_zone = Arc::from("Europe/Paris");
    let site = SiteRules::default();
    let site = SiteRules { interrupts, outside_prefixes, time_zone, not_ready_reasons, dispositions, ..site };
    assert_eq!(rules.site, site);
    assert_eq!((rules.entry.len(), rules.queues.len(), rules.agents.len()), (16, 10, 24));
    let gold = &rules.queues[&queue("gold")];
    assert_eq!(gold.weight, Millis::seconds(30));
    assert_eq!(gold.tier, Some(1));
    assert_eq!(gold.select, [TieBreaker::Preferred, TieBreaker::BestSkill, TieBreaker::Rank, TieBreaker::LongestIdle]);
    assert_eq!(gold.preferred, Some(PreferredRules { who: CustomersAgent::Owner, hold: Millis::seconds(20) }));
    assert_eq!((gold.ranks.len(), gold.ranks[&AgentId::new("greta").unwrap()]), (3, 2));
    assert_eq!((gold.offers_max, gold.place_kept), (1, Millis::minutes(5)));
    let stocks = &rules.queues[&queue("stocks")];
    assert_eq!((stocks.offers_max, stocks.place_kept), (2, Millis::minutes(2)));
    assert_eq!(rules.queues[&queue("written")].place_kept, Millis::ZERO);
    let agents: Vec<_> = rules.entry.iter().filter_map(|rule| rule.agent.clone()).collect();
    let ana = NamedAgent::Agent(AgentId::new("ana").unwrap());
    assert_eq!(agents, [ana, NamedAgent::OfCustomer(CustomersAgent::LastAgent)]);
    assert_eq!((gold.wrap_up.max, gold.service_level.target_per_mille), (Millis::seconds(45), 800));
    let ana = &rules.agents[&AgentId::new("ana").unwrap()];
    assert_eq!(ana.phone.mode, PhoneMode::Console);
    assert_eq!(ana.phone.endpoint.as_ref().unwrap().as_str(), "SIM/ana");
    assert_eq!(ana.attributes.get("desk"), Some(&json!(12)));
    assert_eq!(ana.capacity.channel_max.of(Channel::Chat), 3);
}

#[test]
fn the_demo_sends_billing_to_the_back_office_when_it_takes_too_long() {
    let rules = loaded(&demo()).rules;
    let contact = json!({"channel": "voice", "to": "+33180000000", "attributes": {"intent": "billing"}});
    let enter = |longest_wait_s, agents_idle| {
        let figures = QueueFigures {
            waiting: 3,
            agents_idle,
            agents_available: 4,
            longest_wait_s,
            estimated_wait_s: 90,
            service_level: 70,
        };
        let asked = ["billing", "overflow"].map(|queue| (QueueId::new(queue).unwrap(), figures));
        let scope = Scope::new([("contact", &contact), ("customer", &json!({}))]).with_queues(asked.into());
        let holds = |when: &Expression| when.holds(&scope) == Ok(true);
        let rule = rules.entry.iter().find(|rule| rule.when.as_ref().is_none_or(holds)).unwrap();
        (rule.name.to_string(), rule.queue.to_string())
    };
    assert_eq!(enter(120, 1), ("billing is too long".to_owned(), "overflow".to_owned()));
    assert_eq!(enter(119, 1), ("billing".to_owned(), "billing".to_owned()));
    assert_eq!(enter(120, 0), ("billing".to_owned(), "billing".to_owned()));
}

#[test]
fn the_demo_leaves_callers_a_choice_of_keys() {
    let rules = loaded(&demo()).rules;
    let pressed =
        |name: &str, key: char| rules.queues[&queue(name)].exits.keys.get(&ExitKey::try_from(key).unwrap()).cloned();
    assert_eq!(pressed("general", '1'), Some(ExitAction::Voicemail { mailbox: Some("general".into()) }));
    assert_eq!(pressed("billing", '0'), Some(ExitAction::Queue(queue("general"))));
    assert_eq!(pressed("gold", '1'), None);
    let alerts = AlertRules {
        waiting: Some(5),
        longest_wait: Some(Millis::minutes(1)),
        service_level_per_mille: Some(600),
        abandonment_per_mille: Some(150),
        agents_available: Some(2),
    };
    assert_eq!(rules.queues[&queue("gold")].alerts, alerts);
    let long_wait = &rules.queues[&queue("gold")].exits.long_wait;
    assert_eq!(
        *long_wait,
        Some(LongWaitExit { over: Millis::minutes(10), action: ExitAction::Queue(queue("general")) })
    );
}

#[test]
fn the_demo_is_the_reference_of_every_key() {
    let files = demo();
    for (path, table, keys) in TABLES {
        let mut found = BTreeSet::new();
        for file in files.iter().filter(|file| file.path.starts_with(path)) {
            let value: toml::Table = file.text.parse().unwrap();
            let steps: Vec<&str> = table.split('.').filter(|step| !step.is_empty()).collect();
            collect_keys(&toml::Value::Table(value), &steps, &mut found);
        }
        let is_other_telephone_key = |key: &str| TELEPHONE_KEYS.iter().any(|(name, _)| *name == key && key != "key_1");
        let missing: Vec<&&str> =
            keys.known.iter().filter(|key| !found.contains(**key) && !is_other_telephone_key(key)).collect();
        assert!(missing.is_empty(), "{path} [{table}] shows no {missing:?}");
    }
}

fn collect_keys(value: &toml::Value, steps: &[&str], found: &mut BTreeSet<String>) {
    if let Some(elements) = value.as_array() {
        elements.iter().for_each(|element| collect_keys(element, steps, found));
    } else if let Some(table) = value.as_table() {
        match steps.split_first() {
            None => found.extend(table.keys().cloned()),
            Some((&"*", rest)) => table.values().for_each(|inner| collect_keys(inner, rest, found)),
            Some((step, rest)) => table.get(*step).into_iter().for_each(|inner| collect_keys(inner, rest, found)),
        }
    }
}

#[test]
fn the_bank_of_1999_loads_without_agents() {
    let loaded = loaded(&bank());
    assert_eq!(
        told(loaded.warnings.problems()),
        ["1:8 no agent is in agents.toml: nobody can serve any queue | at least one [agent.NAME]"]
    );
    let conditions: Vec<_> = loaded.rules.entry.iter().filter_map(|rule| rule.when.as_ref()).collect();
    let enter = |kind: &str, priority: i64| {
        let contact = json!({"channel": "voice", "attributes": {"type": kind, "priority": priority}});
        let scope = Scope::new([("contact", &contact), ("customer", &json!({}))]);
        let at = conditions.iter().position(|when| when.holds(&scope) == Ok(true)).unwrap_or(conditions.len());
        (loaded.rules.entry[at].queue.to_string(), loaded.rules.entry[at].priority)
    };
    assert_eq!(enter("PS", 0), ("regular".to_owned(), 0));
    assert_eq!(enter("PS", 2), ("regular".to_owned(), 1));
    assert_eq!(enter("NW", 1), ("new_customer".to_owned(), 0));
    assert_eq!(enter("IN", 2), ("internet".to_owned(), 1));
    assert_eq!(loaded.rules.queues[&queue("stocks")].priority_step, Millis::seconds(90));
}

#[test]
fn the_demo_is_open_at_every_hour_and_the_night_takes_the_rest() {
    let rules = loaded(&demo()).rules;
    let bank = &rules.calendars["bank"];
    let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
    let closed = |text: &str| !bank.is_open(at(text));
    assert!(closed("2026-11-23T02:05:00Z") && closed("2026-12-25T12:00:00Z") && closed("2026-12-24T17:00:00Z"));
    let day = at("2026-11-23T00:00:00Z");
    let minutes = (0..1_440).filter(|minute| bank.is_open(Timestamp(day.0 + minute * 60_000))).count();
    assert_eq!(minutes, 1_430);
    let night = Some(ExitAction::Queue(queue("night")));
    for name in ["general", "billing"] {
        let rules = &rules.queues[&QueueId::new(name).unwrap()];
        assert_eq!(rules.hours.as_deref(), Some("bank"), "{name}");
        assert_eq!((&rules.exits.closed, &rules.exits.closing), (&night, &night), "{name}");
    }
    let nobody = &rules.queues[&queue("stocks")].exits.no_agents;
    assert_eq!(*nobody, Some(ExitAction::Queue(queue("general"))));
    let internet = &rules.queues[&queue("internet")].exits.closed;
    assert_eq!(*internet, Some(ExitAction::Announce { message: "closed-now".into() }));
    let rules = &rules.queues[&queue("night")];
    assert!(rules.skills.is_empty() && rules.hours.is_none() && rules.exits == ExitRules::default());
}
