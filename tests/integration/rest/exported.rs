//! Tables to take away.

use std::collections::BTreeMap;

use serde_json::json;

use super::Centre;
use crate::live_server::usher;

fn rows(table: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(table);
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| headings.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

pub async fn whole_and_defused(centre: Centre) {
    let host = centre.host().await;
    // More than one page of the export.
    let body = |no: usize| {
        json!({
            "name": format!("=1+{no}"), "tier": if no.is_multiple_of(2) { "gold" } else { "tin" }, "tags": ["@a", "b"],
            "addresses": [
                { "kind": "phone", "address": "0612345678", "consent": "no" },
                { "kind": "handle", "address": "chat:zoe" },
            ],
        })
    };
    let each = (0..60).map(|no| host.add(body(no)));
    futures_util::future::join_all(each).await;
    let answer = host.get("/api/v1/customers/export").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    let table = rows(&answer.bytes);
    assert_eq!(table.len(), 60);
    let row = &table[0];
    let cell = |name: &str| row[name].as_str();
    assert!(cell("name").starts_with("'=1+"), "{row:?}");
    assert_eq!((cell("phones"), cell("handles"), cell("tags")), ("+33 6 12 34 56 78", "chat:zoe", "'@a; b"));
    assert_eq!(cell("may_not_contact_at"), "+33 6 12 34 56 78");

    let some = host.get("/api/v1/customers/export?tier=gold&bom=true").await;
    let table = some.bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    assert_eq!(rows(table).len(), 30);
    assert_eq!(host.get("/api/v1/customers/export?tier=gold&nobody=1").await.status, 422);
    let ana = centre.user("ana").await;
    assert_eq!(ana.get("/api/v1/customers/export").await.status, 403);
    let calls = host.get("/api/v1/interactions/export").await;
    assert!(calls.bytes.starts_with(b"id,customer,channel,") && rows(&calls.bytes).is_empty());
    // The demo of the command line is beside it, on SQLite: the same table into a file.
    if centre.server.folder.path().join("data/usher.db").exists() {
        by_command(&centre, &answer.bytes);
    }
}

fn by_command(centre: &Centre, expected: &[u8]) {
    let folder = centre.server.folder.path();
    let file = folder.join("customers.csv");
    let run = |arguments: &[&str]| {
        usher(folder).args(["export", "customers", "customers.csv"]).args(arguments).output().unwrap()
    };
    let output = run(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("60 customers"));
    assert_eq!(std::fs::read(&file).unwrap(), expected);
    let again = run(&[]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("customers.csv"), "it is there");
    std::fs::remove_file(&file).unwrap();
    assert!(run(&["--tier", "gold", "--bom"]).status.success());
    assert_eq!(rows(std::fs::read(&file).unwrap().strip_prefix("\u{feff}".as_bytes()).unwrap()).len(), 30);
}
