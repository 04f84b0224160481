//! The centre's own fields: declared in the settings, checked when they are written, hidden as they are declared.

use serde_json::{Value, json};

use super::{Centre, User, phone};
use crate::live_server::usher;

/// As an operator declares them.
pub const DECLARED: &str = r#"[
    { name = "contract", type = "text", length_max = 8, label = "Contract no." },
    { name = "seats", type = "integer" },
    { name = "balance", type = "decimal" },
    { name = "since", type = "date" },
    { name = "newsletter", type = "boolean", personal = false },
    { name = "plan", type = "choice", options = ["basic", "plus"], label = "Plan", personal = false },
]"#;

/// On a server with these settings; it has stored `custom` of a customer before they were made.
pub async fn checked_as_declared(mut centre: Centre) {
    let host = centre.host().await;
    let earlier = json!({ "contract": "A-1", "seats": "many", "shoe": 45 });
    let (id, _) = host.add(json!({ "name": "Zoé", "addresses": [phone("0612345678")], "custom": earlier })).await;
    assert_eq!(host.get("/api/v1/customer-fields").await.json(), json!({ "fields": [] }));
    centre.server.kill_and_start_again_with(&[
        ("USHER_CUSTOMERS_FIELDS", DECLARED),
        ("USHER_PRIVACY_HIDDEN_FROM_SUPERVISORS", "custom"),
    ]);
    let host = centre.host().await;
    let fields = host.get("/api/v1/customer-fields").await.json();
    let names: Vec<&str> =
        fields["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["contract", "seats", "balance", "since", "newsletter", "plan"], "in the order of declaration");
    assert_eq!(
        fields["fields"][5],
        json!({ "name": "plan", "label": "Plan", "type": "choice", "personal": false, "length_max": null,
                "options": ["basic", "plus"] })
    );

    let path = format!("/api/v1/customers/{id}");
    let before = host.get(&path).await;
    assert_eq!(before.json()["custom"], earlier, "what was stored under another declaration is still shown");
    refused(&host, &path, &before.etag(), &earlier).await;
    let same = host.change("PATCH", &path, &before.etag(), json!({ "custom": earlier })).await;
    assert_eq!((same.status, same.etag()), (200, before.etag()), "what is so already may stay so");

    let custom = json!({
        "contract": " B-2 ", "seats": 12, "balance": "0012.50", "since": "2026-02-28", "newsletter": true,
        "plan": "plus", "shoe": null,
    });
    let changed = host.change("PATCH", &path, &before.etag(), json!({ "custom": custom })).await;
    let kept = json!({
        "contract": "B-2", "seats": 12, "balance": "12.50", "since": "2026-02-28", "newsletter": true, "plan": "plus",
    });
    assert_eq!((changed.status, &changed.json()["custom"]), (200, &kept));

    not_to_all(&centre, &path).await;
}

async fn refused(host: &User, path: &str, etag: &str, earlier: &Value) {
    for (custom, field, told) in [
        (json!({ "shoe": 46 }), "custom.shoe", "the name of a declared field: contract, seats, balance"),
        (json!({ "colour": "red" }), "custom.colour", "the name of a declared field"),
        (json!({ "contract": "A-12345678" }), "custom.contract", "found a text of 10 characters"),
        (json!({ "seats": "12" }), "custom.seats", "a whole number, such as -12"),
        (json!({ "seats": 1.5 }), "custom.seats", "found a number with a fraction"),
        (json!({ "balance": "12,50" }), "custom.balance", "a decimal number, such as -12.50"),
        (json!({ "since": "28.2.2026" }), "custom.since", "a date, such as 2026-11-22, found a text of 9 characters"),
        (json!({ "newsletter": "yes" }), "custom.newsletter", "true or false, found a text of 3 characters"),
        (json!({ "plan": "gold" }), "custom.plan", "one of basic, plus, found a text of 4 characters"),
        (json!({ "plan": ["plus"] }), "custom.plan", "found a list"),
    ] {
        // What stands beside it is not done either.
        let answer = host.change("PATCH", path, etag, json!({ "name": "Eve", "custom": custom })).await;
        let error = &answer.json()["error"];
        assert_eq!((answer.status, error["field"].as_str().unwrap()), (422, field), "{custom}");
        assert!(error["expected"].as_str().unwrap().contains(told), "{custom}: {error}");
        let added = host.post("/api/v1/customers", json!({ "name": "Eve", "custom": custom })).await;
        assert_eq!((added.status, added.kind()), (422, "invalid_field".to_owned()), "{custom}");
    }
    let after = host.get(path).await.json();
    assert_eq!((&after["name"], &after["custom"]), (&json!("Zoé"), earlier));
}

/// From supervisors all custom fields are hidden, but not those that are not personal; what is hidden stays as it is.
async fn not_to_all(centre: &Centre, path: &str) {
    let eva = centre.user("eva").await;
    let seen = eva.get(path).await;
    assert_eq!(seen.json()["custom"], json!({ "newsletter": true, "plan": "plus" }));
    let asked = json!({ "custom": { "plan": "basic", "contract": "mine" } });
    let changed = eva.change("PATCH", path, &seen.etag(), asked).await;
    assert_eq!(changed.json()["custom"], json!({ "newsletter": true, "plan": "basic" }));
    let host = centre.host().await;
    assert_eq!(host.get(path).await.json()["custom"]["contract"], "B-2", "nobody changes what is hidden from him");
}

#[test]
fn an_import_takes_what_the_settings_declare() {
    let folder = tempfile::tempdir().unwrap();
    let people = "name,Contract no.,plan\nZoé,A-1,plus\nWei,A-2,gold\n";
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    std::fs::write(folder.path().join("fields.toml"), "[[field]]\nname = \"plan\"\ntype = \"text\"\n").unwrap();
    let import = |more: &[&str]| {
        let mut command = usher(folder.path());
        command.env("USHER_CUSTOMERS_FIELDS", DECLARED).args(["import", "customers", "people.csv"]).args(more);
        let done = command.output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
    };
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let told = import(&["--accept-guess", "--dry-run"]);
    assert!(told.contains("field plan: expected one of basic, plus, found a text of 4 characters"), "{told}");
    assert!(told.contains("added                    1") && told.contains("row 3"), "{told}");
    let told = import(&["--accept-guess", "--fields", "fields.toml"]);
    assert!(told.contains("the settings declare customers.fields already"), "{told}");
}
