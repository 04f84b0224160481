//! The rules of a demo's centre: a copy of a rules folder, with a place for a visitor, for recorded
//! agents, and with a fast clock's grace for machines. It never changes the folder it copies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use toml::{Table, Value};

use crate::protocol::Attributes as WireAttributes;
use crate::routing::command::Direction;
use crate::routing::entry::{ContactFacts, first_that_holds, moment};
use crate::routing::personal::Attributes;
use crate::routing::rule_set::{Channel, RuleSet};
use crate::routing::time::Millis;
use crate::routing::time::Timestamp;
use crate::rule_files::{load_folder, read_folder};

/// The agent whose place a visitor may take.
pub const VISITOR: &str = "visitor";
/// What messages and commits may take, by the wall's clock: added to what people have for an offer.
const MACHINES_NEED: Millis = Millis::seconds(1);
/// The longest time that a rule file takes: a week.
const RULE_TIME_MAX: Millis = Millis::minutes(7 * 24 * 60);
/// How good a visitor is at everything.
const VISITOR_LEVEL: i64 = 5;
const RECORDED_LEVEL: i64 = 10;

/// Which recorded agents there are, and the attributes of the calls that each served.
pub type Served = BTreeMap<String, Vec<WireAttributes>>;

/// What the copy names.
pub struct Written {
    /// Those that virtual people play.
    pub agents: Vec<String>,
    pub queues: BTreeSet<String>,
}

/// Writes the copy into `to`.
///
/// # Errors
/// When the folder cannot be read, its rules are wrong, or the copy cannot be written.
pub fn write(from: &Path, to: &Path, speed: u32, served: Option<&Served>) -> anyhow::Result<Written> {
    let rules = load_folder(from).with_context(|| format!("the rules in {}", from.display()))?.rules;
    let mut files: BTreeMap<String, Table> = BTreeMap::new();
    for file in read_folder(from)? {
        let table = file.text.parse::<Table>().with_context(|| format!("{}/{}", from.display(), file.path))?;
        files.insert(file.path, table);
    }
    for name in ["site.toml", "agents.toml"] {
        files.entry(name.to_owned()).or_default();
    }
    if speed > 1 {
        give_machines_time(&rules, &mut files, i64::from(speed))?;
    }
    let agents = match served {
        Some(served) => add_recorded(&rules, &mut files, served)?,
        None => rules.agents.keys().map(|agent| agent.as_str().to_owned()).collect(),
    };
    add_visitor(&mut files)?;
    for (path, table) in files {
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
        fs::write(&path, table.to_string()).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    load_folder(to).context("the demo's copy of the rules")?;
    Ok(Written { agents, queues: rules.queues.keys().map(|queue| queue.as_str().to_owned()).collect() })
}

/// On a clock that runs n times as fast, a second of the wall's is n of the centre's: what machines
/// are given by the wall's clock is made n times as long.
fn give_machines_time(rules: &RuleSet, files: &mut BTreeMap<String, Table>, speed: i64) -> anyhow::Result<()> {
    let site = &rules.site;
    let times = [
        ("acknowledge_within", site.acknowledge_within),
        ("connect_within", site.connect_within),
        ("console_grace", site.console_grace),
        ("lost_after", site.lost_after),
        ("gateway_grace", site.gateway_grace),
        ("resume_grace", site.resume_grace),
        ("voicemail_within", site.voicemail_within),
        ("announce_within", site.announce_within),
        ("checked_within", site.checked_within),
    ];
    let file = files.get_mut("site.toml").expect("made when it was missing");
    for (key, time) in times {
        file.insert(key.to_owned(), rule_time(Millis(time.0.saturating_mul(speed))));
    }
    for (name, queue) in &rules.queues {
        let time = Millis(queue.offer_timeout.0 + MACHINES_NEED.0.saturating_mul(speed));
        queue_table(files, name.as_str())?.insert("offer_timeout".to_owned(), rule_time(time));
    }
    Ok(())
}

fn rule_time(time: Millis) -> Value {
    Value::String(format!("{}ms", time.min(RULE_TIME_MAX).0))
}

fn queue_table<'a>(files: &'a mut BTreeMap<String, Table>, queue: &str) -> anyhow::Result<&'a mut Table> {
    let found =
        files.values_mut().find_map(|file| file.get_mut("queue")?.as_table_mut()?.get_mut(queue)?.as_table_mut());
    found.ok_or_else(|| anyhow!("the queue {queue} is in none of the files"))
}

fn sub_table<'a>(table: &'a mut Table, key: &str) -> anyhow::Result<&'a mut Table> {
    let value = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
    value.as_table_mut().ok_or_else(|| anyhow!("{key}: expected a table"))
}

