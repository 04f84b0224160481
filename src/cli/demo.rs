//! `usher demo`: a contact centre with virtual callers and agents, at a server of its own or at one
//! that runs. It looks into no server: its people are clients like any other.

mod accounts;
mod campaign;
mod centre;
mod child;
mod leads;
mod rules_folder;
mod shown;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::signal::unix::{SignalKind, signal};

use crate::demo::{
    CallerModel, Cast, Company, GatewayPlan, Habits, RecordedDays, RowCounts, Shift, Span, VirtualAgent, read_calls,
};
use crate::protocol::AgentName;
use centre::Centre;

/// How long after the last shift and the last arrival a replay still waits for calls to end.
const REPLAY_ENDS_AFTER_MS: i64 = 30 * 60 * 1_000;
/// A replay's clock starts this long before the first thing happens, by the wall's clock: everyone
/// has to log in first.
const REPLAY_STARTS_BEFORE_MS: i64 = 10 * 1_000;
const PROGRESS_EVERY: Duration = Duration::from_secs(5);
/// From the order to connect until a virtual device is lifted.
const RINGS_FOR: Span = Span { min_ms: 600, max_ms: 2_500 };
/// Of recorded calls: the recording has no ringing.
const RINGS_NOT: Span = Span::seconds(0, 0);

/// Runs a contact centre with virtual callers and agents.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Play these recorded calls (CSV) instead of drawn ones
    #[arg(long, value_name = "FILE.csv")]
    pub calls: Option<PathBuf>,
    /// First day of the recorded calls, such as 1999-02-02
    #[arg(long, value_name = "DATE", requires = "calls")]
    pub from: Option<Date>,
    /// Last day of the recorded calls
    #[arg(long, value_name = "DATE", requires = "calls")]
    pub to: Option<Date>,
    /// Time zone of the recorded calls, such as Asia/Jerusalem
    #[arg(long, default_value = "UTC", requires = "calls", value_parser = time_zone)]
    pub zone: TimeZone,
    /// How many times as fast as the wall's the centre's clock runs
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub speed: u32,
    /// Stop after so many minutes by the wall's clock
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub minutes: Option<u64>,
    /// Decides everything that is drawn
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep everything in this folder, to go on with it later [default: a folder that is removed]
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    pub data: Option<PathBuf>,
    /// The folder of rules [default: routing-rules, or routing-rules/examples/bank-1999 with --calls]
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    pub rules: Option<PathBuf>,
    /// The port of the pages [default: 7700, or any free one]
    #[arg(long, conflicts_with = "server")]
    pub port: Option<u16>,
    /// Join the server at this address, such as http://127.0.0.1:7700
    #[arg(long, value_name = "URL", requires_all = ["gateway_key", "agents_file"], conflicts_with_all = ["calls", "speed"])]
    pub server: Option<String>,
    /// A key of a gateway at that server
    #[arg(long, value_name = "KEY", env = "USHER_DEMO_GATEWAY_KEY", hide_env_values = true)]
    pub gateway_key: Option<String>,
    /// Who may log in there (CSV: user,password,agent; the row without an agent is the supervisor)
    #[arg(long, value_name = "FILE.csv", requires = "server")]
    pub agents_file: Option<PathBuf>,
}

fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "expected the name of a time zone, such as Asia/Jerusalem".to_owned())
}

/// Recorded calls as they will be played.
struct Replay {
    days: RecordedDays,
    begins_ms: i64,
    ends_ms: i64,
}

/// Runs the centre until its calls are over, `--minutes` have passed or Ctrl-C, and prints the totals.
///
/// # Errors
/// When a file is wrong, the server cannot be started or joined, or the totals do not agree.
pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let replay = args.calls.as_ref().map(|_| read_replay(&args)).transpose()?;
    let centre = match &args.server {
        Some(url) => Centre::join(&args, url).await?,
        None => Centre::start(&args, replay.as_ref()).await?,
    };
    let rows = replay.as_ref().map(|replay| replay.days.rows);
    let played = play(&args, &centre, replay).await;
    centre.stop().await?;
    let (totals, calls) = played?;
    print!("{}", shown::totals(&totals, rows.map(|rows| (rows, calls))));
    let disagreements = totals.disagreements();
    ensure!(disagreements.is_empty(), "the figures do not agree:\n{}", disagreements.join("\n"));
    Ok(())
}

