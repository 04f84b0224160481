//! Random rule sets: few of everything, so that everything meets. Checks nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::callbacks::callback_rules;
use super::deferred::rises_at;
use super::dice::Dice;
use super::hours::{calendars, exits, with_hours_and_exits};
use super::reading::{entry_condition, who, zone};
use super::transfers::with_prefixes_and_idle_clock;
use crate::routing::expression::Expression;
use crate::routing::ids::{AgentId, Endpoint, QueueId, SkillId, TeamId};
use crate::routing::personal::Attributes;
use crate::routing::rule_set::{
    AgentLostRule, AgentRules, AlertRules, BackOffTimes, Capacity, Channel, ChannelGroup, ChannelValues,
    CustomersAgent, DispositionRule, EntryRule, ExitRules, MissedOffers, NamedAgent, Phone, PhoneMode, PreferredRules,
    QueueRules, RuleSet, ServiceLevelRules, SiteRules, StepRules, TieBreaker, WaitingContacts, WrapUpRules,
};
use crate::routing::skill::{Level, Skills};
use crate::routing::time::Millis;

pub(super) const AGENTS: [&str; 6] = ["ana", "ben", "cleo", "dan", "eva", "nobody"];
pub(super) const QUEUES: [&str; 5] = ["billing", "general", "gold", "mail", "nowhere"];
const SKILLS: [&str; 3] = ["billing", "english", "german"];
pub(super) const ENDPOINTS: [&str; 4] = ["PJSIP/1", "PJSIP/2", "PJSIP/3", "PJSIP/none"];
const CONDITIONS: [&str; 14] = [
    r#"contact.channel == "voice""#,
    r#"customer.tier == "gold""#,
    r#"contact.attributes.intent == "billing""#,
    r#"has(contact.from) && contact.direction == "inbound""#,
    "contact.attributes.n > 1",
    r#"queue("billing").waiting > 1"#,
    r#"queue("general").waiting < queue("gold").waiting"#,
    r#"queue("general").agents_idle == 0"#,
    r#"queue("gold").agents_idle > 0 && customer.tier == "gold""#,
    r#"queue("mail").agents_available > 2"#,
    r#"queue("general").longest_wait_s > 10"#,
    r#"queue("gold").service_level < 70 || queue("billing").service_level < 70"#,
    r#"queue("nowhere").waiting == 0"#,
    r#"queue("gold").no_such_figure == 0"#,
];
/// Levels that are asked, and those that agents have.
pub(super) const ASKED: [u8; 4] = [1, 1, 3, 5];
const KNOWN: [u8; 4] = [2, 3, 5, 7];
const FIGURES: [&str; 8] = [
    r#"queue("billing").waiting > 1"#,
    r#"queue("general").agents_idle > 0"#,
    r#"queue("gold").agents_idle == 0"#,
    r#"queue("mail").agents_available > 1"#,
    r#"queue("general").longest_wait_s > 10 || queue("gold").longest_wait_s > 5"#,
    r#"queue("billing").service_level < 90"#,
    r#"queue("nowhere").waiting == 0"#,
    r#"queue("general").waiting <= queue("billing").waiting"#,
];

pub(super) fn rule_set(dice: &mut Dice) -> RuleSet {
    let mut queues = BTreeMap::new();
    for name in &QUEUES[..QUEUES.len() - 1] {
        if dice.chance(75) {
            queues.insert(QueueId::new(name).expect("a short name"), queue(dice));
        }
    }
    if queues.is_empty() {
        queues.insert(QueueId::new("general").expect("a short name"), queue(dice));
    }
    let live = dice.chance(15);
    for (id, queue) in &mut queues {
        let count = dice.one_of(&[0, 0, 1, 2, 3, 4]);
        queue.steps = (0..count).map(|_| step(dice, id, live)).collect();
    }
    let calendars = with_hours_and_exits(dice, &mut queues);
    let queues: BTreeMap<QueueId, Arc<QueueRules>> = queues.into_iter().map(|(id, queue)| (id, queue.into())).collect();
    let names: Vec<QueueId> = queues.keys().cloned().collect();
    let mut entry: Vec<EntryRule> = (0..dice.below(4)).map(|_| entry_rule(dice, &names, true)).collect();
    entry.push(entry_rule(dice, &names, false));
    let mut agents = BTreeMap::new();
    for name in &AGENTS[..AGENTS.len() - 1] {
        if dice.chance(85) {
            agents.insert(AgentId::new(name).expect("a short name"), Arc::new(agent(dice)));
        }
    }
    RuleSet { site: site(dice), entry, queues, moved: moved(dice), calendars, agents }
}

