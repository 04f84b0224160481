//! `usher list why`: why one lead is not called now, as a text without anything of the person, or JSON. Changes nothing.

use std::io::Write;

use anyhow::{Context, bail};
use jiff::Timestamp as Instant;

use crate::campaigns::gate::Gate;
use crate::campaigns::lead_why::{SeenLead, why_of};
use crate::clock::wall_time;
use crate::config::Config;
use crate::outbound::ids::LeadId;
use crate::outbound::lead_why::HoursNow;
use crate::records::Records;
use crate::routing::ids::CallListName;
use crate::routing::time::Timestamp;
use crate::rule_files::load_packs;

use super::named;

pub(super) async fn why(
    records: &Records,
    list: &CallListName,
    lead: LeadId,
    as_json: bool,
    config: &Config,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    named(records, list).await?;
    let packs = load_packs(&config.rules_directory).context("jurisdictions")?;
    let seen = why_of(records, &Gate::new(records.clone(), packs), lead, wall_time()).await?;
    let Some(seen) = seen.filter(|seen| seen.list == *list) else {
        bail!("call list {:?} has no lead {lead}", list.as_str());
    };
    if as_json {
        writeln!(out, "{}", serde_json::to_string_pretty(&json(&seen))?)?;
    } else {
        write!(out, "{}", text(&seen))?;
    }
    Ok(())
}

fn json(seen: &SeenLead) -> serde_json::Value {
    let SeenLead { lead, standing, list, campaign, run, at, why, .. } = seen;
    serde_json::json!({
        "lead": lead.id.to_string(),
        "list": list,
        "campaign": campaign,
        "run": run,
        "at": moment(*at),
        "attempts": lead.attempts,
        "next_number": standing.next_number + 1,
        "numbers": lead.lead.numbers.len(),
        "why": why,
    })
}

fn text(seen: &SeenLead) -> String {
    let SeenLead { lead, standing, list, campaign, run, last, at, why } = seen;
    let mut text =
        format!("lead {} of list {:?}, campaign {:?}, which is {run}\n", lead.id, list.as_str(), campaign.as_str());
    let last = last.as_ref().map(|last| format!(", the last at {}", moment(last.proposed_at))).unwrap_or_default();
    text.push_str(&format!("  tried {} times{last}\n", lead.attempts));
    if let Some(hours) = &why.hours {
        let (number, numbers) = (standing.next_number + 1, lead.lead.numbers.len());
        text.push_str(&format!("  number {number} of {numbers}: {}\n", told(hours)));
    }
    if why.can_be_called {
        text.push_str("  it can be called now: it is when its turn comes\n");
        return text;
    }
    text.push_str(&format!("  not called at {}:\n", moment(*at)));
    for hold in &why.holds {
        let until = hold.until.map(|until| format!("; until {}", moment(until))).unwrap_or_default();
        text.push_str(&format!("  - {}{until}\n", hold.says));
    }
    match why.next {
        Some(next) => text.push_str(&format!("  at {} at the earliest\n", moment(next))),
        None => text.push_str("  waiting alone does not help\n"),
    }
    text
}

fn told(hours: &HoursNow) -> String {
    let (state, change) = if hours.are_open { ("open", "until") } else { ("closed", "opens") };
    let change = hours.change_at.map(|at| format!(", {change} {}", moment(at))).unwrap_or_default();
    format!("{state}{change} ({})", hours.windows.join("; "))
}

/// To the second: nobody reads more.
fn moment(at: Timestamp) -> String {
    Instant::from_second(at.0.div_euclid(1_000)).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}
