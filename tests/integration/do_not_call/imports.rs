//! Lists of numbers from files: taken over, undone, beside each other.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use usher::customer_import::error::ImportFailure;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use usher::customers::ids::{ImportId, UndoPlace};
use usher::customers::phone::Region;
use usher::imports::import_batch::{ImportBatch, ImportSettings, ImportState, ImportedRows};
use usher::outbound::do_not_call::DoNotCallScope;
use usher::outbound::do_not_call_columns::DoNotCallMapping;
use usher::outbound::lead::SourceText;
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use super::{campaign, counts, digits, is_stopped, stamp};
use crate::customers::{audited, counted};
use crate::privacy::Ground;
use crate::support::surroundings::temp_dir;

/// A folder with lists, and how they are to be imported.
struct Files {
    folder: TempDir,
    scope: DoNotCallScope,
    again: bool,
}

impl Files {
    fn new(scope: DoNotCallScope) -> Files {
        Files { folder: temp_dir(), scope, again: false }
    }

    fn write(&self, content: &str) -> PathBuf {
        let path = self.folder.path().join("list.csv");
        std::fs::write(&path, content).unwrap();
        path
    }

    fn order<'f>(&self, file: &'f TableFile) -> ImportOrder<'f> {
        let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
        let mapping = DoNotCallMapping::guessed(&headings, Some(Region::new("FR").unwrap()));
        let source = Some(SourceText::new("national list").unwrap());
        let rows = ImportedRows::DoNotCall { mapping, scope: self.scope.clone(), source };
        let settings = ImportSettings { rows, format: file.format.clone(), errors: None };
        let now = || Timestamp(1_000);
        ImportOrder { file, settings, by: PersonId::new("ana").unwrap(), again: self.again, now }
    }

    async fn import(&self, records: &Records, path: &Path) -> Result<ImportReport, ImportFailure> {
        let file = TableFile::open(path, None)?;
        import(records, &self.order(&file), &mut |_| {}).await
    }
}

async fn undo(records: &Records, import: ImportId) -> ImportBatch {
    let mut after = UndoPlace(0);
    loop {
        let undone = records.undo_import_chunk(import, after, &stamp(5)).await.unwrap();
        assert!(undone.kept.is_empty(), "an entry is not used");
        match undone.next {
            Some(next) => after = next,
            None => return undone.batch,
        }
    }
}

/// Rows 2 to 13.
const LIST: &str = "phone,prefix,expires at\n\
    +33611111111,,\n\
    06 22 22 22 22,,1970-01-01T00:00:05Z\n\
    +33 6 22 22 22 22,,1970-01-01T00:00:09Z\n\
    ,+1 (900)*,\n\
    ,\"19\",\n\
    +33633333333,331,\n\
    ,,\n\
    12,,\n\
    +33644444444,,1970-01-01T00:00:01Z\n\
    +33655555555,,soon\n\
    +999123456,,\n\
    +33611111111,,\n";

pub async fn taken_over(ground: Ground) {
    let records = &ground.records;
    let mut files = Files::new(DoNotCallScope::Everyone);
    let path = files.write(LIST);
    let scratch_folder = temp_dir();
    let scratch = Records::open(&RecordsPlace::Sqlite(scratch_folder.path().join("scratch.db"))).await.unwrap();
    let file = TableFile::open(&path, None).unwrap();
    let dry = dry_run(records, &scratch, &files.order(&file), &mut |_| {}).await.unwrap();
    scratch.close().await;
    assert_eq!(counted(&dry), [12, 4, 0, 3, 5]);
    assert_eq!(counts(records, 1_000).await, [], "a dry run leaves nothing");

    let report = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&report), [12, 4, 0, 3, 5]);
    let told: Vec<String> = report.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "row 6, column \"prefix\": expected at least 3 digits of a prefix, the country's code included",
            "row 7, column \"prefix\": expected a number or a prefix, found both",
            "row 8: expected a number or a prefix",
            "row 9, column \"phone\": … is not a phone number: expected more digits for its country",
            "row 11, column \"expires at\": expected a date and time such as 2026-03-01 14:05:09 or \
             2026-03-01T14:05:09+01:00",
        ]
    );
    assert_eq!(counts(records, 1_000).await, [("everyone".to_owned(), 4)]);
    assert!(is_stopped(records, "+33622222222", 8_999).await, "of two rows the one that holds longer counts");
    assert!(!is_stopped(records, "+33622222222", 9_000).await && !is_stopped(records, "+33644444444", 0).await);
    assert!(is_stopped(records, "+19005550100", 1_000).await && is_stopped(records, "+999123456", 1_000).await);
    let listed = records.do_not_call_listed(digits("+33611111111"), Timestamp(1_000)).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].import, listed[0].source.as_ref().unwrap().as_str()),
        (1, Some(report.import), "national list")
    );
    let told = audited(records, "imported").await;
    assert!(
        told.last().unwrap().contains(r#""of":"do-not-call entries","refused":5,"skipped":3,"state":"done""#),
        "{told:?}"
    );
    let again = files.import(records, &path).await;
    assert!(matches!(again, Err(ImportFailure::Done(done)) if done == report.import));
    files.again = true;
    let again = files.import(records, &path).await.unwrap();
    assert_eq!(counted(&again), [12, 4, 0, 3, 5], "each import has its own entries");
}

pub async fn undone(ground: Ground) {
    let records = &ground.records;
    let files = Files::new(DoNotCallScope::Everyone);
    let rows = |from: u64, to: u64| (from..to).map(|no| format!("+3361{no:07},\n")).collect::<String>();
    let first = files.write(&format!("number,prefix\n{}", rows(0, 12_000)));
    let first = files.import(records, &first).await.unwrap();
    let second = files.write(&format!("number,prefix\n,+331\n{}", rows(9_000, 25_000)));
    let second = files.import(records, &second).await.unwrap();
    assert_eq!(counts(records, 0).await, [("everyone".to_owned(), 28_001)]);

    let batch = undo(records, second.import).await;
    assert_eq!((batch.state, batch.rows_removed, batch.rows_kept), (ImportState::Undone, 16_001, 0));
    assert_eq!(counts(records, 0).await, [("everyone".to_owned(), 12_000)]);
    assert!(is_stopped(records, "+33610011999", 0).await, "what another import says stays");
    assert!(!is_stopped(records, "+33610012000", 0).await && !is_stopped(records, "+33155555555", 0).await);
    let batch = undo(records, first.import).await;
    assert_eq!(batch.rows_removed, 12_000);
    assert_eq!(counts(records, 0).await, []);
    assert!(ground.texts("select scope from do_not_call_origin").await.is_empty());
}

pub async fn one_file_for_two_campaigns(ground: Ground) {
    let records = &ground.records;
    let mut files = Files::new(campaign("winback"));
    let path = files.write("number\n+33611111111\n");
    files.import(records, &path).await.unwrap();
    files.scope = campaign("spring");
    files.import(records, &path).await.unwrap();
    let expected = [("campaign spring".to_owned(), 1), ("campaign winback".to_owned(), 1)];
    assert_eq!(counts(records, 0).await, expected);
    let listed = records.do_not_call_listed(digits("+33611111111"), Timestamp(0)).await.unwrap();
    assert_eq!(listed.len(), 2);
}
