//! `queues/*.toml`: each queue by itself. Compares no two of them.

use std::ops::Range;
use std::sync::Arc;

use super::condition::{Subject, read_condition};
use super::exits::{self, ExitsDraft};
use super::keys;
use super::report::{Findings, Source};
use super::steps::{self, StepDraft};
use super::table::{Table, Value};
use super::values::SKILLS_ASKED_MAX;
use crate::routing::ids::{AgentId, NAME_LENGTH_MAX, QueueId};
use crate::routing::rule_set::{
    AgentLostRule, AlertRules, CallbackRules, Channel, ChannelGroup, DispositionRule, FirstCalled, MissedOffers,
    PreferredRules, QueueRules, RANK_UNNAMED, Reserve, ServiceLevelRules, TieBreaker, WrapUpRules,
};
use crate::routing::time::Millis;

/// Most queues: each has a lane, a line of figures and a row on every dashboard.
pub const QUEUES_MAX: usize = 1_000;
/// Most offers an agent may miss in a row before he counts as not responding.
pub const MISSED_OFFERS_MAX: u32 = 100;
/// The last tier to be served.
pub const TIER_MAX: u32 = 9;

/// Callers or agents of one queue: more than any site has.
const ALERT_COUNT_MAX: u32 = 100_000;
/// Agents who are kept for other calls: more than any site has.
const RESERVED_MAX: u32 = 10_000;
/// Most offers of one contact at once: each holds an agent that others could have had.
pub const BROADCAST_OFFERS_MAX: u32 = 20;
/// Most attempts to reach one customer: whoever did not lift twenty times does not want to.
pub const CALLBACK_ATTEMPTS_MAX: u32 = 20;
/// The last rank: an agent without one comes after it.
pub const RANK_MAX: u32 = RANK_UNNAMED - 1;

const TIE_BREAKERS: [(&str, TieBreaker); 10] = [
    ("preferred", TieBreaker::Preferred),
    ("least_loaded", TieBreaker::LeastLoaded),
    ("longest_idle", TieBreaker::LongestIdle),
    ("best_skill", TieBreaker::BestSkill),
    ("least_skilled", TieBreaker::LeastSkilled),
    ("least_occupied", TieBreaker::LeastOccupied),
    ("fewest_contacts", TieBreaker::FewestContacts),
    ("round_robin", TieBreaker::RoundRobin),
    ("random", TieBreaker::Random),
    ("rank", TieBreaker::Rank),
];

/// A queue as read, and where it stands.
pub(super) struct QueueDraft<'t> {
    pub(super) source: &'t Source,
    pub(super) span: Range<usize>,
    /// None: its name was wrong, and said so.
    pub(super) id: Option<QueueId>,
    pub(super) rules: QueueRules,
    /// The agents of `ranks`, and where each is named.
    pub(super) ranked: Vec<(AgentId, Range<usize>)>,
    pub(super) steps: Vec<StepDraft>,
    /// The calendar of `hours`, and where it is named.
    pub(super) hours: Option<(Arc<str>, Range<usize>)>,
    /// The queue that its contacts are escalated to.
    pub(super) escalation: Option<(QueueId, Range<usize>)>,
    /// The queue that its leads leave agents to.
    pub(super) reserve: Option<(QueueId, Range<usize>)>,
    /// The queues that exits move to by themselves, and where each is named.
    pub(super) exit_moves: Vec<(QueueId, Range<usize>)>,
    /// The queues that a caller's keys move to.
    pub(super) key_moves: Vec<(QueueId, Range<usize>)>,
}

pub(super) fn read<'t>(found: &'t Findings, file: &Table<'t>) -> Vec<QueueDraft<'t>> {
    let Some(queues) = file.required("queue", "at least one [queue.NAME]") else { return Vec::new() };
    let Some(queues) = queues.any_table("queues, each under [queue.NAME]") else { return Vec::new() };
    queues.values().map(|queue| read_queue(found, &queue)).collect()
}

