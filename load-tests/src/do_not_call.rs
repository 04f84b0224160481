//! What tens of millions of do-not-call entries cost: imported from a file, and looked up one number at a time, beside what
//! SQLite alone takes for the same. Every entry comes from the seed. Calls nobody.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use usher::clock::wall_time;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, import};
use usher::imports::import_batch::{ImportPlace, ImportSettings, ImportedRows};
use usher::outbound::do_not_call::{CallTo, DoNotCallScope, NumberDigits};
use usher::outbound::do_not_call_columns::DoNotCallMapping;
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::sqlx::sqlite::SqliteConnectOptions;
use usher::sqlx::{self, Connection, SqliteConnection};

use super::customers::figures::{Rate, Spread, mib, peak_mib, resident_mib};
use super::customers::look_ups::{histogram, record};
use super::customers::{Steps, limit};

/// Before the first number; each block of so many numbers behind it has one entry, at a place that the seed says.
const BEFORE: u64 = 12_000_000_000;
const BLOCK: u64 = 100;
/// As many blocks as numbers of eleven digits leave.
const ENTRIES_MAX: u64 = (99_999_999_999 - BEFORE) / BLOCK;
/// Odd and no multiple of 5: of round counts every entry once, in no order. Of another the import would count fewer.
const STRIDE: u64 = 61_803_399;
/// The limit is measured on the first of the entries only.
const LIMIT_ENTRIES: u64 = 5_000_000;
const COPIED: [&str; 1] = ["insert into main.do_not_call select * from made.do_not_call
    where entry > 12000000000 + $1 * 100 and entry <= 12000000000 + $2 * 100"];

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 50_000_000)]
    entries: u64,
    /// In the order of the file: as regulators' lists are, or in none.
    #[arg(long)]
    unsorted: bool,
    /// Numbers looked up of each kind.
    #[arg(long, default_value_t = 100_000)]
    look_ups: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder that is empty or not there.
    #[arg(long)]
    folder: PathBuf,
    /// Leave the database for a look at it.
    #[arg(long)]
    keep: bool,
    /// The figures as JSON.
    #[arg(long, value_name = "FILE.json")]
    json: Option<PathBuf>,
}

#[derive(Serialize)]
struct Figures {
    entries: u64,
    unsorted: bool,
    seed: u64,
    /// Rows of the file through `usher import`.
    import: Rate,
    /// The first of them, as many as the limit was measured with.
    import_first: Option<Rate>,
    /// The same rows copied by SQLite alone, in order, as many a transaction.
    limit: Rate,
    /// Every beginning of a number, in every scope, and the hashes of who was erased; then one key by SQLite alone.
    look_ups: Vec<Spread>,
    file_mib: u64,
    resident_mib: u64,
    peak_mib_after_import: u64,
    peak_mib: u64,
}

pub fn run(arguments: &Arguments) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    let figures = runtime.block_on(measure(arguments));
    println!("\n{:<44} {:>10} {:>12} {:>10}", "rows", "count", "a second", "seconds");
    let rates = [
        ("entries imported", Some(figures.import)),
        ("  the first of them", figures.import_first),
        ("  the same rows by SQLite alone", Some(figures.limit)),
    ];
    for (what, rate) in rates {
        let Some(rate) = rate else { continue };
        println!("{what:<44} {:>10} {:>12.0} {:>10.1}", rate.rows, rate.a_second, rate.seconds);
    }
    println!("\n{}", Spread::HEADINGS);
    for spread in &figures.look_ups {
        println!("{spread}");
    }
    println!("\nfile {} MiB, memory {} MiB at most\n", figures.file_mib, figures.peak_mib);
    let json = serde_json::to_string_pretty(&figures).expect("figures are JSON");
    println!("{json}");
    if let Some(file) = &arguments.json {
        std::fs::write(file, json).expect("the file of figures can be written");
    }
    if !arguments.keep {
        std::fs::remove_dir_all(&arguments.folder).expect("the folder can be removed");
    }
}

