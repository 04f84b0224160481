//! `site.toml`: limits and times of the whole site. Every key may be left out.

use super::keys;
use super::table::{Table, Value};
use crate::routing::rule_set::{BackOffTimes, SiteRules};
use crate::routing::time::Millis;

/// Most offers of one contact in a row.
pub const OFFERS_IN_ROW_MAX: u32 = 1_000;

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
        voicemail_within: default.voicemail_within,
        announce_within: default.announce_within,
        waiting_contacts: default.waiting_contacts,
        interrupts: default.interrupts,
        return_wait_max: default.return_wait_max,
    }
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
