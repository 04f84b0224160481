//! An explanation in words, for a terminal. Shows nobody's data and decides nothing.

use std::fmt::Write;

use super::facts::{action, queued_by, skills, word};
use crate::explanation::agent::{AgentExplained, Hindered};
use crate::explanation::between::{Away, Between, Held, Work};
use crate::explanation::contact::{AgentOfContact, ContactExplained, Standing, Totals, Waiting};
use crate::explanation::decision::{Decision, DecisionExplained, Said};
use crate::explanation::outlook::{ExitOutlook, Outlook, StepOutlook};
use crate::explanation::overtakings::{Cause, OvertakingsReport};
use crate::explanation::requirement::Missing;
use crate::routing::agent::Phase;
use crate::routing::command::Presence;
use crate::routing::rule_set::TieBreaker;
use crate::routing::segment::SegmentState;
use crate::routing::time::{Millis, Timestamp};
use crate::routing::why::Why;

/// Agents shown; the JSON has them all.
const AGENTS_SHOWN_MAX: usize = 50;

pub(super) fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |at| format!("{at:.3}"))
}

pub(super) fn span(span: Millis) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown to a tenth of a second")]
    let seconds = span.0 as f64 / 1_000.0;
    format!("{seconds:.1} s")
}

/// The compact reason of an offer.
pub(super) fn reason(why: &Why) -> String {
    let matched = format!("{} matched, rules {}", why.matched, why.rules.0);
    if why.taken {
        return format!("he took it from the list himself (rules {})", why.rules.0);
    }
    match why.decided_by {
        None if why.matched <= 1 => format!("nobody else was there ({matched})"),
        None => format!("all were equal, he comes first in the rules ({matched})"),
        Some(by) => {
            let next = why.runner_up.map_or(String::new(), |next| format!(", the next best {}", value(by, next)));
            format!("{} decided: {}{next} ({matched})", word(&by), value(by, why.value))
        }
    }
}

fn value(by: TieBreaker, value: i64) -> String {
    match by {
        TieBreaker::Preferred => if value == 0 { "the preferred agent" } else { "another" }.to_owned(),
        TieBreaker::LeastLoaded => format!("{value} ‰ of his capacity in use"),
        TieBreaker::LongestIdle => format!("idle since {}", time(Timestamp(value))),
        TieBreaker::BestSkill => format!("levels {}", -value),
        TieBreaker::LeastSkilled => format!("{value} skills"),
        TieBreaker::LeastOccupied => format!("busy {value} s of the last hour"),
        TieBreaker::FewestContacts => format!("{value} contacts"),
        TieBreaker::RoundRobin => format!("{value} places after the last"),
        TieBreaker::Random => format!("drew {value}"),
        TieBreaker::Rank => format!("rank {value}"),
    }
}

pub(super) fn contact(explained: &ContactExplained) -> String {
    let mut told = format!(
        "contact {}, {}, arrived {}; as of {}, rules {}\n",
        explained.contact,
        explained.channel.name(),
        time(explained.arrived_at),
        time(explained.at),
        explained.rules.0
    );
    match &explained.stands {
        Standing::Waiting(waits) => told += &waiting(waits, explained.at),
        Standing::InHand { agent, queue, state, .. } => {
            let does = match state {
                SegmentState::Connecting { connect_by } => format!("is being connected until {}", time(*connect_by)),
                SegmentState::Talking => "talks".to_owned(),
                SegmentState::Held { since } => format!("holds it since {}", time(*since)),
                SegmentState::LegLost { until, .. } => format!("was cut off; rung again until {}", time(*until)),
                SegmentState::SetAside { since, .. } => format!("has set it aside since {}", time(*since)),
                SegmentState::WrapUp { ends_at, .. } => format!("finishes up until {}", time(*ends_at)),
            };
            let _ = writeln!(told, "in the hands of {agent}, from queue {queue}: he {does}");
        }
        Standing::Suspended { agent, queue, until } => {
            let until = until.map_or("its customer writes".to_owned(), time);
            let _ = writeln!(told, "laid down by {agent} until {until}; from queue {queue}");
        }
        Standing::Transferring { queue, agent, until } => {
            let until = until.map_or(String::new(), |until| format!(", until {}", time(until)));
            let _ = writeln!(told, "{agent} gave it from queue {queue} to a number outside{until}");
        }
        Standing::Leaving { queue, exit, action: to, until } => {
            let until = until.map_or(String::new(), |until| format!(", until {} at the latest", time(until)));
            let _ = writeln!(told, "leaves queue {queue} by exit {}: {}{until}", word(exit), action(to));
        }
        Standing::Promised { queue, due, by } => {
            let by = by.as_ref().map_or(String::new(), |agent| format!(" by {agent}"));
            let _ = writeln!(told, "a callback from queue {queue}{by}, due {}", time(*due));
        }
        Standing::Between => told += "in no queue and in nobody's hands\n",
    }
    told
}

