//! A customer from being added to being found.

use serde_json::{Value, json};

use super::{Centre, HOME, ids, phone};
use crate::live_server::{Peer, usher};

/// Names are text, whatever they look like.
const STRANGE: &str = "<script>alert(1)</script>'); drop table customer; -- 李伟 \u{202e}";

pub async fn from_added_to_found(centre: Centre) {
    let host = centre.host().await;
    let (id, first) = host
        .add(json!({
            "name": STRANGE, "language": "fr", "tier": "gold", "custom": { "since": 1999, "vip": true },
            "addresses": [phone("06 12 34 56 78"), { "kind": "email", "address": "Zoe <Zoe@Example.com>", "consent": "yes" }],
            "names": [{ "kind": "alias", "name": "Zoé" }], "tags": ["vip", "old"],
        }))
        .await;
    let path = format!("/api/v1/customers/{id}");
    let shown = host.get(&path).await;
    let customer = shown.json();
    assert_eq!((shown.status, shown.etag()), (200, first.clone()));
    assert_eq!((&customer["name"], &customer["custom"]), (&json!(STRANGE), &json!({ "since": 1999, "vip": true })));
    assert_eq!(customer["addresses"][0]["address"], "+33612345678");
    assert_eq!(
        (&customer["addresses"][1]["address"], &customer["addresses"][1]["consent"]),
        (&json!("zoe@example.com"), &json!("yes"))
    );
    assert_eq!((&customer["created"]["by"], &customer["tags"]), (&json!("host"), &json!(["old", "vip"])));

    let unchanged = host.send("GET", &path, &[("if-none-match", &first)], None).await;
    assert_eq!((unchanged.status, unchanged.bytes.len(), unchanged.etag()), (304, 0, first.clone()));

    let without = host.send("PATCH", &path, &[], Some("{}")).await;
    assert_eq!((without.status, without.kind()), (428, "no_if_match".to_owned()));
    let changed =
        host.change("PATCH", &path, &first, json!({ "tier": null, "custom": { "vip": null, "plan": "b" } })).await;
    assert_eq!(changed.status, 200);
    let second = changed.etag();
    assert_eq!(
        (&changed.json()["tier"], &changed.json()["custom"]),
        (&Value::Null, &json!({ "since": 1999, "plan": "b" }))
    );
    assert_eq!(changed.json()["name"], STRANGE, "what is not named stays");
    let stale = host.change("PATCH", &path, &first, json!({ "tier": "tin" })).await;
    assert_eq!((stale.status, stale.kind(), stale.etag()), (412, "stale".to_owned(), second.clone()));
    assert_eq!(stale.json()["error"]["etag"], second);
    let same = host.change("PATCH", &path, &second, json!({ "language": "fr" })).await;
    assert_eq!((same.status, same.etag()), (200, second.clone()), "what is so already is no change");
    assert_eq!(host.change("PATCH", &path, "*", json!({ "tier": "tin" })).await.status, 200);

    one_part_after_the_other(&host, &path).await;
    for query in [
        "phone=0612345678",
        "phone=%2B33612345678",
        "email=ZOE%40example.com",
        "query=zoé",
        "query=%E6%9D%8E%E4%BC%9F",
        "query=06.12.34.56.78",
    ] {
        let found = host.get(&format!("/api/v1/customers?{}", query.replace('é', "%C3%A9"))).await;
        assert_eq!(ids(&found), [id.as_str()], "{query}");
    }
    for query in ["phone=0699999999", "query=nobody", "handle=chat:zoe", "external_id=17"] {
        assert_eq!(ids(&host.get(&format!("/api/v1/customers?{query}")).await), [""; 0], "{query}");
    }
}