async fn measure(arguments: &Arguments) -> Figures {
    let Arguments { entries, unsorted, seed, .. } = *arguments;
    assert!(entries <= ENTRIES_MAX, "expected at most {ENTRIES_MAX} entries");
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let database = folder.join("usher.db");
    assert!(!database.exists(), "{}: expected a folder without a database", folder.display());
    let csv = folder.join("list.csv");
    write_list(&csv, arguments);
    println!("{entries} do-not-call entries, seed {seed}, SQLite");
    let records = Records::open(&RecordsPlace::Sqlite(database.clone())).await.expect("the records open");
    let (import, import_first) = import_list(&records, &csv, arguments).await;
    let peak_mib_after_import = peak_mib();
    let mut look_ups = vec![
        checked("numbers that are listed", &records, arguments, true).await,
        checked("numbers that are not listed", &records, arguments, false).await,
    ];
    records.close().await;
    let (file_mib, resident_mib, peak_mib) = (mib(folder), resident_mib(), peak_mib());
    look_ups.push(looked_up_alone(&database, arguments, true).await);
    look_ups.push(looked_up_alone(&database, arguments, false).await);
    let mut bare = limit::empty_beside_made(folder).await;
    let limit = limit::copy(&mut bare, &COPIED, entries.min(LIMIT_ENTRIES)).await;
    bare.close().await.expect("the database closes");
    Figures {
        entries,
        unsorted,
        seed,
        import,
        import_first,
        limit,
        look_ups,
        file_mib,
        resident_mib,
        peak_mib_after_import,
        peak_mib,
    }
}

/// splitmix64: the same from the same seed.
fn mixed(seed: u64, no: u64) -> u64 {
    let mut mixed = no.wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The one number of this block that is listed, or one that is not.
fn number(seed: u64, block: u64, is_listed: bool) -> u64 {
    let place = mixed(seed, block) % BLOCK;
    let place = if is_listed { place } else { (place + 1) % BLOCK };
    BEFORE + block * BLOCK + 1 + place
}

/// A block at random for each look-up.
fn asked(arguments: &Arguments, nth: u64, is_listed: bool) -> u64 {
    let block = mixed(arguments.seed ^ u64::MAX, nth) % arguments.entries;
    number(arguments.seed, block, is_listed)
}

fn write_list(path: &Path, arguments: &Arguments) {
    let mut file = BufWriter::new(File::create(path).expect("the list can be made"));
    writeln!(file, "number").expect("the disk has room");
    for no in 0..arguments.entries {
        let block = if arguments.unsorted { no.wrapping_mul(STRIDE) % arguments.entries } else { no };
        writeln!(file, "+{}", number(arguments.seed, block, true)).expect("the disk has room");
    }
    file.flush().expect("the disk has room");
}

async fn import_list(records: &Records, csv: &Path, arguments: &Arguments) -> (Rate, Option<Rate>) {
    let file = TableFile::open(csv, None).expect("the generated file is a table");
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let mapping = DoNotCallMapping::guessed(&headings, None);
    let rows = ImportedRows::DoNotCall { mapping, scope: DoNotCallScope::Everyone, source: None };
    let settings = ImportSettings { rows, format: file.format.clone(), errors: None };
    let by = PersonId::new("load-test").expect("a name");
    let order = ImportOrder { file: &file, settings, by, again: false, now: wall_time };
    let mut steps = Steps::begun("entries", 0, arguments.entries, LIMIT_ENTRIES);
    let mut progress = |place: ImportPlace| steps.is_at(place.row.saturating_sub(1));
    let report = import(records, &order, &mut progress).await.expect("the generated file is imported");
    assert_eq!(report.counts.added, arguments.entries, "each entry once: {:?}", report.refused.first());
    (steps.rate(), steps.first())
}

async fn checked(what: &str, records: &Records, arguments: &Arguments, is_listed: bool) -> Spread {
    let mut spread = histogram();
    let mut stopped = 0;
    for nth in 0..arguments.look_ups {
        let number = NumberDigits::try_from(asked(arguments, nth, is_listed)).expect("eleven digits");
        let call = CallTo { number, campaign: Some("load-test"), account: Some("load-test") };
        let began = Instant::now();
        let found = records.do_not_call_stops(call, wall_time()).await.expect("the records answer");
        record(&mut spread, began);
        assert_eq!(found.is_some(), is_listed, "each number is listed or not");
        stopped += u64::from(found.is_some());
    }
    Spread::of(what, &spread, stopped, arguments.look_ups - stopped)
}

/// One key, by a statement that stays prepared.
async fn looked_up_alone(database: &Path, arguments: &Arguments, is_listed: bool) -> Spread {
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    let mut spread = histogram();
    let mut found = 0;
    for nth in 0..arguments.look_ups {
        let key = i64::try_from(asked(arguments, nth, is_listed)).expect("eleven digits");
        let began = Instant::now();
        let look_up = sqlx::query("select origin from do_not_call where entry = $1").bind(key);
        let row = look_up.fetch_optional(&mut connection).await.expect("SQLite answers");
        record(&mut spread, began);
        found += u64::from(row.is_some());
    }
    connection.close().await.expect("the database closes");
    let what = if is_listed { "  one key by SQLite alone, listed" } else { "  one key by SQLite alone, not listed" };
    Spread::of(what, &spread, found, arguments.look_ups - found)
}
