//! `usher audit`: who looked at and changed what. Changes nothing, and shows nothing of a customer but numbers.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::config::Config;
use crate::customers::ids::CustomerId;
use crate::records::{AuditCheck, AuditEnd, AuditNo, AuditQuestion, AuditRow, ChainHash, Records};
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

use super::door;

/// Rows read at a time.
const PAGE: u32 = 1_000;

#[derive(Args, Debug)]
pub struct AuditArgs {
    #[command(subcommand)]
    pub command: AuditCommand,
}

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Print what was done, the oldest first
    List {
        /// From then on, e.g. 2026-02-02T05:00:00Z
        #[arg(long, value_parser = moment)]
        since: Option<Timestamp>,
        /// Only what this user did
        #[arg(long, value_parser = PersonId::new)]
        user: Option<PersonId>,
        /// Only what was done with this customer
        #[arg(long)]
        customer: Option<i64>,
    },
    /// Go through the whole chain and name the first row that does not fit
    Check {
        /// An end that an earlier check printed, NUMBER:HASH; it must still be there
        #[arg(long, value_parser = end_noted)]
        noted: Option<AuditEnd>,
    },
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let read = text.parse::<jiff::Timestamp>();
    read.map(|at| Timestamp(at.as_millisecond())).map_err(|_| "expected a time like 2026-02-02T05:00:00Z".to_owned())
}

fn end_noted(text: &str) -> Result<AuditEnd, String> {
    let wrong = || "expected NUMBER:HASH as a check printed it".to_owned();
    let (no, hash) = text.split_once(':').ok_or_else(wrong)?;
    let no = no.parse().map_err(|_| wrong())?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(AuditEnd { no: AuditNo(no), hash: ChainHash::from_text(hash) }) } else { Err(wrong()) }
}

/// # Errors
/// When the records cannot be read, or the chain is broken.
pub async fn run(args: AuditArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let done = match args.command {
        AuditCommand::List { since, user, customer } => {
            let asked = AuditQuestion {
                since: since.unwrap_or(Timestamp(i64::MIN)),
                by: user,
                customer: customer.map(CustomerId),
                after: AuditNo(0),
                limit: PAGE,
            };
            list(&records, asked, out).await
        }
        AuditCommand::Check { noted } => check(&records, noted.as_ref(), out).await,
    };
    records.close().await;
    done
}

async fn list(records: &Records, mut asked: AuditQuestion, out: &mut impl Write) -> anyhow::Result<()> {
    loop {
        let rows = records.audit_rows(&asked).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        asked.after = last.no;
        for row in &rows {
            writeln!(out, "{}", line_of(row))?;
        }
    }
}

fn line_of(row: &AuditRow) -> String {
    let at = jiff::Timestamp::from_millisecond(row.at.0).map(|at| format!("{at:.3}")).unwrap_or_default();
    format!("{}\t{at}\t{}\t{}\t{}\t{}", row.no, row.by, row.act, row.subjects, row.detail)
}

async fn check(records: &Records, noted: Option<&AuditEnd>, out: &mut impl Write) -> anyhow::Result<()> {
    match records.check_audit(noted).await? {
        AuditCheck::Whole { end, .. } if end.no.0 == 0 => writeln!(out, "the audit is empty")?,
        AuditCheck::Whole { first, end } => {
            writeln!(out, "the audit is whole from row {first} to row {}", end.no)?;
            writeln!(out, "note elsewhere: {}:{}", end.no, end.hash)?;
        }
        AuditCheck::Broken { no, why } => bail!("the audit is broken at row {no}: {why}"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::records::{Act, AuditEntry};

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        audit: AuditArgs,
    }

    async fn usher_audit(config: &Config, arguments: &[&str]) -> anyhow::Result<String> {
        let Command { audit } = Command::try_parse_from([&["audit"], arguments].concat())?;
        let mut out = Vec::new();
        run(audit, config, &mut out).await?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn rows_are_listed_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_directory: folder.path().to_owned(), ..Config::default() };
        assert_eq!(usher_audit(&config, &["check"]).await.unwrap(), "the audit is empty\n");
        let records = Records::open(&door::records_place(&config).unwrap()).await.unwrap();
        let looks: Vec<AuditEntry> = (0..1_500)
            .map(|at| {
                let by = PersonId::new(if at % 2 == 0 { "ana" } else { "ben" }).unwrap();
                AuditEntry::new(Timestamp(at), by, Act::LookedAt).about(CustomerId(at % 3))
            })
            .collect();
        records.append_audit(&looks).await.unwrap();
        records.close().await;
        let all = usher_audit(&config, &["list"]).await.unwrap();
        assert_eq!(all.lines().count(), 1_500);
        let first = "1\t1970-01-01T00:00:00.000Z\tana\tlooked_at\t[\"customer:0\"]\t{}";
        assert_eq!(all.lines().next(), Some(first));
        let some =
            usher_audit(&config, &["list", "--user", "ben", "--customer", "1", "--since", "1970-01-01T00:00:01Z"]);
        assert_eq!(some.await.unwrap().lines().count(), 83);
        let checked = usher_audit(&config, &["check"]).await.unwrap();
        assert!(checked.starts_with("the audit is whole from row 1 to row 1500\nnote elsewhere: 1500:"), "{checked}");
        let noted = checked.lines().last().unwrap().strip_prefix("note elsewhere: ").unwrap();
        assert!(usher_audit(&config, &["check", "--noted", noted]).await.is_ok());
        let other = format!("1500:{}", "0".repeat(64));
        let error = usher_audit(&config, &["check", "--noted", &other]).await.unwrap_err().to_string();
        assert_eq!(error, "the audit is broken at row 1500: its hash is another than the one that was noted");
        for wrong in [["check", "--noted", "5"], ["list", "--since", "yesterday"], ["list", "--user", ""]] {
            assert!(usher_audit(&config, &wrong).await.is_err(), "{wrong:?}");
        }
    }
}
