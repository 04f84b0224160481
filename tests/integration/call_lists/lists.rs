//! Lists made, changed by their version, found, and lists that cannot be.

use serde_json::json;
use usher::customers::ids::Version;
use usher::outbound::ids::CallListId;

use super::{list, name, settings, stamp};
use crate::customers::audited;
use crate::privacy::Ground;

pub async fn made_changed_and_shown(ground: Ground) {
    let records = &ground.records;
    let summer = list(records, "summer", json!({})).await;
    let written = json!({
        "expires_at": "2026-12-31T18:00:00+01:00", "next_list": "summer", "share_percent": 30,
        "release": { "tranche": { "leads": 500, "every": "day" } }, "duplicates": "campaign",
        "field": [{ "name": "amount", "type": "integer" }],
    });
    let spring = list(records, "spring", written.clone()).await;
    let held = records.call_list_named(&name("spring")).await.unwrap().unwrap();
    assert_eq!((held.id, held.version, &held.settings), (spring, Version(1), &settings(&written)));
    assert_eq!((&held.created, &held.changed), (&stamp(1), &stamp(1)));
    assert_eq!(records.call_list(spring).await.unwrap().unwrap(), held);

    let others = settings(&json!({ "active": false }));
    let changed = records.change_call_list(spring, Version(1), &others, &stamp(2)).await.unwrap();
    assert_eq!((changed.version, &changed.changed, &changed.created), (Version(2), &stamp(2), &stamp(1)));
    assert_eq!(records.call_list(spring).await.unwrap().unwrap(), changed);
    let names: Vec<CallListId> = records.call_lists().await.unwrap().into_iter().map(|list| list.id).collect();
    assert_eq!(names, [spring, summer], "by name");
    assert_eq!(records.count_leads(spring).await.unwrap(), 0);
    assert_eq!(audited(records, "call_list_created").await.len(), 2);
    assert_eq!(audited(records, "call_list_changed").await, [format!(r#"{{"call_list":{spring}}}"#)]);
}

pub async fn refused(ground: Ground) {
    let records = &ground.records;
    let spring = list(records, "spring", json!({})).await;
    let plain = settings(&json!({}));
    let taken = records.create_call_list(&name("spring"), &plain, &stamp(2)).await.unwrap_err();
    assert_eq!(taken.to_string(), "there is a call list \"spring\" already");
    let follows = settings(&json!({ "next_list": "autumn" }));
    let next = records.create_call_list(&name("summer"), &follows, &stamp(2)).await.unwrap_err();
    assert_eq!(next.to_string(), "next_list: expected a call list that is there, found \"autumn\"");
    let ordered = settings(&json!({ "order": { "field": { "name": "size" } } }));
    let order = records.create_call_list(&name("summer"), &ordered, &stamp(2)).await.unwrap_err();
    assert_eq!(order.to_string(), "order: expected a field that the list declares, found \"size\"");
    let order = records.change_call_list(spring, Version(1), &ordered, &stamp(2)).await.unwrap_err();
    assert!(order.to_string().starts_with("order: "), "{order}");
    let stale = records.change_call_list(spring, Version(7), &plain, &stamp(2)).await.unwrap_err();
    assert_eq!(stale.to_string(), "call list \"spring\" was changed meanwhile: expected version 7, found 1");
    let unknown = records.change_call_list(CallListId(99), Version(1), &plain, &stamp(2)).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no call list 99");
    let held = records.call_lists().await.unwrap();
    assert_eq!((held.len(), held[0].version, &held[0].changed), (1, Version(1), &stamp(1)), "nothing was changed");
}
