//! Declarations of fields as files hold them, and values of every type.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::customers::custom_fields::{FIELDS_MAX, FieldDeclaration, FieldDeclarations, FieldType, FieldValue};
use crate::customers::customer::CustomFields;

#[derive(Deserialize, Debug)]
struct File {
    field: FieldDeclarations,
}

fn declared(text: &str) -> Result<FieldDeclarations, String> {
    serde_json::from_value::<File>(json!({ "field": serde_json::from_str::<serde_json::Value>(text).unwrap() }))
        .map(|file| file.field)
        .map_err(|error| error.to_string())
}

fn fields() -> FieldDeclarations {
    declared(
        r#"[
            {"name": "contract", "label": "合同", "type": "text", "length_max": 5},
            {"name": "visits", "type": "integer", "personal": false},
            {"name": "balance", "type": "decimal"},
            {"name": "since", "type": "date"},
            {"name": "newsletter", "type": "boolean"},
            {"name": "size", "type": "choice", "options": ["small", "big", "很大"]}
        ]"#,
    )
    .unwrap()
}

#[test]
fn declarations_are_read_and_written_in_their_order() {
    let fields = fields();
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["contract", "visits", "balance", "since", "newsletter", "size"]);
    assert_eq!(fields.get("contract").unwrap().label, "合同");
    assert_eq!(fields.get("visits").unwrap().label, "visits");
    assert!(fields.get("contract").unwrap().personal);
    assert!(!fields.get("visits").unwrap().personal);
    let written = serde_json::to_string(&fields).unwrap();
    assert_eq!(serde_json::from_str::<FieldDeclarations>(&written).unwrap(), fields);
}

