//! `usher campaign`: campaigns made, shown, changed, and taken back to what they were; started and stopped by asking the server.

mod export;
mod seen;
mod steer;

use std::io::Write;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::clock::wall_time;
use crate::config::Config;
use crate::customers::change::Stamp;
use crate::customers::ids::Version;
use crate::outbound::campaign::{Campaign, CampaignSettings};
use crate::records::{CampaignError, Records};
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::{CampaignId, PersonId};

use super::door;
use super::import::read_toml;

/// Versions that are listed: nobody looks further back.
const LISTED_MAX: u32 = 200;

#[derive(Args, Debug)]
pub struct CampaignArgs {
    #[command(subcommand)]
    pub command: CampaignCommand,
}

#[derive(Subcommand, Debug)]
pub enum CampaignCommand {
    /// Make a campaign; it is stopped, and has no list
    Create {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
        /// How it calls (TOML)
        #[arg(long, value_name = "FILE.toml")]
        settings: PathBuf,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Show a campaign as its settings are written, or a line for each
    Show {
        #[arg(value_parser = CampaignId::new)]
        name: Option<CampaignId>,
        /// As it was with this version
        #[arg(long, value_name = "VERSION", requires = "name")]
        version: Option<i64>,
    },
    /// Give a campaign other settings, all at once
    Change {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
        /// How it calls from now on (TOML), as `usher campaign show NAME` writes it
        #[arg(long, value_name = "FILE.toml")]
        settings: PathBuf,
        /// Only when nobody changed it since it was shown with this version
        #[arg(long, value_name = "VERSION")]
        if_version: Option<i64>,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Show who made which version, and when
    History {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
    },
    /// Give a campaign the settings that it had with an earlier version
    Back {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
        #[arg(long, value_name = "VERSION")]
        to: i64,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Show its leads and why they wait, its calls and what came of them
    Status {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the same again and again, every two seconds
    Watch {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
        /// So often, and not until it is interrupted
        #[arg(long, value_name = "COUNT")]
        times: Option<NonZeroU32>,
    },
    /// Write every attempt of some days, placed or not, into a file that is not there yet: .csv or .xlsx
    Export {
        #[arg(value_parser = CampaignId::new)]
        name: CampaignId,
        file: PathBuf,
        /// The first day, by the clock of the campaign's zone, such as 2026-11-01
        #[arg(long, value_name = "DAY")]
        from: Date,
        /// The last day
        #[arg(long, value_name = "DAY")]
        to: Date,
        /// Begin with a byte order mark, for spreadsheets that take UTF-8 for something else without one
        #[arg(long)]
        bom: bool,
        /// Who does it, for the audit
        #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Have the leads of a campaign called
    Start(OneCampaign),
    /// Let the leads that wait stay, and place no more calls
    Pause(OneCampaign),
    /// Take no more leads: it stops with the last that waits
    Drain(OneCampaign),
    /// Give up at once what nobody has answered
    Stop(OneCampaign),
}

#[derive(Args, Debug)]
pub struct OneCampaign {
    #[arg(value_parser = CampaignId::new)]
    name: CampaignId,
    /// Who does it, for the audit
    #[arg(long, value_name = "NAME", value_parser = PersonId::new)]
    by: PersonId,
}

/// # Errors
/// When what was asked cannot be; then nothing was changed.
pub async fn run(args: CampaignArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match args.command {
        CampaignCommand::Create { name, settings, by } => create(&records, &name, &settings, by, out).await,
        CampaignCommand::Show { name: Some(name), version } => show(&records, &name, version.map(Version), out).await,
        CampaignCommand::Show { name: None, .. } => show_all(&records, out).await,
        CampaignCommand::Change { name, settings, if_version, by } => {
            change(&records, &name, &settings, if_version.map(Version), by, out).await
        }
        CampaignCommand::History { name } => history(&records, &name, out).await,
        CampaignCommand::Back { name, to, by } => back(&records, &name, Version(to), by, out).await,
        CampaignCommand::Status { name, json } => seen::status(&records, &name, json, out).await,
        CampaignCommand::Watch { name, times } => seen::watch(&records, &name, times, out).await,
        CampaignCommand::Export { name, file, from, to, bom, by } => {
            let asked = export::Asked { name: &name, from, to, file: &file, has_mark: bom, by };
            export::export(&records, asked, config, out).await
        }
        CampaignCommand::Start(asked) => steer::ask(&records, asked, CampaignRun::Running, out).await,
        CampaignCommand::Pause(asked) => steer::ask(&records, asked, CampaignRun::Paused, out).await,
        CampaignCommand::Drain(asked) => steer::ask(&records, asked, CampaignRun::Draining, out).await,
        CampaignCommand::Stop(asked) => steer::ask(&records, asked, CampaignRun::Stopped, out).await,
    };
    records.close().await;
    done
}

async fn create(
    records: &Records,
    name: &CampaignId,
    settings: &Path,
    by: PersonId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let read: CampaignSettings = read_toml(settings)?;
    let stamp = Stamp { at: wall_time(), by };
    records.create_campaign(name, &read, &stamp).await.with_context(|| settings.display().to_string())?;
    writeln!(out, "campaign {:?} is there; usher list create gives it a list", name.as_str())?;
    Ok(())
}

async fn change(
    records: &Records,
    name: &CampaignId,
    settings: &Path,
    if_version: Option<Version>,
    by: PersonId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let read: CampaignSettings = read_toml(settings)?;
    let held = named(records, name).await?;
    let stamp = Stamp { at: wall_time(), by };
    let changed = records.change_campaign(held.no, if_version.unwrap_or(held.version), &read, &stamp).await;
    let changed = changed.with_context(|| settings.display().to_string())?;
    writeln!(out, "campaign {:?} is changed: version {}", name.as_str(), changed.version)?;
    Ok(())
}

async fn back(
    records: &Records,
    name: &CampaignId,
    to: Version,
    by: PersonId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let held = named(records, name).await?;
    let earlier = records.campaign_version(held.no, to).await?;
    let earlier = earlier.ok_or(CampaignError::UnknownVersion { name: name.clone(), version: to })?;
    let stamp = Stamp { at: wall_time(), by };
    let changed = records.change_campaign(held.no, held.version, &earlier.settings, &stamp).await?;
    writeln!(out, "campaign {:?} is as it was with version {to}: version {}", name.as_str(), changed.version)?;
    Ok(())
}

async fn show(
    records: &Records,
    name: &CampaignId,
    version: Option<Version>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let held = named(records, name).await?;
    let version = version.unwrap_or(held.version);
    let found = records.campaign_version(held.no, version).await?;
    let found = found.ok_or(CampaignError::UnknownVersion { name: name.clone(), version })?;
    let changed = jiff::Timestamp::from_millisecond(found.changed.at.0)?;
    writeln!(out, "# campaign {:?}", name.as_str())?;
    writeln!(out, "# version {version}, changed {changed} by {}", found.changed.by)?;
    write!(out, "{}", toml::to_string(&found.settings)?)?;
    Ok(())
}

async fn show_all(records: &Records, out: &mut impl Write) -> anyhow::Result<()> {
    for campaign in records.campaigns().await? {
        let run = records.campaign_run(&campaign.name).await?;
        let Campaign { name, settings, version, .. } = campaign;
        writeln!(out, "{name}\tqueue {}\t{}\t{}\tversion {version}", settings.queue, settings.mode, run)?;
    }
    Ok(())
}

async fn history(records: &Records, name: &CampaignId, out: &mut impl Write) -> anyhow::Result<()> {
    let held = named(records, name).await?;
    for version in records.campaign_versions(held.no, None, LISTED_MAX).await? {
        let changed = jiff::Timestamp::from_millisecond(version.changed.at.0)?;
        writeln!(out, "version {}\t{changed}\t{}", version.version, version.changed.by)?;
    }
    Ok(())
}

async fn named(records: &Records, name: &CampaignId) -> Result<Campaign, CampaignError> {
    records.campaign_named(name).await?.ok_or_else(|| CampaignError::UnknownName(name.clone()))
}
