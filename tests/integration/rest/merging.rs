//! Two customers that are one, and two that are not.

use serde_json::json;

use super::{Centre, ids, phone};

pub async fn merged_and_parted(centre: Centre) {
    let host = centre.host().await;
    let (kept, etag) = host.add(json!({ "name": "Zoé Martin", "addresses": [phone("0612345678")] })).await;
    let (other, other_etag) = host.add(json!({ "name": "Martin Zoe", "addresses": [phone("06 12 34 56 78")] })).await;
    let similar = host.add(json!({ "name": "Zoé Martn" })).await.0;
    host.add(json!({ "name": "Ben" })).await;
    let path = format!("/api/v1/customers/{kept}");
    let of = |part: &str| format!("{path}/{part}");
    host.post(&format!("/api/v1/customers/{other}/notes"), json!({ "text": "of the other" })).await;

    let proposed = host.get(&of("duplicates")).await.json();
    let items = proposed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{proposed}");
    assert_eq!((&items[0]["customer"]["id"], items[0]["score"].as_u64().unwrap() >= 90), (&json!(other), true));
    assert_eq!(
        items[0]["reasons"],
        json!([{ "reason": "shared_address", "kind": "phone" }, { "reason": "same_name" }])
    );
    assert_eq!(
        (&items[1]["customer"]["id"], &items[1]["reasons"][0]["reason"]),
        (&json!(similar), &json!("similar_name"))
    );

    let merge = |other: &str| json!({ "other": other });
    assert_eq!(host.post(&of("merge"), merge(&other)).await.status, 428);
    assert_eq!(host.change("POST", &of("merge"), "\"99\"", merge(&other)).await.status, 412);
    let merged = host.change("POST", &of("merge"), &etag, merge(&other)).await;
    assert_eq!((merged.status, &merged.json()["merged"][0]["id"]), (200, &json!(other)));

    for part in ["", "/notes?limit=5", "/duplicates"] {
        let moved = host.get(&format!("/api/v1/customers/{other}{part}")).await;
        assert_eq!((moved.status, moved.header("location")), (308, format!("{path}{part}").as_str()), "{part}");
        assert_eq!(moved.json()["error"]["into"], json!(kept));
    }
    let moved = host.change("PATCH", &format!("/api/v1/customers/{other}"), &other_etag, json!({})).await;
    assert_eq!((moved.status, moved.header("location")), (308, path.as_str()));
    assert_eq!(host.get(&of("notes")).await.json()["items"][0]["text"], "of the other");
    assert_eq!(ids(&host.get("/api/v1/customers?phone=0612345678").await), [kept.as_str()]);
    let again = host.change("POST", &of("merge"), &merged.etag(), merge(&other)).await;
    assert_eq!(again.status, 308, "it is merged already");

    let merges = host.get(&of("merges")).await.json();
    let id = merges["items"][0]["id"].as_str().unwrap().to_owned();
    let undo = format!("/api/v1/merges/{id}/undo");
    let undone = host.send("POST", &undo, &[], None).await;
    assert_eq!((undone.status, &undone.json()["undone"]["by"]), (200, &json!("host")));
    assert_eq!(host.send("POST", &undo, &[], None).await.kind(), "conflict");
    let parted = host.get(&format!("/api/v1/customers/{other}")).await;
    assert_eq!((parted.status, &parted.json()["name"]), (200, &json!("Martin Zoe")));
    let proposed = host.get(&of("duplicates")).await.json();
    assert_eq!(proposed["items"].as_array().unwrap().len(), 1, "somebody said that they are two");

    let itself = host.change("POST", &of("merge"), "*", merge(&kept)).await;
    assert_eq!((itself.status, itself.json()["error"]["field"].clone()), (422, json!("other")));
    let nobody = host.change("POST", &of("merge"), "*", merge("999")).await;
    assert_eq!((nobody.status, nobody.kind()), (404, "unknown_customer".to_owned()));
}