fn waiting(waits: &Waiting, now: Timestamp) -> String {
    let mut told = format!(
        "waits in queue {} since {} ({}), place {} of {}, {}\n",
        waits.queue,
        time(waits.entered_at),
        span(now.since(waits.entered_at)),
        waits.place,
        waits.waiting,
        queued_by(&waits.cause)
    );
    let strict = if waits.strict { ", strict" } else { "" };
    let _ = writeln!(
        told,
        "  order: tier {}{strict}, priority {}, head start {}, its place counts from {}",
        waits.tier,
        waits.priority,
        span(waits.head_start),
        time(waits.ordered_since)
    );
    if waits.first_in_line {
        told += "  it goes before all others: its customer has answered our call\n";
    }
    let joined: String = waits.joined.iter().map(|queue| format!(", or is an agent of queue {queue}")).collect();
    let _ = writeln!(told, "  asks: {}{joined}", skills(&waits.skills));
    if let Some(waits) = &waits.waits_for {
        let then = waits.behind.as_ref().map_or(String::new(), |queue| format!(", then goes to queue {queue}"));
        let _ = writeln!(told, "  waits for {} alone until {}{then}", waits.agent, time(waits.until));
    }
    if let Some(by) = waits.held {
        let _ = writeln!(told, "  kept from everybody: {}", held(by));
    }
    for offer in &waits.offers {
        let _ = writeln!(told, "  offered to {} until {}", offer.agent, time(offer.expires_at));
    }
    let _ = writeln!(told, "  agents: {}", totals(&waits.totals));
    told += &outlook(&waits.outlook, now);
    for row in waits.agents.iter().take(AGENTS_SHOWN_MAX) {
        let _ = writeln!(told, "    {:<16} {}", row.agent.as_str(), of_contact(row, &waits.select));
    }
    if waits.agents.len() > AGENTS_SHOWN_MAX {
        let _ = writeln!(told, "    and {} more", waits.agents.len() - AGENTS_SHOWN_MAX);
    }
    told
}

fn totals(totals: &Totals) -> String {
    let mut parts = vec![format!("{} in all, {} match", totals.agents, totals.matched)];
    let mut add = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    add(totals.could_be_offered, "could be offered it");
    add(totals.offered, "offered it");
    add(totals.busy, "busy");
    add(totals.consulting, "asking a colleague");
    add(totals.wrap_up, "in wrap-up");
    add(totals.offered_another, "offered another");
    add(totals.away, "away");
    for (by, count) in &totals.held {
        add(*count, &format!("held back by {}", word(by)));
    }
    add(totals.offers_out, "left out, as it is offered to others");
    parts.join(", ")
}

fn outlook(outlook: &Outlook, now: Timestamp) -> String {
    let mut told = String::new();
    if let Some(paused) = outlook.paused {
        let _ = writeln!(told, "  no step and no exit is looked at: {}", word(&paused));
    }
    let at = |at: Option<Timestamp>| at.map_or("once its condition holds".to_owned(), |at| format!("at {}", time(at)));
    if let Some(next) = outlook.next_step(now) {
        let _ = writeln!(told, "  next step: {} {}", next.what, at(next.at));
    }
    if let Some(next) = outlook.next_exit(now) {
        let _ = writeln!(told, "  next exit: {} {}", word(&next.what), at(next.at));
    }
    outlook.steps.iter().for_each(|known| told += &step(known));
    outlook.exits.iter().for_each(|known| told += &exit(known));
    told
}

fn step(step: &StepOutlook) -> String {
    let mut told = format!("    step {}: ", step.number);
    if step.taken {
        told += "taken";
    } else {
        let _ = write!(told, "{} from {}", if step.holds { "holds" } else { "does not hold" }, time(step.due));
    }
    if let Some(when) = &step.when {
        let failed = when.failed.as_ref().map_or(String::new(), |why| format!(" ({why})"));
        let _ = write!(told, ", when {} is {}{failed}", when.text, when.holds);
    }
    if let Some(nobody) = step.nobody_could_match {
        let _ = write!(told, ", nobody could match is {nobody}");
    }
    if step.leads_nowhere {
        told += ", names a queue that is not there";
    }
    told.push('\n');
    told
}

fn exit(exit: &ExitOutlook) -> String {
    let at = exit.at.map_or(String::new(), |at| format!(" at {}", time(at)));
    let holds = if exit.holds { ", holds" } else { "" };
    let nowhere = if exit.leads_nowhere { ", leads nowhere" } else { "" };
    format!("    exit {}{at}: {}{holds}{nowhere}\n", word(&exit.exit), action(&exit.action))
}

