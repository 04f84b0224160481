//! `usher campaign status` and `watch`: what is seen of a campaign as a page of text or JSON. Counts nothing.

use std::io::{IsTerminal, Write};
use std::num::NonZeroU32;
use std::time::Duration;

use jiff::Timestamp as Instant;

use crate::campaigns::status::{SeenStatus, status_of};
use crate::clock::wall_time;
use crate::outbound::campaign_status::{CallsSeen, LeadsSeen};
use crate::outbound::lead_waterfall::Waterfall;
use crate::records::Records;
use crate::routing::ids::CampaignId;
use crate::routing::time::Timestamp;

use super::named;

const WATCHED_EVERY: Duration = Duration::from_secs(2);
/// Back to the first line of the terminal, and nothing below it.
const CLEARED: &str = "\x1b[H\x1b[2J";
/// Columns of words and of counts.
const WORDS: usize = 22;
const COUNTS: usize = 10;

pub(super) async fn status(
    records: &Records,
    name: &CampaignId,
    as_json: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let campaign = named(records, name).await?;
    let seen = status_of(records, &campaign, wall_time()).await?;
    if as_json {
        let shown = serde_json::json!({
            "written_at": moment(seen.written_at),
            "event": seen.event,
            "is_stale": seen.is_stale,
            "status": seen.status,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    } else {
        write!(out, "{}", page(&seen))?;
    }
    Ok(())
}

/// `times`: None: until somebody interrupts it.
pub(super) async fn watch(
    records: &Records,
    name: &CampaignId,
    times: Option<NonZeroU32>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let is_terminal = std::io::stdout().is_terminal();
    let mut shown = 0;
    loop {
        let campaign = named(records, name).await?;
        let seen = status_of(records, &campaign, wall_time()).await?;
        let (before, after) = if is_terminal { (CLEARED, "") } else { ("", "\n") };
        write!(out, "{before}{}{after}", page(&seen))?;
        out.flush()?;
        shown += 1;
        if times.is_some_and(|times| shown >= times.get()) {
            return Ok(());
        }
        tokio::time::sleep(WATCHED_EVERY).await;
    }
}

fn page(seen: &SeenStatus) -> String {
    let status = &seen.status;
    let since = status.since.map(|since| format!(" since {}", moment(since))).unwrap_or_default();
    let mut page = format!("campaign {:?} is {}{since}\n", status.campaign.as_str(), status.run);
    if seen.is_stale {
        let written = moment(seen.written_at);
        page.push_str(&format!("STALE: no server has written this since {written}; it may be otherwise now\n"));
    }
    page.push_str("\nleads\n");
    page.push_str(&waterfall(&status.leads.waterfall));
    page.push_str(&reached(&status.leads));
    let since = status.calls_since.map(moment).unwrap_or_default();
    page.push_str(&format!("\ncalls since {since}\n"));
    page.push_str(&calls(&status.calls));
    page.push_str(&minutes(&status.calls));
    page.push_str(&table(
        "list",
        status.lists.iter().map(|list| {
            let Waterfall { all, dialable, with_router, .. } = &list.leads.waterfall;
            let leads = [*all, *dialable, *with_router].map(|count| count.to_string());
            (list.list.as_str(), leads.into_iter().chain(of_calls(&list.calls)).collect())
        }),
        &["leads", "dialable", "router", "placed", "answered", "rate", "in flight"],
    ));
    page.push_str(&table(
        "agent",
        status.agents.iter().map(|agent| (agent.agent.as_str(), of_calls(&agent.calls))),
        &["placed", "answered", "rate", "in flight"],
    ));
    page
}

/// A line for each part; those that are nobody's are left out.
fn waterfall(parts: &Waterfall) -> String {
    let when = |what: &str, at: Option<Timestamp>| at.map(|at| format!("{what} {}", moment(at))).unwrap_or_default();
    let known = [
        ("with the router", parts.with_router, String::new()),
        ("dialable now", parts.dialable, String::new()),
        ("closed hours", parts.closed, when("the first open", parts.opens_at)),
        ("due later", parts.due_later, when("the first", parts.due_from)),
        ("not released", parts.not_released, when("the next", parts.released_from)),
        ("segment full", parts.segment_full, String::new()),
        ("no zone or hours", parts.nowhere, String::new()),
        ("being read", parts.being_read, String::new()),
    ];
    let mut lines = line("all", parts.all, "");
    for (what, count, when) in known.iter().filter(|(_, count, _)| *count > 0) {
        lines.push_str(&line(what, *count, when));
    }
    for (why, count) in &parts.resting {
        lines.push_str(&line(&format!("list: {}", why.replace('_', " ")), *count, ""));
    }
    for (why, count) in &parts.ended {
        lines.push_str(&line(&format!("over: {}", why.replace('_', " ")), *count, ""));
    }
    lines
}

fn reached(leads: &LeadsSeen) -> String {
    let penetration = share(leads.penetration_per_mille());
    let promised = match (leads.callbacks_due, leads.callbacks_later) {
        (0, 0) => String::new(),
        (due, later) => format!("  promised calls: {due} due, {later} later\n"),
    };
    format!(
        "  tried {} of all ({penetration}), contacts {}, sales {}\n{promised}",
        leads.tried, leads.contacts, leads.sales
    )
}

fn calls(calls: &CallsSeen) -> String {
    let mut lines = line("proposed", calls.proposed, "");
    lines.push_str(&line("placed", calls.placed, ""));
    let rate = format!("{} of those that are over", share(calls.answer_rate_per_mille()));
    lines.push_str(&line("answered", calls.answered, &rate));
    lines.push_str(&line("in flight", calls.in_flight, ""));
    for (why, count) in &calls.refused {
        lines.push_str(&line(&format!("refused: {}", why.replace('_', " ")), *count, ""));
    }
    lines
}

fn minutes(calls: &CallsSeen) -> String {
    let row = |what: &str, of: Vec<u64>| {
        let counts: String = of.iter().map(|count| format!("{count:>5}")).collect();
        format!("  {what:<WORDS$}{counts}\n")
    };
    row("placed a minute", calls.minutes.iter().map(|minute| minute.placed).collect())
        + &row("answered of these", calls.minutes.iter().map(|minute| minute.answered).collect())
}

fn of_calls(calls: &CallsSeen) -> Vec<String> {
    let rate = share(calls.answer_rate_per_mille());
    vec![calls.placed.to_string(), calls.answered.to_string(), rate, calls.in_flight.to_string()]
}

fn table<'n>(what: &str, rows: impl Iterator<Item = (&'n str, Vec<String>)>, columns: &[&str]) -> String {
    let rows: Vec<(&str, Vec<String>)> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(WORDS);
    let cells = |cells: &[String]| cells.iter().map(|cell| format!("{cell:>COUNTS$}")).collect::<String>();
    let heads: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    let mut lines = format!("\n  {what:<width$}{}\n", cells(&heads));
    for (name, row) in &rows {
        lines.push_str(&format!("  {name:<width$}{}\n", cells(row)));
    }
    lines
}

fn line(what: &str, count: u64, more: &str) -> String {
    let line = format!("  {what:<WORDS$}{count:>COUNTS$}  {more}");
    format!("{}\n", line.trim_end())
}

fn share(per_mille: Option<u64>) -> String {
    per_mille.map_or_else(|| "-".to_owned(), |share| format!("{}.{} %", share / 10, share % 10))
}

/// To the second: nobody reads more.
fn moment(at: Timestamp) -> String {
    Instant::from_second(at.0.div_euclid(1_000)).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}
