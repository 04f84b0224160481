//! What is refused: by field, with what was expected, and nothing is changed.

use serde_json::{Value, json};

use super::{Centre, User, phone};
use crate::support::http::send;

/// Field and expectation.
async fn refusal(host: &User, body: &str) -> (u16, String, String) {
    let answer = host.send("POST", "/api/v1/customers", &[], Some(body)).await;
    let error = &answer.json()["error"];
    let text = |field: &str| error[field].as_str().unwrap_or_default().to_owned();
    (answer.status, text("field"), text("expected"))
}

pub async fn refused_by_name(centre: Centre) {
    let host = centre.host().await;
    let many: Vec<String> = (0..101).map(|no| no.to_string()).collect();
    let fields: serde_json::Map<String, Value> = (0..65).map(|no| (format!("field_{no}"), json!(no))).collect();
    for (body, field, expected) in [
        (json!({ "nam": "Zoé" }), "nam", "a known field: name, language"),
        (json!({ "name": 5 }), "name", "a text"),
        (json!({ "name": "a\u{0}b" }), "name", "no NUL character"),
        (json!({ "name": "a".repeat(201) }), "name", "at most 200 characters"),
        (json!({ "tier": "" }), "tier", "at least one character"),
        (json!({ "tier": "a\nb" }), "tier", "no control characters"),
        (json!({ "owner": "" }), "owner", ""),
        (json!({ "do_not_contact": "yes" }), "do_not_contact", "true or false"),
        (json!({ "custom": { "Plan": 1 } }), "custom.Plan", "lower-case letters"),
        (json!({ "custom": { "plan": [] } }), "custom.plan", "a number, true, false or null"),
        (json!({ "custom": fields }), "custom.field_9", "at most 64 fields, found 65"),
        (json!({ "addresses": [phone("12")] }), "addresses[0].address", ""),
        (
            json!({ "addresses": [phone("0612345678"), phone("anonymous")] }),
            "addresses[1].address",
            "not one that is withheld",
        ),
        (json!({ "addresses": [{ "kind": "fax", "address": "1" }] }), "addresses[0].kind", "phone, email"),
        (json!({ "addresses": [{ "kind": "email", "address": "zoe" }] }), "addresses[0].address", "an email address"),
        (json!({ "addresses": [{ "kind": "external", "address": "17" }] }), "addresses[0].address", "system:id"),
        (json!({ "addresses": [{ "kind": "phone" }] }), "addresses[0].address", "this field, which is missing"),
        (
            json!({ "addresses": [{ "kind": "email", "address": "a@b.fr", "extension": "1" }] }),
            "addresses[0].extension",
            "digits",
        ),
        (json!({ "names": [{ "kind": "alias", "name": "" }] }), "names[0].name", "at least one character"),
        (json!({ "tags": many }), "tags", "at most 100 items, found 101"),
        (json!({ "tags": ["a", 1] }), "tags[1]", "a text"),
    ] {
        let (status, found, reason) = refusal(&host, &body.to_string()).await;
        assert_eq!((status, found.as_str()), (422, field), "{body}: {reason}");
        assert!(reason.contains(expected), "{body}: {reason}");
    }
    assert_eq!(refusal(&host, "[]").await.1, "body");
    assert_eq!(refusal(&host, r#"{"name": "a", "name": "b"}"#).await.2, "this field once");
    assert_eq!(refusal(&host, "{\"name\": ").await.0, 400);
    assert_eq!(refusal(&host, "{} {}").await.0, 400);
    let huge = json!({ "name": "a".repeat(2_000_000) }).to_string();
    assert_eq!(refusal(&host, &huge).await.0, 413);
    let deep = format!("{{\"custom\": {{\"plan\": {}1{}}}}}", "[".repeat(500), "]".repeat(500));
    assert!([400, 422].contains(&refusal(&host, &deep).await.0));
    let headers = [("authorization", host.bearer.as_str()), ("content-type", "application/json")];
    let not_utf8 = send(&host.host, "POST", "/api/v1/customers", &headers, Some(b"{\"name\": \"\xff\xfe\"}")).await;
    assert_eq!((not_utf8.status, not_utf8.kind()), (400, "parse_error".to_owned()));
    let form = host.send("POST", "/api/v1/customers", &[("content-type", "text/plain")], Some("{}")).await;
    assert_eq!((form.status, form.kind()), (415, "not_json".to_owned()));
    let all = host.get("/api/v1/customers").await.json();
    assert_eq!(all["items"], json!([]), "nothing was added");

    ids_and_queries(&host).await;
}

async fn ids_and_queries(host: &User) {
    for id in ["0", "-1", "x", "1e3", "99999999999999999999", "%20", "1'%20or%201=1"] {
        let answer = host.get(&format!("/api/v1/customers/{id}")).await;
        assert_eq!((answer.status, answer.kind()), (404, "unknown_customer".to_owned()), "{id}");
    }
    for (path, kind) in [
        ("/api/v1/interactions/usher-77777", "unknown_interaction"),
        ("/api/v1/interactions/other-1", "unknown_interaction"),
        ("/api/v1/work/1", "unknown_work"),
    ] {
        assert_eq!(host.get(path).await.kind(), kind, "{path}");
    }
    let (id, etag) = host.add(json!({ "name": "Zoé" })).await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("after=x", "after"),
        ("query=%ff", "query"),
        ("page=2", "page"),
        ("phone=12", "phone"),
        ("email=zoe", "email"),
        ("external_id=", "external_id"),
        ("query=a&phone=0612345678", "query"),
        ("limit=1&limit=2", "limit"),
    ] {
        let answer = host.get(&format!("/api/v1/customers?{query}")).await;
        assert_eq!((answer.status, answer.json()["error"]["field"].clone()), (422, json!(field)), "{query}");
    }
    let path = format!("/api/v1/customers/{id}");
    for (part, body, field) in [
        ("notes", json!({ "text": "  " }), "text"),
        ("notes", json!({ "text": "a".repeat(16_001) }), "text"),
        ("work", json!({ "title": "x" }), "kind"),
        ("work", json!({ "kind": "task", "title": "" }), "title"),
        ("work", json!({ "kind": "task", "title": "x", "due": "tomorrow" }), "due"),
    ] {
        let answer = host.post(&format!("{path}/{part}"), body.clone()).await;
        assert_eq!((answer.status, answer.json()["error"]["field"].clone()), (422, json!(field)), "{body}");
    }
    let bad_tag = host.change("PUT", &format!("{path}/tags/%ff"), &etag, Value::Null).await;
    assert_eq!((bad_tag.status, bad_tag.json()["error"]["field"].clone()), (422, json!("path")));
    let weak = host.change("PATCH", &path, &format!("W/{etag}"), json!({ "tier": "gold" })).await;
    assert_eq!(weak.status, 412, "a weak etag does not say which state was read");
    assert_eq!(host.get(&path).await.etag(), etag, "nothing was changed");
}
