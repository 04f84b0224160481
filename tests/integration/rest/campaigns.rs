//! Campaigns and call lists over REST: made, changed by their etag, refused by name, deleted; by those who run campaigns.

use serde_json::{Value, json};

use super::{Centre, HOME};
use crate::live_server::usher;

fn campaign(more: Value) -> Value {
    let mut settings = json!({
        "queue": "outbound", "gateway": "switch", "mode": "progressive", "purpose": "sales",
        "disposition": { "refused": { "reached": "right_party", "final": "contact" } },
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

pub async fn made_changed_and_deleted(centre: Centre) {
    centre.server.add_user(&["cyd", "--role", "campaign_manager"]);
    let cyd = centre.user("cyd").await;
    let made = cyd.post("/api/v1/campaigns", json!({ "name": "winback", "settings": campaign(json!({})) })).await;
    let shown = made.json();
    assert_eq!((made.status, &shown["name"], &shown["run"]), (201, &json!("winback"), &json!("stopped")));
    assert_eq!((&shown["settings"]["ring_for"], &shown["created"]["by"]), (&json!("30 s"), &json!("cyd")));
    let path = format!("/api/v1/campaigns/{}", shown["id"].as_str().unwrap());
    let unchanged = cyd.send("GET", &path, &[("if-none-match", &made.etag())], None).await;
    assert_eq!(unchanged.status, 304);
    let slower = json!({ "settings": campaign(json!({ "ring_for": "40 s" })) });
    let changed = cyd.change("PUT", &path, &made.etag(), slower.clone()).await;
    assert_eq!((changed.status, &changed.json()["settings"]["ring_for"]), (200, &json!("40 s")));
    assert_eq!(cyd.change("PUT", &path, &made.etag(), slower.clone()).await.status, 412);
    assert_eq!(cyd.send("PUT", &path, &[], Some(&slower.to_string())).await.status, 428);
    let versions = cyd.get(&format!("{path}/versions?limit=1")).await.json();
    assert_eq!((&versions["items"][0]["version"], &versions["next"]), (&json!(2), &json!("2")));
    let versions = cyd.get(&format!("{path}/versions?limit=1&after=2")).await.json();
    assert_eq!((&versions["items"][0]["settings"]["ring_for"], &versions["next"]), (&json!("30 s"), &Value::Null));
    assert_eq!(cyd.get("/api/v1/campaigns").await.json()["items"][0]["version"], 2);

    let spring = json!({ "name": "spring", "settings": { "campaign": "winback", "release": "by_hand" } });
    let list = cyd.post("/api/v1/call-lists", spring.clone()).await;
    assert_eq!((list.status, &list.json()["settings"]["active"]), (201, &json!(true)));
    let path = format!("/api/v1/call-lists/{}", list.json()["id"].as_str().unwrap());
    let paused = json!({ "settings": { "campaign": "winback", "release": "by_hand", "active": false } });
    let changed = cyd.change("PUT", &path, &list.etag(), paused).await;
    assert_eq!((changed.status, &changed.json()["settings"]["active"]), (200, &json!(false)));
    let counts = cyd.post(&format!("{path}/release"), json!({ "leads": 5 })).await.json();
    assert_eq!((&counts["released"], &counts["all"]), (&json!(5), &json!(0)));
    assert_eq!(cyd.get(&format!("{path}/counts")).await.json(), counts);
    assert_eq!(cyd.get(&path).await.etag(), changed.etag());
    assert_eq!(cyd.send("DELETE", &path, &[("if-match", &list.etag())], None).await.status, 412);
    assert_eq!(cyd.send("DELETE", &path, &[("if-match", &changed.etag())], None).await.status, 204);
    let gone = cyd.get(&path).await;
    assert_eq!((gone.status, gone.kind()), (404, "unknown_call_list".to_owned()));
    assert_eq!(cyd.get("/api/v1/call-lists").await.json()["items"], json!([]));
}

pub async fn started_and_stopped(centre: Centre) {
    centre.server.add_user(&["cyd", "--role", "campaign_manager"]);
    let cyd = centre.user("cyd").await;
    let id = |made: crate::support::http::Answer| made.json()["id"].as_str().unwrap().to_owned();
    let good = json!({ "name": "winback", "settings": campaign(json!({ "queue": "general", "gateway": "gw" })) });
    let good = format!("/api/v1/campaigns/{}", id(cyd.post("/api/v1/campaigns", good).await));
    let nowhere = json!({ "name": "nowhere", "settings": campaign(json!({})) });
    let nowhere = format!("/api/v1/campaigns/{}", id(cyd.post("/api/v1/campaigns", nowhere).await));
    let told = async |path: &str, how: &str| cyd.send("POST", &format!("{path}/{how}"), &[], None).await;
    // The server looks for new campaigns every second.
    let mut tries = 0;
    while told(&good, "start").await.status != 204 {
        tries += 1;
        assert!(tries < 100, "it is never there");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for (how, run) in [("start", "running"), ("pause", "paused"), ("stop", "stopped")] {
        assert_eq!(told(&good, how).await.status, 204, "{how}");
        let mut tries = 0;
        while cyd.get(&good).await.json()["run"] != run {
            tries += 1;
            assert!(tries < 100, "{how}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    let status = cyd.get(&format!("{good}/status")).await.json();
    assert_eq!(
        (&status["status"]["run"], &status["event"], &status["is_stale"]),
        (&json!("stopped"), &Value::Null, &json!(false))
    );
    assert_eq!(status["status"]["leads"]["waterfall"]["all"], 0);
    assert_eq!(cyd.get("/api/v1/campaigns/99/status").await.status, 404);
    let refused = told(&good, "drain").await;
    assert_eq!((refused.status, refused.kind()), (409, "conflict".to_owned()), "it is stopped");
    let refused = told(&nowhere, "start").await;
    assert_eq!(refused.status, 409, "its queue is not in the rules: {}", refused.json());
    assert_eq!(told("/api/v1/campaigns/99", "start").await.status, 404);
    assert_eq!(centre.host().await.send("POST", &format!("{good}/start"), &[], None).await.status, 403);
}

pub async fn leads_added_one_by_one(centre: Centre) {
    for (user, role) in [("cyd", "campaign_manager"), ("dan", "admin")] {
        centre.server.add_user(&[user, "--role", role]);
    }
    let (cyd, dan) = (centre.user("cyd").await, centre.user("dan").await);
    let whole = json!({ "name": "winback", "settings": campaign(json!({})) });
    let winback = dan.post("/api/v1/campaigns", whole).await.json()["id"].as_str().unwrap().to_owned();
    let field = json!([{ "name": "amount", "type": "integer" }]);
    let settings = json!({ "campaign": "winback", "default_country": "FR", "field": field });
    let list = dan.post("/api/v1/call-lists", json!({ "name": "spring", "settings": settings })).await.json();
    let path = format!("/api/v1/call-lists/{}/leads", list["id"].as_str().unwrap());
    let zoe = json!({
        "numbers": [{ "number": "06 12 34 56 78", "label": "mobile" }, { "number": "+33123456701" }],
        "name": "Zoe Canary", "zone": "europe/paris", "postcode": "75011", "priority": 5, "language": "FR",
        "external_id": "K-7", "fields": { "amount": 12 },
        "consent": { "state": "yes", "kind": "written", "at": "2026-11-01T10:00:00Z", "source": "form" },
    });
    let added = dan.post(&path, zoe.clone()).await;
    let shown = added.json();
    assert_eq!(added.status, 201, "{shown}");
    let id = shown["id"].as_str().unwrap();
    assert_eq!(added.header("location"), format!("/api/v1/leads/{id}"));
    assert_eq!(
        (&shown["name"], &shown["zone"], &shown["fields"]["amount"]),
        (&json!("Zoe Canary"), &json!("Europe/Paris"), &json!(12))
    );
    let numbers = &shown["numbers"];
    assert_eq!(
        (&numbers[0]["number"], &numbers[0]["label"], &numbers[1]["consent"]),
        (&json!("+33612345678"), &json!("mobile"), &json!("yes"))
    );
    let again = dan.post(&path, json!({ "numbers": [{ "number": "0123456701" }] })).await;
    assert_eq!((again.status, &again.json()["error"]["with"]), (409, &json!([id])), "by any of its numbers");
    for (lead, field) in [
        (json!({ "numbers": [] }), "numbers"),
        (json!({ "numbers": [{ "number": "+3361234" }] }), "numbers[0].number"),
        (json!({ "numbers": [{ "number": "0612345679" }], "zone": "Paris" }), "zone"),
        (json!({ "numbers": [{ "number": "0612345679" }], "priority": 1001 }), "priority"),
        (json!({ "numbers": [{ "number": "0612345679" }], "fields": { "amount": "many" } }), "fields.amount"),
        (json!({ "numbers": [{ "number": "0612345679" }], "fields": { "size": 1 } }), "fields.size"),
        (json!({ "numbers": [{ "number": "0612345679" }], "title": "Dr" }), "title"),
    ] {
        let refused = dan.post(&path, lead).await;
        assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!(field)), "{:?}", refused.json());
    }
    assert_eq!(dan.get(&path).await.json()["items"].as_array().unwrap().len(), 1, "nothing else was added");
    assert_eq!(dan.post("/api/v1/call-lists/99/leads", zoe).await.status, 404);
    let hidden = cyd.post(&path, json!({ "numbers": [{ "number": "0612345679" }], "name": "Bo" })).await;
    assert_eq!((hidden.status, &hidden.json()["name"]), (201, &Value::Null), "as he may see it");

    let why = cyd.get(&format!("/api/v1/leads/{id}/why")).await.json();
    assert_eq!(
        (&why["list"], &why["why"]["can_be_called"], &why["why"]["holds"][0]["why"]),
        (&json!("spring"), &json!(false), &json!("campaign_stopped")),
        "{why}"
    );
    assert_eq!(cyd.get("/api/v1/leads/99/why").await.status, 404);
    let attempts = cyd.get(&format!("/api/v1/campaigns/{winback}/attempts?from=2026-11-01T00:00:00Z&limit=10")).await;
    assert_eq!((attempts.status, attempts.json()["items"].clone()), (200, json!([])));
    let refused = cyd.get(&format!("/api/v1/campaigns/{winback}/attempts?after=77")).await;
    assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!("after")));
    assert!(!centre.server.log().contains("Canary") && !centre.server.log().contains("612345678"));
}

/// On SQLite: the file of leads comes by the command.
async fn leads_read_and_closed(centre: Centre) {
    let folder = centre.server.folder.path();
    for (user, role) in [("cyd", "campaign_manager"), ("dan", "admin")] {
        centre.server.add_user(&[user, "--role", role]);
    }
    let cyd = centre.user("cyd").await;
    let dan = centre.user("dan").await;
    let whole = json!({ "name": "winback", "settings": campaign(json!({})) });
    assert_eq!(dan.post("/api/v1/campaigns", whole).await.status, 201);
    let list = json!({ "name": "spring", "settings": { "campaign": "winback", "default_country": "FR" } });
    let list = dan.post("/api/v1/call-lists", list).await.json()["id"].as_str().unwrap().to_owned();
    std::fs::write(folder.join("leads.csv"), "phone,name\n0612345678,Zoe Canary\n0612345679,Bo\n0612345680,Cy\n")
        .unwrap();
    let args = ["import", "leads", "spring", "leads.csv", "--accept-guess"];
    let imported = usher(folder).args(args).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));

    let path = format!("/api/v1/call-lists/{list}/leads");
    let page = dan.get(&format!("{path}?limit=2")).await.json();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["items"][0]["name"]), (2, &json!("Zoe Canary")));
    let rest = dan.get(&format!("{path}?after={}", page["next"].as_str().unwrap())).await.json();
    assert_eq!((&rest["items"][0]["name"], &rest["next"]), (&json!("Cy"), &Value::Null));
    let zoe = format!("/api/v1/leads/{}", page["items"][0]["id"].as_str().unwrap());
    let shown = dan.get(&zoe).await.json();
    assert_eq!((&shown["numbers"][0]["number"], &shown["attempts"]), (&json!("+33612345678"), &json!(0)));
    let hidden = cyd.get(&zoe).await.json();
    assert_eq!(
        (&hidden["name"], &hidden["numbers"][0]["number"]),
        (&Value::Null, &json!("…78")),
        "as settings are by default"
    );
    for _ in 0..2 {
        assert_eq!(cyd.send("POST", &format!("{zoe}/close"), &[], None).await.status, 204);
    }
    assert_eq!(dan.get(&zoe).await.json()["ended"], "withdrawn");
    let counts = dan.get(&format!("/api/v1/call-lists/{list}/counts")).await.json();
    assert_eq!((&counts["fresh"], &counts["ended"]), (&json!(2), &json!({ "withdrawn": 1 })));
    let unknown = dan.get("/api/v1/leads/99").await;
    assert_eq!((unknown.status, unknown.kind()), (404, "unknown_lead".to_owned()));
    assert_eq!(dan.send("POST", "/api/v1/leads/99/close", &[], None).await.status, 404);
    assert!(!centre.server.log().contains("Canary") && !centre.server.log().contains("612345678"));
}

