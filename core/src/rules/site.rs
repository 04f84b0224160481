//! `site.toml`: limits and times of the whole site, and where those go whose queue is dropped. Every key may be left out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::keys;
use super::queues::{QUEUES_MAX, has_own_name};
use super::report::Source;
use super::table::{Table, Value};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::{
    AfterOffer, BackOffTimes, Channel, IdleClockRules, SiteRules, WaitingContacts, WhileNotReady,
};
use crate::routing::time::Millis;

/// Most offers of one contact in a row.
pub const OFFERS_IN_ROW_MAX: u32 = 1_000;
/// Most beginnings of numbers outside: each is compared with the number at every such transfer.
pub const OUTSIDE_PREFIXES_MAX: usize = 100;

/// Most words to choose from: more are not chosen, but searched.
pub const WORDS_MAX: usize = 50;

const WAITING_CONTACTS: [(&str, WaitingContacts); 3] = [
    ("keep", WaitingContacts::Keep),
    ("requeue", WaitingContacts::Requeue),
    ("at_next_step", WaitingContacts::AtNextStep),
];

/// A line of `[moved]`, and where its parts stand.
pub(super) struct MovedDraft<'t> {
    pub(super) source: &'t Source,
    pub(super) old: QueueId,
    pub(super) old_span: Range<usize>,
    pub(super) to: QueueId,
    pub(super) to_span: Range<usize>,
}

/// Where those go who wait in a queue that is no longer there.
pub(super) fn read_moved<'t>(table: &Table<'t>) -> Vec<MovedDraft<'t>> {
    let Some(value) = table.get("moved") else { return Vec::new() };
    let Some(moved) = value.any_table("queues that are gone, each with the one to go to: old = \"new\"") else {
        return Vec::new();
    };
    let count = moved.values().count();
    if count > QUEUES_MAX {
        value.wrong(format_args!("names {count} queues"), format!("at most {QUEUES_MAX}"));
    }
    moved.values().take(QUEUES_MAX).filter_map(|value| read_move(&value)).collect()
}

fn read_move<'t>(value: &Value<'t>) -> Option<MovedDraft<'t>> {
    let old = value.key_name(QueueId::new).filter(|old| has_own_name(value.found, value, old));
    let to = value.queue_name();
    Some(MovedDraft {
        source: value.source,
        old: old?,
        old_span: value.key_span.clone(),
        to: to?,
        to_span: value.span.clone(),
    })
}

pub(super) fn read(table: &Table<'_>) -> SiteRules {
    let default = SiteRules::default();
    let limit = |key: &str, default| table.get(key).and_then(|value| value.time_limit()).unwrap_or(default);
    SiteRules {
        channel_cost: table
            .get("channel_cost")
            .and_then(|value| value.by_channel(&keys::BY_CHANNEL, default.channel_cost, 0, super::agents::CAPACITY_MAX))
            .unwrap_or(default.channel_cost),
        channel_tier: table
            .get("channel_tier")
            .and_then(|value| value.by_channel(&keys::BY_CHANNEL, default.channel_tier, 1, super::queues::TIER_MAX))
            .unwrap_or(default.channel_tier),
        acknowledge_within: limit("acknowledge_within", default.acknowledge_within),
        connect_within: limit("connect_within", default.connect_within),
        console_grace: limit("console_grace", default.console_grace),
        lost_after: limit("lost_after", default.lost_after),
        gateway_grace: limit("gateway_grace", default.gateway_grace),
        resume_grace: limit("resume_grace", default.resume_grace),
        back_off: table.get("back_off").and_then(|value| back_off(&value)).unwrap_or(default.back_off),
        offers_in_row_max: table
            .get("offers_in_row_max")
            .and_then(|value| value.count(1, OFFERS_IN_ROW_MAX))
            .unwrap_or(default.offers_in_row_max),
        offer_limit_pause: limit("offer_limit_pause", default.offer_limit_pause),
        direct_wait_max: limit("direct_wait_max", default.direct_wait_max),
        voicemail_within: limit("voicemail_within", default.voicemail_within),
        announce_within: limit("announce_within", default.announce_within),
        waiting_contacts: table
            .get("waiting_contacts")
            .and_then(|value| value.choice(&WAITING_CONTACTS, &[]))
            .unwrap_or(default.waiting_contacts),
        interrupts: table.get("interrupts").and_then(|value| interrupts(&value)).unwrap_or(default.interrupts),
        return_wait_max: limit("return_wait", default.return_wait_max),
        leg_wait: limit("leg_wait", default.leg_wait),
        time_zone: table.get("time_zone").and_then(|value| super::calendars::zone(&value)).unwrap_or(default.time_zone),
        idle_clock: table.get("idle_clock").and_then(|value| idle_clock(&value)).unwrap_or(default.idle_clock),
        outside_prefixes: table
            .get("outside_prefixes")
            .and_then(|value| outside_prefixes(&value))
            .unwrap_or(default.outside_prefixes),
        not_ready_reasons: table.get("not_ready_reasons").and_then(|value| words(&value)).unwrap_or_default(),
        dispositions: table.get("dispositions").and_then(|value| words(&value)).unwrap_or_default(),
        outside_within: limit("outside_within", default.outside_within),
        checked_within: limit("checked_within", default.checked_within),
    }
}

