//! `usher simulate`: reads the files, shows the progress, writes the report and prints it for
//! people. What is simulated, and how, is the simulator's.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::reporting::definitions::{mean, share};
use crate::routing::rule_set::RuleSet;
use crate::routing::time::Millis;
use crate::simulator::report::{Achieved, AgentTime, COMPARED_WITHIN, Figures, Standing};
use crate::simulator::simulation::{Inputs, Options, Patience, Simulation, simulate, simulate_against_first_come};
use crate::simulator::table;

/// Runs recorded calls through the router in virtual time.
#[derive(Clone, Debug, clap::Args)]
pub struct SimulateArgs {
    /// The recorded calls (CSV)
    #[arg(long, value_name = "FILE.csv")]
    pub calls: PathBuf,
    /// The folder of rules
    #[arg(long, value_name = "DIR", default_value = "routing-rules")]
    pub rules: PathBuf,
    /// Time zone of the calls and shifts, such as Asia/Jerusalem
    #[arg(long, default_value = "UTC", value_parser = time_zone)]
    pub zone: TimeZone,
    /// Who is on duty when (CSV: agent,start,end); without it, from first answer to last end
    #[arg(long, value_name = "FILE.csv")]
    pub shifts: Option<PathBuf>,
    /// Wrap-up after every contact, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = span)]
    pub wrap_up: Millis,
    /// How long callers wait who were served in truth
    #[arg(long, value_enum, default_value_t = PatienceArg::Recorded)]
    pub patience: PatienceArg,
    /// Decides everything that is drawn
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// First day, such as 1999-02-01
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Run the same calls once more, first come first served, and show both
    #[arg(long)]
    pub against_first_come: bool,
    /// Where to write the report (JSON)
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum PatienceArg {
    /// As the recorded callers let one estimate
    Recorded,
    /// For ever
    None,
}

fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "expected the name of a time zone, such as Asia/Jerusalem".to_owned())
}

fn span(text: &str) -> Result<Millis, String> {
    let span = table::seconds(text).filter(|span| (Millis::ZERO..=Millis::minutes(60)).contains(span));
    span.ok_or_else(|| "expected seconds, from 0 to 3600".to_owned())
}

/// Simulates under these rules, which the caller has read from `args.rules`.
///
/// # Errors
/// When a file cannot be read or written or has a mistake; then nothing was simulated or written.
pub fn run(args: &SimulateArgs, rules: RuleSet) -> anyhow::Result<()> {
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()));
    let calls = read(&args.calls)?;
    let shifts = args.shifts.as_deref().map(read).transpose()?;
    if let (Some(from), Some(to)) = (args.from, args.to) {
        anyhow::ensure!(from <= to, "--to: expected {from} or later, found {to}");
    }
    let options = Options {
        zone: args.zone.clone(),
        seed: args.seed,
        wrap_up: args.wrap_up,
        patience: match args.patience {
            PatienceArg::Recorded => Patience::Recorded,
            PatienceArg::None => Patience::None,
        },
        from: args.from,
        to: args.to,
    };
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} calls").expect("a constant template"),
    );
    let inputs = Inputs { calls: &calls, shifts: shifts.as_deref(), rules };
    let run = if args.against_first_come { simulate_against_first_come } else { simulate };
    let simulation = run(&inputs, &options, &mut |arrived, of| {
        bar.set_length(of);
        bar.set_position(arrived);
    });
    bar.finish_and_clear();
    let simulation = simulation.with_context(|| args.calls.display().to_string())?;
    if let Some(path) = &args.report {
        let text = serde_json::to_string_pretty(&simulation.report)? + "\n";
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    print!("{}", shown(&simulation));
    Ok(())
}

