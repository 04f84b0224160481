//! `usher report`: figures over what is stored, as a table. It changes nothing.

use std::io::Write;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::door;
use crate::clock::wall_time;
use crate::config::Config;
use crate::privacy::before;
use crate::records::{Records, Repeats};
use crate::routing::time::{Millis, Timestamp};

#[derive(Args, Debug)]
pub struct ReportArgs {
    #[command(subcommand)]
    pub report: Report,
}

#[derive(Subcommand, Debug)]
pub enum Report {
    /// How often one contact was enough: customers who came again within some days, by queue
    Repeats {
        /// The first day, e.g. 2026-11-01
        #[arg(long)]
        from: Date,
        /// The last day
        #[arg(long)]
        to: Date,
        /// Days after a contact in which the customer may come again
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
        /// Where the days begin and end
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
}

/// # Errors
/// When the days are none, or the records cannot be read.
pub async fn run(args: ReportArgs, config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let Report::Repeats { from, to, days, time_zone } = args.report;
    if to < from {
        bail!("--to: expected {from} or a later day, found {to}");
    }
    let zone = TimeZone::get(&time_zone)
        .with_context(|| format!("--time-zone: expected a zone of the IANA database, found {time_zone}"))?;
    let (from, to) = (begin(from, &zone)?, begin(to.tomorrow()?, &zone)?);
    still_kept(from, config)?;
    let records = Records::open(&door::records_place(config)?).await.context("cannot open the records")?;
    let within = Millis::minutes(i64::from(days) * 24 * 60);
    let rows = records.repeats(from, to, within, wall_time()).await?;
    print(&rows, days, out)?;
    Ok(())
}

/// Whose a contact was is forgotten after a while: who came again then cannot be counted.
fn still_kept(from: Timestamp, config: &Config) -> anyhow::Result<()> {
    let Some(days) = config.retention.contact_detail_days else { return Ok(()) };
    let first = before(days, wall_time());
    if from < first {
        let first = jiff::Timestamp::from_millisecond(first.0)?;
        bail!("--from: whose a contact was is kept for {days} days: expected a day that begins after {first:.0}");
    }
    Ok(())
}

fn begin(day: Date, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    let begins = day.to_zoned(zone.clone()).with_context(|| format!("{day} does not begin in this zone"))?;
    Ok(Timestamp(begins.timestamp().as_millisecond()))
}

fn print(rows: &[Repeats], days: u16, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{:<32} {:>9} {:>11} {:>22}", "queue", "answered", "came again", "first contact enough")?;
    for row in rows {
        let percent = row.resolved_at_first_percent();
        writeln!(out, "{:<32} {:>9} {:>11} {percent:>20.1} %", row.queue.as_str(), row.answered, row.came_again)?;
    }
    writeln!(
        out,
        "Customers known, calls and messages answered; again: within {days} days, on any channel, for any queue."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::ids::QueueId;

    #[test]
    fn the_table_says_how_many_came_again() {
        let rows = [Repeats { queue: QueueId::new("gold").unwrap(), answered: 8, came_again: 1 }];
        let mut out = Vec::new();
        print(&rows, 7, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("gold") && text.contains("87.5 %") && text.contains("within 7 days"), "{text}");
    }

    #[test]
    fn a_period_whose_customers_are_forgotten_is_refused() {
        let mut config = Config::default();
        config.retention.contact_detail_days = Some(30);
        let day = |days: u32| before(days, wall_time());
        assert!(still_kept(day(29), &config).is_ok());
        let refused = still_kept(day(31), &config).unwrap_err().to_string();
        assert!(refused.starts_with("--from: whose a contact was is kept for 30 days: expected a day"), "{refused}");
        config.retention.contact_detail_days = None;
        assert!(still_kept(Timestamp(0), &config).is_ok());
    }

    #[test]
    fn a_day_begins_where_its_zone_says() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let day = "2026-11-22".parse().unwrap();
        assert_eq!(begin(day, &paris).unwrap(), Timestamp(begin(day, &TimeZone::UTC).unwrap().0 - 3_600_000));
    }
}
