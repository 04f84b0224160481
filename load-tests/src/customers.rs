//! What the records of a large centre cost: customers imported from a file, interactions written as the journal's reader
//! writes them, and the look-ups of the screen pop among them. Every row comes from the seed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use hdrhistogram::Histogram;
use usher::clock::wall_time;
use usher::customer_import::file::CustomerFile;
use usher::customer_import::run::{ImportOrder, import};
use usher::customers::custom_fields::FieldDeclarations;
use usher::customers::customer::AddressKey;
use usher::customers::ids::CustomerId;
use usher::customers::import_batch::{IfKnown, ImportSettings};
use usher::customers::import_columns::ColumnMapping;
use usher::customers::interaction::{Interaction, InteractionSegment, InteractionVisit};
use usher::customers::phone::Region;
use usher::customers::text::{AddressKindWord, AddressText, ReaderName, Tag};
use usher::records::{BATCH_ROWS_MAX, InteractionBatch, Records, RecordsPlace};
use usher::routing::command::{Direction, Disposition, EndedBy};
use usher::routing::ids::{AgentId, ContactId, EventNo, PersonId, QueueId, SegmentId, VisitId};
use usher::routing::rule_set::Channel;
use usher::routing::time::Timestamp;

/// A look-up longer than this counts as this long: 60 s.
const LONGEST_US: u64 = 60_000_000;
/// The first interaction: 2020-01-01. They come one a second.
const FIRST_AT_MS: i64 = 1_577_836_800_000;
const AGENTS: u64 = 5_000;
const QUEUES: u64 = 200;
const SHOWN_INTERACTIONS: u32 = 5;
const GIVEN: [&str; 16] = [
    "Anna", "Jean", "Olga", "Wei", "Fatima", "Carlos", "Ingrid", "Yuki", "Omar", "Maria", "Pierre", "Eva", "Ivan",
    "Chloé", "Jürgen", "Aïcha",
];
const FAMILY: [&str; 16] = [
    "Martin", "Müller", "García", "Rossi", "Nowak", "Silva", "Dubois", "Kovács", "Smith", "Jansen", "Novák", "Tanaka",
    "Haddad", "Petrov", "Nguyễn", "Östlund",
];
const IDEOGRAPHS: [&str; 16] =
    ["李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "伟", "芳", "娜", "敏", "静", "明"];

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 5_000_000)]
    customers: u64,
    #[arg(long, default_value_t = 50_000_000)]
    interactions: u64,
    /// Screen pops that are measured.
    #[arg(long, default_value_t = 20_000)]
    pops: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder that is empty or not there; it is left for a look at it.
    #[arg(long)]
    folder: PathBuf,
}

/// SplitMix64: the same numbers from the same seed on every machine.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_of(&mut self, words: &'static [&'static str]) -> &'static str {
        words[usize::try_from(self.below(words.len() as u64)).expect("a list is short")]
    }
}

pub fn run(arguments: &Arguments) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(measure(arguments));
}

async fn measure(arguments: &Arguments) {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let database = folder.join("usher.db");
    assert!(!database.exists(), "{}: expected a folder without a database", folder.display());
    let (customers, interactions) = (arguments.customers, arguments.interactions);
    println!("records: {customers} customers, {interactions} interactions, seed {}, SQLite", arguments.seed);
    let csv = folder.join("customers.csv");
    write_customers(&csv, customers, arguments.seed);
    let records = Records::open(&RecordsPlace::Sqlite(database.clone())).await.expect("the records open");

    let began = Instant::now();
    import_customers(&records, &csv, customers).await;
    let took = began.elapsed().as_secs_f64();
    println!(
        "import        {:>10.0} customers/s ({took:.1} s), memory {} MiB at most",
        customers as f64 / took,
        peak_mib()
    );
    println!("database      {:>10} MiB after the import", mib(folder));

    let began = Instant::now();
    write_interactions(&records, customers, interactions, arguments.seed).await;
    let took = began.elapsed().as_secs_f64();
    println!(
        "interactions  {:>10.0} rows/s ({took:.1} s), memory {} MiB at most",
        interactions as f64 / took,
        peak_mib()
    );
    println!("database      {:>10} MiB in all", mib(folder));

    println!("{:<14} {:>10} {:>10} {:>10}", "one pop", "median µs", "p99 µs", "max µs");
    for (round, kind) in ["first look", "again"].iter().enumerate() {
        let histogram = pops(&records, arguments, round == 0).await;
        println!(
            "{kind:<14} {:>10} {:>10} {:>10}",
            histogram.value_at_quantile(0.5),
            histogram.value_at_quantile(0.99),
            histogram.max()
        );
    }
    println!("memory        {:>10} MiB at most", peak_mib());
    records.close().await;
}

/// Nine digits behind +33: each customer has its own.
fn number_of(customer: u64) -> String {
    format!("+336{customer:08}")
}

fn write_customers(path: &Path, count: u64, seed: u64) {
    let mut file = BufWriter::new(File::create(path).expect("the file of customers can be made"));
    let mut draws = Draws(seed);
    writeln!(file, "name,phone,email,language,tier,crm").expect("the disk has room");
    let mut line = String::new();
    for no in 0..count {
        line.clear();
        if draws.below(5) == 0 {
            line.extend((0..3).map(|_| draws.one_of(&IDEOGRAPHS)));
        } else {
            write!(line, "{} {}", draws.one_of(&GIVEN), draws.one_of(&FAMILY)).expect("a string takes all");
        }
        let tier = draws.one_of(&["gold", "silver", "bronze", ""]);
        let language = draws.one_of(&["fr", "de", "en", "zh"]);
        let number = number_of(no);
        writeln!(file, "{line},{number},customer{no}@example.com,{language},{tier},C{no}").expect("the disk has room");
    }
    file.flush().expect("the disk has room");
}

