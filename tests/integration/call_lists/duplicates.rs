//! A number that is there already, in every scope in which it may be looked for; two files at the same moment.

use serde_json::{Value, json};
use usher::records::Records;
use usher::routing::time::Timestamp;

use super::imports::Files;
use super::list;
use crate::customers::counted;
use crate::privacy::Ground;

const DAY: i64 = 24 * 3_600_000;

/// What comes of a file with three numbers for a list of this scope, as a dry run says and as it is: what was added, and
/// why the others were not.
async fn refused_in(records: &Records, scope: Value, now: fn() -> Timestamp) -> (u64, Vec<String>) {
    let called = format!("of {scope}");
    let mut files = Files::for_list(list(records, &called, json!({ "duplicates": scope })).await);
    files.now = now;
    // In the same campaign and list, in the same campaign, in another campaign: ten days, a day, and a day ago.
    let earlier = files.write("earlier.csv", "phone\n0611111111\n");
    let mut before = Files::for_list(files.list);
    before.now = || Timestamp(90 * DAY);
    before.import(records, &earlier).await.unwrap();
    let path = files.write("leads.csv", "phone\n0611111111\n0622222222\n0633333333\n0633333333\n0644444444\n");
    let dry = files.dry_run(records, &path).await.unwrap();
    let report = files.import(records, &path).await.unwrap();
    assert_eq!((counted(&dry), &dry.refused), (counted(&report), &report.refused), "{called}");
    (report.counts.added, report.refused.iter().map(ToString::to_string).collect())
}

pub async fn in_every_scope(ground: Ground) {
    let records = &ground.records;
    let same = list(records, "same campaign", json!({ "duplicates": "file" })).await;
    let other = list(records, "other campaign", json!({ "campaign": "surveys", "duplicates": "file" })).await;
    for (held, number) in [(same, "0622222222"), (other, "0644444444")] {
        let mut files = Files::for_list(held);
        files.now = || Timestamp(99 * DAY);
        let added = files.import(records, &files.write("held.csv", format!("phone\n{number}\n"))).await.unwrap();
        assert_eq!(added.counts.added, 1);
    }
    let now: fn() -> Timestamp = || Timestamp(100 * DAY);
    let twice = |row| format!("row {row}, column \"phone\": expected a number that stands in this file once");
    let known = |row, within| format!("row {row}, column \"phone\": expected a number that {within} does not have yet");

    // What each adds is taken away again, so that the next finds the same.
    for (scope, expected) in [
        (json!("file"), vec![twice(5)]),
        (json!("list"), vec![known(2, "this list"), twice(5)]),
        (json!("campaign"), vec![known(2, "a list of this campaign"), known(3, "a list of this campaign"), twice(5)]),
        (json!("system"), vec![known(2, "a list"), known(3, "a list"), twice(5), known(6, "a list")]),
        (
            json!({ "days": 5 }),
            vec![known(3, "a list of the last 5 days"), twice(5), known(6, "a list of the last 5 days")],
        ),
        (
            json!({ "days": 10 }),
            vec![
                known(2, "a list of the last 10 days"),
                known(3, "a list of the last 10 days"),
                twice(5),
                known(6, "a list of the last 10 days"),
            ],
        ),
    ] {
        let (added, refused) = refused_in(records, scope.clone(), now).await;
        assert_eq!((added + refused.len() as u64, refused), (5, expected), "{scope}");
        let others = format!("delete from lead where list not in ({same}, {other})");
        ground.run(&others).await.unwrap();
    }
}

pub async fn two_imports_at_once(ground: Ground) {
    let records = &ground.records;
    let numbers: String = (0..3_000).map(|no| format!("+331234{no:05}\n")).collect();
    let mut files = Vec::new();
    for called in ["spring", "summer"] {
        files.push(Files::for_list(list(records, called, json!({ "duplicates": "campaign" })).await));
    }
    let paths: Vec<_> = files.iter().map(|files| files.write("leads.csv", format!("phone\n{numbers}"))).collect();
    let (spring, summer) = tokio::join!(files[0].import(records, &paths[0]), files[1].import(records, &paths[1]));
    let added = spring.unwrap().counts.added + summer.unwrap().counts.added;
    assert_eq!(added, 3_000, "each number once, whoever was first");
    let counted = ground.texts("select cast(count(distinct value) as text), cast(count(*) as text) from lead_number");
    assert_eq!(counted.await, [["3000", "3000"]]);
}
