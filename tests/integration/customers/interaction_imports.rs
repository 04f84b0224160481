//! Imports of what happened: whose it was, what is known already, dry runs, undone, files and rows that are wrong.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use usher::customer_import::error::ImportFailure;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use usher::customers::customer::NewCustomer;
use usher::customers::ids::{CustomerId, ImportId, UndoPlace};
use usher::customers::interaction::Interaction;
use usher::customers::interaction_columns::InteractionMapping;
use usher::customers::note::NoteSubject;
use usher::customers::phone::Region;
use usher::imports::import_batch::{ImportSettings, ImportState, ImportedRows};
use usher::records::{Records, RecordsPlace};
use usher::routing::command::{Direction, Disposition};
use usher::routing::ids::{ContactId, PersonId};
use usher::routing::rule_set::Channel;
use usher::routing::time::Timestamp;

use super::imports::{audited, counted};
use super::{customer, phone, stamp, text};
use crate::support::surroundings::temp_dir;

struct Files {
    folder: TempDir,
    again: bool,
    keeps_errors: bool,
}

impl Files {
    fn new() -> Files {
        Files { folder: temp_dir(), again: false, keeps_errors: false }
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
        let mut mapping = InteractionMapping::guessed(&headings, Some(Region::new("FR").unwrap()));
        mapping.zone = Some("Europe/Paris".to_owned());
        let errors = self.keeps_errors.then(|| self.path("errors.csv").to_string_lossy().into_owned());
        let rows = ImportedRows::Interactions { mapping };
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

/// Ann, with a number and an id; Ben and Eve, who share a number.
async fn people(records: &Records) -> [CustomerId; 3] {
    let mut ann = customer("Ann", &["+33123456789"]);
    ann.addresses.push(external("import:A"));
    let people: [NewCustomer; 3] =
        [ann, customer("Ben", &["+33140000001"]), customer("Eve", &["+33140000001", "+33140000002"])];
    let ids = records.add_customers(&people, &stamp(1)).await.unwrap();
    [ids[0], ids[1], ids[2]]
}

fn external(id: &str) -> usher::customers::customer::NewAddress {
    use usher::customers::customer::{AddressKey, Consent, NewAddress};
    NewAddress {
        key: AddressKey { kind: text("external"), value: text(id) },
        extension: None,
        shown: text(id),
        label: None,
        consent: Consent::Unknown,
    }
}

async fn history(records: &Records, customer: CustomerId) -> Vec<Interaction> {
    records.interactions_of_customer(customer, None, 100).await.unwrap()
}

const CALLS: &str = "call id,caller,customer id,start,wait,talk,direction,queue,agent,result,csat,note\n\
    1,01 23 45 67 89,,2026-03-01 15:05:09,0:20,1:40,in,billing,bob,sold,4,card 4111 1111 1111 1111\n\
    2,,A,2026-03-02T15:05:09Z,,,out,,,,,\n\
    3,+33 1 40 00 00 01,,2026-03-03 10:00,,,in,,,,,\n\
    4,+33 1 99 99 99 99,,2026-03-03 10:00,,,in,,,,,\n\
    5,+33 1 40 00 00 02,,yesterday,,,in,,,,,\n\
    6,+33 1 40 00 00 02,,2026-03-03 10:00,30,,in,billing,,,,\n\
    1,+33 1 40 00 00 02,,2026-03-04 10:00,,,in,,,,,\n";

pub async fn taken_over(records: Records) {
    let [ann, ben, eve] = people(&records).await;
    let mut files = Files::new();
    let path = files.write("calls.csv", CALLS);
    let dry = files.dry_run(&records, &path).await.unwrap();
    assert_eq!(counted(&dry), [7, 3, 0, 1, 3]);
    assert!(records.imports(10).await.unwrap().is_empty(), "a dry run leaves nothing");
    assert!(history(&records, ann).await.is_empty());

    files.keeps_errors = true;
    let report = files.import(&records, &path).await.unwrap();
    assert_eq!(counted(&report), [7, 3, 0, 1, 3]);
    let told: Vec<String> = report.refused.iter().map(ToString::to_string).collect();
    assert_eq!(told[0], "row 4: expected one customer with these addresses, found several");
    assert_eq!(told[1], "row 5: expected a customer with one of these addresses, found none");
    assert!(told[2].starts_with("row 6, column \"start\": expected a date and time"), "{told:?}");
    let errors = std::fs::read_to_string(files.path("errors.csv")).unwrap();
    assert_eq!(errors.lines().count(), 4);
    assert!(errors.lines().nth(2).unwrap().contains(",4,"), "with its cells: {errors}");

    let of_ann = history(&records, ann).await;
    assert_eq!(of_ann.len(), 2);
    let (second, first) = (&of_ann[0], &of_ann[1]);
    assert_eq!((second.direction, second.from.clone(), second.segments.len()), (Direction::Outbound, None, 0));
    let begin = 1_772_373_909_000;
    assert_eq!((first.arrived_at, first.ended_at), (Timestamp(begin), Some(Timestamp(begin + 120_000))));
    assert_eq!((first.channel, first.from.clone()), (Channel::Voice, Some(phone("+33123456789"))));
    assert_eq!(first.disposition, Some(Disposition("sold".into())));
    assert_eq!(first.satisfaction.unwrap().score(), 4);
    assert_eq!(
        (first.visits[0].queue.as_str(), first.visits[0].ended_at),
        ("billing", Some(Timestamp(begin + 20_000)))
    );
    let segment = &first.segments[0];
    assert_eq!((segment.agent.as_str(), segment.connected_at), ("bob", Some(Timestamp(begin + 20_000))));
    assert!(first.contact.0 > 1 << 52 && second.contact.0 < 1 << 53, "beside those that a router numbers");
    let note = &records.notes_of_contact(first.contact, 9).await.unwrap()[0];
    assert_eq!((note.customer, note.stamp.by.as_str(), note.stamp.at), (Some(ann), "bob", Timestamp(begin + 120_000)));
    assert!(!note.text.as_str().contains("4111 1111 1111 1111"), "card numbers are masked");
    assert_eq!((history(&records, ben).await.len(), history(&records, eve).await.len()), (0, 1));
    let found = records.customers_at(&[phone("+33123456789")]).await.unwrap();
    assert_eq!(found[0].last_contact_at, Some(Timestamp(begin + 86_400_000 + 3_600_000)));

    let again = files.import(&records, &path).await;
    assert!(matches!(again, Err(ImportFailure::Done(done)) if done == report.import));
    (files.again, files.keeps_errors) = (true, false);
    assert_eq!(counted(&files.import(&records, &path).await.unwrap()), [7, 0, 0, 4, 3], "no row is doubled");
    assert_eq!(counted(&files.dry_run(&records, &path).await.unwrap()), [7, 0, 0, 4, 3]);
}

/// Without ids a row is known by whose it is and when it was, also after its customer was merged.
pub async fn known_again(records: Records) {
    let [ann, ben, _] = people(&records).await;
    let rows: String =
        (0..6_000).map(|no| format!("A,{},{}\n", 1_772_373_909 + no, if no % 2 == 0 { "bob" } else { "" })).collect();
    let mut files = Files::new();
    let twice = "A,1772373909,bob\nA,1772373909,eva\n";
    let path = files.write("calls.csv", format!("customer id,start,agent\n{rows}{twice}"));
    assert_eq!(counted(&files.dry_run(&records, &path).await.unwrap()), [6_002, 6_001, 0, 1, 0], "also far behind");
    assert_eq!(counted(&files.import(&records, &path).await.unwrap()), [6_002, 6_001, 0, 1, 0]);
    records.merge_customers(ben, ann, &stamp(2_000)).await.unwrap();
    files.again = true;
    assert_eq!(counted(&files.import(&records, &path).await.unwrap()), [6_002, 0, 0, 6_002, 0]);
    assert_eq!(history(&records, ben).await.len(), 100, "a page of them");
}

pub async fn undone(records: Records) {
    let [ann, ..] = people(&records).await;
    let rows: String = (0..5_100).map(|no| format!("{no},A,{},imported {no}\n", 1_772_373_909 + no)).collect();
    let files = Files::new();
    let path = files.write("calls.csv", format!("call id,customer id,start,note\n{rows}"));
    let report = files.import(&records, &path).await.unwrap();
    assert_eq!(report.counts.added, 5_100);
    let all = contacts(&records, report.import).await;
    assert_eq!(all.len(), 5_100);
    records.add_note(NoteSubject::Interaction(all[3]), &text("since"), &stamp(2_000)).await.unwrap();
    records.set_disposition(all[5], None, &Disposition("sold".into()), &stamp(2_000)).await.unwrap();

    let first = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(3_000)).await.unwrap();
    assert_eq!((first.batch.state, first.batch.rows_removed), (ImportState::Undoing, 4_998));
    let kept: Vec<String> = first.kept.iter().map(|kept| format!("{} {}", kept.what, kept.why)).collect();
    assert_eq!(
        kept,
        [format!("interaction {} has notes since", all[3]), format!("interaction {} was changed since", all[5])]
    );
    let last = records.undo_import_chunk(report.import, first.next.unwrap(), &stamp(3_001)).await.unwrap();
    assert_eq!((last.batch.state, last.next), (ImportState::Undone, None));
    assert_eq!((last.batch.rows_removed, last.batch.rows_kept), (5_098, 2));
    let audit = audited(&records, "import_undone").await;
    assert_eq!(audit.len(), 2, "{audit:?}");
    assert!(audit[1].ends_with(r#""kept":2,"of":"interactions","removed":5098,"state":"done"}"#), "{audit:?}");
    assert_eq!(contacts(&records, report.import).await, [all[3], all[5]]);
    assert_eq!(history(&records, ann).await.len(), 2);
    assert_eq!(records.notes_of_customer(ann, 100).await.unwrap().len(), 3, "those of the two that stay");

    let report = files.import(&records, &path).await.unwrap();
    assert_eq!(counted(&report), [5_100, 5_098, 0, 2, 0], "it may be imported again; what stayed is known");
    assert!(contacts(&records, report.import).await[0] > all[5_099], "no number is given twice");
}

async fn contacts(records: &Records, import: ImportId) -> Vec<ContactId> {
    records.interactions_of_import(import, ContactId(0), 10_000).await.unwrap()
}

/// What is wrong with a file as a whole begins nothing.
pub async fn wrong_files(records: Records) {
    people(&records).await;
    for (content, expected) in [
        ("caller\n0123456789\n", "expected a column `arrived_at` or `date`"),
        ("start\n2026-03-01\n", "expected a column by which the customer is known"),
        ("what,ever\n1,2\n", "expected a column by which the customer is known"),
    ] {
        let files = Files::new();
        let path = files.write("wrong.csv", content);
        let Err(refused) = files.import(&records, &path).await else { panic!("expected a refusal: {expected}") };
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    assert!(records.imports(10).await.unwrap().is_empty());
}
