//! Imports of customers from files: taken over, known ones, gone on with, undone, and files that are wrong.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use usher::customer_import::error::ImportFailure;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use usher::customers::custom_fields::FieldDeclarations;
use usher::customers::ids::{CustomerId, ImportId, UndoPlace, Version};
use usher::customers::import_columns::ColumnMapping;
use usher::customers::import_matching::IfKnown;
use usher::customers::note::NoteSubject;
use usher::customers::phone::Region;
use usher::imports::import_batch::{ImportPlace, ImportSettings, ImportState, ImportedRows, NewImport};
use usher::records::{AuditNo, AuditQuestion, ImportChunk, ImportError, Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use super::{customer, fields, phone, stamp, text};
use crate::support::surroundings::temp_dir;

/// A folder with a file of customers, and how it is to be imported.
pub struct Files {
    folder: TempDir,
    pub if_known: IfKnown,
    pub keeps_errors: bool,
    pub again: bool,
}

impl Files {
    pub fn new() -> Files {
        Files { folder: temp_dir(), if_known: IfKnown::Skip, keeps_errors: false, again: false }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn order<'f>(&self, file: &'f TableFile) -> ImportOrder<'f> {
        let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
        let fields = FieldDeclarations::default();
        let mut mapping = ColumnMapping::guessed(&headings, &fields, Some(Region::new("FR").unwrap()));
        if headings.contains(&"crm") {
            let crm = serde_json::from_value(serde_json::json!({ "external": { "system": "crm" } })).unwrap();
            mapping.columns.insert("crm".to_owned(), crm);
        }
        let errors = self.keeps_errors.then(|| self.path("errors.csv").to_string_lossy().into_owned());
        let rows = ImportedRows::Customers { mapping, fields, if_known: self.if_known };
        let settings = ImportSettings { rows, format: file.format.clone(), errors };
        ImportOrder { file, settings, by: PersonId::new("ana").unwrap(), again: self.again, now: || Timestamp(1_000) }
    }

    async fn import(&self, records: &Records, path: &Path) -> Result<ImportReport, ImportFailure> {
        let file = TableFile::open(path, None)?;
        import(records, &self.order(&file), &mut |_| {}).await
    }

    async fn dry_run(&self, records: &Records, path: &Path) -> Result<ImportReport, ImportFailure> {
        let folder = temp_dir();
        let scratch = Records::open(&RecordsPlace::Sqlite(folder.path().join("scratch.db"))).await.unwrap();
        let file = TableFile::open(path, None)?;
        let report = dry_run(records, &scratch, &self.order(&file), &mut |_| {}).await;
        scratch.close().await;
        report
    }
}

/// Read, added, updated, skipped, refused.
pub fn counted(report: &ImportReport) -> [u64; 5] {
    let counts = &report.counts;
    [counts.read, counts.added, counts.updated, counts.skipped, counts.refused]
}

/// What the audit says of acts of this kind.
pub async fn audited(records: &Records, act: &str) -> Vec<String> {
    let asked = AuditQuestion { since: Timestamp(0), by: None, customer: None, after: AuditNo(0), limit: 1_000 };
    let rows = records.audit_rows(&asked).await.unwrap();
    rows.into_iter().filter(|row| row.act == act).map(|row| row.detail).collect()
}

async fn added(records: &Records, import: ImportId) -> Vec<CustomerId> {
    records.customers_of_import(import, CustomerId(0), 10_000).await.unwrap()
}

async fn only_at(records: &Records, number: &str) -> CustomerId {
    let found = records.customers_at(&[phone(number)]).await.unwrap();
    assert_eq!(found.len(), 1, "{number}");
    found[0].customer.id
}

const PEOPLE: &str = "\u{feff}name;phone;email;tier;tags;note;crm\r\n\
    Ann;01 23 45 67 89;ann@example.com;gold;vip, press;card 4111 1111 1111 1111;A\r\n\
    李小明;+86 138 0013 8000;;;;;B\r\n\
    \"Robert'); drop table customer;--\";01 40 00 00 01;;;;=1+1;C\r\n\
    Ann again;0033 1 23 45 67 89;;;;;\r\n\
    Nobody's number;12;;;;;D\r\n\
    ;;;;;;\r\n";

