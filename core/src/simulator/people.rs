//! The agents of a simulation: when each is on duty and what each can do. Moves nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::arrivals::{Outcome, RecordedCall};
use super::table::{self, InvalidTable};
use crate::routing::ids::{AgentId, QueueId, SkillId};
use crate::routing::rule_set::{AgentRules, RuleSet};
use crate::routing::skill::{Level, Skills};
use crate::routing::time::{Millis, Timestamp};

/// The columns of a table of shifts; `start` and `end` are local dates with times.
pub const SHIFT_COLUMNS: [&str; 3] = ["agent", "start", "end"];
/// An agent who served nobody for longer than this was not on duty in between.
pub const DUTY_GAP_MAX: Millis = Millis::minutes(4 * 60);
/// The longest shift: what is longer is a wrong date.
const SHIFT_MAX: Millis = Millis::minutes(36 * 60);

/// One agent on duty, from `begins` until `ends`. His figures count for `day`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Shift {
    pub agent: AgentId,
    pub begins: Timestamp,
    pub ends: Timestamp,
    pub day: Date,
}

/// Per agent and `date` from the first answer to the last end, split where he served nobody for
/// more than [`DUTY_GAP_MAX`]. A day that runs into the next is one stretch of duty, of the first.
#[must_use]
pub fn recorded_shifts<'a>(calls: impl Iterator<Item = &'a RecordedCall>) -> Vec<Shift> {
    let mut spans: BTreeMap<(&AgentId, Date), Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for call in calls {
        if let Outcome::Served { agent: Some(agent), service } = &call.outcome {
            let answered_at = call.enters_at + call.queued;
            let ends = answered_at + service.unwrap_or_default();
            spans.entry((agent, call.date)).or_default().push((answered_at, ends));
        }
    }
    let mut shifts: Vec<Shift> = Vec::new();
    for ((agent, day), mut services) in spans {
        services.sort();
        let mut on_duty = services[0];
        for (answered_at, ends) in services {
            if answered_at.since(on_duty.1) > DUTY_GAP_MAX {
                shifts.push(Shift { agent: agent.clone(), begins: on_duty.0, ends: on_duty.1, day });
                on_duty = (answered_at, ends);
            }
            on_duty.1 = on_duty.1.max(ends);
        }
        shifts.push(Shift { agent: agent.clone(), begins: on_duty.0, ends: on_duty.1, day });
    }
    shifts.retain(|shift| shift.begins < shift.ends);
    shifts.sort();
    join_overlapping(shifts)
}

fn join_overlapping(shifts: Vec<Shift>) -> Vec<Shift> {
    let mut joined: Vec<Shift> = Vec::with_capacity(shifts.len());
    for shift in shifts {
        match joined.last_mut() {
            Some(last) if last.agent == shift.agent && shift.begins <= last.ends => {
                last.ends = last.ends.max(shift.ends)
            }
            Some(_) | None => joined.push(shift),
        }
    }
    joined
}

/// Reads a table of shifts; `known`: whom the rules or the calls name.
///
/// # Errors
/// Every cell that is not what its column asks for, an agent nobody knows, and shifts of one
/// agent that overlap.
pub fn read_shifts(text: &str, zone: &TimeZone, known: &BTreeSet<AgentId>) -> Result<Vec<Shift>, InvalidTable> {
    let mut before: BTreeMap<AgentId, Vec<(Timestamp, Timestamp, u64)>> = BTreeMap::new();
    let mut shifts = table::read_table(text, &SHIFT_COLUMNS, |row| {
        let agent = row.read("agent", "an agent of the rules or of the calls", |text| {
            AgentId::new(text).ok().filter(|agent| known.contains(agent))
        })?;
        let expected = "a local date and time such as 1999-02-01 07:00:00";
        let instant = |text: &str| {
            let local: DateTime = text.parse().ok()?;
            Some((local, table::local(zone, local)?))
        };
        let (start, begins) = row.read("start", expected, instant)?;
        let (_, ends) = row.read("end", expected, instant)?;
        if ends <= begins || ends.since(begins) > SHIFT_MAX {
            return Err(row.mistake("end", "a time after the start, by at most 36 hours"));
        }
        let others = before.entry(agent.clone()).or_default();
        if let Some((.., line)) = others.iter().find(|(from, to, _)| begins < *to && *from < ends) {
            return Err(row.mistake("start", format!("no overlap with the shift on line {line}")));
        }
        others.push((begins, ends, row.line));
        Ok(Shift { agent, begins, ends, day: start.date() })
    })?;
    shifts.sort();
    Ok(shifts)
}