fn read_queue<'t>(found: &'t Findings, queue: &Value<'t>) -> QueueDraft<'t> {
    let id = queue.key_name(QueueId::new).filter(|id| has_own_name(found, queue, id));
    let table = queue.table(&keys::QUEUE);
    let ranks = table.as_ref().and_then(|table| ranks(&table.get("ranks")?)).unwrap_or_default();
    let mut rules = table.as_ref().map(read_rules).unwrap_or_default();
    let steps = table.as_ref().and_then(|table| steps::read(&table.get("step")?)).unwrap_or_default();
    rules.steps = steps.iter().map(|step| step.rules.clone()).collect();
    let hours =
        table.as_ref().and_then(|table| table.get("hours")).and_then(|value| Some((value.label()?, value.span)));
    let escalation = table
        .as_ref()
        .and_then(|table| table.get("escalation"))
        .and_then(|value| Some((value.queue_name()?, value.span)));
    rules.escalation = escalation.as_ref().map(|(queue, _)| queue.clone());
    let reserve = table.as_ref().and_then(|table| table.get("reserve")).and_then(|value| reserve(&value));
    rules.reserve = reserve.as_ref().map(|(reserve, _)| reserve.clone());
    let reserve = reserve.map(|(reserve, span)| (reserve.queue, span));
    rules.hours = hours.as_ref().map(|(calendar, _)| calendar.clone());
    let ExitsDraft { rules: exits, moves: exit_moves, key_moves } =
        table.as_ref().map(|table| exits::read(table, &rules.channels)).unwrap_or_default();
    rules.exits = exits;
    rules.ranks = ranks.iter().map(|ranked| (ranked.agent.clone(), ranked.rank)).collect();
    if let Some(table) = &table {
        check_select(table, &rules);
        check_agents(table, &rules);
        if rules.tier == Some(1) {
            warn_of_no_use(table, "rises_at", "a tier after the first");
        }
        for (key, channel) in [
            ("callback", Channel::Callback),
            ("idle_limit", Channel::Chat),
            ("reserve", Channel::Voice),
            ("record", Channel::Voice),
        ] {
            if !rules.channels.contains(&channel) {
                warn_of_no_use(table, key, &format!("{:?} in channels", channel.name()));
            }
        }
    }
    let ranked = ranks.into_iter().map(|ranked| (ranked.agent, ranked.span)).collect();
    QueueDraft {
        source: queue.source,
        span: queue.key_span.clone(),
        id,
        rules,
        ranked,
        steps,
        hours,
        escalation,
        reserve,
        exit_moves,
        key_moves,
    }
}

/// Reports a key that is an agent's own queue, or too long.
pub(super) fn has_own_name(found: &Findings, queue: &Value<'_>, id: &QueueId) -> bool {
    let too_long = id.as_str().chars().count() > NAME_LENGTH_MAX;
    if id.is_of_agent() || too_long {
        let expected = format!("1 to {NAME_LENGTH_MAX} characters, the first not @: that is for agents' own queues");
        found.error(queue.source, queue.key_span.clone(), format!("{id:?} is no name of a queue"), expected);
    }
    !id.is_of_agent() && !too_long
}

fn read_rules(table: &Table<'_>) -> QueueRules {
    let default = QueueRules::default();
    let duration = |key: &str, default| table.get(key).and_then(|value| value.duration()).unwrap_or(default);
    QueueRules {
        callback: table.get("callback").and_then(|value| callback(&value)).unwrap_or(default.callback),
        idle_limit: duration("idle_limit", default.idle_limit),
        channels: table.get("channels").and_then(|value| channels(&value)).unwrap_or(default.channels),
        tier: table
            .get("tier")
            .and_then(|value| value.count(1, TIER_MAX))
            .map(|tier| u8::try_from(tier).expect("TIER_MAX fits")),
        rises_at_per_mille: table.get("rises_at").and_then(|value| rises_at(&value)),
        strict: table.get("strict").and_then(|value| value.flag()).unwrap_or(default.strict),
        weight: duration("weight", default.weight),
        skills: table.get("skills").and_then(|value| value.skills(SKILLS_ASKED_MAX)).unwrap_or(default.skills),
        agents: table
            .get("agents")
            .and_then(|value| read_condition(&value, Subject::Agent))
            .map(|when| when.expression),
        select: table.get("select").and_then(|value| tie_breakers(&value)).unwrap_or(default.select),
        preferred: table.get("preferred").and_then(|value| preferred(&value)),
        ranks: default.ranks,
        offers_max: table.get("broadcast").and_then(|value| broadcast(&value)).unwrap_or(default.offers_max),
        offer_timeout: table.get("offer_timeout").and_then(|value| value.time_limit()).unwrap_or(default.offer_timeout),
        missed_offers: table
            .get("missed_offers")
            .and_then(|value| missed_offers(&value))
            .unwrap_or(default.missed_offers),
        wrap_up: table.get("wrap_up").and_then(|value| wrap_up(&value)).unwrap_or(default.wrap_up),
        priority: table.get("priority").and_then(|value| value.priority()).unwrap_or(default.priority),
        priority_step: duration("priority_step", default.priority_step),
        service_level: table
            .get("service_level")
            .and_then(|value| service_level(&value))
            .unwrap_or(default.service_level),
        escalation: default.escalation,
        reserve: default.reserve,
        hours: default.hours,
        exits: default.exits,
        steps: default.steps,
        short_abandon: duration("short_abandon", default.short_abandon),
        place_kept: duration("place_kept", default.place_kept),
        agent_lost: table.get("agent_lost").and_then(|value| agent_lost(&value)).unwrap_or(default.agent_lost),
        alerts: table.get("alerts").and_then(|value| alerts(&value)).unwrap_or(default.alerts),
        record: table.get("record").and_then(|value| value.flag()).unwrap_or(default.record),
    }
}

