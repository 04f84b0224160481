//! The centre's own fields on the card, changed by an agent.

use serde_json::json;

use super::{NUMBER, add_customer, call, card, centre_with};

const DECLARED: &str = r#"[
    { name = "plan", type = "choice", options = ["basic", "plus"], label = "Plan", personal = false },
    { name = "contract", type = "text", length_max = 8, label = "Contract no." },
]"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_card_has_the_centres_own_fields_in_its_order() {
    let settings = [("USHER_CUSTOMERS_FIELDS", DECLARED), ("USHER_PRIVACY_HIDDEN_FROM_AGENTS", "custom")];
    let (server, records) = centre_with(&settings[..1]).await;
    let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let change = |version: u64, custom: serde_json::Value| {
        json!({ "customer": zoe.to_string(), "version": version, "name": "Zoé", "tier": "gold", "do_not_contact": false,
                "custom": custom })
    };
    for (custom, field, told) in [
        (json!({ "shoe": 46 }), "custom.shoe", "the name of a declared field: plan, contract"),
        (json!({ "plan": "gold" }), "custom.plan", "one of basic, plus, found a text of 4 characters"),
        (json!({ "contract": 7 }), "custom.contract", "found a whole number"),
    ] {
        let refused = ana.ask("customer.change", change(1, custom)).await.unwrap_err();
        assert_eq!(refused["field"], field, "{refused}");
        assert!(refused["expected"].as_str().unwrap().contains(told), "{refused}");
    }
    let custom = json!({ "contract": "A-17", "plan": "plus" });
    let stored = ana.ask("customer.change", change(1, custom.clone())).await.unwrap();
    assert_eq!(stored["version"], 2, "what was refused changed nothing");

    let all = ana.ask("customer.show", json!({ "customer": zoe.to_string() })).await.unwrap();
    let fields = json!([
        { "name": "plan", "label": "Plan", "value": "plus" },
        { "name": "contract", "label": "Contract no.", "value": "A-17" },
    ]);
    assert_eq!((&all["card"]["fields"], &all["custom"]), (&fields, &custom));
    call(&mut gateway, "1", NUMBER).await;
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!(card(&mut ana, &offered).await["fields"], fields);
    drop((server, ana, gateway));

    let (server, records) = centre_with(&settings).await;
    let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut ana = server.agent("ana").await;
    let custom = json!({ "contract": "A-17", "plan": "plus" });
    let asked =
        json!({ "customer": zoe.to_string(), "version": 1, "name": "Zoé", "do_not_contact": false, "custom": custom });
    ana.ask("customer.change", asked).await.unwrap();
    let all = ana.ask("customer.show", json!({ "customer": zoe.to_string() })).await.unwrap();
    assert_eq!(all["card"]["fields"], json!([{ "name": "plan", "label": "Plan", "value": "plus" }]));
    assert_eq!(all["custom"], json!({ "plan": "plus" }), "what is hidden was not changed either");
}