fn of_contact(row: &AgentOfContact, select: &[TieBreaker]) -> String {
    let mut told = between(&row.between);
    for (by, known) in select.iter().zip(&row.values) {
        let _ = write!(told, "; {}: {}", word(by), value(*by, *known));
    }
    told
}

fn between(between: &Between) -> String {
    match between {
        Between::Nothing { sets_aside: false } => "could be offered it".to_owned(),
        Between::Nothing { sets_aside: true } => "could be offered it, and would set others aside".to_owned(),
        Between::Offered { expires_at, .. } => format!("is offered it until {}", time(*expires_at)),
        Between::Missing(what) => missing(what),
        Between::Away(why) => away(why),
        Between::Works(does) => work(does),
        Between::Held(by) => format!("held back: {}", held(*by)),
        Between::OffersOut => "left out, as it is offered to others".to_owned(),
    }
}

fn missing(missing: &Missing) -> String {
    match missing {
        Missing::NotInRules => "no longer in the rules".to_owned(),
        Missing::NeverOffered => "the customer may never get him".to_owned(),
        Missing::ChannelNotServed => "does not serve the channel".to_owned(),
        Missing::NoPhone => "has no phone".to_owned(),
        Missing::NotInTeam { team } => format!("the lead is for team {team}"),
        Missing::NotTheOne { agent } => format!("it waits for {agent} alone"),
        Missing::Skill { skill, asked, has: None } => format!("lacks {skill}, of which level {} is asked", asked.get()),
        Missing::Skill { skill, asked, has: Some(has) } => {
            format!("has {skill} {}, level {} is asked", has.get(), asked.get())
        }
        Missing::Condition { queue } => format!("the agents condition of queue {queue} does not hold of him"),
    }
}

fn away(away: &Away) -> String {
    match away {
        Away::NotLoggedIn => "is not logged in".to_owned(),
        Away::NotReady { reason } => format!("is not ready: {reason}"),
        Away::About { next } => format!("gets nothing new; afterwards {}", presence(next)),
        Away::ConsoleLost { until } => format!("his console is gone; unreachable at {}", time(*until)),
        Away::Unreachable { until } => format!("is unreachable; offline at {}", time(*until)),
    }
}

fn presence(presence: &Presence) -> String {
    match presence {
        Presence::Offline => "offline".to_owned(),
        Presence::Available => "available".to_owned(),
        Presence::NotReady { reason } => format!("not ready: {reason}"),
    }
}

fn work(work: &Work) -> String {
    match work {
        Work::Offered { contact, expires_at } => format!("is offered contact {contact} until {}", time(*expires_at)),
        Work::Busy { contact } => format!("is busy with contact {contact}"),
        Work::Consulting { contact } => format!("asks a colleague in contact {contact}"),
        Work::WrapUp { contact, ends_at } => format!("finishes up contact {contact} until {}", time(*ends_at)),
    }
}

fn held(held: Held) -> String {
    held.until.map_or_else(|| word(&held.by), |until| format!("{} until {}", word(&held.by), time(until)))
}

pub(super) fn decision(explained: &DecisionExplained) -> String {
    let made = match &explained.decision {
        Decision::Offered { agent, queue, why } => format!("offered to {agent} in queue {queue}: {}", reason(why)),
        Decision::Entered { queue, rule, rules } => {
            format!("entered queue {queue} by entry rule \"{rule}\", rules {}", rules.0)
        }
        Decision::EnteredAnew { rule, rules } => format!("entry rule \"{rule}\" held now, rules {}", rules.0),
        Decision::StepTaken { step, rules } => format!("step {step} was taken, rules {}", rules.0),
        Decision::ExitTaken { exit, action: to, rules } => {
            format!("left by exit {}: {}, rules {}", word(exit), action(to), rules.0)
        }
    };
    let agrees = match explained.agrees {
        Some(true) => "asked the slow way, the same",
        Some(false) => "ASKED THE SLOW WAY, SOMETHING ELSE: this is a defect",
        None => "cannot be asked again: the customer was erased, or was in a queue before",
    };
    let (at, event) = (time(explained.at), explained.event);
    let mut told = format!("event {event}, {at}: contact {} {made}\n{agrees}\n", explained.contact);
    for verdict in &explained.entry {
        let said = match verdict.said {
            Said::Holds => "holds",
            Said::DoesNotHold => "does not hold",
            Said::OtherChannel => "its queue does not serve the channel",
            Said::Failed => "could not be evaluated",
        };
        let failed = verdict.failed.as_ref().map_or(String::new(), |why| format!(": {why}"));
        let _ = writeln!(told, "    rule \"{}\" {said}{failed}", verdict.rule);
    }
    told += "right before it:\n";
    told + &contact(&explained.before)
}