fn alerts(value: &Value<'_>) -> Option<AlertRules> {
    let table = value.table(&keys::ALERTS)?;
    let count = |key: &str| table.get(key).and_then(|value| value.count(1, ALERT_COUNT_MAX));
    let share = |key: &str| table.get(key).and_then(|value| value.per_mille());
    Some(AlertRules {
        waiting: count("waiting"),
        longest_wait: table.get("longest_wait").and_then(|value| value.time_limit()),
        service_level_per_mille: share("service_level"),
        abandonment_per_mille: share("abandonment"),
        agents_available: count("agents_available"),
    })
}

pub(super) fn channels(value: &Value<'_>) -> Option<Vec<Channel>> {
    let names = Channel::ALL.map(|channel| (channel.name(), channel));
    chosen(value, &names, "a list of channels, such as [\"voice\", \"chat\"]")
}

/// One number for all channels, or one for each group.
fn missed_offers(value: &Value<'_>) -> Option<MissedOffers> {
    if value.value.as_integer().is_some() {
        return value.count(1, MISSED_OFFERS_MAX).map(|misses| MissedOffers([misses; ChannelGroup::COUNT]));
    }
    let table = value.table(&keys::BY_CHANNEL_GROUP)?;
    let mut misses = MissedOffers::default();
    for group in ChannelGroup::ALL {
        if let Some(of_group) = table.get(group.name()).and_then(|value| value.count(1, MISSED_OFFERS_MAX)) {
            misses.0[group.index()] = of_group;
        }
    }
    Some(misses)
}

fn rises_at(value: &Value<'_>) -> Option<u32> {
    let share = value.per_mille()?;
    if share == 0 {
        value.wrong("is zero", "a share of answered_within above 0, such as 0.50");
    }
    (share > 0).then_some(share)
}

fn tie_breakers(value: &Value<'_>) -> Option<Vec<TieBreaker>> {
    let expected = "a list of tie-breakers, such as [\"best_skill\", \"longest_idle\"]";
    chosen(value, &TIE_BREAKERS, expected)
}

/// A list of choices, neither empty nor with one twice.
fn chosen<T: Copy + PartialEq>(value: &Value<'_>, choices: &[(&str, T)], expected: &str) -> Option<Vec<T>> {
    let elements = value.elements(expected)?;
    if elements.is_empty() {
        value.wrong("is empty", expected);
        return None;
    }
    let mut list = Vec::new();
    for element in elements {
        match element.choice(choices, &[]) {
            Some(choice) if list.contains(&choice) => element.wrong("names it twice", "each at most once"),
            Some(choice) => list.push(choice),
            None => {}
        }
    }
    Some(list)
}

fn preferred(value: &Value<'_>) -> Option<PreferredRules> {
    let table = value.table(&keys::PREFERRED)?;
    let hold = table.get("hold").and_then(|value| value.duration()).unwrap_or_default();
    let who = table.required("who", "owner or last_agent")?.customers_agent()?;
    Some(PreferredRules { who, hold })
}

fn broadcast(value: &Value<'_>) -> Option<u32> {
    let table = value.table(&keys::BROADCAST)?;
    table.required("offers_max", "how many offers at once, such as 3")?.count(2, BROADCAST_OFFERS_MAX)
}

struct Ranked {
    agent: AgentId,
    span: Range<usize>,
    rank: u32,
}

fn ranks(value: &Value<'_>) -> Option<Vec<Ranked>> {
    const EXPECTED: &str = "agents with a rank each, such as { ana = 1, ben = 2 }";
    let table = value.any_table(EXPECTED)?;
    if table.values().next().is_none() {
        value.wrong("is empty", EXPECTED);
    }
    let ranked = |value: Value<'_>| {
        let (agent, rank) = (value.key_name(AgentId::new), value.count(1, RANK_MAX));
        Some(Ranked { agent: agent?, span: value.key_span, rank: rank? })
    };
    Some(table.values().filter_map(ranked).collect())
}

