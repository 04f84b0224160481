//! `usher privacy`: take out or erase all that is held about one person. Works beside a running server or without one.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::clock::wall_time;
use crate::config::Config;
use crate::customers::address::AddressKind;
use crate::customers::change::Stamp;
use crate::customers::customer::AddressKey;
use crate::customers::ids::CustomerId;
use crate::customers::phone::PhoneNumber;
use crate::customers::text::{AddressKindWord, AddressText, InvalidText, Tag};
use crate::journal::SqlJournal;
use crate::privacy;
use crate::records::{Erased, Records};
use crate::routing::ids::PersonId;

use super::door;

#[derive(Args, Debug)]
pub struct PrivacyArgs {
    #[command(subcommand)]
    pub command: PrivacyCommand,
}

#[derive(Subcommand, Debug)]
pub enum PrivacyCommand {
    /// Write all that is held about a customer to a file, for its owner's eyes
    Export {
        /// The customer's number
        customer: i64,
        /// The file; it must not be there yet
        #[arg(long)]
        to: PathBuf,
        /// Who asks, for the audit
        #[arg(long, value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Erase the leads that have a number, of whoever is no customer, for ever
    EraseNumber {
        /// With its country: +33 6 12 34 56 78
        number: String,
        /// Why, in a few words that do not name the person, for the audit: "asked for it", a case number
        #[arg(long, value_parser = reason_of)]
        reason: Tag,
        /// Who asks, for the audit
        #[arg(long, value_parser = PersonId::new)]
        by: PersonId,
    },
    /// Erase all that is held about a customer, for ever; the counts stay
    Erase {
        /// The customer's number
        customer: i64,
        /// Why, in a few words that do not name the person, for the audit: "asked for it", a case number
        #[arg(long, value_parser = reason_of)]
        reason: Tag,
        /// Who asks, for the audit
        #[arg(long, value_parser = PersonId::new)]
        by: PersonId,
    },
}

fn reason_of(text: &str) -> Result<Tag, InvalidText> {
    Tag::new(text)
}

/// # Errors
/// When what was asked cannot be.
pub async fn run(args: PrivacyArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match args.command {
        PrivacyCommand::Export { customer, to, by } => {
            let journal = journal_of(config).await?;
            let done = export(&records, &journal, CustomerId(customer), &to, &stamp(by), out).await;
            journal.close().await.context("cannot close the journal")?;
            done
        }
        PrivacyCommand::EraseNumber { number, reason, by } => {
            erase_number(&records, config, &number, &reason, &stamp(by), out).await
        }
        PrivacyCommand::Erase { customer, reason, by } => {
            let journal = journal_of(config).await?;
            let done = erase(&records, &journal, config, CustomerId(customer), &reason, &stamp(by), out).await;
            journal.close().await.context("cannot close the journal")?;
            done
        }
    };
    records.close().await;
    done
}

async fn journal_of(config: &Config) -> anyhow::Result<SqlJournal> {
    SqlJournal::open_to_erase(&door::journal_place(config)?).await.context("cannot open the journal")
}

fn stamp(by: PersonId) -> Stamp {
    Stamp { at: wall_time(), by }
}

async fn export(
    records: &Records,
    journal: &SqlJournal,
    customer: CustomerId,
    to: &Path,
    stamp: &Stamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let mut file = file.with_context(|| format!("cannot make {}", to.display()))?;
    let exported = match privacy::export(records, journal, customer, stamp).await {
        Ok(exported) => exported,
        Err(error) => {
            drop(file);
            std::fs::remove_file(to).with_context(|| format!("cannot remove {}", to.display()))?;
            return Err(error.into());
        }
    };
    serde_json::to_writer_pretty(&mut file, &exported).context("cannot write")?;
    file.sync_all().context("cannot write")?;
    let rows: usize = exported.tables.values().filter_map(|rows| rows.as_array()).map(Vec::len).sum();
    writeln!(out, "customer {customer}: {rows} rows and {} events in {}", exported.journal.len(), to.display())?;
    Ok(())
}

async fn erase(
    records: &Records,
    journal: &SqlJournal,
    config: &Config,
    customer: CustomerId,
    reason: &Tag,
    stamp: &Stamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let site_key = privacy::read_or_make(&config.data_directory)?;
    records.bind_site_key(&site_key).await?;
    let erased = privacy::erase(records, journal, &site_key, customer, reason, stamp).await?;
    tell(customer, &erased, out)?;
    Ok(())
}

async fn erase_number(
    records: &Records,
    config: &Config,
    number: &str,
    reason: &Tag,
    stamp: &Stamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let number = PhoneNumber::read(number, None)?.context("expected a number, found none")?;
    let kind = AddressKindWord::new(AddressKind::Phone.as_str()).expect("a kind is a short word");
    let key = AddressKey { kind, value: AddressText::new(number.e164())? };
    let site_key = privacy::read_or_make(&config.data_directory)?;
    records.bind_site_key(&site_key).await?;
    let leads = records.erase_leads_at(&key, reason, &site_key, stamp).await?;
    writeln!(out, "{leads} leads are erased")?;
    Ok(())
}

fn tell(customer: CustomerId, erased: &Erased, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "customer {customer} is erased: {} contacts, {} notes, {} pieces of work, {} leads",
        erased.contacts.len(),
        erased.notes,
        erased.work,
        erased.leads
    )?;
    if erased.not_to_contact > 0 {
        writeln!(out, "{} addresses stay known, by their hash, as not to be contacted", erased.not_to_contact)?;
    }
    for reference in &erased.references {
        writeln!(out, "erase elsewhere: {reference}")?;
    }
    Ok(())
}
