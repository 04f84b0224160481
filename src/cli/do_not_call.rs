//! `usher do-not-call`: entries added, removed, looked for and counted. Whole lists come by `usher import do-not-call`.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::clock::wall_time;
use crate::config::Config;
use crate::customers::change::Stamp;
use crate::customers::phone::Region;
use crate::customers::text::{InvalidText, Tag};
use crate::outbound::do_not_call::{DoNotCallEntry, DoNotCallScope, DoNotCallWhat};
use crate::outbound::do_not_call_rows::{number_of, prefix_of};
use crate::outbound::lead::SourceText;
use crate::privacy;
use crate::records::{DoNotCallAdded, ListedEntry, Records};
use crate::routing::ids::{CampaignId, PersonId};
use crate::routing::time::Timestamp;

use super::door;

#[derive(Args, Debug)]
pub struct DoNotCallArgs {
    #[command(subcommand)]
    pub command: DoNotCallCommand,
}

#[derive(Subcommand, Debug)]
pub enum DoNotCallCommand {
    /// Have nobody call a number, or numbers that begin so
    Add {
        #[command(flatten)]
        what: WhatArgs,
        #[command(flatten)]
        scope: ScopeArgs,
        /// From then on it no longer holds, such as 2027-12-31T00:00:00Z [default: it holds for good]
        #[arg(long, value_name = "TIME")]
        expires_at: Option<jiff::Timestamp>,
        /// Who asked for it and how: "by letter"
        #[arg(long, value_name = "TEXT", value_parser = source_of)]
        source: Option<SourceText>,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Take an entry away, of whatever list it is
    Remove {
        #[command(flatten)]
        what: WhatArgs,
        #[command(flatten)]
        scope: ScopeArgs,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Say which entries hold for a number now
    Check {
        /// With its country: +33 6 12 34 56 78
        number: String,
        /// The country of a number without one, such as FR
        #[arg(long, value_name = "COUNTRY", value_parser = Region::new)]
        home_region: Option<Region>,
    },
    /// How many entries hold now, for whose calls
    Count,
}

#[derive(Args, Debug)]
pub struct WhatArgs {
    /// A number with its country: +33 6 12 34 56 78
    #[arg(required_unless_present = "prefix")]
    pub number: Option<String>,
    /// Every number that begins so, the country's code first
    #[arg(long, value_name = "DIGITS", conflicts_with = "number")]
    pub prefix: Option<String>,
    /// The country of a number without one, such as FR
    #[arg(long, value_name = "COUNTRY", value_parser = Region::new)]
    pub home_region: Option<Region>,
}

/// For whose calls; none of them: for everyone's.
#[derive(Args, Debug)]
pub struct ScopeArgs {
    /// Only for calls of this campaign
    #[arg(long, value_name = "NAME", value_parser = CampaignId::new)]
    pub campaign: Option<CampaignId>,
    /// Only for calls on behalf of this client of the centre
    #[arg(long, value_name = "NAME", conflicts_with = "campaign", value_parser = account_of)]
    pub account: Option<Tag>,
}

fn account_of(text: &str) -> Result<Tag, InvalidText> {
    Tag::new(text)
}

/// # Errors
/// When it is too long.
pub fn source_of(text: &str) -> Result<SourceText, InvalidText> {
    SourceText::new(text)
}

impl ScopeArgs {
    #[must_use]
    pub fn scope(&self) -> DoNotCallScope {
        let campaign = self.campaign.as_ref().map(|name| DoNotCallScope::Campaign(Arc::from(name.as_str())));
        let account = || self.account.as_ref().map(|name| DoNotCallScope::Account(Arc::from(name.as_str())));
        campaign.or_else(account).unwrap_or(DoNotCallScope::Everyone)
    }
}

impl WhatArgs {
    fn what(&self) -> anyhow::Result<DoNotCallWhat> {
        match (&self.number, &self.prefix) {
            (Some(number), _) => Ok(number_of(number, self.home_region)?),
            (None, Some(prefix)) => prefix_of(prefix).context("--prefix"),
            (None, None) => bail!("expected a number or --prefix"),
        }
    }
}

/// # Errors
/// When what was asked cannot be; then nothing was changed.
pub async fn run(args: DoNotCallArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    records.hold_site_key(privacy::read_or_make(&config.data_directory)?);
    let now = wall_time();
    let done = match args.command {
        DoNotCallCommand::Add { what, scope, expires_at, source, by } => {
            let expires_at = expires_at.map(|at| Timestamp(at.as_millisecond()));
            let stamp = Stamp { at: now, by };
            add(&records, &what, &scope, expires_at, source.as_ref(), &stamp, out).await
        }
        DoNotCallCommand::Remove { what, scope, by } => {
            remove(&records, &what, &scope, &Stamp { at: now, by }, out).await
        }
        DoNotCallCommand::Check { number, home_region } => check(&records, &number, home_region, now, out).await,
        DoNotCallCommand::Count => count(&records, now, out).await,
    };
    records.close().await;
    done
}

async fn add(
    records: &Records,
    what: &WhatArgs,
    scope: &ScopeArgs,
    expires_at: Option<Timestamp>,
    source: Option<&SourceText>,
    stamp: &Stamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if let Some(expires_at) = expires_at.filter(|expires_at| *expires_at <= stamp.at) {
        bail!("--expires-at: expected a moment to come, found {}", shown(expires_at)?);
    }
    let entry = DoNotCallEntry { scope: scope.scope(), what: what.what()?, expires_at };
    let told = match records.add_do_not_call(&entry, source, stamp).await? {
        DoNotCallAdded::Added => "it is not called any more",
        DoNotCallAdded::ThereAlready => "it was not to be called already",
    };
    writeln!(out, "{told}; this holds for {}", entry.scope)?;
    Ok(())
}

async fn remove(
    records: &Records,
    what: &WhatArgs,
    scope: &ScopeArgs,
    stamp: &Stamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let scope = scope.scope();
    let removed = records.remove_do_not_call(what.what()?, &scope, stamp).await?;
    if removed == 0 {
        bail!("there is no such entry for {scope}: usher do-not-call check shows those of a number");
    }
    writeln!(out, "{removed} entries for {scope} are removed")?;
    Ok(())
}

async fn check(
    records: &Records,
    number: &str,
    home: Option<Region>,
    now: Timestamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let DoNotCallWhat::Number(number) = number_of(number, home)? else { bail!("expected a number") };
    let entries = records.do_not_call_listed(number, now).await?;
    let is_erased = records.is_not_to_be_contacted(number).await?;
    if is_erased {
        writeln!(out, "everyone\tthe number\tfor good\tasked for by somebody who was erased")?;
    }
    for listed in &entries {
        writeln!(out, "{}", line(listed)?)?;
    }
    if entries.is_empty() && !is_erased {
        writeln!(out, "no entry holds for this number")?;
    }
    Ok(())
}

fn line(listed: &ListedEntry) -> anyhow::Result<String> {
    let what = match listed.entry.what {
        DoNotCallWhat::Number(_) => "the number".to_owned(),
        DoNotCallWhat::Prefix(digits) => format!("numbers that begin with {}", u64::from(digits)),
    };
    let until = match listed.entry.expires_at {
        Some(expires_at) => format!("until {}", shown(expires_at)?),
        None => "for good".to_owned(),
    };
    let from = match listed.import {
        Some(import) => format!("import {import}"),
        None => "by hand".to_owned(),
    };
    let (at, by) = (shown(listed.added.at)?, &listed.added.by);
    let source = listed.source.as_ref().map(|source| format!("\t{}", source.as_str().replace(char::is_control, "?")));
    Ok(format!("{}\t{what}\t{until}\t{from}, {at} by {by}{}", listed.entry.scope, source.unwrap_or_default()))
}

async fn count(records: &Records, now: Timestamp, out: &mut impl Write) -> anyhow::Result<()> {
    let counts = records.do_not_call_counts(now).await?;
    for count in &counts {
        writeln!(out, "{}\t{}", count.scope, count.entries)?;
    }
    if counts.is_empty() {
        writeln!(out, "there are no entries")?;
    }
    Ok(())
}

fn shown(at: Timestamp) -> anyhow::Result<jiff::Timestamp> {
    Ok(jiff::Timestamp::from_millisecond(at.0)?)
}
