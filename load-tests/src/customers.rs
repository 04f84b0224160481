//! What the records of a large centre cost: customers imported from a file, interactions written as the journal's reader
//! writes them, then what stands on the screen and what people search for. Every row comes from the seed.

pub mod figures;
mod generator;
pub mod limit;
pub mod look_ups;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use usher::clock::wall_time;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, import};
use usher::customers::custom_fields::FieldDeclarations;
use usher::customers::import_columns::ColumnMapping;
use usher::customers::import_matching::IfKnown;
use usher::customers::phone::Region;
use usher::customers::text::ReaderName;
use usher::imports::import_batch::{ImportPlace, ImportSettings, ImportState, ImportedRows};
use usher::records::{BATCH_ROWS_MAX, InteractionBatch, Records, RecordsPlace};
use usher::routing::ids::{EventNo, PersonId};

use figures::{Figures, Rate, mib, peak_mib, resident_mib};
use generator::Generator;

/// How often a step says how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(10);
/// The limit is measured on the first of the rows only: copying all of them would take as long again.
const LIMIT_CUSTOMERS: u64 = 200_000;
const LIMIT_INTERACTIONS: u64 = 1_000_000;

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 5_000_000)]
    customers: u64,
    #[arg(long, default_value_t = 50_000_000)]
    interactions: u64,
    /// Screen pops that are measured, twice.
    #[arg(long, default_value_t = 20_000)]
    pops: u64,
    /// Searches of each kind.
    #[arg(long, default_value_t = 2_000)]
    searches: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder that is empty or not there.
    #[arg(long)]
    folder: PathBuf,
    /// Leave the database for a look at it; a later run with `--look-ups` asks it again.
    #[arg(long)]
    keep: bool,
    /// Go on where an earlier run with the same numbers was stopped; rates are then those of the rest.
    #[arg(long)]
    go_on: bool,
    /// Only look up, in the database that an earlier run with the same numbers left.
    #[arg(long)]
    look_ups: bool,
    /// The figures as JSON.
    #[arg(long, value_name = "FILE.json")]
    json: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    let figures = runtime.block_on(measure(arguments));
    print!("{figures}");
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
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let database = folder.join("usher.db");
    let generator = Generator { seed: arguments.seed, customers: arguments.customers };
    let mut figures = Figures::new(arguments.customers, arguments.interactions, arguments.seed);
    println!(
        "{} customers, {} interactions, seed {}, SQLite",
        arguments.customers, arguments.interactions, arguments.seed
    );
    if arguments.look_ups {
        assert!(database.exists(), "{}: expected the database of an earlier run", folder.display());
    } else {
        let is_begun = database.exists();
        assert!(arguments.go_on || !is_begun, "{}: expected a folder without a database, or --go-on", folder.display());
        fill(arguments, &generator, &database, &mut figures).await;
        let (customers, interactions) =
            (LIMIT_CUSTOMERS.min(arguments.customers), LIMIT_INTERACTIONS.min(arguments.interactions));
        figures.limit = Some(limit::measure(folder, customers, interactions).await);
    }
    let records = Records::open(&RecordsPlace::Sqlite(database)).await.expect("the records open");
    for name in ["pop, first look", "pop, again"] {
        figures.look_ups.push(look_ups::pops(name, &records, &generator, arguments.pops).await);
    }
    for kind in look_ups::SearchKind::ALL {
        figures.look_ups.push(look_ups::searches(kind, &records, &generator, arguments.searches).await);
    }
    figures.resident_mib_after_look_ups = resident_mib();
    records.close().await;
    figures.file_mib = mib(folder);
    figures.peak_mib = peak_mib();
    figures
}