/// The report as people read it.
fn shown(simulation: &Simulation) -> String {
    let mut text = String::new();
    let report = &simulation.report;
    let rows = report.rows;
    let day = |date: Option<Date>| date.map_or("none".to_owned(), |date| date.to_string());
    line(
        &mut text,
        &format!(
            "{} to {}, seed {}: {} rows read = {} left out + {} left before the queue + {} entered; {} entered while \
             nobody was on duty, {} handle times drawn\n",
            day(report.from),
            day(report.to),
            report.seed,
            rows.read,
            rows.left_out,
            rows.left_before_queue,
            rows.entered,
            rows.nobody_on_duty,
            rows.drawn,
        ),
    );
    line(
        &mut text,
        &format!(
            "{:<20} {:>10} {:>8} {:>8} {:>9} {:>6} {:>7} {:>7} {:>8} {:>8} {:>9}",
            "queue", "day", "entered", "answered", "abandoned", "short", "waiting", "level", "ASA", "AHT", "longest"
        ),
    );
    for row in &report.queues {
        line(&mut text, &queue_line(row.queue.as_str(), &row.day.to_string(), &row.figures));
    }
    line(&mut text, &queue_line("total", "", &report.total.figures));
    let told = &report.total.figures.estimates;
    line(
        &mut text,
        &format!(
            "estimated waits: {} of the answered had one; {} waited no longer than its P50, {} no longer than its P90; \
             off by {} on average",
            told.estimated,
            percent(told.within_p50),
            percent(told.within_p90),
            seconds(told.estimate_off_ms),
        ),
    );
    line(
        &mut text,
        &format!(
            "\n{:<20} {:>5} {:>8} {:>9} {:>10} {:>9}",
            "agent", "days", "handled", "busy", "available", "occupancy"
        ),
    );
    for same in report.agents.chunk_by(|one, other| one.agent == other.agent) {
        let time = same.iter().fold(AgentTime::default(), |sum, row| sum.plus(row.time));
        line(&mut text, &agent_line(same[0].agent.as_str(), same.len(), &time));
    }
    line(&mut text, &agent_line("total", report.agents.len(), &report.total.time));
    let mut centres = vec![("recorded", &simulation.recorded), ("simulated", &simulation.simulated)];
    centres.extend(simulation.first_come.as_ref().map(|centre| ("first come", centre)));
    text + &compared(&centres)
}

fn queue_line(name: &str, day: &str, figures: &Figures) -> String {
    format!(
        "{name:<20} {day:>10} {:>8} {:>8} {:>9} {:>6} {:>7} {:>7} {:>8} {:>8} {:>9}",
        figures.entered,
        figures.answered,
        figures.abandoned,
        figures.short_abandoned,
        figures.waiting,
        percent(figures.service_level),
        seconds(figures.asa_ms),
        seconds(figures.aht_ms),
        seconds(Some(figures.longest_wait_ms)),
    )
}

fn agent_line(name: &str, days: usize, time: &AgentTime) -> String {
    let (busy, available) = (hours(time.busy_ms), hours(time.available_ms));
    format!("{name:<20} {days:>5} {:>8} {busy:>9} {available:>10} {:>9}", time.handled, percent(time.occupancy))
}

/// Centres beside each other, by name.
fn compared(centres: &[(&str, &Achieved)]) -> String {
    let names: String = centres.iter().map(|(name, _)| format!(" {name:>10}")).collect();
    let mut text = format!("\n{:<36}{names}\n", "");
    let mut row = |name: &str, figure: &dyn Fn(&Achieved, Standing) -> String| {
        let figures = centres.iter().map(|(_, centre)| format!(" {:>10}", figure(centre, Standing::from(*centre))));
        line(&mut text, &format!("{name:<36}{}", figures.collect::<String>()));
    };
    let within = seconds(Some(COMPARED_WITHIN));
    row("calls", &|centre, _| centre.calls.to_string());
    row("hung up, before or in the queue", &|centre, _| percent(share(centre.hung_up, centre.calls)));
    row("abandoned in the queue", &|_, standing| percent(standing.abandonment));
    row(&format!("service level, within {within}"), &|_, standing| percent(standing.service_level));
    row("ASA of the answered", &|_, standing| seconds(standing.asa_ms));
    row(&format!("of them within {within}"), &|centre, _| percent(share(centre.answered_within, centre.answered)));
    row("asked to be called", &|_, standing| standing.asked_to_be_called.to_string());
    row("of them called and answered", &|_, standing| standing.called_back.to_string());
    row("mean service", &|centre, _| seconds(mean(centre.service, centre.services)));
    text
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("a string takes all");
}

fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn seconds(span: Option<Millis>) -> String {
    span.map_or("-".to_owned(), |span| format!("{}.{} s", span.0 / 1_000, span.0 % 1_000 / 100))
}

fn hours(span: Millis) -> String {
    format!("{}.{} h", span.0 / 3_600_000, span.0 % 3_600_000 / 360_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(clap::Parser)]
    struct Alone {
        #[command(flatten)]
        simulate: SimulateArgs,
    }

    #[test]
    fn flags_are_checked() {
        let parse = |flags: &[&str]| {
            let flags = ["usher", "--calls", "a.csv"].iter().chain(flags);
            Alone::try_parse_from(flags).map(|alone| alone.simulate).map_err(|error| error.to_string())
        };
        let args = parse(&["--wrap-up", "7.5", "--zone", "Asia/Jerusalem", "--patience", "none"]).unwrap();
        assert_eq!((args.wrap_up, args.patience, args.seed), (Millis(7_500), PatienceArg::None, 1));
        for (flags, expected) in [
            (["--zone", "Mars/Olympus"], "expected the name of a time zone"),
            (["--wrap-up", "-1"], "expected"),
            (["--wrap-up", "4000"], "expected seconds, from 0 to 3600"),
            (["--from", "yesterday"], "--from"),
        ] {
            let told = parse(&flags).unwrap_err();
            assert!(told.contains(expected), "{told}");
        }
    }
}
