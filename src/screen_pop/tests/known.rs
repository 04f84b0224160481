//! What the records say over what the gateway said.

use std::sync::Arc;

use serde_json::{Value, json};

use super::settings;
use crate::customers::change::Stamp;
use crate::customers::customer::{Consent, Customer, CustomerFields, CustomerMatch};
use crate::customers::ids::{AddressId, CustomerId, Version};
use crate::customers::text::{CustomerName, Language, Tag, Tier};
use crate::records::MatchDetails;
use crate::routing::command::Direction;
use crate::routing::ids::{AgentId, PersonId};
use crate::routing::personal::Attributes;
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;
use crate::screen_pop::known::{Known, Stance, customer_of, other_matches};
use crate::screen_pop::sought::{Caller, Sought};

const NOW: Timestamp = Timestamp(1_795_338_000_000);

fn attributes(value: Value) -> Attributes {
    serde_json::from_value(value).unwrap()
}

fn sought() -> Sought {
    let attributes = attributes(json!({ "language": "fr" }));
    let from = Some("+33180000000;ext=12");
    let (channel, direction) = (Channel::Voice, Direction::Inbound);
    Sought::of(Caller { channel, direction, from, to: None, attributes: &attributes }, &settings())
}

fn found(id: i64, name: &str, tier: Option<&str>, extension: Option<&str>) -> CustomerMatch {
    let stamp = Stamp { at: Timestamp(1), by: PersonId::new("ana").unwrap() };
    CustomerMatch {
        customer: Customer {
            id: CustomerId(id),
            fields: CustomerFields {
                name: CustomerName::new(name).unwrap(),
                tier: tier.map(|tier| Tier::new(tier).unwrap()),
                language: Some(Language::new("fr-CA").unwrap()),
                ..CustomerFields::default()
            },
            version: Version(1),
            created: stamp.clone(),
            changed: stamp,
            merged_into: None,
        },
        address: AddressId(id * 10),
        key: sought().addresses[0].key.clone(),
        extension: extension.map(|extension| extension.to_owned().try_into().unwrap()),
        consent: Consent::Unknown,
        last_contact_at: None,
    }
}

fn details(id: i64) -> MatchDetails {
    MatchDetails {
        customer: CustomerId(id),
        main_address: Some(AddressId(id * 10)),
        open_work: 2,
        last_agent: Some(AgentId::new("ben").unwrap()),
        tags: vec![Tag::new("vip").unwrap()],
    }
}

fn known(found: Vec<CustomerMatch>, details: Vec<MatchDetails>) -> Stance {
    Stance::Known(Arc::new(Known::ranked(&sought(), found, details, |_| 1, NOW)))
}

#[test]
fn the_records_lie_over_what_the_gateway_said() {
    let mut said =
        attributes(json!({ "intent": "buy", "customer": { "id": "c-1", "tier": "silver", "mood": "good" } }));
    known(vec![found(7, "Zoé", Some("gold"), None)], vec![details(7)]).lay_over(&mut said);
    assert_eq!(
        Value::Object(said.0.clone()),
        json!({
            "intent": "buy",
            "customer": {
                "id": "7", "name": "Zoé", "tier": "gold", "language": "fr-CA", "last_agent": "ben", "tags": ["vip"],
                "open_work": 2, "do_not_contact": false, "mood": "good", "known_at": "2026-11-22T09:00:00.000Z",
            },
            "customer_lookup": { "state": "known", "customer": "7" },
        })
    );
    assert_eq!(customer_of(&said), Some(CustomerId(7)));
    assert!(other_matches(&said).is_empty());
}

#[test]
fn what_the_records_do_not_know_stays_the_gateways() {
    let mut said = attributes(json!({ "customer": { "tier": "silver", "name": "Z." } }));
    known(vec![found(7, "", None, None)], Vec::new()).lay_over(&mut said);
    let customer = said.get("customer").unwrap();
    assert_eq!((&customer["tier"], &customer["name"], &customer["id"]), (&json!("silver"), &json!("Z."), &json!("7")));

    let mut said = attributes(json!({ "customer": { "tier": "silver" } }));
    known(Vec::new(), Vec::new()).lay_over(&mut said);
    assert_eq!(said.get("customer"), Some(&json!({ "tier": "silver" })), "nobody of ours");
    assert_eq!(said.get("customer_lookup"), Some(&json!({ "state": "unknown" })));
    assert_eq!(customer_of(&said), None);

    let mut said = attributes(json!({ "customer": { "id": "7" } }));
    Stance::NotYet.lay_over(&mut said);
    assert_eq!(said.get("customer_lookup"), Some(&json!({ "state": "not_yet" })));
    assert_eq!(customer_of(&said), None, "the gateway's own id is none of ours");
}

#[test]
fn of_several_the_likeliest_is_first_and_the_others_are_named() {
    let several = vec![
        found(1, "Other extension", None, Some("99")),
        found(2, "Same extension", Some("gold"), Some("12")),
        found(3, "No extension", None, None),
    ];
    let mut said = Attributes::default();
    known(several, vec![details(1), details(2), details(3)]).lay_over(&mut said);
    assert_eq!(customer_of(&said), Some(CustomerId(2)));
    assert_eq!(
        said.get("customer").unwrap()["matches"][0],
        json!({ "id": "2", "name": "Same extension", "tier": "gold" })
    );
    let others: Vec<&Value> = other_matches(&said).into_iter().map(|other| &other["id"]).collect();
    assert_eq!(others, [&json!("3"), &json!("1")]);
}

#[test]
fn many_attributes_of_a_gateway_leave_room_for_the_customer_only() {
    let many: serde_json::Map<String, Value> = (0..64).map(|no| (format!("a{no}"), json!(no))).collect();
    let mut said = Attributes(many);
    Stance::NotYet.lay_over(&mut said);
    assert_eq!(said.0.len(), 64);
    known(vec![found(7, "Zoé", Some("gold"), None)], Vec::new()).lay_over(&mut said);
    assert_eq!(said.get("customer").unwrap()["tier"], "gold");
}
