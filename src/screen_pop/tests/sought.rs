//! Which addresses a contact is sought by.

use serde_json::{Value, json};

use super::settings;
use crate::routing::command::Direction;
use crate::routing::personal::Attributes;
use crate::routing::rule_set::Channel;
use crate::screen_pop::sought::{Caller, Sought};

fn sought(channel: Channel, from: &str, said: Value) -> Vec<(String, String, Option<String>)> {
    let attributes: Attributes = serde_json::from_value(said).unwrap();
    let caller = Caller {
        channel,
        direction: Direction::Inbound,
        from: Some(from),
        to: Some("+33180000000"),
        attributes: &attributes,
    };
    let found = Sought::of(caller, &settings());
    let shown = |address: crate::screen_pop::sought::SoughtAddress| {
        (address.key.kind.as_str().to_owned(), address.key.value.as_str().to_owned(), address.extension)
    };
    found.addresses.into_iter().map(shown).collect()
}

fn plain(kind: &str, value: &str) -> (String, String, Option<String>) {
    (kind.to_owned(), value.to_owned(), None)
}

#[test]
fn every_form_of_a_number_seeks_the_same() {
    for from in ["+33612345678", "06 12 34 56 78", "0033 6 12 34 56 78", "tel:+33-6-12-34-56-78", "sip:0612345678@pbx"]
    {
        assert_eq!(sought(Channel::Voice, from, json!({})), [plain("phone", "+33612345678")], "{from}");
    }
    let with_extension = sought(Channel::Voice, "+33180000000;ext=12", json!({}));
    assert_eq!(with_extension, [("phone".to_owned(), "+33180000000".to_owned(), Some("12".to_owned()))]);
}

#[test]
fn ids_and_digits_are_sought_too_and_each_once() {
    let said = json!({ "external_id": "erp:A-7", "digits": 4711 });
    let expected = [plain("phone", "+33612345678"), plain("external", "erp:A-7"), plain("external", "crm:4711")];
    assert_eq!(sought(Channel::Voice, "+33612345678", said), expected);
    let typed = json!({ "digits": "0612345678" });
    let expected = [plain("phone", "+33612345678"), plain("external", "crm:0612345678")];
    assert_eq!(sought(Channel::Voice, "+33612345678", typed), expected);
}

#[test]
fn other_channels_have_other_addresses() {
    assert_eq!(sought(Channel::Email, "Ann <Ann@Example.com>", json!({})), [plain("email", "ann@example.com")]);
    assert_eq!(sought(Channel::Chat, "Telegram:@Ann", json!({})), [plain("handle", "telegram:ann")]);
    let whatsapp = sought(Channel::Chat, "+33612345678", json!({}));
    assert!(whatsapp.contains(&plain("phone", "+33612345678")), "{whatsapp:?}");
}

#[test]
fn who_says_nothing_of_use_is_not_sought() {
    for from in ["anonymous", "x", "", "<script>", "'; drop table customer; --"] {
        assert_eq!(sought(Channel::Voice, from, json!({ "digits": [1], "external_id": null })), [], "{from}");
    }
    let attributes = Attributes::default();
    let from = Some("+33612345678");
    let internal =
        Caller { channel: Channel::Voice, direction: Direction::Internal, from, to: None, attributes: &attributes };
    assert_eq!(Sought::of(internal, &settings()), Sought::default());
    let outbound = Caller { direction: Direction::Outbound, to: Some("+33612345679"), ..internal };
    assert_eq!(Sought::of(outbound, &settings()).addresses[0].key.value.as_str(), "+33612345679");
}