/// From queues that may not be there to others that may not be there either.
fn moved(dice: &mut Dice) -> BTreeMap<QueueId, QueueId> {
    let count = dice.one_of(&[0, 0, 2, 4]);
    (0..count).map(|_| (other_queue(dice), other_queue(dice))).collect()
}

pub(super) fn other_queue(dice: &mut Dice) -> QueueId {
    QueueId::new(dice.one_of(&QUEUES)).expect("a short name")
}

/// The same, but for steps, exits and hours: some go, some come, some stand elsewhere.
pub(super) fn with_other_steps(dice: &mut Dice, rules: &RuleSet) -> RuleSet {
    let mut rules = rules.clone();
    if dice.chance(25) {
        rules.site.waiting_contacts = waiting_contacts(dice);
    }
    if dice.chance(25) {
        rules.entry[0].priority += 1;
    }
    if dice.chance(25) {
        with_prefixes_and_idle_clock(dice, &mut rules.site);
    }
    if dice.chance(10) {
        rules.site.time_zone = zone(dice);
    }
    let live = waits_for_figures(&rules);
    if dice.chance(20) {
        rules.calendars = calendars(dice);
    }
    for (id, queue) in &mut rules.queues {
        let queue = Arc::make_mut(queue);
        if dice.chance(15) {
            queue.exits = exits(dice, id);
        }
        if dice.chance(10) {
            queue.hours = None;
        }
        if dice.chance(15) {
            queue.rises_at_per_mille = rises_at(dice);
        }
        if dice.chance(10) {
            queue.agents = who(dice);
        }
        let steps = &mut queue.steps;
        steps.retain(|_| !dice.chance(15));
        if dice.chance(40) {
            let place = dice.below(steps.len() as u64 + 1) as usize;
            steps.insert(place, step(dice, id, live));
        }
        if dice.chance(20) {
            steps.reverse();
        }
        if dice.chance(15)
            && let Some(step) = steps.last_mut()
        {
            step.priority += 1;
        }
    }
    rules
}

/// Whether some step has a condition, which is looked at every second.
pub(super) fn waits_for_figures(rules: &RuleSet) -> bool {
    rules.queues.values().flat_map(|queue| &queue.steps).any(|step| step.when.is_some())
}

/// On time alone, on there being nobody, or, when `live`, on figures. It moves to a later queue only, so that none comes back.
fn step(dice: &mut Dice, of: &QueueId, live: bool) -> StepRules {
    let seconds = [0, 0, 1, 3, 10, 20, 60, 200].map(Millis::seconds);
    let when = live && dice.chance(50);
    let later: Vec<&str> = QUEUES.into_iter().filter(|name| *name > of.as_str()).collect();
    let queue = |name| QueueId::new(name).expect("a short name");
    StepRules {
        after: if dice.chance(80) { dice.one_of(&seconds) } else { dice.between(Millis::ZERO, Millis::seconds(30)) },
        when: when.then(|| Expression::new(dice.one_of(&FIGURES)).expect("the list is valid")),
        when_nobody_could_match: !when && dice.chance(35),
        skills: if dice.chance(35) { skills(dice, 2, &ASKED) } else { Skills::new() },
        drop_skills: if dice.chance(35) {
            vec![SkillId::new(dice.one_of(&SKILLS)).expect("a short name")]
        } else {
            Vec::new()
        },
        join_queue: dice.chance(30).then(|| queue(dice.one_of(&QUEUES))),
        priority: dice.one_of(&[0, 0, 1, 3, -1]),
        move_to: if dice.chance(15) { dice.pick(&later).copied().map(queue) } else { None },
    }
}

fn waiting_contacts(dice: &mut Dice) -> WaitingContacts {
    dice.one_of(&[WaitingContacts::Keep, WaitingContacts::Requeue, WaitingContacts::AtNextStep])
}