pub async fn refused_by_name(centre: Centre) {
    let eva = centre.user("eva").await;
    let host = centre.host().await;
    assert_eq!(host.get("/api/v1/campaigns").await.status, 403, "a host system runs no campaign");
    let whole = |settings: Value| json!({ "name": "winback", "settings": settings });
    for (settings, field) in [
        (campaign(json!({ "ring_for": "1 s" })), "settings.ring_for"),
        (campaign(json!({ "ring_for": 20 })), "settings.ring_for"),
        (campaign(json!({ "hours": { "week": { "mon": ["18:00-09:00"] } } })), "settings.hours"),
        (campaign(json!({ "disposition": {} })), "settings.disposition"),
        (campaign(json!({ "rings_for": "20 s" })), "settings.rings_for"),
        (json!({ "queue": "outbound" }), "settings.gateway"),
    ] {
        let refused = eva.post("/api/v1/campaigns", whole(settings)).await;
        assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!(field)), "{:?}", refused.json());
    }
    assert_eq!(eva.get("/api/v1/campaigns").await.json()["items"], json!([]), "nothing was made");
    assert_eq!(eva.post("/api/v1/campaigns", whole(campaign(json!({})))).await.status, 201);
    let again = eva.post("/api/v1/campaigns", whole(campaign(json!({})))).await;
    assert_eq!((again.status, &again.json()["error"]["field"]), (422, &json!("name")));

    for (settings, field) in [
        (json!({ "campaign": "surveys" }), "settings.campaign"),
        (json!({ "campaign": "winback", "next_list": "summer" }), "settings.next_list"),
        (json!({ "campaign": "winback", "expires_at": "2020-01-01T00:00:00Z" }), "settings.expires_at"),
        (json!({ "campaign": "winback", "order": { "field": { "name": "size" } } }), "settings.order"),
    ] {
        let refused = eva.post("/api/v1/call-lists", json!({ "name": "spring", "settings": settings })).await;
        assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!(field)), "{:?}", refused.json());
    }
    let all = json!({ "name": "spring", "settings": { "campaign": "winback" } });
    let list = eva.post("/api/v1/call-lists", all).await.json();
    let path = format!("/api/v1/call-lists/{}/release", list["id"].as_str().unwrap());
    assert_eq!(eva.post(&path, json!({ "leads": 5 })).await.status, 409);
    assert_eq!(eva.post(&path, json!({ "leads": 0 })).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_are_shown_as_their_asker_may_see_them() {
    leads_read_and_closed(Centre::on(&[HOME]).await).await;
}