async fn import_customers(records: &Records, csv: &Path, count: u64) {
    let file = CustomerFile::open(csv).expect("the generated file is a table");
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let fields = FieldDeclarations::default();
    let mut mapping = ColumnMapping::guessed(&headings, &fields, Some(Region::new("FR").expect("a country")));
    let crm = serde_json::from_value(serde_json::json!({ "external": { "system": "crm" } }));
    mapping.columns.insert("crm".to_owned(), crm.expect("a column"));
    let settings = ImportSettings {
        mapping,
        fields,
        delimiter: char::from(file.delimiter),
        if_known: IfKnown::Skip,
        errors: None,
    };
    let by = PersonId::new("load-test").expect("a name");
    let order = ImportOrder { file: &file, settings, by, again: false, now: wall_time };
    let report = import(records, &order, &mut |_| {}).await.expect("the generated file is imported");
    assert_eq!(report.counts.added, count, "every generated customer is new: {:?}", report.refused);
}

async fn write_interactions(records: &Records, customers: u64, count: u64, seed: u64) {
    let reader = ReaderName::new("load-test").expect("a name");
    let mut draws = Draws(seed ^ 1);
    let mut rows = Vec::with_capacity(BATCH_ROWS_MAX);
    for no in 0..count {
        rows.push(interaction(no, customers, &mut draws));
        if rows.len() == BATCH_ROWS_MAX || no + 1 == count {
            let (after, up_to) = (no + 1 - rows.len() as u64, no + 1);
            let batch = InteractionBatch { interactions: &rows, notes: &[] };
            let written = records.write_interactions(&reader, EventNo(after), EventNo(up_to), &batch).await;
            assert!(written.expect("the rows are written"), "each once");
            rows.clear();
        }
    }
}

/// A call of one visit and one agent. A fifth of the customers have four fifths of the calls.
fn interaction(no: u64, customers: u64, draws: &mut Draws) -> Interaction {
    let often = draws.below(5) > 0;
    let customer = draws.below(if often { customers.div_ceil(5) } else { customers });
    let at = FIRST_AT_MS + i64::try_from(no).expect("few contacts") * 1_000;
    let later = |seconds: u64| Timestamp(at + i64::try_from(seconds).expect("a call is short") * 1_000);
    let (waits, talks) = (draws.below(120), 30 + draws.below(600));
    let queue = QueueId::new(&format!("queue{}", draws.below(QUEUES))).expect("a name");
    let disposition = Some(Disposition("resolved".into()));
    Interaction {
        contact: ContactId(no),
        customer: Some(CustomerId(i64::try_from(customer + 1).expect("few customers"))),
        channel: Channel::Voice,
        direction: Direction::Inbound,
        from: Some(phone(&number_of(customer))),
        to: Some(phone("+33800000000")),
        arrived_at: Timestamp(at),
        ended_at: Some(later(waits + talks)),
        ended_by: Some(EndedBy::Customer),
        disposition: disposition.clone(),
        satisfaction: None,
        recording: None,
        transcript: None,
        visits: vec![InteractionVisit {
            visit: VisitId(no),
            queue: queue.clone(),
            entered_at: Timestamp(at),
            ended_at: Some(later(waits)),
            end: Some(Tag::new("accepted").expect("a word")),
        }],
        segments: vec![InteractionSegment {
            segment: SegmentId(no),
            queue: Some(queue),
            agent: AgentId::new(&format!("agent{}", draws.below(AGENTS))).expect("a name"),
            started_at: later(waits),
            connected_at: Some(later(waits)),
            ended_at: Some(later(waits + talks)),
            wrapped_up_at: Some(later(waits + talks + 20)),
            disposition,
        }],
    }
}

fn phone(number: &str) -> AddressKey {
    AddressKey {
        kind: AddressKindWord::new("phone").expect("a word"),
        value: AddressText::new(number).expect("a number"),
    }
}

/// Who calls from this number, the card, and the last interactions: what stands on the screen.
async fn pops(records: &Records, arguments: &Arguments, is_first: bool) -> Histogram<u64> {
    let mut draws = Draws(arguments.seed ^ 2);
    let mut histogram = Histogram::new_with_bounds(1, LONGEST_US, 3).expect("constant bounds");
    for _ in 0..arguments.pops {
        let number = phone(&number_of(draws.below(arguments.customers)));
        let began = Instant::now();
        let found = records.customers_at(std::slice::from_ref(&number)).await.expect("the records answer");
        assert_eq!(found.len(), 1, "each number is one customer's");
        let id = found[0].customer.id;
        let card = records.customer_card(id).await.expect("the records answer").expect("the customer is there");
        let last = records.interactions_of_customer(id, None, SHOWN_INTERACTIONS).await.expect("the records answer");
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(LONGEST_US);
        histogram.saturating_record(took.max(1));
        assert!(is_first || (card.addresses.len() == 3 && last.len() <= SHOWN_INTERACTIONS as usize));
    }
    histogram
}

/// Of the database and its log.
fn mib(folder: &Path) -> u64 {
    let bytes = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    (bytes("usher.db") + bytes("usher.db-wal")) >> 20
}

/// The most memory this process has held: Linux only, else 0.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or_default() >> 10
}