async fn fill(arguments: &Arguments, generator: &Generator, database: &Path, figures: &mut Figures) {
    let folder = &arguments.folder;
    let csv = folder.join("customers.csv");
    let records = Records::open(&RecordsPlace::Sqlite(database.to_owned())).await.expect("the records open");
    let earlier = records.imports(1).await.expect("the records answer");
    if earlier.iter().all(|batch| batch.state != ImportState::Done) {
        generator.write_customers(&csv);
        (figures.import, figures.import_first) = import_customers(&records, &csv, arguments.customers).await;
        figures.file_mib_after_import = mib(folder);
        figures.peak_mib_after_import = peak_mib();
        std::fs::remove_file(&csv).expect("the file of customers can be removed");
    }
    (figures.interactions_written, figures.interactions_first) =
        write_interactions(&records, generator, arguments.interactions).await;
    records.close().await;
}

/// All of them, and the first [`LIMIT_CUSTOMERS`].
async fn import_customers(records: &Records, csv: &Path, count: u64) -> (Option<Rate>, Option<Rate>) {
    let file = TableFile::open(csv, None).expect("the generated file is a table");
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let fields = FieldDeclarations::default();
    let mut mapping = ColumnMapping::guessed(&headings, &fields, Some(Region::new("FR").expect("a country")));
    let crm = serde_json::from_value(serde_json::json!({ "external": { "system": "crm" } }));
    mapping.columns.insert("crm".to_owned(), crm.expect("a column"));
    let rows = ImportedRows::Customers { mapping, fields, if_known: IfKnown::Skip };
    let settings = ImportSettings { rows, format: file.format.clone(), errors: None };
    let by = PersonId::new("load-test").expect("a name");
    let order = ImportOrder { file: &file, settings, by, again: false, now: wall_time };
    let mut steps = Steps::begun("customers", 0, count, LIMIT_CUSTOMERS);
    let mut progress = |place: ImportPlace| steps.is_at(place.row.saturating_sub(1));
    let report = import(records, &order, &mut progress).await.expect("the generated file is imported");
    assert_eq!(report.counts.added, count, "every generated customer is new: {:?}", report.refused);
    (Some(steps.rate()), steps.first)
}

/// All of them, and the first [`LIMIT_INTERACTIONS`].
async fn write_interactions(records: &Records, generator: &Generator, count: u64) -> (Option<Rate>, Option<Rate>) {
    let reader = ReaderName::new("load-test").expect("a name");
    let mut rows = Vec::with_capacity(BATCH_ROWS_MAX);
    let written = records.reader_cursor(&reader).await.expect("the records answer").0;
    let mut steps = Steps::begun("interactions", written, count, LIMIT_INTERACTIONS);
    for no in written..count {
        rows.push(generator.interaction(no));
        if rows.len() == BATCH_ROWS_MAX || no + 1 == count {
            let (after, up_to) = (no + 1 - rows.len() as u64, no + 1);
            let batch = InteractionBatch { interactions: &rows, ..InteractionBatch::default() };
            let written = records.write_interactions(&reader, EventNo(after), EventNo(up_to), &batch).await;
            assert!(written.expect("the rows are written"), "each once");
            rows.clear();
            steps.is_at(no + 1);
        }
    }
    (Some(steps.rate()), steps.first)
}

/// How far something is, said now and then.
pub struct Steps {
    what: &'static str,
    /// Done by an earlier run.
    before: u64,
    count: u64,
    first_count: u64,
    began: Instant,
    told: Instant,
    first: Option<Rate>,
    at: u64,
}

impl Steps {
    pub fn begun(what: &'static str, before: u64, count: u64, first_count: u64) -> Steps {
        let now = Instant::now();
        let first_count = (before + first_count).min(count);
        Steps { what, before, count, first_count, began: now, told: now, first: None, at: before }
    }

    pub fn is_at(&mut self, at: u64) {
        self.at = at;
        if self.first.is_none() && at >= self.first_count {
            self.first = Some(self.rate());
        }
        if self.told.elapsed() >= TOLD_EVERY || at == self.count {
            self.told = Instant::now();
            println!(
                "{} {at} of {}, {:.0} a second, {} MiB resident",
                self.what,
                self.count,
                self.rate().a_second,
                resident_mib()
            );
        }
    }

    /// Of the first of them, once these are done.
    pub fn first(&self) -> Option<Rate> {
        self.first
    }

    pub fn rate(&self) -> Rate {
        Rate::of(self.at - self.before, self.began.elapsed())
    }
}