/// Each recorded agent gets a skill for every queue whose calls he served, and the queue asks for it;
/// agents whom the rules name have all of these skills.
fn add_recorded(rules: &RuleSet, files: &mut BTreeMap<String, Table>, served: &Served) -> anyhow::Result<Vec<String>> {
    let own_skill = |queue: &str| format!("recorded {queue}").chars().take(64).collect::<String>();
    let mut queues_of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (agent, calls) in served {
        let kinds = calls.iter().map(|call| queue_of(rules, call)).collect::<anyhow::Result<BTreeSet<_>>>()?;
        queues_of.insert(agent, kinds);
    }
    for queue in rules.queues.keys() {
        let skills = sub_table(queue_table(files, queue.as_str())?, "skills")?;
        skills.insert(own_skill(queue.as_str()), Value::Integer(1));
    }
    let agents = sub_table(files.get_mut("agents.toml").expect("made when it was missing"), "agent")?;
    let named: BTreeSet<String> = agents.keys().cloned().collect();
    for agent in named {
        let skills = sub_table(sub_table(agents, &agent)?, "skills")?;
        skills.extend(rules.queues.keys().map(|queue| (own_skill(queue.as_str()), Value::Integer(RECORDED_LEVEL))));
    }
    for (agent, queues) in &queues_of {
        let skills = sub_table(sub_table(agents, agent)?, "skills")?;
        for queue in queues {
            skills.insert(own_skill(queue), Value::Integer(RECORDED_LEVEL));
        }
    }
    Ok(served.keys().cloned().collect())
}

fn queue_of(rules: &RuleSet, call: &WireAttributes) -> anyhow::Result<String> {
    let attributes = call.values().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let facts = ContactFacts {
        channel: Channel::Voice,
        direction: Direction::Inbound,
        to: None,
        from: None,
        attributes: Attributes(attributes),
        // Recorded calls have an hour of their own; their queues do not go by it.
        now: moment(&rules.site.time_zone, Timestamp::default()),
        queues: BTreeMap::new(),
    };
    let entry = first_that_holds(rules, &facts).context("the rules have no entry rule")?;
    Ok(entry.rule.queue.as_str().to_owned())
}

/// Fair at everything that anyone can do or any queue asks for.
fn add_visitor(files: &mut BTreeMap<String, Table>) -> anyhow::Result<()> {
    let mut skills: BTreeSet<String> = BTreeSet::new();
    for file in files.values() {
        for section in ["agent", "queue"] {
            let tables = file.get(section).and_then(Value::as_table).into_iter().flat_map(Table::values);
            let asked = tables.filter_map(|table| table.get("skills")?.as_table());
            skills.extend(asked.flat_map(Table::keys).cloned());
        }
        let rules = file.get("entry").and_then(Value::as_array).into_iter().flatten();
        let asked = rules.filter_map(|rule| rule.get("skills")?.as_table());
        skills.extend(asked.flat_map(Table::keys).cloned());
    }
    let agents = sub_table(files.get_mut("agents.toml").expect("made when it was missing"), "agent")?;
    let visitor = sub_table(agents, VISITOR)?;
    visitor.insert("name".to_owned(), Value::String("Visitor".to_owned()));
    let levels = skills.into_iter().map(|skill| (skill, Value::Integer(VISITOR_LEVEL)));
    visitor.insert("skills".to_owned(), Value::Table(levels.collect()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("queues")).unwrap();
        let entry = "[[entry]]\nname = \"one\"\nwhen = 'contact.attributes.type == \"IN\"'\nqueue = \"internet\"\n\
                     [[entry]]\nname = \"two\"\nqueue = \"regular\"\n";
        fs::write(folder.path().join("entry.toml"), entry).unwrap();
        fs::write(folder.path().join("queues/internet.toml"), "[queue.internet]\n").unwrap();
        fs::write(folder.path().join("queues/regular.toml"), "[queue.regular]\noffer_timeout = \"10s\"\n").unwrap();
        folder
    }

    #[test]
    fn recorded_agents_serve_what_they_served_and_a_visitor_everything() {
        let (from, to) = (folder(), tempfile::tempdir().unwrap());
        let of_type = |name: &str| WireAttributes::new([("type".to_owned(), json!(name))].into()).unwrap();
        let served = BTreeMap::from([
            ("agent-01".to_owned(), vec![of_type("IN"), of_type("IN")]),
            ("agent-02".to_owned(), vec![of_type("PS"), of_type("IN")]),
        ]);
        let written = write(from.path(), to.path(), 120, Some(&served)).unwrap();
        assert_eq!(written.agents, ["agent-01", "agent-02"]);
        assert_eq!(written.queues, ["internet", "regular"].map(str::to_owned).into());
        let rules = load_folder(to.path()).unwrap().rules;
        let skills = |agent: &str| -> usize {
            let (_, rules) = rules.agents.iter().find(|(id, _)| id.as_str() == agent).unwrap();
            rules.skills.len()
        };
        assert_eq!((skills("agent-01"), skills("agent-02"), skills(VISITOR)), (1, 2, 2));
        assert!(rules.queues.values().all(|queue| queue.skills.len() == 1));
        assert_eq!(rules.site.acknowledge_within, Millis::seconds(240));
        assert_eq!(rules.site.checked_within, Millis::seconds(24));
        let timeouts: BTreeSet<i64> = rules.queues.values().map(|queue| queue.offer_timeout.0).collect();
        assert_eq!(timeouts, BTreeSet::from([130_000, 135_000]));
    }

    #[test]
    fn at_the_walls_speed_only_the_visitor_is_new() {
        let (from, to) = (folder(), tempfile::tempdir().unwrap());
        fs::write(from.path().join("agents.toml"), "[agent.ana]\nskills = { gold = 3 }\n").unwrap();
        assert_eq!(write(from.path(), to.path(), 1, None).unwrap().agents, ["ana"]);
        let (before, after) = (load_folder(from.path()).unwrap().rules, load_folder(to.path()).unwrap().rules);
        assert_eq!(after.site, before.site);
        assert_eq!(after.agents.len(), before.agents.len() + 1);
    }
}
