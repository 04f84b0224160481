//! What was measured, as a table and as JSON. Measures only memory and files.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

#[derive(Serialize)]
pub struct Figures {
    customers: u64,
    interactions: u64,
    seed: u64,
    /// Customers through `usher import`, checked and looked for, all of them.
    pub import: Option<Rate>,
    /// The first of them, as many as the limit was measured with.
    pub import_first: Option<Rate>,
    /// Interactions as the reader of the journal writes them: each with a visit and a segment.
    pub interactions_written: Option<Rate>,
    pub interactions_first: Option<Rate>,
    pub limit: Option<Limit>,
    pub look_ups: Vec<Spread>,
    /// Database and log.
    pub file_mib_after_import: u64,
    pub file_mib: u64,
    pub peak_mib_after_import: u64,
    pub resident_mib_after_look_ups: u64,
    pub peak_mib: u64,
}

/// The same rows copied by SQLite alone, into a database with the same tables and settings, as many a transaction.
#[derive(Serialize)]
pub struct Limit {
    pub customers: Rate,
    pub interactions: Rate,
}

#[derive(Clone, Copy, Serialize)]
pub struct Rate {
    pub rows: u64,
    pub seconds: f64,
    pub a_second: f64,
}

impl Rate {
    pub fn of(rows: u64, took: Duration) -> Rate {
        let seconds = took.as_secs_f64();
        Rate { rows, seconds, a_second: rows as f64 / seconds }
    }
}

/// How long something took, in microseconds.
#[derive(Serialize)]
pub struct Spread {
    what: String,
    count: u64,
    p50_us: u64,
    p99_us: u64,
    max_us: u64,
    /// Of those that were asked for, what the answers held on average.
    found: f64,
    /// Answers that held nothing, though there is who was asked for: the search looks at so many candidates and no more.
    empty: u64,
}

impl Spread {
    /// Above the lines of several.
    pub const HEADINGS: &str =
        "look-ups                                         p50 µs     p99 µs     max µs    found    empty";

    pub fn of(what: &str, histogram: &Histogram<u64>, found: u64, empty: u64) -> Spread {
        Spread {
            what: what.to_owned(),
            count: histogram.len(),
            p50_us: histogram.value_at_quantile(0.5),
            p99_us: histogram.value_at_quantile(0.99),
            max_us: histogram.max(),
            found: found as f64 / histogram.len().max(1) as f64,
            empty,
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spread { what, p50_us, p99_us, max_us, .. } = self;
        write!(f, "{what:<44} {p50_us:>10} {p99_us:>10} {max_us:>10}")
    }
}

impl Figures {
    pub fn new(customers: u64, interactions: u64, seed: u64) -> Figures {
        Figures {
            customers,
            interactions,
            seed,
            import: None,
            import_first: None,
            interactions_written: None,
            interactions_first: None,
            limit: None,
            look_ups: Vec::new(),
            file_mib_after_import: 0,
            file_mib: 0,
            peak_mib_after_import: 0,
            resident_mib_after_look_ups: 0,
            peak_mib: 0,
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<44} {:>10} {:>12} {:>10}", "rows", "count", "a second", "seconds")?;
        let limit = self.limit.as_ref();
        for (what, rate) in [
            ("customers imported", self.import),
            ("  the first of them", self.import_first),
            ("  the same rows by SQLite alone", limit.map(|limit| limit.customers)),
            ("interactions written", self.interactions_written),
            ("  the first of them", self.interactions_first),
            ("  the same rows by SQLite alone", limit.map(|limit| limit.interactions)),
        ] {
            let Some(rate) = rate else { continue };
            writeln!(f, "{what:<44} {:>10} {:>12.0} {:>10.1}", rate.rows, rate.a_second, rate.seconds)?;
        }
        writeln!(f, "\n{}", Spread::HEADINGS)?;
        for spread in &self.look_ups {
            writeln!(f, "{spread} {:>8.1} {:>8}", spread.found, spread.empty)?;
        }
        writeln!(
            f,
            "\nfile {} MiB ({} after the import), memory {} MiB at most ({} by the end of the import), {} now\n",
            self.file_mib,
            self.file_mib_after_import,
            self.peak_mib,
            self.peak_mib_after_import,
            self.resident_mib_after_look_ups
        )
    }
}

/// Of the database and its log.
pub fn mib(folder: &Path) -> u64 {
    let bytes = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    (bytes("usher.db") + bytes("usher.db-wal")) >> 20
}

/// The most memory this process has held: Linux only, else 0.
pub fn peak_mib() -> u64 {
    status_mib("VmHWM:")
}

/// The memory it holds now: Linux only, else 0.
pub fn resident_mib() -> u64 {
    status_mib("VmRSS:")
}

fn status_mib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or_default() >> 10
}
