//! One workbook with customers and what happened to them, as `usher import` takes it over, and one that is a bomb.

use std::io::{Cursor, Write};

use usher::imports::import_batch::ImportState;
use usher::records::{Records, RecordsPlace};
use usher::routing::time::Timestamp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::phone;
use crate::live_server::usher;
use crate::support::surroundings::temp_dir;

const WORKBOOK: &str = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
    <sheet name="People" sheetId="1" r:id="r1"/><sheet name="Calls" sheetId="2" r:id="r2"/></sheets></workbook>"#;
const PACKAGE: &str = r#"<Relationships>
    <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
    </Relationships>"#;
const RELATIONS: &str = r#"<Relationships>
    <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
    </Relationships>"#;
const STYLES: &str = r#"<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
const PEOPLE: &str = r#"<row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Phone</v></c></row>
    <row r="2"><c r="A2" t="str"><v>李小明</v></c><c r="B2"><v>33123456789</v></c></row>
    <row r="9"><c r="A9" t="str"><v>Ann</v></c><c r="B9"><v>12</v></c></row>"#;
const CALLS: &str = r#"<row r="1"><c r="A1" t="str"><v>Caller</v></c><c r="B1" t="str"><v>Start</v></c></row>
    <row r="2"><c r="A2"><v>33123456789</v></c><c r="B2" s="1"><v>46082.586909722222</v></c></row>"#;

/// With these rows on its first sheet.
pub fn workbook_of(people: &str) -> Vec<u8> {
    workbook(people, "<sst/>")
}

fn workbook(people: &str, texts: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("_rels/.rels", PACKAGE.to_owned()),
        ("xl/workbook.xml", WORKBOOK.to_owned()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.to_owned()),
        ("xl/styles.xml", STYLES.to_owned()),
        ("xl/sharedStrings.xml", texts.to_owned()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{people}</sheetData></worksheet>")),
        ("xl/worksheets/sheet2.xml", format!("<worksheet><sheetData>{CALLS}</sheetData></worksheet>")),
    ] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_imported_sheet_by_sheet() {
    let folder = temp_dir();
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("centre.xlsx"), workbook(PEOPLE, "<sst/>")).unwrap();
    std::fs::write(folder.path().join("bomb.xlsx"), workbook(PEOPLE, r#"<sst uniqueCount="99999999999"/>"#)).unwrap();
    let run = |arguments: &[&str]| {
        let done = usher(folder.path()).arg("import").args(arguments).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8(said).unwrap())
    };
    let (done, said) =
        run(&["customers", "centre.xlsx", "--accept-guess", "--home-region", "FR", "--errors", "errors.csv"]);
    assert!(done && said.contains("added                    1"), "{said}");
    let errors = std::fs::read_to_string(folder.path().join("errors.csv")).unwrap();
    assert!(errors.lines().nth(1).unwrap().starts_with("9,Phone,"), "the row as the sheet shows it: {errors}");
    let calls = ["interactions", "centre.xlsx", "--sheet", "Calls", "--accept-guess", "--home-region", "FR"];
    let (done, said) = run(&[&calls[..], &["--zone", "Europe/Paris"]].concat());
    assert!(done && said.contains("added                    1"), "{said}");
    let (done, said) = run(&[&calls[..], &["--zone", "Europe/Paris"]].concat());
    assert!(!done && said.contains("import 2 took this file over already"), "{said}");
    let (done, said) = run(&["customers", "bomb.xlsx", "--accept-guess"]);
    assert!(!done && said.contains("it says that it has more texts than there are"), "{said}");

    let records = Records::open(&RecordsPlace::Sqlite(folder.path().join("data/usher.db"))).await.unwrap();
    let imports = records.imports(10).await.unwrap();
    assert_eq!(imports.iter().map(|batch| batch.state).collect::<Vec<_>>(), [ImportState::Done; 2]);
    let found = records.customers_at(&[phone("+33123456789")]).await.unwrap();
    assert_eq!(found[0].last_contact_at, Some(Timestamp(1_772_370_309_000)));
    records.close().await;
}