async fn one_part_after_the_other(host: &super::User, path: &str) {
    let etag = |answer: &crate::support::http::Answer| {
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.etag()
    };
    let now = host.get(path).await.etag();
    let of = |part: &str| format!("{path}/{part}");
    let added = host
        .change("POST", &of("addresses"), &now, json!({ "kind": "external", "address": "erp:A-17", "label": "erp" }))
        .await;
    let now = etag(&added);
    let address = added.json()["addresses"][2]["id"].as_str().unwrap().to_owned();
    let twice = host.change("POST", &of("addresses"), &now, json!({ "kind": "external", "address": "erp:A-17" })).await;
    assert_eq!((twice.status, twice.json()["error"]["with"].clone()), (409, json!([address])));
    let told = host
        .change("PATCH", &of(&format!("addresses/{address}")), &now, json!({ "label": null, "consent": "no" }))
        .await;
    let now = etag(&told);
    let known = &told.json()["addresses"][2];
    assert_eq!(
        (&known["label"], &known["consent"], &known["consent_set"]["by"]),
        (&Value::Null, &json!("no"), &json!("host"))
    );
    let removed = host.change("DELETE", &of(&format!("addresses/{address}")), &now, Value::Null).await;
    let now = etag(&removed);
    assert_eq!(removed.json()["addresses"].as_array().unwrap().len(), 2);
    let gone = host.change("DELETE", &of(&format!("addresses/{address}")), &now, Value::Null).await;
    assert_eq!((gone.status, gone.kind()), (404, "unknown_address".to_owned()));

    let named = host.change("POST", &of("names"), &now, json!({ "kind": "former", "name": "Zoé Müller" })).await;
    let now = etag(&named);
    let name = named.json()["names"][1]["id"].as_str().unwrap().to_owned();
    let now = etag(&host.change("DELETE", &of(&format!("names/{name}")), &now, Value::Null).await);
    let tagged = host.change("PUT", &of("tags/a%2Fb%20c"), &now, Value::Null).await;
    assert_eq!(tagged.json()["tags"], json!(["a/b c", "old", "vip"]));
    let now = etag(&tagged);
    let again = host.change("PUT", &of("tags/a%2Fb%20c"), &now, Value::Null).await;
    assert_eq!(etag(&again), now, "it has the tag");
    let now = etag(&host.change("DELETE", &of("tags/old"), &now, Value::Null).await);

    let lists = json!({ "addresses": [phone("0612345678"), { "kind": "email", "address": "zoe@example.com" }], "tags": ["vip"] });
    let replaced = host.change("PATCH", path, &now, lists.clone()).await;
    let now = etag(&replaced);
    assert_eq!(
        (&replaced.json()["tags"], &replaced.json()["addresses"][1]["consent"]),
        (&json!(["vip"]), &json!("yes"))
    );
    assert_eq!(etag(&host.change("PATCH", path, &now, lists).await), now, "the lists are so already");
    let changes = host.get(&of("changes?limit=200")).await.json();
    let fields: Vec<&str> =
        changes["items"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    for field in ["added", "tier", "custom.vip", "address", "label", "consent", "other_name", "tag"] {
        assert!(fields.contains(&field), "{field}: {fields:?}");
    }
}

pub async fn by_external_id(centre: Centre) {
    let host = centre.host().await;
    let path = "/api/v1/customers/by-external-id/A%2F17";
    let body = json!({ "name": "Zoé", "addresses": [phone("0612345678")], "tags": ["vip"], "custom": { "plan": "a" } });
    let added = host.put(path, body.clone()).await;
    assert_eq!((added.status, added.json()["addresses"][1]["address"].clone()), (201, json!("crm:A/17")));
    let again = host.put(path, body.clone()).await;
    assert_eq!((again.status, again.etag(), again.json()), (200, added.etag(), added.json()), "it is so already");
    let other = host.put("/api/v1/customers/by-external-id/crm:A%2F17", json!({ "name": "Zoé M." })).await;
    assert_eq!((&other.json()["id"], &other.json()["tags"]), (&added.json()["id"], &json!(["vip"])), "named whole");
    assert_ne!(other.etag(), added.etag());
    let found = host.get("/api/v1/customers?external_id=A%2F17").await;
    assert_eq!(ids(&found), [added.json()["id"].as_str().unwrap()]);

    let only_new = host.send("PUT", path, &[("if-none-match", "*")], Some("{}")).await;
    assert_eq!((only_new.status, only_new.etag()), (412, other.etag()));
    let stale = host.change("PUT", path, &added.etag(), body.clone()).await;
    assert_eq!((stale.status, stale.etag()), (412, other.etag()));
    assert_eq!(host.change("PUT", path, &other.etag(), body).await.status, 200);
    let missing = host.change("PUT", "/api/v1/customers/by-external-id/B", "\"1\"", json!({})).await;
    assert_eq!((missing.status, missing.kind()), (412, "stale".to_owned()), "there is none to be changed");

    let twin = host.add(json!({ "addresses": [{ "kind": "external", "address": "crm:A/17" }] })).await.0;
    let several = host.put(path, json!({})).await;
    assert_eq!((several.status, several.kind()), (409, "conflict".to_owned()));
    assert_eq!(several.json()["error"]["with"], json!([added.json()["id"], twin]));
}

pub async fn searched_page_by_page(centre: Centre) {
    let host = centre.host().await;
    let mut all = Vec::new();
    for no in 0..120 {
        let addresses = if no % 2 == 0 { json!([phone("0612345678")]) } else { json!([]) };
        all.push(host.add(json!({ "name": format!("Zoé {no}"), "addresses": addresses })).await.0);
    }
    let ben = host.add(json!({ "name": "Ben" })).await.0;
    host.post(&format!("/api/v1/customers/{ben}/notes"), json!({ "text": "asked for zoe" })).await;
    let even: Vec<String> = all.iter().step_by(2).cloned().collect();
    let named: Vec<String> = all.iter().chain([&ben]).cloned().collect();
    for (query, expected) in [("query=zoe", &named), ("", &named), ("phone=0612345678", &even)] {
        let mut found: Vec<String> = Vec::new();
        let mut after = String::new();
        loop {
            let page = host.get(&format!("/api/v1/customers?{query}&limit=25{after}")).await;
            assert!(ids(&page).len() <= 25);
            found.extend(ids(&page));
            if found.len() == 25 {
                // Whoever comes or goes meanwhile moves nobody else.
                host.add(json!({ "name": "Carla" })).await;
            }
            let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
            after = format!("&after={next}");
        }
        found.retain(|id| named.contains(id));
        assert_eq!(&found, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_system_opens_no_socket() {
    let centre = Centre::on(&[]).await;
    let token = centre.server.token("host").await;
    for role in ["agent", "supervisor", "gateway"] {
        let mut socket = Peer::connect(&centre.server.host, Some(&token)).await.unwrap();
        let refused = socket.ask("session.open", json!({ "role": role })).await.unwrap_err();
        assert_eq!(refused["kind"], "not_permitted", "{role}");
    }
    let ticket = centre.host().await.send("POST", "/api/v1/ticket", &[], None).await;
    assert_eq!((ticket.status, ticket.kind()), (403, "not_permitted".to_owned()));
    let me = centre.host().await.get("/api/v1/me").await.json();
    assert_eq!(me, json!({ "user": "host", "roles": ["crm"], "agent": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_to_be_contacted_stays_so_over_rest_and_the_wire() {
    let centre = Centre::on(&[HOME]).await;
    let host = centre.host().await;
    let refused = json!({ "kind": "phone", "address": "06 12 34 56 78", "consent": "no" });
    let (zoe, _) = host.add(json!({ "name": "Zoé", "addresses": [refused] })).await;
    let erasing = ["privacy", "erase", &zoe, "--reason", "asked for it", "--by", "eva"];
    let erased = usher(centre.server.folder.path()).args(erasing).output().unwrap();
    assert!(erased.status.success(), "{}", String::from_utf8_lossy(&erased.stderr));

    let agreed = json!({ "kind": "phone", "address": "0612345678", "consent": "yes" });
    let whole = json!({ "name": "Zoé", "addresses": [agreed] });
    let (posted, _) = host.add(whole.clone()).await;
    let put = host.put("/api/v1/customers/by-external-id/erp:17", whole).await;
    assert_eq!(put.status, 201, "{}", put.json());
    let put = put.json()["id"].as_str().unwrap().to_owned();
    let (bare, etag) = host.add(json!({ "name": "Zoé" })).await;
    let part = host.change("POST", &format!("/api/v1/customers/{bare}/addresses"), &etag, agreed).await;
    assert_eq!(part.status, 200, "{}", part.json());
    let mut ana = centre.server.agent("ana").await;
    let new = json!({ "name": "Zoé", "tags": [], "addresses": [{ "kind": "phone", "address": "0612345678" }] });
    let told = ana.ask("customer.create", new).await.unwrap()["customer"].as_str().unwrap().to_owned();
    for id in [posted, put, bare, told] {
        let customer = host.get(&format!("/api/v1/customers/{id}")).await.json();
        let number = customer["addresses"].as_array().unwrap().iter().find(|address| address["kind"] == "phone");
        assert_eq!(number.unwrap()["consent"], "no", "{customer}");
    }
}