/// What an agent sets aside for each channel.
fn interrupts(value: &Value<'_>) -> Option<BTreeMap<Channel, Vec<Channel>>> {
    let table = value.table(&keys::BY_CHANNEL)?;
    let read = |channel: Channel| {
        let value = table.get(channel.name())?;
        let set_aside = super::queues::channels(&value)?;
        for other in &set_aside {
            if *other == channel {
                value.wrong("names itself", "other channels");
            } else if other.needs_phone() {
                value.wrong(format_args!("names {}, which nothing interrupts", other.name()), "chat, email or task");
            }
        }
        Some((channel, set_aside))
    };
    Some(Channel::ALL.into_iter().filter_map(read).collect())
}

fn idle_clock(value: &Value<'_>) -> Option<IdleClockRules> {
    let table = value.table(&keys::IDLE_CLOCK)?;
    let default = IdleClockRules::default();
    let while_not_ready =
        [("pauses", WhileNotReady::Pauses), ("runs", WhileNotReady::Runs), ("resets", WhileNotReady::Resets)];
    let after_offer = [("runs", AfterOffer::Runs), ("resets", AfterOffer::Resets)];
    let after =
        |key: &str, default| table.get(key).and_then(|value| value.choice(&after_offer, &[])).unwrap_or(default);
    Some(IdleClockRules {
        not_ready: table
            .get("not_ready")
            .and_then(|value| value.choice(&while_not_ready, &[]))
            .unwrap_or(default.not_ready),
        missed: after("missed", default.missed),
        declined: after("declined", default.declined),
        rescinded: after("rescinded", default.rescinded),
    })
}

/// Words of the centre's own, in their order.
fn words(value: &Value<'_>) -> Option<Vec<Arc<str>>> {
    let elements = value.elements("a list of words, such as [\"lunch\", \"training\"]")?;
    if elements.len() > WORDS_MAX {
        value.wrong(format_args!("names {} words", elements.len()), format!("at most {WORDS_MAX}"));
    }
    let mut words: Vec<Arc<str>> = Vec::new();
    for element in elements.iter().take(WORDS_MAX) {
        match element.label() {
            Some(word) if words.contains(&word) => element.wrong("names it twice", "each word once"),
            Some(word) => words.push(word),
            None => {}
        }
    }
    Some(words)
}

/// How numbers may begin that calls are transferred to.
fn outside_prefixes(value: &Value<'_>) -> Option<Vec<Arc<str>>> {
    const EXPECTED: &str = "a + and 1 to 15 digits, the first not 0, such as \"+33\"";
    let elements = value.elements("a list of beginnings of numbers, such as [\"+33\", \"+4420\"]")?;
    if elements.len() > OUTSIDE_PREFIXES_MAX {
        value.wrong(format_args!("names {} beginnings", elements.len()), format!("at most {OUTSIDE_PREFIXES_MAX}"));
    }
    let prefix = |element: &Value<'_>| {
        let text = element.text(EXPECTED)?;
        let digits = text.strip_prefix('+').unwrap_or_default();
        let is_prefix = (1..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.chars().all(|digit| digit.is_ascii_digit());
        if !is_prefix {
            element.wrong(format_args!("is {:?}", super::table::shortened(text)), EXPECTED);
        }
        is_prefix.then(|| Arc::from(text))
    };
    Some(elements.iter().take(OUTSIDE_PREFIXES_MAX).filter_map(prefix).collect())
}

fn back_off(value: &Value<'_>) -> Option<BackOffTimes> {
    let table = value.table(&keys::BACK_OFF)?;
    let default = BackOffTimes::default();
    let time = |key: &str, default: Millis| table.get(key).and_then(|value| value.duration()).unwrap_or(default);
    Some(BackOffTimes {
        declined: time("declined", default.declined),
        missed: time("missed", default.missed),
        busy: time("busy", default.busy),
        no_answer: time("no_answer", default.no_answer),
        unregistered: time("unregistered", default.unregistered),
        rejected: time("rejected", default.rejected),
        failed: time("failed", default.failed),
    })
}
