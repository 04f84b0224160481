//! Many at the same moment.

use futures_util::future::join_all;
use serde_json::json;

use super::{Centre, ids};

pub async fn of_many_one_wins(centre: Centre) {
    let host = centre.host().await;
    let (id, etag) = host.add(json!({ "name": "Zoé" })).await;
    let path = format!("/api/v1/customers/{id}");
    let each = (0..12).map(|no| {
        let (host, path, etag) = (host.clone(), path.clone(), etag.clone());
        async move { host.change("PATCH", &path, &etag, json!({ "name": format!("Zoé {no}") })).await }
    });
    let answers = join_all(each).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|answer| [200, 412].contains(&answer.status)));
    let now = host.get(&path).await;
    assert_eq!((now.etag(), now.json()["name"].clone()), (won[0].etag(), won[0].json()["name"].clone()));

    // One id of a host system is one customer, however many say so at once; each says all that it says.
    let each = (0..12).map(|no| {
        let host = host.clone();
        async move {
            let body = json!({ "custom": { format!("field_{no}"): no } });
            host.put("/api/v1/customers/by-external-id/17", body).await
        }
    });
    let answers = join_all(each).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 11);
    let found = host.get("/api/v1/customers?external_id=17").await;
    assert_eq!(ids(&found).len(), 1);
    assert_eq!(found.json()["items"][0]["custom"].as_object().unwrap().len(), 12);
}
