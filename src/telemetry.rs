//! Sets up what tells how the server does: log lines and counters. It never says who called or who answered, nor lets a
//! library say so.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::config::{LogFormat, LogSettings};
use crate::counters;

/// Where the bars of a histogram stand, in seconds: from a decision in the core to a stalled disk.
const SECONDS_BUCKETS: [f64; 14] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The packages whose lines hold nothing of anybody, at any level.
const OURS: [&str; 2] = ["usher", "usher_core"];
/// Below it libraries print what they carry: whole messages, heads with secrets.
const LIBRARIES_FROM: LevelFilter = LevelFilter::INFO;

#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("log.level: {0}")]
    Level(#[from] ParseError),
    #[error("logs go elsewhere already: {0}")]
    Logs(#[from] TryInitError),
    #[error("counters go elsewhere already: {0}")]
    Counters(#[from] BuildError),
}

/// Sends the process's log lines to standard error; standard output belongs to answers.
///
/// # Errors
/// When the level cannot be read, or it was done before.
pub fn start_logs(settings: &LogSettings) -> Result<(), TelemetryError> {
    let level = EnvFilter::try_new(&settings.level)?;
    let nothing_carried = filter_fn(|line| {
        let is_ours = line.target().split("::").next().is_some_and(|part| OURS.contains(&part));
        is_ours || *line.level() <= LIBRARIES_FROM
    });
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match settings.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    registry().with(level).with(nothing_carried).with(lines).try_init()?;
    Ok(())
}

/// Counts from now on. The handle renders what `/metrics` answers; `run_upkeep` is to be called every few seconds.
///
/// # Errors
/// When it was done before.
pub fn start_counters() -> Result<PrometheusHandle, TelemetryError> {
    let mut builder = PrometheusBuilder::new().set_buckets(&SECONDS_BUCKETS)?;
    for (name, buckets) in counters::BUCKETS {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)?;
    }
    let handle = builder.install_recorder()?;
    counters::describe();
    Ok(handle)
}
