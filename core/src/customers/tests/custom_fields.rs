//! Declarations of fields as files hold them, and values of every type.

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::customers::custom_fields::{FIELDS_MAX, FieldDeclaration, FieldDeclarations, FieldType, FieldValue};

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
        (r#"[{"name": "a", "type": "text", "length_max": 0}]"#, "field a: expected a length_max"),
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