pub async fn taken_over(records: Records) {
    let mut files = Files::new();
    let path = files.write("people.csv", PEOPLE);
    let dry = files.dry_run(&records, &path).await.unwrap();
    assert_eq!(counted(&dry), [6, 3, 0, 1, 2]);
    assert!(records.imports(10).await.unwrap().is_empty(), "a dry run leaves nothing");
    assert!(records.customers_at(&[phone("+33123456789")]).await.unwrap().is_empty());

    files.keeps_errors = true;
    let report = files.import(&records, &path).await.unwrap();
    assert_eq!((counted(&report), report.went_on_after), ([6, 3, 0, 1, 2], None));
    let told: Vec<String> = report.refused.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("row 6, column \"phone\": "), "{told:?}");
    assert_eq!(told[1], "row 7: expected a name or an address");
    let errors = std::fs::read_to_string(files.path("errors.csv")).unwrap();
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!((lines[0], lines.len()), ("row,column,reason,name,phone,email,tier,tags,note,crm", 3));
    assert!(lines[1].starts_with("6,phone,") && lines[1].ends_with(",Nobody's number,12,,,,,D"), "{}", lines[1]);

    let ann = only_at(&records, "+33123456789").await;
    let card = records.customer_card(ann).await.unwrap().unwrap();
    assert_eq!((card.customer.fields.name.as_str(), card.addresses.len(), card.tags.len()), ("Ann", 3, 2));
    assert_eq!(card.customer.created, stamp(1_000));
    let notes = records.notes_of_customer(ann, 10).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert!(!notes[0].text.as_str().contains("4111 1111 1111"), "card numbers are masked");
    let other = only_at(&records, "+33140000001").await;
    assert_eq!(
        records.customer(other).await.unwrap().unwrap().fields.name.as_str(),
        "Robert'); drop table customer;--"
    );
    assert_eq!(records.notes_of_customer(other, 10).await.unwrap()[0].text.as_str(), "=1+1");
    let next = records.add_note(NoteSubject::Customer(other), &text("by hand"), &stamp(2_000)).await.unwrap();
    assert!(next > notes[0].id, "no number of a note is given twice");

    assert_eq!(added(&records, report.import).await.len(), 3, "each carries the number of its import");
    let batch = records.import(report.import).await.unwrap().unwrap();
    assert_eq!((batch.state, batch.counts, batch.file_name.as_str()), (ImportState::Done, report.counts, "people.csv"));
    assert_eq!((batch.errors_bytes, batch.place.position), (errors.len() as u64, PEOPLE.len() as u64));
    let begun = format!(r#"{{"import":{},"of":"customers","state":"begun"}}"#, report.import);
    let done = format!(
        r#"{{"added":3,"import":{},"of":"customers","refused":2,"skipped":1,"state":"done","updated":0}}"#,
        report.import
    );
    assert_eq!(audited(&records, "imported").await, [begun, done], "the dry run has no row");
    files.keeps_errors = false;
    let again = files.import(&records, &path).await;
    assert!(matches!(again, Err(ImportFailure::Done(done)) if done == report.import));
    files.again = true;
    assert_eq!(counted(&files.import(&records, &path).await.unwrap()), [6, 0, 0, 4, 2], "all are known");
}

pub async fn known_customers(records: Records) {
    let mut files = Files::new();
    let mut held = customer("Ann", &["+33123456789"]);
    held.fields.tier = Some(text("gold"));
    let ann = records.add_customer(&held, &stamp(1)).await.unwrap();
    let ben = records.add_customer(&customer("Ben", &["+33140000001"]), &stamp(1)).await.unwrap();
    let path = files.write(
        "known.csv",
        "name,phone,language,tags,note,crm\n\
         ,01 23 45 67 89,fr,vip,likes tea,A\n\
         Anna,01 55 55 55 55,,vip,likes tea,A\n\
         Wife,01 23 45 67 89,,,,W\n\
         Both,01 23 45 67 89;01 40 00 00 01,,,,\n\
         New,01 60 00 00 00,,,,N\n\
         Newer,,,x,,N\n",
    );
    let dry = files.dry_run(&records, &path).await.unwrap();
    assert_eq!(counted(&dry), [6, 2, 0, 4, 0], "Ann has no id that would deny it");
    files.if_known = IfKnown::Update;
    let dry = files.dry_run(&records, &path).await.unwrap();
    assert_eq!(counted(&dry), [6, 2, 3, 0, 1]);
    files.keeps_errors = true;
    let report = files.import(&records, &path).await.unwrap();
    assert_eq!(counted(&report), [6, 2, 3, 0, 1]);
    assert_eq!(report.refused[0].to_string(), "row 5: expected one customer with these addresses, found several");
    let errors = std::fs::read_to_string(files.path("errors.csv")).unwrap();
    assert!(errors.ends_with(",Both,01 23 45 67 89;01 40 00 00 01,,,,\n"), "{errors}");

    let card = records.customer_card(ann).await.unwrap().unwrap();
    let held = &card.customer.fields;
    assert_eq!(
        (held.name.as_str(), held.tier.as_ref().unwrap().as_str()),
        ("Anna", "gold"),
        "the empty changes nothing"
    );
    assert_eq!(held.language.as_ref().unwrap().as_str(), "fr");
    assert_eq!((card.addresses.len(), card.tags.len(), card.customer.version), (3, 1, Version(2)));
    assert_eq!(records.notes_of_customer(ann, 10).await.unwrap().len(), 1, "the same note once");
    assert_eq!(records.customer(ben).await.unwrap().unwrap().version, Version(1));
    let new = only_at(&records, "+33160000000").await;
    assert_eq!(records.customer(new).await.unwrap().unwrap().fields.name.as_str(), "Newer", "rows of one file meet");

    files.again = true;
    files.keeps_errors = false;
    assert_eq!(counted(&files.import(&records, &path).await.unwrap()), [6, 0, 5, 0, 1]);
    assert_eq!(records.notes_of_customer(ann, 10).await.unwrap().len(), 1);
    assert_eq!(records.customer(ann).await.unwrap().unwrap().version, Version(2), "what is so already is no change");
    files.if_known = IfKnown::Add;
    assert_eq!(counted(&files.import(&records, &path).await.unwrap()), [6, 6, 0, 0, 0]);
}