pub(super) fn agent(explained: &AgentExplained) -> String {
    let mut told =
        format!("agent {}, as of {}: {}", explained.agent, time(explained.at), presence(&explained.presence));
    if let Some(next) = &explained.next {
        let _ = write!(told, ", afterwards {}", presence(next));
    }
    let _ = writeln!(told, "; console {}, phone {}", word(&explained.reach), word(&explained.device));
    if !explained.in_rules {
        told += "  no longer in the rules\n";
    }
    if !explained.responding {
        told += "  not responding: he missed too many offers and has not said that he is back\n";
    }
    if let Some(back_off) = explained.back_off {
        let _ = writeln!(told, "  rests until {}: {}", time(back_off.until), word(&back_off.cause));
    }
    let (used, total) = (explained.used, explained.total);
    let _ = writeln!(told, "  {used} of {total} units of capacity in use; idle since {}", time(explained.idle_since));
    for in_hand in &explained.in_hand {
        let phase = match in_hand.phase {
            None => "offered",
            Some(Phase::Connecting) => "being connected",
            Some(Phase::WithCustomer) => "with the customer",
            Some(Phase::LegLost) => "cut off, rung again",
            Some(Phase::SetAside) => "set aside",
            Some(Phase::WrapUp) => "finishing up",
        };
        let until = in_hand.until.map_or(String::new(), |until| format!(" until {}", time(until)));
        let _ = writeln!(told, "    contact {}, {}: {phase}{until}", in_hand.contact, in_hand.channel.name());
    }
    for on in &explained.channels {
        let hindered = match &on.hindered {
            Hindered::No => "could be offered one".to_owned(),
            Hindered::SetsAside => "could be offered one, and would set others aside".to_owned(),
            Hindered::NotServed => "does not serve it".to_owned(),
            Hindered::Away(why) => away(why),
            Hindered::Works(does) => work(does),
            Hindered::Held(by) => format!("held back: {}", held(*by)),
        };
        let _ = writeln!(told, "  {:<9} {hindered}", on.channel.name());
    }
    let _ = writeln!(told, "  {} wait whom he could serve", explained.waiting_in_all);
    for waits in &explained.waiting {
        let after = waits.after.map_or(String::new(), |first| format!("; after contact {first}"));
        let (contact, queue, since) = (waits.contact, &waits.queue, time(waits.entered_at));
        let _ =
            writeln!(told, "    contact {contact}, queue {queue}, since {since}: {}{after}", between(&waits.between));
    }
    told
}

fn cause(cause: Cause) -> String {
    match cause {
        Cause::Requirement => "the agent lacks what the other asks".to_owned(),
        Cause::WaitsForAnother => "the other waits for one agent alone".to_owned(),
        Cause::NoRoom => "the agent had no room for the other".to_owned(),
        Cause::BeingOffered => "the other was being offered".to_owned(),
        Cause::Held(by) => format!("hold {}", word(&by)),
        Cause::FirstInLine => "first in line: he answered our call".to_owned(),
        Cause::Tier => "a better tier".to_owned(),
        Cause::Strict => "a strict queue".to_owned(),
        Cause::Priority => "priority".to_owned(),
        Cause::Weight => "weight of the queue".to_owned(),
        Cause::Taken => "the agent took it from the list himself".to_owned(),
        Cause::KeptPlace => "an older place was kept".to_owned(),
        Cause::Unexplained => "NOTHING EXPLAINS IT: this is a defect".to_owned(),
    }
}

pub(super) fn overtakings(report: &OvertakingsReport) -> String {
    let mut told =
        format!("{} accepted, {} of them before somebody who had come earlier\n", report.accepted, report.overtook);
    for counted in &report.counts {
        let (count, queue, longest) = (counted.overtakings, &counted.queue, span(counted.longest));
        let _ = writeln!(told, "{count:>8}  queue {queue}: {}; the longest had waited {longest}", cause(counted.cause));
    }
    if !report.examples.is_empty() {
        told += "the longest waits:\n";
    }
    for example in &report.examples {
        let (served, overtaken) = (&example.served, &example.overtaken);
        let _ = writeln!(
            told,
            "  {}  event {}: {} took contact {} (queue {}) before contact {} (queue {}), who had waited {}: {}",
            time(example.at),
            example.event,
            example.agent,
            served.contact,
            served.queue,
            overtaken.contact,
            overtaken.queue,
            span(example.at.since(overtaken.entered_at)),
            cause(example.cause)
        );
    }
    if report.left_out > 0 {
        let _ = writeln!(told, "{} more were passed over in lines too long to look at", report.left_out);
    }
    told
}
