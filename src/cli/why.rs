//! `usher why`: reads the journal of the settings' database, beside a running server or without one, and says
//! why. Writes nothing into it.

mod facts;
#[cfg(test)]
mod tests;
mod text;

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::explanation::overtakings::Period;
use crate::hindsight::Hindsight;
use crate::journal::SqlJournal;
use crate::routing::ids::{AgentId, ContactId, EventNo, InvalidName};
use crate::routing::time::Timestamp;

use super::door;

#[derive(Args, Debug)]
pub struct WhyArgs {
    #[command(subcommand)]
    pub command: WhyCommand,
}

#[derive(Subcommand, Debug)]
pub enum WhyCommand {
    /// What happened to a contact, and why it waits, or who got it last and why
    Contact {
        /// As the wire has it, such as usher-17, or the number alone
        id: String,
        /// A decision about it: the number of its event
        #[arg(long)]
        event: Option<u64>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// What an agent does, and why he gets nothing now
    Agent {
        #[arg(value_parser = agent_named)]
        name: AgentId,
        /// Right before a decision: the number of its event
        #[arg(long)]
        event: Option<u64>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Who was served before somebody who had come earlier, and by which rule
    Overtakings {
        /// From this time on, such as 2026-11-22T09:00:00Z
        #[arg(long, value_parser = time_given)]
        from: Option<Timestamp>,
        /// Up to this time
        #[arg(long, value_parser = time_given)]
        to: Option<Timestamp>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

fn agent_named(text: &str) -> Result<AgentId, InvalidName> {
    AgentId::new(text)
}

fn time_given(text: &str) -> Result<Timestamp, String> {
    let read = text.parse::<jiff::Timestamp>();
    read.map(|at| Timestamp(at.as_millisecond())).map_err(|_| "expected a time such as 2026-11-22T09:00:00Z".to_owned())
}

/// # Errors
/// When there is no such contact, agent or decision, or the journal cannot be read.
pub async fn run(args: WhyArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let place = door::journal_place(config)?;
    let journal = SqlJournal::open_to_read(&place).await.context("cannot open the journal")?;
    let hindsight = Hindsight::unbounded(Arc::new(journal));
    match args.command {
        WhyCommand::Contact { id, event, json } => {
            let contact = contact_numbered(&id, &config.site)?;
            match event {
                Some(event) => decision(&hindsight, contact, EventNo(event), json, out).await,
                None => story(&hindsight, contact, json, out).await,
            }
        }
        WhyCommand::Agent { name, event, json } => {
            let explained = match event {
                Some(event) => hindsight.agent(&name, EventNo(event)).await?,
                None => {
                    let now = hindsight.now().await?;
                    now.agent(&name).with_context(|| format!("there is no agent {name}"))?
                }
            };
            if json { write_json(out, &explained) } else { write_text(out, &text::agent(&explained)) }
        }
        WhyCommand::Overtakings { from, to, json } => {
            if let (Some(first), Some(last)) = (from, to)
                && last < first
            {
                bail!("--to: expected a time after --from");
            }
            let report = hindsight.overtakings(Period { from, to }).await?;
            if json { write_json(out, &report) } else { write_text(out, &text::overtakings(&report)) }
        }
    }
}

async fn decision(
    hindsight: &Hindsight,
    contact: ContactId,
    event: EventNo,
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let explained = hindsight.contact(contact, Some(event)).await?;
    if json { write_json(out, &explained) } else { write_text(out, &text::decision(&explained)) }
}

/// All that happened; then why it is where it is, or its last decision when it has ended.
async fn story(hindsight: &Hindsight, contact: ContactId, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let story = hindsight.story(contact).await?;
    let now = if story.has_ended { None } else { hindsight.now().await?.contact(contact) };
    let last = match &now {
        None if !story.decisions().is_empty() => Some(hindsight.contact(contact, None).await?),
        None | Some(_) => None,
    };
    if json {
        let events: Vec<_> =
            story.events.iter().map(|(no, event)| json!({ "event": no, "at": event.at, "fact": event.fact })).collect();
        return write_json(out, &json!({ "events": events, "now": now, "last_decision": last }));
    }
    let mut told = facts::story(&story.events);
    told.push('\n');
    told += &match (&now, &last) {
        (Some(now), _) => text::contact(now),
        (None, Some(last)) => text::decision(last),
        (None, None) => String::new(),
    };
    write_text(out, &told)
}

fn contact_numbered(id: &str, site: &str) -> anyhow::Result<ContactId> {
    let number = id.strip_prefix(site).and_then(|rest| rest.strip_prefix('-')).unwrap_or(id);
    match number.parse() {
        Ok(number) => Ok(ContactId(number)),
        Err(_) => bail!("contact: expected {site}-17 or 17, found {id:?}"),
    }
}

fn write_json(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    Ok(writeln!(out)?)
}

fn write_text(out: &mut impl Write, text: &str) -> anyhow::Result<()> {
    Ok(out.write_all(text.as_bytes())?)
}
