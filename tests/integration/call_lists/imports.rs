//! Leads from files: taken over, undone, into several lists, of workbooks, and files and rows that are wrong.

use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;
use usher::customer_import::error::ImportFailure;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use usher::customers::customer::Consent;
use usher::customers::ids::{ImportId, UndoPlace};
use usher::imports::import_batch::{ImportSettings, ImportState, ImportedRows};
use usher::outbound::ids::{CallListId, LeadId};
use usher::outbound::lead::Lead;
use usher::outbound::lead_columns::LeadMapping;
use usher::records::{ImportError, Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use super::{list, stamp};
use crate::customers::{audited, counted, workbook_of};
use crate::privacy::Ground;
use crate::support::surroundings::temp_dir;

/// A folder with a file of leads, and how it is to be imported.
pub struct Files {
    folder: TempDir,
    pub list: CallListId,
    pub keeps_errors: bool,
    pub again: bool,
    pub now: fn() -> Timestamp,
}

impl Files {
    pub fn for_list(list: CallListId) -> Files {
        Files { folder: temp_dir(), list, keeps_errors: false, again: false, now: || Timestamp(1_000) }
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// As the command says it: what the list says goes with the file.
    async fn order<'f>(&self, records: &Records, file: &'f TableFile) -> ImportOrder<'f> {
        let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
        let held = records.call_list(self.list).await.unwrap().expect("the list is there").settings;
        let mapping = LeadMapping::guessed(&headings, &held.fields, held.default_country);
        let errors = self.keeps_errors.then(|| self.folder.path().join("errors.csv").to_string_lossy().into_owned());
        let rows = ImportedRows::Leads { list: self.list, mapping, fields: held.fields, duplicates: held.duplicates };
        let settings = ImportSettings { rows, format: file.format.clone(), errors };
        ImportOrder { file, settings, by: PersonId::new("ana").unwrap(), again: self.again, now: self.now }
    }

    pub async fn import(&self, records: &Records, path: &Path) -> Result<ImportReport, ImportFailure> {
        let file = TableFile::open(path, None)?;
        import(records, &self.order(records, &file).await, &mut |_| {}).await
    }

    pub async fn dry_run(&self, records: &Records, path: &Path) -> Result<ImportReport, ImportFailure> {
        let folder = temp_dir();
        let scratch = Records::open(&RecordsPlace::Sqlite(folder.path().join("scratch.db"))).await.unwrap();
        let file = TableFile::open(path, None)?;
        let report = dry_run(records, &scratch, &self.order(records, &file).await, &mut |_| {}).await;
        scratch.close().await;
        report
    }
}

pub async fn leads(records: &Records, list: CallListId, import: ImportId) -> Vec<Lead> {
    records.leads_of_import(list, import, LeadId(0), 10_000).await.unwrap()
}

fn numbers(lead: &Lead) -> Vec<&str> {
    lead.lead.numbers.iter().map(|number| number.value.as_str()).collect()
}

fn told(report: &ImportReport) -> Vec<String> {
    report.refused.iter().map(ToString::to_string).collect()
}

/// Rows 2 to 11.
const LEADS: &str = "\u{feff}mobile;phone;name;tz;zip;priority;amount;opt-in;opt-in date;source;ref\r\n\
    06 12 34 56 78;01 23 45 67 89;Ann;Europe/Paris;75011;5;12;yes;2026-03-01T14:05:09Z;web form;A-1\r\n\
    +86 138 0013 8000;;李小明;Asia/Shanghai;;;;;;;A-2\r\n\
    \"06 12 34 56 79\";;\"Robert'); drop table lead;--\";;;;;no;;;\r\n\
    ;0033 1 23 45 67 89;Ann again;;;;;;;;\r\n\
    12;;Too short;;;;;;;;\r\n\
    06 12 34 56 80;;On Mars;Mars/Olympus;;;;;;;\r\n\
    06 12 34 56 81;;Many;;;;many;;;;\r\n\
    ;;Nobody to call;;;;;;;;\r\n\
    06 12 34 56 82;;Short row\r\n\
    06 12 34 56 83;06 12 34 56 83;=1+1;;;;;;;;\r\n";