pub async fn undone(records: Records) {
    let files = Files::new();
    let numbers: Vec<String> = (0..6_000).map(|no| format!("+3312345{no:04}")).collect();
    let rows: String = numbers.iter().map(|number| format!("Customer,{number},imported\n")).collect();
    let path = files.write("many.csv", format!("name,phone,note\n{rows}"));
    let report = files.import(&records, &path).await.unwrap();
    assert_eq!(counted(&report), [6_000, 6_000, 0, 0, 0]);
    let all = added(&records, report.import).await;
    let outside = records.add_customer(&customer("Outside", &[]), &stamp(1)).await.unwrap();
    records.change_customer(all[1], Version(1), &fields("Changed"), &stamp(2_000)).await.unwrap();
    records.add_note(NoteSubject::Customer(all[2]), &text("since"), &stamp(2_000)).await.unwrap();
    records.merge_customers(all[3], all[5_500], &stamp(2_000)).await.unwrap();
    records.merge_customers(outside, all[5_501], &stamp(2_000)).await.unwrap();

    let first = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(3_000)).await.unwrap();
    assert_eq!((first.batch.state, first.batch.rows_removed), (ImportState::Undoing, 4_997));
    let kept: Vec<String> = first.kept.iter().map(|kept| kept.why.to_string()).collect();
    assert_eq!(kept, ["was changed since", "has notes since", "was merged with another since"]);
    // Interrupted here, and begun again.
    let again = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(3_001)).await.unwrap();
    assert_eq!((again.batch.state, again.next), (ImportState::Undone, None));
    assert_eq!((again.batch.rows_removed, again.batch.rows_kept), (5_995, 5));
    assert_eq!(added(&records, report.import).await, [all[1], all[2], all[3], all[5_500], all[5_501]]);
    assert!(records.customers_at(&[phone(&numbers[0])]).await.unwrap().is_empty());
    assert!(records.customer(outside).await.unwrap().is_some());
    let twice = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(4_000)).await;
    assert!(matches!(twice, Err(ImportError::Undone(_))));
    let unknown = records.undo_import_chunk(ImportId(99), UndoPlace(0), &stamp(4_000)).await;
    assert!(matches!(unknown, Err(ImportError::Unknown(ImportId(99)))));

    let report = files.import(&records, &path).await.unwrap();
    assert_eq!(counted(&report), [6_000, 5_995, 0, 5, 0], "it may be imported again; who stayed is known");
}

/// What a part of an import has written, another process goes on behind; two at once do not write twice.
pub async fn gone_on_with(records: Records) {
    let mut files = Files::new();
    let rows: String =
        (0..12_000).map(|no| format!("Customer {no},{}\n", if no % 1_000 == 7 { "12" } else { "" })).collect();
    let path = files.write("many.csv", format!("name,phone\n{rows}"));
    let file = TableFile::open(&path, None).unwrap();
    let order = files.order(&file);
    let new = NewImport {
        file_name: file.name(),
        file_hash: file.hash().unwrap(),
        settings: order.settings.clone(),
        place: file.first,
        upload: None,
    };
    let batch = records.begin_import(&new, &stamp(1)).await.unwrap();
    let mut table = file.rows_from(file.first).unwrap();
    for _ in 0..3 {
        table.next_row().unwrap().unwrap();
    }
    let chunk = ImportChunk { rows: &[], refused: 3, from: file.first, to: table.place(), ends: false };
    let open = records.import_customers_chunk(batch.id, &chunk, Default::default(), &stamp(2)).await.unwrap();
    drop(open);
    assert_eq!(records.import(batch.id).await.unwrap().unwrap(), batch, "what is not committed is nothing");
    let open = records.import_customers_chunk(batch.id, &chunk, Default::default(), &stamp(2)).await.unwrap();
    assert_eq!(open.commit(0).await.unwrap().place, ImportPlace { position: table.place().position, row: 4 });
    let late = records.import_customers_chunk(batch.id, &chunk, Default::default(), &stamp(2)).await;
    assert!(matches!(late, Err(ImportError::Elsewhere { expected: 1, found: 4, .. })));

    files.if_known = IfKnown::Add;
    let other = files.import(&records, &path).await;
    assert!(matches!(other, Err(ImportFailure::OtherSettings(other)) if other == batch.id));
    files.if_known = IfKnown::Skip;
    let report = files.import(&records, &path).await.unwrap();
    assert_eq!((report.import, report.went_on_after), (batch.id, Some(4)));
    assert_eq!(counted(&report), [12_000, 11_985, 0, 0, 15]);
    assert_eq!(report.refused[0].row, 9);
}