fn site(dice: &mut Dice) -> SiteRules {
    let mut site = SiteRules {
        acknowledge_within: dice.between(Millis::seconds(2), Millis::seconds(30)),
        connect_within: dice.between(Millis::seconds(5), Millis::seconds(30)),
        offers_in_row_max: dice.one_of(&[1, 3, 10, 10]),
        offer_limit_pause: dice.between(Millis::seconds(5), Millis::seconds(60)),
        direct_wait_max: dice.between(Millis::seconds(2), Millis::seconds(60)),
        return_wait_max: dice.between(Millis::seconds(2), Millis::seconds(60)),
        interrupts: if dice.chance(70) { interrupts(dice) } else { BTreeMap::new() },
        voicemail_within: dice.between(Millis::seconds(1), Millis::seconds(20)),
        announce_within: dice.between(Millis::seconds(1), Millis::seconds(30)),
        waiting_contacts: waiting_contacts(dice),
        leg_wait: dice.between(Millis::seconds(1), Millis::seconds(20)),
        time_zone: zone(dice),
        ..SiteRules::default()
    };
    if dice.chance(40) {
        site.back_off = BackOffTimes {
            declined: dice.one_of(&[Millis::ZERO, Millis::seconds(3)]),
            missed: dice.one_of(&[Millis::ZERO, Millis::seconds(5)]),
            busy: dice.one_of(&[Millis::ZERO, Millis::seconds(40)]),
            ..BackOffTimes::default()
        };
    }
    with_prefixes_and_idle_clock(dice, &mut site);
    if dice.chance(30) {
        site.channel_tier = ChannelValues([1, 1, 1, 1, 1]);
        site.channel_cost = ChannelValues([100, 100, 50, 25, 0]);
    }
    site
}

/// Mostly what a centre has: calls before the rest, chats before mail. Sometimes anything, itself too.
fn interrupts(dice: &mut Dice) -> BTreeMap<Channel, Vec<Channel>> {
    use Channel::{Callback, Chat, Email, Task, Voice};
    if dice.chance(60) {
        let of_calls = if dice.chance(70) { vec![Chat, Email, Task] } else { vec![Email, Task] };
        let mut usual = BTreeMap::from([(Voice, of_calls.clone()), (Callback, of_calls)]);
        if dice.chance(60) {
            usual.insert(Chat, vec![Email, Task]);
        }
        return usual;
    }
    let interrupting = Channel::ALL.into_iter().filter(|_| dice.chance(60)).collect::<Vec<_>>();
    let others = |_| (Channel::ALL.into_iter().filter(|_| dice.chance(50))).collect();
    interrupting.iter().copied().zip(interrupting.iter().map(others)).collect()
}

fn entry_rule(dice: &mut Dice, queues: &[QueueId], conditional: bool) -> EntryRule {
    let (name, when) = if conditional {
        let (name, when) = entry_condition(dice, &CONDITIONS);
        (name, Some(when))
    } else {
        (Arc::from("everyone else"), None)
    };
    EntryRule {
        name,
        when,
        queue: dice.one_of(queues),
        agent: if dice.chance(25) { Some(named_agent(dice)) } else { None },
        skills: if dice.chance(30) { skills(dice, 1, &ASKED) } else { Skills::new() },
        priority: dice.one_of(&[0, 0, 1, 2, -1]),
    }
}

fn named_agent(dice: &mut Dice) -> NamedAgent {
    if dice.chance(40) {
        NamedAgent::Agent(AgentId::new(dice.one_of(&AGENTS)).expect("a short name"))
    } else {
        NamedAgent::OfCustomer(customers_agent(dice))
    }
}

fn customers_agent(dice: &mut Dice) -> CustomersAgent {
    dice.one_of(&[CustomersAgent::Owner, CustomersAgent::LastAgent])
}

pub(super) fn skills(dice: &mut Dice, most: u64, levels: &[u8]) -> Skills {
    let count = dice.below(most + 1);
    (0..count)
        .map(|_| {
            let name = dice.one_of(&SKILLS);
            let level = Level::new(dice.one_of(levels)).expect("from 1 to 10");
            (SkillId::new(name).expect("a short name"), level)
        })
        .collect()
}