/// A condition that reads the contact is asked of every agent for every value it reads: skills keep them few.
fn check_agents(table: &Table<'_>, rules: &QueueRules) {
    let reads_contact = rules.agents.as_ref().is_some_and(|agents| agents.reads_of_contact().is_some());
    if let Some(value) = table.get("agents").filter(|_| reads_contact && rules.skills.is_empty()) {
        value.wrong("reads contact in a queue without skills", "skills in this queue, or a condition on agent alone");
    }
}

/// What `select` names has its own key, and the other way round.
fn check_select(table: &Table<'_>, rules: &QueueRules) {
    let is_selected = |tie_breaker| rules.select.contains(&tie_breaker);
    let waits = rules.preferred.is_some_and(|preferred| preferred.hold > Millis::ZERO);
    if is_selected(TieBreaker::Preferred) {
        check_selected(table, "preferred", "preferred", "preferred = { who = \"owner\" } in this queue");
    } else if !waits {
        warn_of_no_use(table, "preferred", "\"preferred\" in select, or a hold such as \"20s\"");
    }
    if is_selected(TieBreaker::Rank) {
        check_selected(table, "rank", "ranks", "ranks = { ana = 1 } in this queue");
    } else {
        warn_of_no_use(table, "ranks", "\"rank\" in select");
    }
}

fn check_selected(table: &Table<'_>, tie_breaker: &str, key: &str, expected: &str) {
    if table.get(key).is_some() {
        return;
    }
    let elements = table.get("select").and_then(|select| select.elements("a list")).unwrap_or_default();
    for element in elements.iter().filter(|element| element.value.as_str() == Some(tie_breaker)) {
        element.wrong(format_args!("names {tie_breaker:?}, and {key} is missing"), expected);
    }
}

fn warn_of_no_use(table: &Table<'_>, key: &str, expected: &str) {
    if let Some(value) = table.get(key) {
        value.found.warning(value.source, value.span.clone(), format!("{key} has no use in this queue"), expected);
    }
}

fn callback(value: &Value<'_>) -> Option<CallbackRules> {
    let table = value.table(&keys::CALLBACK)?;
    let default = CallbackRules::default();
    let first = [("agent", FirstCalled::Agent), ("customer", FirstCalled::Customer)];
    let time = |key: &str, default| table.get(key).and_then(|value| value.time_limit()).unwrap_or(default);
    Some(CallbackRules {
        first: table.get("first").and_then(|value| value.choice(&first, &[])).unwrap_or(default.first),
        ring_for: time("ring_for", default.ring_for),
        attempts_max: table
            .get("attempts")
            .and_then(|value| value.count(1, CALLBACK_ATTEMPTS_MAX))
            .unwrap_or(default.attempts_max),
        gap: time("gap", default.gap),
    })
}

fn reserve(value: &Value<'_>) -> Option<(Reserve, Range<usize>)> {
    let table = value.table(&keys::RESERVE)?;
    let queue = table.required("queue", "the queue whose calls agents are kept for");
    let agents = table.required("agents", "how many agents").and_then(|value| value.count(1, RESERVED_MAX));
    let queue = queue.and_then(|value| Some((value.queue_name()?, value.span)));
    let (queue, span) = queue?;
    Some((Reserve { queue, agents: agents? }, span))
}

fn wrap_up(value: &Value<'_>) -> Option<WrapUpRules> {
    let table = value.table(&keys::WRAP_UP)?;
    let default = WrapUpRules::default();
    let rules = WrapUpRules {
        max: table.get("max").and_then(|value| value.duration()).unwrap_or(default.max),
        disposition: table
            .get("disposition")
            .and_then(|value| {
                let choices = [("optional", DispositionRule::Optional), ("required", DispositionRule::Required)];
                value.choice(&choices, &[])
            })
            .unwrap_or(default.disposition),
    };
    if table.get("max").is_none() && rules.disposition == DispositionRule::Required {
        value.wrong("asks for a disposition and leaves no time for it", "a max, such as \"45s\"");
    }
    Some(rules)
}

fn service_level(value: &Value<'_>) -> Option<ServiceLevelRules> {
    let table = value.table(&keys::SERVICE_LEVEL)?;
    let default = ServiceLevelRules::default();
    Some(ServiceLevelRules {
        answered_within: table
            .get("answered_within")
            .and_then(|value| value.time_limit())
            .unwrap_or(default.answered_within),
        target_per_mille: table.get("target").and_then(|value| value.per_mille()).unwrap_or(default.target_per_mille),
    })
}

fn agent_lost(value: &Value<'_>) -> Option<AgentLostRule> {
    let choices = [("keep", AgentLostRule::Keep), ("requeue", AgentLostRule::Requeue), ("close", AgentLostRule::Close)];
    value.choice(&choices, &[])
}