fn read_replay(args: &DemoArgs) -> anyhow::Result<Replay> {
    let path = args.calls.as_ref().expect("the caller has seen it");
    if let (Some(from), Some(to)) = (args.from, args.to) {
        ensure!(from <= to, "--to: expected {from} or later, found {to}");
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let days = read_calls(&text, &args.zone, args.from, args.to).with_context(|| path.display().to_string())?;
    let RowCounts { read, .. } = days.rows;
    ensure!(!days.calls.is_empty(), "{}: {read} rows of the chosen days, and no call that enters", path.display());
    let entries = || days.calls.iter().map(|call| call.enters_at_ms);
    let first = entries().chain(days.shifts.iter().map(|shift| shift.begins_ms)).min().expect("there are calls");
    let last = entries().chain(days.shifts.iter().map(|shift| shift.ends_ms)).max().expect("there are calls");
    let (begins_ms, ends_ms) = (first - REPLAY_STARTS_BEFORE_MS * i64::from(args.speed), last + REPLAY_ENDS_AFTER_MS);
    Ok(Replay { days, begins_ms, ends_ms })
}

/// Everything between the first session and the last; also how many recorded calls there were.
async fn play(args: &DemoArgs, centre: &Centre, replay: Option<Replay>) -> anyhow::Result<(crate::demo::Totals, u64)> {
    let tokens = centre.log_in_all().await?;
    let ends_ms = replay.as_ref().map(|replay| replay.ends_ms);
    let calls = replay.as_ref().map_or(0, |replay| replay.days.calls.len() as u64);
    let (plan, rings_for) = match &replay {
        Some(replay) => (GatewayPlan::Listed(replay.days.calls.clone().into_iter()), RINGS_NOT),
        None => {
            let agents: Vec<AgentName> = tokens.agents.iter().map(|(name, _)| name.clone()).collect();
            (GatewayPlan::Live(Box::new(CallerModel::new(args.seed, &agents))), RINGS_FOR)
        }
    };
    let people = (1..).zip(tokens.agents).map(|(number, (name, token))| {
        let seed = args.seed.wrapping_mul(1_000_003).wrapping_add(number);
        (virtual_agent(name, replay.as_ref(), seed), token)
    });
    let cast = Cast {
        url: centre.socket_url(),
        gateway_key: centre.gateway_key(),
        supervisor: tokens.supervisor,
        agents: people.collect(),
        plan,
        rings_for,
        campaign: centre.campaign().cloned(),
        seed: args.seed,
    };
    let mut company = Company::start(cast).await?;
    println!("{}", centre.welcome());
    watch(args, centre, &mut company, ends_ms).await?;
    println!("stopping");
    Ok((company.finish().await?, calls))
}

fn virtual_agent(name: AgentName, replay: Option<&Replay>, seed: u64) -> VirtualAgent {
    match replay {
        Some(replay) => {
            let is_his = |shift: &&Shift| shift.agent == name.as_str();
            let shifts = replay.days.shifts.iter().filter(is_his).cloned().collect();
            VirtualAgent { name, habits: Habits::at_once(), shifts, seed }
        }
        None => VirtualAgent { name, habits: Habits::human(), shifts: Vec::new(), seed },
    }
}

/// Shows what happens until it is time to stop.
async fn watch(args: &DemoArgs, centre: &Centre, company: &mut Company, ends_ms: Option<i64>) -> anyhow::Result<()> {
    let mut progress = tokio::time::interval(PROGRESS_EVERY);
    let mut terminate = signal(SignalKind::terminate()).context("signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals")?;
    let mut clock = company.clock.clone();
    let time_is_up = async {
        match args.minutes {
            Some(minutes) => tokio::time::sleep(Duration::from_secs(60 * minutes)).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(time_is_up);
    loop {
        tokio::select! {
            () = company.calls_are_over() => return Ok(()),
            () = clock.until(ends_ms) => return Ok(()),
            () = &mut time_is_up => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
            () = centre.given_up() => bail!("the server ends as soon as it is started"),
            _ = progress.tick() => {
                for error in company.refused() {
                    eprintln!("an agent was refused: {error}");
                }
                println!("{}", shown::progress(&company.clock, &company.ledger.seen(), company.dashboard.shown(), centre.starts()));
            }
        }
    }
}