#[test]
fn declarations_that_cannot_be() {
    let many: Vec<_> = (0..=FIELDS_MAX).map(|number| json!({"name": format!("f{number}"), "type": "date"})).collect();
    let many = serde_json::to_string(&many).unwrap();
    for (text, because) in [
        (r#"[{"name": "", "type": "text"}]"#, "field name: expected"),
        (r#"[{"name": "Size", "type": "text"}]"#, "field name: expected"),
        (r#"[{"name": "1a", "type": "text"}]"#, "field name: expected"),
        (r#"[{"name": "a", "type": "money"}]"#, "unknown variant `money`"),
        (r#"[{"name": "a", "type": "text", "lenght_max": 3}]"#, "unknown field `lenght_max`"),
        (
            r#"[{"name": "a", "type": "text", "length_max": 0}]"#,
            "field a: expected a length_max from 1 to 2000, found 0",
        ),
        (r#"[{"name": "a", "type": "text", "length_max": 2001}]"#, "field a: expected a length_max"),
        (r#"[{"name": "a", "type": "date", "length_max": 3}]"#, "field a: length_max is only for the type text"),
        (r#"[{"name": "a", "type": "date", "options": ["x"]}]"#, "field a: options is only for the type choice"),
        (r#"[{"name": "a", "type": "choice"}]"#, "field a: expected 1 to 200 different options"),
        (r#"[{"name": "a", "type": "choice", "options": []}]"#, "field a: expected 1 to 200"),
        (r#"[{"name": "a", "type": "choice", "options": ["x", "x"]}]"#, "field a: expected 1 to 200"),
        (r#"[{"name": "a", "type": "choice", "options": [" x"]}]"#, "field a: expected 1 to 200"),
        (r#"[{"name": "a", "label": "a\u0000", "type": "date"}]"#, "field a: expected a label"),
        (r#"[{"name": "a", "type": "date"}, {"name": "a", "type": "text"}]"#, "field a: expected one declaration"),
        (&many, "at most 64 fields"),
    ] {
        let error = declared(text).unwrap_err();
        assert!(error.contains(because), "{text}: {error}");
    }
}

#[test]
fn values_of_every_type() {
    let fields = fields();
    let read = |name, text| fields.read(name, text).unwrap().map(|value| value.to_text());
    for (name, text, kept) in [
        ("contract", " A-1 ", "A-1"),
        ("contract", "李伟李伟李", "李伟李伟李"),
        ("contract", "a\nb", "a\nb"),
        ("visits", "-12", "-12"),
        ("visits", "+7", "7"),
        ("balance", "0012.50", "12.50"),
        ("balance", "-0.00", "0.00"),
        ("balance", "+999999999999999999.999999999", "999999999999999999.999999999"),
        ("since", "2024-02-29", "2024-02-29"),
        ("newsletter", "YES", "true"),
        ("newsletter", "0", "false"),
        ("size", "很大", "很大"),
    ] {
        assert_eq!(read(name, text).as_deref(), Some(kept), "{name} {text}");
    }
    for name in ["contract", "visits", "balance", "since", "newsletter", "size"] {
        assert_eq!(read(name, "  "), None);
        assert_eq!(fields.check(name, &json!(null)), Ok(None));
    }
}

#[test]
fn what_is_no_value_is_refused_with_the_field_and_what_was_expected() {
    let fields = fields();
    for (name, text, expected) in [
        ("contract", "secret", "field contract: expected a text of 1 to 5 characters"),
        ("contract", "a\u{0}", "field contract: expected a text"),
        ("visits", "1.5", "field visits: expected a whole number"),
        ("visits", "9223372036854775808", "field visits: expected a whole number"),
        ("visits", "seven", "field visits: expected a whole number"),
        ("balance", "1,5", "field balance: expected a decimal number"),
        ("balance", "1e5", "field balance: expected a decimal number"),
        ("balance", ".5", "field balance: expected a decimal number"),
        ("balance", "5.", "field balance: expected a decimal number"),
        ("balance", "--5", "field balance: expected a decimal number"),
        ("balance", "1234567890123456789", "field balance: expected a decimal number"),
        ("balance", "0.1234567890", "field balance: expected a decimal number"),
        ("since", "2026-02-29", "field since: expected a date"),
        ("since", "22.11.2026", "field since: expected a date"),
        ("since", "2026-11-22T10:00", "field since: expected a date"),
        ("newsletter", "maybe", "field newsletter: expected true or false"),
        ("size", "Small", "field size: expected one of small, big, 很大"),
        ("colour", "red", "field colour: expected the name of a declared field"),
    ] {
        let error = fields.read(name, text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(text.len() < 4 || !error.contains(text), "{error}");
    }
    for (name, value) in [
        ("contract", json!(1)),
        ("visits", json!("1")),
        ("visits", json!(1.5)),
        ("balance", json!(true)),
        ("balance", json!(1e300)),
        ("since", json!([])),
        ("newsletter", json!("true")),
        ("newsletter", json!(1)),
        ("size", json!({})),
    ] {
        assert!(fields.check(name, &value).is_err(), "{name} {value}");
    }
    assert_eq!(fields.check("balance", &json!(12.5)).unwrap(), Some(FieldValue::Decimal("12.5".to_owned())));
}

#[test]
fn values_are_not_printed() {
    let value = fields().read("contract", "A-1").unwrap();
    assert_eq!(format!("{value:?}"), "Some(a text)");
}

fn any_field() -> impl Strategy<Value = FieldDeclaration> {
    let types = prop_oneof![
        (1usize..50).prop_map(|characters_max| FieldType::Text { characters_max }),
        Just(FieldType::Integer),
        Just(FieldType::Decimal),
        Just(FieldType::Date),
        Just(FieldType::Boolean),
        Just(FieldType::Choice { options: vec!["a".to_owned(), "b c".to_owned()] }),
    ];
    (types, any::<bool>()).prop_map(|(field_type, personal)| FieldDeclaration {
        name: "f".to_owned(),
        label: "F".to_owned(),
        field_type,
        personal,
    })
}

proptest! {
    #[test]
    fn a_value_that_is_taken_comes_back_from_store_and_export(
        field in any_field(), text in "\\PC{0,30}|[-+0-9.]{0,24}|[0-9]{4}-[01][0-9]-[0-3][0-9]|true|b c|.{0,60}",
    ) {
        let fields = FieldDeclarations::try_from(vec![field]).unwrap();
        let written = serde_json::to_string(&fields).unwrap();
        prop_assert_eq!(&serde_json::from_str::<FieldDeclarations>(&written).unwrap(), &fields);
        if let Ok(Some(value)) = fields.read("f", &text) {
            prop_assert_eq!(fields.check("f", &value.to_json()), Ok(Some(value.clone())));
            prop_assert_eq!(fields.read("f", &value.to_text()), Ok(Some(value)));
        }
    }
}

fn asked(value: serde_json::Value) -> BTreeMap<String, serde_json::Value> {
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_customer_holds_what_is_declared_and_what_was_there_before() {
    let fields = fields();
    let mut held = CustomFields(asked(json!({ "old": [1], "size": "huge", "contract": "A-1" })));
    // A host that reads all and writes it back changes nothing, whatever was declared when it was stored.
    let same = held.0.clone();
    fields.change(&mut held, same.clone()).unwrap();
    assert_eq!(held.0, same);
    fields
        .change(&mut held, asked(json!({ "contract": " B-2 ", "balance": 12.5, "newsletter": true, "old": null })))
        .unwrap();
    assert_eq!(
        held.0,
        asked(json!({ "size": "huge", "contract": "B-2", "balance": "12.5", "newsletter": true })),
        "as the store keeps it"
    );
    let order: Vec<(String, String)> =
        fields.shown(&held).iter().map(|field| (field.label.to_owned(), field.text.clone())).collect();
    let told = |label: &str, text: &str| (label.to_owned(), text.to_owned());
    assert_eq!(order, [told("合同", "B-2"), told("balance", "12.5"), told("newsletter", "true"), told("size", "huge")]);
    let earlier = CustomFields(asked(json!({ "zoo": 1, "aged": [2], "visits": 3 })));
    let names: Vec<&str> = fields.shown(&earlier).iter().map(|field| field.name).collect();
    assert_eq!(names, ["visits", "aged", "zoo"], "what is declared no more comes last");
}

#[test]
fn a_change_is_refused_by_field_with_what_was_found() {
    let fields = fields();
    for (value, told) in [
        (json!({ "colour": "red" }), "field colour: expected the name of a declared field: contract, visits"),
        (json!({ "colour": null }), "field colour: expected the name of a declared field"),
        (json!({ "visits": 1.5 }), "from -2^63 to 2^63 - 1, found a number with a fraction"),
        (json!({ "visits": "many" }), "found a text of 4 characters"),
        (json!({ "contract": "A-1234" }), "expected a text of 1 to 5 characters"),
        (json!({ "contract": "A-1234" }), "found a text of 6 characters"),
        (json!({ "size": "Big" }), "field size: expected one of small, big, 很大, found a text of 3 characters"),
        (json!({ "newsletter": [true] }), "found a list"),
        (json!({ "since": {} }), "found an object"),
        (json!({ "balance": true }), "found true or false"),
    ] {
        let error = fields.change(&mut CustomFields::default(), asked(value)).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn where_none_is_declared_plain_values_are_taken() {
    let none = FieldDeclarations::default();
    assert!(none.is_empty());
    let mut held = CustomFields::default();
    none.change(&mut held, asked(json!({ "since": 1999, "vip": true, "plan": "b", "gone": null }))).unwrap();
    assert_eq!(held.0, asked(json!({ "since": 1999, "vip": true, "plan": "b" })));
    for (value, told) in [
        (json!({ "Plan": 1 }), "field Plan: expected a name of 1 to 40 lower-case letters"),
        (json!({ "plan": {} }), "field plan: expected a text of at most 2000 characters"),
        (json!({ "plan": "a\u{0}" }), "found a text of 2 characters"),
    ] {
        let error = none.change(&mut held.clone(), asked(value)).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
    let many = (0..=FIELDS_MAX).map(|number| (format!("f{number}"), json!(number))).collect();
    let error = none.change(&mut CustomFields::default(), many).unwrap_err().to_string();
    assert!(error.contains("expected at most 64 fields, found 65"), "{error}");
}