pub async fn taken_over(ground: Ground) {
    let records = &ground.records;
    let spring = list(records, "spring", json!({ "field": [{ "name": "amount", "type": "integer" }] })).await;
    let mut files = Files::for_list(spring);
    let path = files.write("leads.csv", LEADS);
    let dry = files.dry_run(records, &path).await.unwrap();
    assert_eq!(counted(&dry), [10, 4, 0, 0, 6]);
    assert!(records.imports(10).await.unwrap().is_empty(), "a dry run leaves nothing");
    assert_eq!(records.count_leads(spring).await.unwrap(), 0);

    files.keeps_errors = true;
    let report = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&report), [10, 4, 0, 0, 6]);
    let told = told(&report);
    assert_eq!(told[0], "row 5, column \"phone\": expected a number that stands in this file once");
    assert!(told[1].starts_with("row 6, column \"mobile\": … is not a phone number"), "{told:?}");
    assert_eq!(told[2], "row 7, column \"tz\": expected a time zone such as Europe/Paris");
    assert!(told[3].starts_with("row 8, column \"amount\": field amount: expected a whole number"), "{told:?}");
    assert_eq!(told[4], "row 9: expected a number to call");
    assert_eq!(told[5], "row 10: expected 11 cells, found 3");
    let errors = std::fs::read_to_string(path.with_file_name("errors.csv")).unwrap();
    let lines: Vec<&str> = errors.lines().collect();
    assert!(lines[0].starts_with("row,column,reason,mobile,") && lines.len() == 7, "{errors}");
    assert!(lines[1].starts_with("5,phone,expected a number") && lines[1].contains(",Ann again,"), "{errors}");

    let held = leads(records, spring, report.import).await;
    assert_eq!(held.len(), 4);
    let ann = &held[0];
    assert_eq!((numbers(ann), ann.attempts), (vec!["+33612345678", "+33123456789"], 0));
    assert_eq!((ann.list, ann.import, ann.added_at), (spring, Some(report.import), Timestamp(1_000)));
    let consent = &ann.lead.numbers[1].consent;
    assert_eq!((consent.state, consent.at), (Consent::Yes, Some(Timestamp(1_772_373_909_000))));
    assert_eq!(consent.source.as_ref().unwrap().as_str(), "web form");
    assert_eq!(ann.lead.numbers[0].label.as_ref().unwrap().as_str(), "mobile");
    assert_eq!((ann.lead.name.as_str(), ann.lead.priority), ("Ann", 5));
    assert_eq!(ann.lead.fields.0["amount"], json!(12));
    assert_eq!(ann.lead.zone.as_ref().unwrap().as_str(), "Europe/Paris");
    assert_eq!(ann.lead.postcode.as_ref().unwrap().as_str(), "75011");
    assert_eq!(ann.lead.external_id.as_ref().unwrap().as_str(), "A-1");
    assert_eq!((held[1].lead.name.as_str(), numbers(&held[1])), ("李小明", vec!["+8613800138000"]));
    assert_eq!(held[2].lead.numbers[0].consent.state, Consent::No);
    assert_eq!((held[2].lead.name.as_str(), &held[2].lead.zone), ("Robert'); drop table lead;--", &None));
    assert_eq!((held[3].lead.name.as_str(), numbers(&held[3]).len()), ("=1+1", 1), "the same number twice in a row");
    assert_eq!(records.count_leads(spring).await.unwrap(), 4);

    let done = format!(
        r#"{{"added":4,"import":{},"of":"leads","refused":6,"skipped":0,"state":"done","updated":0}}"#,
        report.import
    );
    assert_eq!(audited(records, "imported").await.last(), Some(&done));
    files.keeps_errors = false;
    let again = files.import(records, &path).await;
    assert!(matches!(again, Err(ImportFailure::Done(done)) if done == report.import));
    files.again = true;
    let again = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&again), [10, 0, 0, 0, 10]);
    let first = again.refused[0].to_string();
    assert_eq!(first, "row 2, column \"mobile\": expected a number that this list does not have yet");
}

