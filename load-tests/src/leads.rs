//! What the leads of a large call list cost: imported from a file, checked and de-duplicated, beside what SQLite alone
//! takes for the same rows; then in the feed of their campaign. Every row comes from the seed. Calls nobody.

mod feed;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use usher::clock::wall_time;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, import};
use usher::customers::change::Stamp;
use usher::imports::import_batch::{ImportPlace, ImportSettings, ImportedRows};
use usher::outbound::call_list::CallListSettings;
use usher::outbound::campaign::CampaignSettings;
use usher::outbound::lead_columns::LeadMapping;
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::{CallListName, CampaignId, PersonId};
use usher::sqlx::Connection;

use super::customers::figures::{Rate, mib, peak_mib, resident_mib};
use super::customers::{Steps, limit};
use feed::FeedFigures;

/// One row of so many has the number of an earlier one.
const DUPLICATE_EVERY: u64 = 50;
/// French mobile numbers have so many; each of them once, in no order.
const NUMBERS: u64 = 100_000_000;
const STRIDE: u64 = 61_803_399;
const CAMPAIGN: &str = "load-test";
const ZONES: [&str; 4] = ["Europe/Paris", "Europe/Paris", "Indian/Reunion", "America/Guadeloupe"];
/// The limit is measured on the first of the rows only.
const LIMIT_LEADS: u64 = 1_000_000;
const COPIED: [&str; 2] = [
    "insert into main.lead select * from made.lead where id > $1 and id <= $2",
    "insert into main.lead_number select * from made.lead_number where lead > $1 and lead <= $2",
];

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 10_000_000)]
    leads: u64,
    /// Among which leads a number may stand once: file, list, campaign or system
    #[arg(long, default_value = "list")]
    duplicates: String,
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
    leads: u64,
    seed: u64,
    duplicates: String,
    /// Rows of the file through `usher import`, checked and looked for.
    import: Rate,
    /// The same rows copied by SQLite alone, as many a transaction.
    limit: Rate,
    feed: FeedFigures,
    added: u64,
    refused: u64,
    file_mib: u64,
    /// After the import; the feed comes on top.
    resident_mib: u64,
    peak_mib: u64,
}

pub fn run(arguments: &Arguments) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    let figures = runtime.block_on(measure(arguments));
    let Figures { import, limit, feed, .. } = &figures;
    println!("\n{:<44} {:>10} {:>12} {:>10}", "rows", "count", "a second", "seconds");
    let imported = [("leads imported", *import), ("  the same rows by SQLite alone", *limit)];
    for (what, rate) in imported.into_iter().chain(feed.rates()) {
        println!("{what:<44} {:>10} {:>12.0} {:>10.1}", rate.rows, rate.a_second, rate.seconds);
    }
    println!("\n{:<44} {:>10} {:>10} {:>10}", "times", "p50 µs", "p99 µs", "max µs");
    for spread in feed.spreads() {
        println!("{spread}");
    }
    let (file, peak, bytes) = (figures.file_mib, figures.peak_mib, feed.bytes_a_lead());
    println!(
        "\nfile {file} MiB, memory {peak} MiB at most while they were imported, {bytes} bytes a lead in the feed\n"
    );
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
    assert!(arguments.leads <= NUMBERS, "expected at most {NUMBERS} leads");
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let database = folder.join("usher.db");
    assert!(!database.exists(), "{}: expected a folder without a database", folder.display());
    let csv = folder.join("leads.csv");
    write_leads(&csv, arguments);
    println!("{} leads, seed {}, SQLite", arguments.leads, arguments.seed);
    let records = Records::open(&RecordsPlace::Sqlite(database)).await.expect("the records open");
    let (import, added, refused) = import_leads(&records, &csv, arguments).await;
    let (file_mib, resident_mib, peak_mib) = (mib(folder), resident_mib(), peak_mib());
    let campaign = CampaignId::new(CAMPAIGN).expect("a name");
    let feed = feed::measure(&records, &folder.join("usher.db"), &campaign, added).await;
    records.close().await;
    let limit = copied_alone(folder, added.min(LIMIT_LEADS)).await;
    let (leads, seed, duplicates) = (arguments.leads, arguments.seed, arguments.duplicates.clone());
    Figures { leads, seed, duplicates, import, limit, feed, added, refused, file_mib, resident_mib, peak_mib }
}

fn write_leads(path: &Path, arguments: &Arguments) {
    let mut file = BufWriter::new(File::create(path).expect("the file of leads can be made"));
    writeln!(file, "phone,name,zone,postcode,priority,ref").expect("the disk has room");
    for no in 0..arguments.leads {
        let of =
            if no % DUPLICATE_EVERY == DUPLICATE_EVERY - 1 { no / 2 / DUPLICATE_EVERY * DUPLICATE_EVERY } else { no };
        let number = (of.wrapping_mul(STRIDE) + arguments.seed) % NUMBERS;
        let zone = ZONES[(no % ZONES.len() as u64) as usize];
        writeln!(file, "06{number:08},Lead {no},{zone},{:05},{},L-{no}", no % 96_000, no % 100)
            .expect("the disk has room");
    }
    file.flush().expect("the disk has room");
}

async fn import_leads(records: &Records, csv: &Path, arguments: &Arguments) -> (Rate, u64, u64) {
    let settings = serde_json::json!({
        "campaign": CAMPAIGN, "default_country": "FR", "duplicates": arguments.duplicates,
    });
    let settings: CallListSettings = serde_json::from_value(settings).expect("the scope is a word");
    let by = PersonId::new("load-test").expect("a name");
    let stamp = Stamp { at: wall_time(), by: by.clone() };
    let name = CallListName::new("load-test").expect("a name");
    let campaign = serde_json::json!({
        "queue": "outbound", "gateway": "switch", "mode": "progressive", "purpose": "sales",
        "disposition": { "refused": { "reached": "right_party", "final": "contact" } },
        "hours": { "week": { "mon-sun": ["09:00-18:00"] } },
    });
    let campaign: CampaignSettings = serde_json::from_value(campaign).expect("the settings of a campaign");
    records.create_campaign(&settings.campaign, &campaign, &stamp).await.expect("an empty database takes a campaign");
    let list = records.create_call_list(&name, &settings, &stamp).await.expect("an empty database takes a list");
    let file = TableFile::open(csv, None).expect("the generated file is a table");
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let CallListSettings { fields, duplicates, default_country, .. } = settings;
    let mapping = LeadMapping::guessed(&headings, &fields, default_country);
    let rows = ImportedRows::Leads { list, mapping, fields, duplicates };
    let settings = ImportSettings { rows, format: file.format.clone(), errors: None };
    let order = ImportOrder { file: &file, settings, by, again: false, now: wall_time };
    let mut steps = Steps::begun("leads", 0, arguments.leads, arguments.leads);
    let mut progress = |place: ImportPlace| steps.is_at(place.row.saturating_sub(1));
    let report = import(records, &order, &mut progress).await.expect("the generated file is imported");
    let counts = report.counts;
    assert_eq!(counts.refused, arguments.leads / DUPLICATE_EVERY, "each duplicate: {:?}", report.refused.first());
    (steps.rate(), counts.added, counts.refused)
}

/// Nothing is read, checked, looked for or bound.
async fn copied_alone(folder: &Path, leads: u64) -> Rate {
    let mut connection = limit::empty_beside_made(folder).await;
    let rate = limit::copy(&mut connection, &COPIED, leads).await;
    connection.close().await.expect("the database closes");
    rate
}
