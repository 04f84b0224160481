//! The caps, locks and the drop cap of a jurisdiction's pack. Counts no calls.

use std::num::NonZeroU32;

use super::jurisdictions::{sourced, tables};
use super::keys;
use super::table::{Table, Value, shortened};
use crate::outbound::drop_cap::{DropCap, DropCapScope, DropCapShare, DropFormula, DropPeriod};
use crate::outbound::jurisdiction::Sourced;
use crate::outbound::limits::{CallLock, LimitScope, LockedBy, Period, RollingCap};

/// Most caps or locks of one pack: each is counted for every call.
const LIMITS_MAX: usize = 20;
const CALLS_MAX: u32 = 1_000;
/// Longest period in days: calendars look a little further than a year.
const PERIOD_DAYS_MAX: u16 = 366;

const PERIOD_EXPECTED: &str = "a time such as \"24h\" or \"5m\", up to \"168h\", or days such as \"30 days\"";

pub(super) fn read_caps(file: &Table<'_>) -> Vec<Sourced<RollingCap>> {
    let caps = tables(file, "cap", &keys::JURISDICTION_CAP, LIMITS_MAX);
    let cap = |table: &Table<'_>| {
        let calls = table.required("calls", "how many calls, from 1").and_then(|value| value.count(1, CALLS_MAX));
        let within = table.required("within", PERIOD_EXPECTED).and_then(|value| period(&value));
        let per = scope(table);
        let cap = calls.and_then(NonZeroU32::new).zip(within).zip(per);
        sourced(table, cap.map(|((calls, within), per)| RollingCap { calls, within, per }))
    };
    caps.iter().filter_map(cap).collect()
}

pub(super) fn read_locks(file: &Table<'_>) -> Vec<Sourced<CallLock>> {
    let locks = tables(file, "lock", &keys::JURISDICTION_LOCK, LIMITS_MAX);
    let choices = LockedBy::ALL.map(|after| (after.name(), after));
    let lock = |table: &Table<'_>| {
        let after = table.required("after", "what it follows: dropped, conversation or refused");
        let after = after.and_then(|value| value.choice(&choices, &[]));
        let lasts = table.required("lasts", PERIOD_EXPECTED).and_then(|value| period(&value));
        let per = scope(table);
        let unless_agent_reserved = table.get("unless_agent_reserved").and_then(|value| value.flag()).unwrap_or(false);
        let lock = after.zip(lasts).zip(per);
        sourced(table, lock.map(|((after, lasts), per)| CallLock { after, lasts, per, unless_agent_reserved }))
    };
    locks.iter().filter_map(lock).collect()
}

pub(super) fn read_drop_cap(file: &Table<'_>) -> Option<Sourced<DropCap>> {
    const CAP_EXPECTED: &str = "a share such as 0.03, or \"none_safe\"";
    let table = file.get("drop_cap")?.table(&keys::JURISDICTION_DROP_CAP)?;
    let share = table.required("cap", CAP_EXPECTED).and_then(|value| drop_cap_share(&value, CAP_EXPECTED));
    let formulas = DropFormula::ALL.map(|formula| (formula.name(), formula));
    let formula = table.required("formula", "of_live_answers or machine_adjusted");
    let formula = formula.and_then(|value| value.choice(&formulas, &[]));
    let scopes = DropCapScope::ALL.map(|scope| (scope.name(), scope));
    let per = table.required("per", "campaign or caller").and_then(|value| value.choice(&scopes, &[]));
    let within = match share {
        Some(DropCapShare::PerMille(_)) => {
            table.required("within", "\"month\", or a period such as \"30 days\"").map(|value| drop_period(&value))
        }
        Some(DropCapShare::NoneSafe) | None => table.get("within").map(|value| drop_period(&value)),
    };
    let within = within.flatten();
    let cap = share.zip(formula).zip(per);
    sourced(&table, cap.map(|((share, formula), per)| DropCap { share, formula, per, within }))
}

fn drop_cap_share(value: &Value<'_>, expected: &str) -> Option<DropCapShare> {
    if value.value.as_str().is_some() {
        return value.choice(&[("none_safe", DropCapShare::NoneSafe)], &[]);
    }
    let share = value.per_mille()?;
    if share == 0 {
        value.wrong("is zero", expected);
        return None;
    }
    Some(DropCapShare::PerMille(share))
}

fn drop_period(value: &Value<'_>) -> Option<DropPeriod> {
    if value.value.as_str() == Some("month") {
        return Some(DropPeriod::CalendarMonth);
    }
    period(value).map(DropPeriod::Successive)
}

fn scope(table: &Table<'_>) -> Option<LimitScope> {
    let choices = LimitScope::ALL.map(|scope| (scope.name(), scope));
    table.required("per", "number, customer, campaign or debt")?.choice(&choices, &[])
}

fn period(value: &Value<'_>) -> Option<Period> {
    let text = value.text(PERIOD_EXPECTED)?;
    let Some(days) = text.strip_suffix("days").or_else(|| text.strip_suffix("day")) else {
        return value.time_limit().map(Period::Elapsed);
    };
    let days = days.trim_end().parse::<u16>().ok().filter(|days| (1..=PERIOD_DAYS_MAX).contains(days));
    if days.is_none() {
        value.wrong(format_args!("is {:?}", shortened(text)), format!("1 to {PERIOD_DAYS_MAX} days"));
    }
    days.map(Period::Days)
}