pub async fn undone(ground: Ground) {
    let records = &ground.records;
    let spring = list(records, "spring", json!({})).await;
    let files = Files::for_list(spring);
    let kept = files.import(records, &files.write("before.csv", "phone\n0611111111\n")).await.unwrap();
    let path = files.write("leads.csv", "phone\n0622222222;0633333333\n0644444444\n0655555555\n");
    let report = files.import(records, &path).await.unwrap();
    let held = leads(records, spring, report.import).await;
    // As a campaign does when it calls.
    ground.run(&format!("update lead set attempts = 1 where id = {}", held[1].id)).await.unwrap();

    let undone = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(5)).await.unwrap();
    let told: Vec<String> = undone.kept.iter().map(|kept| format!("{}: it {}", kept.what, kept.why)).collect();
    assert_eq!(told, [format!("lead {}: it was tried since", held[1].id)]);
    assert_eq!((undone.next, undone.batch.state), (None, ImportState::Undone));
    assert_eq!((undone.batch.rows_removed, undone.batch.rows_kept), (2, 1));
    assert_eq!(leads(records, spring, report.import).await.len(), 1);
    assert_eq!(leads(records, spring, kept.import).await.len(), 1, "another import stays");
    let left = ground.texts("select value from lead_number order by value").await;
    assert_eq!(left, [["+33611111111"], ["+33644444444"]], "numbers go with their leads");
    let twice = records.undo_import_chunk(report.import, UndoPlace(0), &stamp(6)).await.unwrap_err();
    assert!(matches!(twice, ImportError::Undone(import) if import == report.import));

    let again = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&again), [3, 2, 0, 0, 1], "what was taken back may come again, what was tried is there");
    let ids: Vec<LeadId> = leads(records, spring, again.import).await.iter().map(|lead| lead.id).collect();
    assert!(ids.iter().all(|id| *id > held[2].id), "no number of a lead is given twice: {ids:?}");
}

pub async fn several_lists(ground: Ground) {
    let records = &ground.records;
    let spring = list(records, "spring", json!({})).await;
    let summer = list(records, "summer", json!({ "default_country": "DE" })).await;
    let mut files = Files::for_list(spring);
    let path = files.write("leads.csv", "phone\n01 23 45 67 89\n030 12345678\n");
    let french = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&french)[1], 1, "{:?}", french.refused);
    files.list = summer;
    let german = files.import(records, &path).await.unwrap();
    assert!(german.import > french.import && german.went_on_after.is_none());
    let held = leads(records, summer, german.import).await;
    assert!(held.iter().any(|lead| numbers(lead) == ["+493012345678"]), "the list's own country: {held:?}");
}

pub async fn wrong_files(ground: Ground) {
    let records = &ground.records;
    let spring = list(records, "spring", json!({ "expires_at": "1970-01-01T00:00:02Z" })).await;
    let mut files = Files::for_list(spring);
    for (content, expected) in [
        (&b""[..], "row 1: expected headings, found none"),
        (b"\xff\xfep\0h\0", "found UTF-16"),
        (b"n\xe9me,phone\nx,0611111111\n", "row 1: expected headings in UTF-8"),
        (b"colour,size\nred,2\n", "expected a column with a number"),
    ] {
        let refused = files.import(records, &files.write("wrong.csv", content)).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    let broken = files.write("broken.csv", b"phone,name\n0611111111,caf\xe9\n0622222222,a,b\n0633333333,\"open\n");
    let report = files.import(records, &broken).await.unwrap();
    assert_eq!(counted(&report)[1..], [1, 0, 0, 2]);
    assert_eq!(
        told(&report),
        [
            "row 2, column \"name\": expected text in UTF-8, found bytes that are none",
            "row 3: expected 2 cells, found 3"
        ]
    );

    let good = files.write("good.csv", "phone\n0644444444\n");
    files.now = || Timestamp(2_000);
    let expired = files.import(records, &good).await.unwrap_err().to_string();
    assert_eq!(expired, "call list \"spring\": expected expires_at to be later than now, found 1970-01-01T00:00:02Z");
    let dry = files.dry_run(records, &good).await.unwrap_err().to_string();
    assert_eq!(dry, expired);
    assert_eq!(records.imports(10).await.unwrap().len(), 1, "what was refused was not begun");
    let file = TableFile::open(&good, None).unwrap();
    let mut order = files.order(records, &file).await;
    let ImportedRows::Leads { list, .. } = &mut order.settings.rows else { panic!("leads") };
    *list = CallListId(99);
    let unknown = import(records, &order, &mut |_| {}).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no call list 99");
}

pub async fn of_a_workbook(ground: Ground) {
    let records = &ground.records;
    let spring = list(records, "spring", json!({})).await;
    let files = Files::for_list(spring);
    let rows = r#"<row r="1"><c r="A1" t="str"><v>phone</v></c><c r="B1" t="str"><v>priority</v></c></row>
        <row r="3"><c r="A3"><v>33612345678</v></c><c r="B3"><v>7</v></c></row>
        <row r="4"><c r="A4"><v>12</v></c></row>"#;
    let path = files.write("leads.xlsx", workbook_of(rows));
    let report = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&report), [2, 1, 0, 0, 1]);
    assert!(told(&report)[0].starts_with("row 4, column \"phone\": "), "{report:?}");
    let held = leads(records, spring, report.import).await;
    assert_eq!((numbers(&held[0]), held[0].lead.priority), (vec!["+33612345678"], 7));
}