fn queue(dice: &mut Dice) -> QueueRules {
    let breakers = [
        TieBreaker::Preferred,
        TieBreaker::LeastLoaded,
        TieBreaker::LongestIdle,
        TieBreaker::BestSkill,
        TieBreaker::LeastSkilled,
        TieBreaker::LeastOccupied,
        TieBreaker::FewestContacts,
        TieBreaker::RoundRobin,
        TieBreaker::Random,
        TieBreaker::Rank,
    ];
    let count = dice.one_of(&[0, 1, 2, 3]);
    let mut select: Vec<TieBreaker> = (0..count).map(|_| dice.one_of(&breakers)).collect();
    let preferred = if dice.chance(60) { Some(preferred(dice)) } else { None };
    if preferred.is_some() && dice.chance(50) {
        select.insert(0, TieBreaker::Preferred);
    }
    QueueRules {
        escalation: if dice.chance(60) { Some(other_queue(dice)) } else { None },
        channels: if dice.chance(70) { Channel::ALL.to_vec() } else { vec![dice.one_of(&Channel::ALL)] },
        tier: dice.one_of(&[None, None, Some(1), Some(2)]),
        rises_at_per_mille: rises_at(dice),
        strict: dice.chance(20),
        weight: dice.one_of(&[Millis::ZERO, Millis::seconds(30)]),
        skills: if dice.chance(50) { skills(dice, 2, &ASKED) } else { Skills::new() },
        agents: who(dice),
        select,
        preferred,
        ranks: if dice.chance(40) { ranks(dice) } else { BTreeMap::new() },
        offers_max: dice.one_of(&[1, 1, 2, 3, 4]),
        hours: None,
        exits: ExitRules::default(),
        steps: Vec::new(),
        offer_timeout: dice.between(Millis::seconds(3), Millis::seconds(30)),
        missed_offers: MissedOffers(ChannelGroup::ALL.map(|_| dice.one_of(&[1, 2, 3]))),
        wrap_up: WrapUpRules {
            max: dice.one_of(&[Millis::ZERO, Millis::seconds(10), Millis::seconds(60)]),
            disposition: dice.one_of(&[DispositionRule::Optional, DispositionRule::Required]),
        },
        priority: dice.one_of(&[0, 0, 1, 3]),
        priority_step: dice.one_of(&[Millis::seconds(60), Millis::seconds(5)]),
        service_level: ServiceLevelRules {
            answered_within: dice.one_of(&[Millis::seconds(20), Millis::seconds(2)]),
            ..ServiceLevelRules::default()
        },
        short_abandon: dice.one_of(&[Millis::ZERO, Millis::seconds(5)]),
        place_kept: dice.one_of(&[Millis::ZERO, Millis::seconds(10), Millis::seconds(120), Millis::minutes(30)]),
        callback: callback_rules(dice),
        idle_limit: dice.one_of(&[Millis::ZERO, Millis::seconds(5), Millis::seconds(30), Millis::minutes(3)]),
        agent_lost: dice.one_of(&[AgentLostRule::Keep, AgentLostRule::Requeue, AgentLostRule::Close]),
        reserve: None,
        alerts: AlertRules::default(),
        record: false,
    }
}

fn preferred(dice: &mut Dice) -> PreferredRules {
    PreferredRules {
        who: customers_agent(dice),
        hold: dice.one_of(&[Millis::ZERO, Millis::ZERO, Millis::seconds(3), Millis::seconds(20), Millis::minutes(5)]),
    }
}

fn ranks(dice: &mut Dice) -> BTreeMap<AgentId, u32> {
    let count = dice.below(5);
    (0..count)
        .map(|_| (AgentId::new(dice.one_of(&AGENTS)).expect("a short name"), dice.one_of(&[1, 2, 3, 1_000, 2_000])))
        .collect()
}

fn agent(dice: &mut Dice) -> AgentRules {
    let attributes = match json!({"remote": dice.chance(50)}) {
        serde_json::Value::Object(fields) => Attributes(fields),
        _not_an_object => Attributes::default(),
    };
    AgentRules {
        name: Arc::from("someone"),
        site: dice.one_of(&[None, Some("Lyon"), Some("Paris")]).map(Arc::from),
        teams: if dice.chance(50) { vec![TeamId::new("day").expect("a short name")] } else { Vec::new() },
        skills: skills(dice, 4, &KNOWN),
        attributes,
        capacity: dice.one_of(&[
            Capacity::default(),
            Capacity::default(),
            Capacity { total: 200, channel_max: ChannelValues([1, 1, 2, 2, 2]) },
            Capacity { total: 60, channel_max: ChannelValues([1, 0, 1, 5, 5]) },
            Capacity { total: 100, channel_max: ChannelValues([2, 1, 4, 5, 5]) },
            Capacity { total: 150, channel_max: ChannelValues([2, 2, 3, 3, 3]) },
        ]),
        may_transfer_outside: dice.chance(70),
        phone: Phone {
            mode: dice.one_of(&[PhoneMode::Console, PhoneMode::Console, PhoneMode::Phone, PhoneMode::None]),
            endpoint: dice.chance(80).then(|| Endpoint::new(dice.one_of(&ENDPOINTS)).expect("a short name")),
        },
    }
}
