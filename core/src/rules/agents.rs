//! `agents.toml`: each agent by himself. Compares no two of them.

use std::ops::Range;
use std::sync::Arc;

use super::keys;
use super::report::{Findings, Source};
use super::table::{Table, Value};
use super::values::channel_values;
use crate::routing::ids::{AgentId, Endpoint, TeamId};
use crate::routing::rule_set::{AgentRules, Capacity, Phone, PhoneMode};

/// Most agents of one site: what one router is measured for.
pub const AGENTS_MAX: usize = 20_000;
/// Most skills of one agent.
pub const AGENT_SKILLS_MAX: usize = 64;
/// Most teams of one agent.
pub const AGENT_TEAMS_MAX: usize = 16;
/// Most attributes of one agent: each is copied for every condition over him.
pub const AGENT_ATTRIBUTES_MAX: usize = 64;
/// Most units of one agent's capacity.
pub const CAPACITY_MAX: u32 = 10_000;
/// Most contacts of one channel at once.
pub const CHANNEL_MAX: u32 = 100;

/// An agent as read, and where he stands.
pub(super) struct AgentDraft<'t> {
    pub(super) source: &'t Source,
    pub(super) span: Range<usize>,
    /// None: his name was wrong, and said so.
    pub(super) id: Option<AgentId>,
    pub(super) endpoint_span: Option<Range<usize>>,
    pub(super) rules: AgentRules,
}

pub(super) fn read<'t>(found: &'t Findings, file: &Table<'t>) -> Vec<AgentDraft<'t>> {
    let Some(agents) = file.get("agent") else { return Vec::new() };
    let Some(table) = agents.any_table("agents, each under [agent.NAME]") else { return Vec::new() };
    let count = table.values().count();
    if count > AGENTS_MAX {
        found.error(agents.source, agents.key_span, format!("{count} agents"), format!("at most {AGENTS_MAX}"));
    }
    table.values().take(AGENTS_MAX).map(|agent| read_agent(&agent)).collect()
}

fn read_agent<'t>(agent: &Value<'t>) -> AgentDraft<'t> {
    let id = agent.key_name(AgentId::new);
    let table = agent.table(&keys::AGENT);
    let (mut rules, endpoint_span) = table.map(|table| read_rules(&table)).unwrap_or_default();
    if let Some(id) = id.as_ref().filter(|_| rules.name.is_empty()) {
        rules.name = Arc::from(id.as_str());
    }
    AgentDraft { source: agent.source, span: agent.key_span.clone(), id, endpoint_span, rules }
}

fn read_rules(table: &Table<'_>) -> (AgentRules, Option<Range<usize>>) {
    let (phone, endpoint_span) = table.get("phone").and_then(|value| phone(&value)).unwrap_or_default();
    let rules = AgentRules {
        name: table.get("name").and_then(|value| value.label()).unwrap_or_default(),
        site: table.get("site").and_then(|value| value.label()),
        teams: table.get("teams").and_then(|value| teams(&value)).unwrap_or_default(),
        skills: table.get("skills").and_then(|value| value.skills(AGENT_SKILLS_MAX)).unwrap_or_default(),
        attributes: table
            .get("attributes")
            .and_then(|value| value.attributes(AGENT_ATTRIBUTES_MAX))
            .unwrap_or_default(),
        capacity: table.get("capacity").and_then(|value| capacity(&value)).unwrap_or_default(),
        phone,
        may_transfer_outside: table.get("may_transfer_outside").and_then(|value| value.flag()).unwrap_or_default(),
    };
    (rules, endpoint_span)
}

fn teams(value: &Value<'_>) -> Option<Vec<TeamId>> {
    let elements = value.elements("a list of teams, such as [\"day\"]")?;
    if elements.len() > AGENT_TEAMS_MAX {
        value.wrong(format_args!("names {} teams", elements.len()), format!("at most {AGENT_TEAMS_MAX}"));
    }
    let mut teams: Vec<TeamId> = Vec::new();
    for element in elements.iter().take(AGENT_TEAMS_MAX) {
        match element.name(TeamId::new) {
            Some(team) if teams.contains(&team) => element.wrong("names it twice", "each team once"),
            Some(team) => teams.push(team),
            None => {}
        }
    }
    Some(teams)
}

fn capacity(value: &Value<'_>) -> Option<Capacity> {
    let table = value.table(&keys::CAPACITY)?;
    let default = Capacity::default();
    Some(Capacity {
        total: table.get("total").and_then(|value| value.count(0, CAPACITY_MAX)).unwrap_or(default.total),
        channel_max: channel_values(&table, default.channel_max, 0, CHANNEL_MAX),
    })
}

fn phone(value: &Value<'_>) -> Option<(Phone, Option<Range<usize>>)> {
    const MODES: [(&str, PhoneMode); 4] = [
        ("console", PhoneMode::Console),
        ("phone", PhoneMode::Phone),
        ("persistent", PhoneMode::Persistent),
        ("none", PhoneMode::None),
    ];
    let table = value.table(&keys::PHONE)?;
    let mode = table.get("mode").and_then(|value| value.choice(&MODES, &[]));
    let endpoint = table.get("endpoint");
    match (mode, &endpoint) {
        (Some(PhoneMode::None), Some(endpoint)) => endpoint.wrong("has no use with mode \"none\"", "no endpoint"),
        (Some(PhoneMode::Console | PhoneMode::Phone | PhoneMode::Persistent), None) => {
            value.wrong("has no endpoint", "an endpoint, such as \"PJSIP/1001\", or mode \"none\"");
        }
        (Some(PhoneMode::None), None)
        | (Some(PhoneMode::Console | PhoneMode::Phone | PhoneMode::Persistent) | None, Some(_))
        | (None, None) => {}
    }
    let span = endpoint.as_ref().map(|endpoint| endpoint.span.clone());
    let endpoint = endpoint.and_then(|endpoint| endpoint.name(Endpoint::new));
    Some((Phone { mode: mode.unwrap_or_default(), endpoint }, span))
}