/// What a call that an agent served had asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Asked {
    pub queue: QueueId,
    pub skills: Skills,
}

/// The rules with those agents added whom they do not name: each gets a skill for every queue whose
/// contacts he served. For that, every queue also asks a skill of its own, `queue:<its place>`,
/// which all agents of the rules have, so that nothing else changes for them. The skills that the
/// contacts he served had asked for, he has at the highest level. A queue's condition on agents
/// stays as it is. Without such agents the rules stay untouched.
#[must_use]
pub fn with_recorded_agents(rules: &RuleSet, served: &BTreeMap<AgentId, BTreeSet<Asked>>) -> RuleSet {
    let mut rules = rules.clone();
    if served.keys().all(|agent| rules.agents.contains_key(agent)) {
        return rules;
    }
    let highest = Level::new(10).expect("levels end at 10");
    let lowest = Level::new(1).expect("levels begin at 1");
    let mut own_skills: BTreeMap<QueueId, SkillId> = BTreeMap::new();
    for (place, (queue, queue_rules)) in rules.queues.iter_mut().enumerate() {
        let skill = SkillId::new(&format!("queue:{place}")).expect("a short name");
        Arc::make_mut(queue_rules).skills.insert(skill.clone(), lowest);
        own_skills.insert(queue.clone(), skill);
    }
    for agent_rules in rules.agents.values_mut() {
        let skills = &mut Arc::make_mut(agent_rules).skills;
        skills.extend(own_skills.values().map(|skill| (skill.clone(), highest)));
    }
    for (agent, asked) in served {
        if rules.agents.contains_key(agent) {
            continue;
        }
        let mut skills = Skills::new();
        for asked in asked {
            skills.extend(asked.skills.keys().map(|skill| (skill.clone(), highest)));
            skills.extend(own_skills.get(&asked.queue).map(|skill| (skill.clone(), highest)));
        }
        let agent_rules = AgentRules { name: Arc::from(agent.as_str()), skills, ..AgentRules::default() };
        rules.agents.insert(agent.clone(), Arc::new(agent_rules));
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::rule_set::QueueRules;
    use crate::simulator::arrivals::{Record, read_calls};

    fn calls(rows: &str) -> Vec<RecordedCall> {
        let header = "date,arrived_at,line,call_id,customer_id,priority,type,vru_s,queue_s,outcome,service_s,agent\n";
        let rows = read_calls(&format!("{header}{rows}"), &TimeZone::UTC).unwrap();
        rows.into_iter()
            .filter_map(|row| match row.record {
                Record::Call(call) => Some(*call),
                Record::LeftOut | Record::LeftBeforeQueue => None,
            })
            .collect()
    }

    fn shown(shifts: &[Shift]) -> Vec<(String, i64, i64, String)> {
        let minutes = |at: Timestamp| at.0 / 60_000;
        shifts
            .iter()
            .map(|shift| (shift.agent.to_string(), minutes(shift.begins), minutes(shift.ends), shift.day.to_string()))
            .collect()
    }

    #[test]
    fn duty_is_from_first_answer_to_last_end_split_at_long_gaps() {
        let calls = calls(
            "1970-01-01,01:00:00,A,1,,0,PS,60,60,AGENT,600,ana\n\
             1970-01-01,01:05:00,A,2,,0,PS,0,0,AGENT,60,ana\n\
             1970-01-01,05:11:00,A,3,,0,PS,0,0,AGENT,60,ana\n\
             1970-01-01,09:13:00,A,4,,0,PS,0,0,AGENT,60,ana\n\
             1970-01-01,09:13:00,A,5,,0,PS,0,0,AGENT,0,ben\n\
             1970-01-01,09:13:00,A,6,,0,PS,0,9,HANG,0,\n",
        );
        let expected = [("ana", 62, 312), ("ana", 553, 554)]
            .map(|(agent, begins, ends)| (agent.to_owned(), begins, ends, "1970-01-01".to_owned()));
        assert_eq!(shown(&recorded_shifts(calls.iter())), expected, "3 h 59 min is no gap, 4 h 1 min is one");
    }

    #[test]
    fn duty_over_midnight_is_one_stretch_of_the_first_day() {
        let calls = calls(
            "1970-01-01,23:50:00,A,1,,0,PS,0,0,AGENT,1200,ana\n\
             1970-01-02,00:05:00,A,2,,0,PS,0,0,AGENT,1200,ana\n",
        );
        let expected = [("ana".to_owned(), 1_430, 1_465, "1970-01-01".to_owned())];
        assert_eq!(shown(&recorded_shifts(calls.iter())), expected);
    }

    #[test]
    fn a_table_of_shifts_is_checked() {
        let known = BTreeSet::from([AgentId::new("ana").unwrap()]);
        let read = |rows: &str| {
            read_shifts(&format!("agent,start,end\n{rows}"), &TimeZone::UTC, &known).map_err(|wrong| wrong.to_string())
        };
        let shifts = read("ana,1970-01-02 01:00:00,1970-01-02T02:00\nana,1970-01-01T23:00:00,1970-01-02T01:00:00\n");
        let expected = [
            ("ana".to_owned(), 1_380, 1_500, "1970-01-01".to_owned()),
            ("ana".to_owned(), 1_500, 1_560, "1970-01-02".to_owned()),
        ];
        assert_eq!(shown(&shifts.unwrap()), expected);
        for (row, expected) in [
            (
                "zoe,1970-01-01 01:00,1970-01-01 02:00",
                "agent: expected an agent of the rules or of the calls, found \"zoe\"",
            ),
            (
                "ana,at nine,1970-01-01 02:00",
                "start: expected a local date and time such as 1999-02-01 07:00:00, found \"at nine\"",
            ),
            (
                "ana,1970-01-01 02:00,1970-01-01 02:00",
                "end: expected a time after the start, by at most 36 hours, found \"1970-01-01 02:00\"",
            ),
        ] {
            assert_eq!(read(row), Err(format!("line 2, column {expected}")));
        }
        let overlap = read("ana,1970-01-01 01:00,1970-01-01 03:00\nana,1970-01-01 02:00,1970-01-01 04:00\n");
        assert_eq!(
            overlap,
            Err("line 3, column start: expected no overlap with the shift on line 2, found \"1970-01-01 02:00\""
                .to_owned())
        );
    }

    #[test]
    fn unnamed_agents_get_the_queues_they_served_and_no_others() {
        let name = |text: &str| QueueId::new(text).unwrap();
        let skill = |text: &str| SkillId::new(text).unwrap();
        let level = |n| Level::new(n).unwrap();
        let asks = |skills: &[(&str, u8)]| {
            let skills = skills.iter().map(|(text, n)| (skill(text), level(*n))).collect();
            Arc::new(QueueRules { skills, ..QueueRules::default() })
        };
        let queues = [(name("cards"), asks(&[("bank", 3)])), (name("loans"), asks(&[("bank", 2)]))];
        let ana = AgentRules { skills: Skills::from([(skill("bank"), level(2))]), ..AgentRules::default() };
        let rules = RuleSet {
            queues: queues.into(),
            agents: BTreeMap::from([(AgentId::new("ana").unwrap(), Arc::new(ana))]),
            ..RuleSet::default()
        };
        let loans = Asked { queue: name("loans"), skills: Skills::from([(skill("bank"), level(2))]) };
        let served = |agent: &str| BTreeMap::from([(AgentId::new(agent).unwrap(), BTreeSet::from([loans.clone()]))]);
        let extended = with_recorded_agents(&rules, &served("rec-1"));
        let able = |agent: &str, queue: &str| {
            let has = &extended.agents[agent].skills;
            extended.queues[&name(queue)].skills.iter().all(|(skill, least)| has.get(skill).is_some_and(|l| l >= least))
        };
        assert!(able("rec-1", "loans") && !able("rec-1", "cards"), "loans only, though its skill would do for cards");
        assert!(able("ana", "loans") && !able("ana", "cards"), "a named agent can do what he could");
        assert_eq!(with_recorded_agents(&rules, &served("ana")), rules, "untouched when all are named");
    }
}