/// Each file with what its rows come to, or why it is refused as a whole. Nobody is added twice or half.
pub async fn wrong_files(records: Records) {
    let million = ",".repeat(1_000_000);
    let long_cell = "x".repeat(9_000);
    let too_long = "y".repeat(2 << 20);
    for (name, content, expected) in [
        ("missing cells", "name,phone\nAnn\n".to_owned().into_bytes(), "row 2: expected 2 cells, found 1"),
        ("more cells", "name,phone\nAnn,,\n".to_owned().into_bytes(), "row 2: expected 2 cells, found 3"),
        ("a million cells", format!("name,phone\nAnn{million}\n").into_bytes(), "expected 2 cells, found 1000001"),
        ("NUL", b"name,phone\nA\0nn,\n".to_vec(), "column \"name\": expected text, found a control character"),
        ("Latin-1", b"name,phone\nM\xfcller,\n".to_vec(), "row 2, column \"name\": expected text in UTF-8"),
        ("open quote", format!("name,phone\nAnn,\"1\n{too_long}").into_bytes(), "is a quote left open?"),
        ("long cell", format!("name,phone\n{long_cell},\n").into_bytes(), "column \"name\": expected at most 8000"),
        ("two e-mails", b"name,email\nAnn,a@b@c\n".to_vec(), "column \"email\": expected an email address"),
    ] {
        let mut files = Files::new();
        files.keeps_errors = true;
        let path = files.write("wrong.csv", content);
        let report = files.import(&records, &path).await.unwrap();
        assert_eq!(counted(&report), [1, 0, 0, 0, 1], "{name}");
        let told = report.refused[0].to_string();
        assert!(told.contains(expected), "{name}: {told}");
        let errors = std::fs::read_to_string(files.path("errors.csv")).unwrap();
        assert_eq!(errors.lines().count(), 2, "{name}");
    }
    for (content, expected) in [
        ("", "expected headings, found none"),
        ("what,ever\n1,2\n", "expected a column with a name or an address"),
        ("name,name\nAnn,Bob\n", "expected one column of that heading"),
    ] {
        let files = Files::new();
        let path = files.write("wrong.csv", content);
        let Err(refused) = files.import(&records, &path).await else { panic!("expected a refusal: {expected}") };
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    let begun = records.imports(100).await.unwrap();
    assert_eq!(begun.len(), 8, "a file that is refused as a whole begins nothing");
    for batch in begun {
        assert!(added(&records, batch.id).await.is_empty());
    }
    let empty = Files::new();
    let path = empty.write("empty.csv", "name\n");
    assert_eq!(counted(&empty.import(&records, &path).await.unwrap()), [0; 5]);
}

#[tokio::test]
async fn an_undo_leaves_no_row_behind() {
    let folder = temp_dir();
    let place = folder.path().join("usher.db");
    let records = Records::open(&RecordsPlace::Sqlite(place.clone())).await.unwrap();
    let files = Files::new();
    let path = files.write("people.csv", PEOPLE);
    let report = files.import(&records, &path).await.unwrap();
    let undone = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(2_000)).await.unwrap();
    assert_eq!((undone.batch.rows_removed, undone.kept.len()), (3, 0));
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&place);
    let database = sqlx::sqlite::SqlitePool::connect_with(options).await.unwrap();
    let rows: i64 = sqlx::query_scalar(
        "select (select count(*) from customer) + (select count(*) from customer_address)
            + (select count(*) from customer_tag) + (select count(*) from customer_change)
            + (select count(*) from name_term) + (select count(*) from note) + (select count(*) from note_term)",
    )
    .fetch_one(&database)
    .await
    .unwrap();
    assert_eq!(rows, 0);
    database.close().await;
    records.close().await;
}
