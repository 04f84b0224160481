//! Do-not-call entries: what each stops, for whom, and until when.

use std::sync::Arc;

use super::support::at;
use crate::customers::phone::Region;
use crate::outbound::do_not_call::{
    CallTo, DoNotCallEntry, DoNotCallScope, DoNotCallWhat, InvalidDigits, NumberDigits, PrefixTooShort, stopped_by,
};
use crate::outbound::do_not_call_columns::DoNotCallMapping;

fn digits(text: &str) -> NumberDigits {
    NumberDigits::new(text).unwrap()
}

fn entry(scope: DoNotCallScope, what: DoNotCallWhat, expires: Option<&str>) -> DoNotCallEntry {
    DoNotCallEntry { scope, what, expires_at: expires.map(at) }
}

fn call() -> CallTo<'static> {
    CallTo { number: digits("+33142685300"), campaign: Some("spring"), account: Some("acme") }
}

#[test]
fn an_entry_stops_its_number_or_prefix_and_nothing_else() {
    let prefix = |text| DoNotCallWhat::prefix(digits(text)).unwrap();
    for (what, stops) in [
        (DoNotCallWhat::Number(digits("33142685300")), true),
        (DoNotCallWhat::Number(digits("3314268530")), false),
        (DoNotCallWhat::Number(digits("331426853001")), false),
        (prefix("331"), true),
        (prefix("33142685300"), true),
        (prefix("332"), false),
        (prefix("331426853001"), false),
    ] {
        assert_eq!(what.covers(call().number), stops, "{what:?}");
        assert_eq!(DoNotCallWhat::covering(call().number).any(|key| key == what), stops, "{what:?}");
        let everyone = entry(DoNotCallScope::Everyone, what, None);
        assert_eq!(everyone.stops(call(), at("2026-11-23T00:00:00Z")), stops);
    }
}

#[test]
fn an_entry_holds_for_everyone_or_for_a_campaign_or_an_account() {
    let number = DoNotCallWhat::Number(call().number);
    for (scope, stops) in [
        (DoNotCallScope::Everyone, true),
        (DoNotCallScope::Campaign(Arc::from("spring")), true),
        (DoNotCallScope::Campaign(Arc::from("autumn")), false),
        (DoNotCallScope::Account(Arc::from("acme")), true),
        (DoNotCallScope::Account(Arc::from("other")), false),
    ] {
        assert_eq!(entry(scope.clone(), number, None).stops(call(), at("2026-11-23T00:00:00Z")), stops, "{scope:?}");
    }
    let account = entry(DoNotCallScope::Account(Arc::from("acme")), number, None);
    assert!(!account.stops(CallTo { account: None, ..call() }, at("2026-11-23T00:00:00Z")));
}

#[test]
fn an_entry_ends_at_its_moment_and_the_one_that_holds_longest_is_told() {
    let number = DoNotCallWhat::Number(call().number);
    let short = entry(DoNotCallScope::Everyone, number, Some("2026-11-23T12:00:00Z"));
    let long = entry(DoNotCallScope::Everyone, number, Some("2027-11-23T12:00:00Z"));
    let for_good = entry(DoNotCallScope::Campaign(Arc::from("spring")), number, None);
    let now = at("2026-11-23T11:59:59.999Z");
    assert!(short.stops(call(), now) && !short.stops(call(), at("2026-11-23T12:00:00Z")));
    assert_eq!(stopped_by([&short, &long], call(), now), Some(&long));
    assert_eq!(stopped_by([&long, &for_good, &short], call(), now), Some(&for_good));
    assert_eq!(stopped_by([&short], call(), at("2026-11-24T00:00:00Z")), None);
    assert_eq!(stopped_by([], call(), now), None);
}

#[test]
fn what_is_no_number_and_what_stops_a_continent_is_refused() {
    for text in ["", "+", "0142685300", "33 1", "1234567890123456", "+-1", "٣٣١", "++331"] {
        assert_eq!(NumberDigits::new(text), Err(InvalidDigits), "{text:?}");
    }
    assert_eq!(DoNotCallWhat::prefix(digits("33")), Err(PrefixTooShort));
    assert_eq!(serde_json::from_str::<NumberDigits>("1000000000000000").ok(), None);
    assert_eq!(serde_json::from_str::<NumberDigits>("0").ok(), None);
    assert_eq!(format!("{:?}", digits("33142685309")), "…09 (11 digits)");
}

#[test]
fn a_row_is_a_number_or_a_prefix_as_people_write_them() {
    let mapping =
        DoNotCallMapping::guessed(&["Phone", "Prefix", "Valid until", "Note"], Some(Region::new("FR").unwrap()));
    let bound = mapping.bound(&["Phone", "Prefix", "Valid until", "Note"]).unwrap();
    let number = |text| DoNotCallWhat::Number(digits(text));
    for (row, what, expires) in [
        (["+33142685300", "", "", "x"], number("33142685300"), None),
        (["01 42 68 53 00", "", "2026-11-23T00:00:00Z", ""], number("33142685300"), Some("2026-11-23T00:00:00Z")),
        (["", "+1 (900)-555*", "", ""], DoNotCallWhat::prefix(digits("1900555")).unwrap(), None),
        // No plan has it, and it is in E.164.
        (["+999123", "", "", ""], number("999123"), None),
    ] {
        let draft = bound.read(2, &row).unwrap();
        assert_eq!((draft.what, draft.expires_at), (what, expires.map(at)), "{row:?}");
    }
    for (row, refused) in [
        (["", "", "2026-11-23T00:00:00Z", ""], "row 2: expected a number or a prefix"),
        (["+33142685300", "331", "", ""], "row 2, column \"Prefix\": expected a number or a prefix, found both"),
        (
            ["", "33", "", ""],
            "row 2, column \"Prefix\": expected at least 3 digits of a prefix, the country's code included",
        ),
        (
            ["", "0800", "", ""],
            "row 2, column \"Prefix\": expected 1 to 15 digits, the first not 0, perhaps with + before them",
        ),
        (["anonymous", "", "", ""], "row 2, column \"Phone\": expected a number or a prefix"),
    ] {
        assert_eq!(bound.read(2, &row).unwrap_err().to_string(), refused);
    }
    let without = DoNotCallMapping::guessed(&["Note"], None).bound(&["Note"]).unwrap_err();
    assert_eq!(without[0].to_string(), "expected a column with a number");
}
