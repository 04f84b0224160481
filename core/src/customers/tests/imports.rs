//! Tables as strangers bring them: headings guessed, mappings refused, rows taken or refused.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::defuse::defused;
use crate::customers::import_columns::{BoundMapping, COLUMNS_MAX, ColumnMapping, CustomerColumn};
use crate::customers::import_rows::{CELL_CHARACTERS_MAX, CustomerDraft};
use crate::customers::phone::Region;

fn fields() -> FieldDeclarations {
    serde_json::from_value(json!([
        {"name": "contract", "label": "合同号", "type": "text", "length_max": 5},
        {"name": "since", "type": "date"}
    ]))
    .unwrap()
}

fn france() -> Option<Region> {
    Some(Region::new("FR").unwrap())
}

fn mapping(columns: &[(&str, CustomerColumn)]) -> ColumnMapping {
    let columns: BTreeMap<_, _> =
        columns.iter().map(|(heading, column)| ((*heading).to_owned(), column.clone())).collect();
    ColumnMapping { columns, home: france() }
}

fn field(name: &str) -> CustomerColumn {
    CustomerColumn::Field { name: name.to_owned() }
}

fn external(system: &str) -> CustomerColumn {
    CustomerColumn::External { system: system.to_owned() }
}

fn handle(network: &str) -> CustomerColumn {
    CustomerColumn::Handle { network: network.to_owned() }
}

#[test]
fn headings_are_guessed_in_english_and_chinese() {
    for (heading, column) in [
        ("Name", CustomerColumn::Name),
        ("Full Name", CustomerColumn::Name),
        ("客户姓名", CustomerColumn::Name),
        ("First name", CustomerColumn::GivenName),
        ("LAST_NAME", CustomerColumn::FamilyName),
        ("姓", CustomerColumn::FamilyName),
        ("Preferred language", CustomerColumn::Language),
        ("会员等级", CustomerColumn::Tier),
        ("Account Owner", CustomerColumn::Owner),
        ("Phone", CustomerColumn::Phone),
        ("Phone 2", CustomerColumn::Phone),
        ("Mobile-Phone", CustomerColumn::Phone),
        ("手机号码", CustomerColumn::Phone),
        ("电话2", CustomerColumn::Phone),
        ("E-mail", CustomerColumn::Email),
        ("电子邮箱", CustomerColumn::Email),
        ("微信", handle("wechat")),
        ("Telegram", handle("telegram")),
        ("Customer ID", external("import")),
        ("客户编号", external("import")),
        ("标签", CustomerColumn::Tags),
        ("Do not call", CustomerColumn::DoNotContact),
        ("备注", CustomerColumn::Note),
        ("Contract", field("contract")),
        ("合同号", field("contract")),
        ("since", field("since")),
    ] {
        let guessed = ColumnMapping::guessed(&[heading], &fields(), france());
        assert_eq!(guessed.columns.get(heading), Some(&column), "{heading}");
    }
    for heading in ["", "  ", "Colour", "订单", "???"] {
        assert!(ColumnMapping::guessed(&[heading], &fields(), None).columns.is_empty(), "{heading}");
    }
}

#[test]
fn a_guess_can_be_bound() {
    let headings = ["ID", "Name", "Full name", "Phone", "Mobile", "Email", "Contract", "合同号", "Colour", "", "Phone"];
    let guessed = ColumnMapping::guessed(&headings, &fields(), france());
    assert!(!guessed.columns.contains_key("Full name") && !guessed.columns.contains_key("合同号"));
    assert!(guessed.bound(&headings, &fields()).is_ok());
    let written = serde_json::to_string(&guessed).unwrap();
    assert_eq!(serde_json::from_str::<ColumnMapping>(&written).unwrap(), guessed);
    let unknown = serde_json::from_str::<ColumnMapping>(r#"{"columns": {"A": "shoe_size"}}"#).unwrap_err();
    assert!(unknown.to_string().contains("unknown variant `shoe_size`"), "{unknown}");
}

#[test]
fn mappings_that_do_not_go_with_the_table() {
    let headings = ["Name", "Phone", "Code", "Code"];
    for (columns, expected) in [
        (vec![("Nmae", CustomerColumn::Name)], "column \"Nmae\": expected a heading in the table"),
        (vec![("Code", external("crm"))], "column \"Code\": expected one column of that heading"),
        (
            vec![("Name", CustomerColumn::Tier), ("Phone", CustomerColumn::Tier)],
            "column \"Phone\": expected one column for tier, found \"Name\" too",
        ),
        (vec![("Name", field("size"))], "column \"Name\": field size: expected the name of a declared field"),
        (vec![("Name", external("a b"))], "column \"Name\": expected the name of a network or system"),
        (vec![("Name", handle(""))], "column \"Name\": expected the name of a network or system"),
        (vec![("Name", CustomerColumn::Tier)], "expected a column with a name or an address"),
        (vec![("Name", CustomerColumn::Ignored)], "expected a column with a name or an address"),
        (vec![], "expected a column with a name or an address"),
    ] {
        let errors = mapping(&columns).bound(&headings, &fields()).unwrap_err();
        assert!(errors[0].to_string().starts_with(expected), "{errors:?}");
    }
    let errors = mapping(&[("A", CustomerColumn::Name), ("B", CustomerColumn::Phone)]).bound(&headings, &fields());
    assert_eq!(errors.unwrap_err().len(), 2, "all that is wrong is said at once");
    let million = vec!["Phone"; 1_000_000];
    let errors = mapping(&[("Phone", CustomerColumn::Phone)]).bound(&million, &fields()).unwrap_err();
    assert_eq!(errors[0].to_string(), format!("expected at most {COLUMNS_MAX} columns, found 1000000"));
    let _ = ColumnMapping::guessed(&million, &fields(), None);
}

const HEADINGS: &[&str] = &[
    "Nr",
    "Given",
    "Family",
    "Phone",
    "Email",
    "WeChat",
    "Tags",
    "DNC",
    "Note",
    "Lang",
    "Contract",
    "Since",
    "Shoe size",
];

fn bound() -> BoundMapping {
    mapping(&[
        ("Nr", external("crm")),
        ("Given", CustomerColumn::GivenName),
        ("Family", CustomerColumn::FamilyName),
        ("Phone", CustomerColumn::Phone),
        ("Email", CustomerColumn::Email),
        ("WeChat", handle("wechat")),
        ("Tags", CustomerColumn::Tags),
        ("DNC", CustomerColumn::DoNotContact),
        ("Note", CustomerColumn::Note),
        ("Lang", CustomerColumn::Language),
        ("Contract", field("contract")),
        ("Since", field("since")),
    ])
    .bound(HEADINGS, &fields())
    .unwrap()
}

fn row<'c>(cells: &[(&str, &'c str)]) -> Vec<&'c str> {
    HEADINGS
        .iter()
        .map(|heading| cells.iter().find(|(name, _)| name == heading).map_or("", |(_, cell)| *cell))
        .collect()
}

fn taken(cells: &[(&str, &str)]) -> CustomerDraft {
    bound().read(2, &row(cells)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_row_becomes_a_customer() {
    let draft = taken(&[
        ("Nr", "A-1"),
        ("Given", " Jeanne  Marie "),
        ("Family", "D'Arc; drop table customers; <b>"),
        ("Phone", "01 23 45 67 89; +33 6 12 34 56 78;ext=12 | 0123456789; anonymous"),
        ("Email", "Jeanne@Example.com, j@example.com"),
        ("WeChat", "jeanne"),
        ("Tags", "vip, 新客户，vip"),
        ("DNC", "Yes"),
        ("Note", "calls\nback, card 4111 1111 1111 1111"),
        ("Lang", "fr_FR"),
        ("Contract", "A-1"),
        ("Since", "2020-02-29"),
        ("Shoe size", "\u{fffd}"),
    ]);
    assert_eq!(draft.name.0, "Jeanne Marie D'Arc; drop table customers; <b>");
    let values: Vec<&str> = draft.addresses.iter().map(|address| address.value.as_str()).collect();
    assert_eq!(
        values,
        ["crm:A-1", "+33123456789", "+33612345678", "jeanne@example.com", "j@example.com", "wechat:jeanne"]
    );
    assert_eq!(draft.addresses[2].extension.as_deref(), Some("12"));
    assert_eq!(draft.main_address(), Some(&draft.addresses[1]));
    assert_eq!(draft.tags.iter().map(String::as_str).collect::<Vec<_>>(), ["vip", "新客户"]);
    assert!(draft.do_not_contact);
    assert_eq!(draft.notes[0].0, "calls\nback, card **** **** **** 1111");
    assert_eq!(draft.language.as_deref(), Some("fr-FR"));
    assert_eq!(draft.fields["since"].to_text(), "2020-02-29");
    assert!(!format!("{draft:?}").contains("Jeanne"), "{draft:?}");
}

#[test]
fn names_are_put_together_as_they_are_said() {
    assert_eq!(taken(&[("Given", "伟"), ("Family", "李")]).name.0, "李伟");
    assert_eq!(taken(&[("Given", "Wei"), ("Family", "李")]).name.0, "Wei 李");
    assert_eq!(taken(&[("Family", "Li")]).name.0, "Li");
    assert_eq!(taken(&[("Phone", "0123456789")]).name.0, "");
}

#[test]
fn rows_are_refused_with_row_column_and_reason() {
    let long = "a".repeat(CELL_CHARACTERS_MAX + 1);
    let many: String = (0..60).map(|number| format!("a{number}@example.com;")).collect();
    let long_name = "a".repeat(150);
    for (cells, expected) in [
        (vec![("Phone", "12 rue de Paris")], "row 2, column \"Phone\": … is not a phone number"),
        (
            vec![("Phone", "0123456789; 0123456")],
            "row 2, column \"Phone\": …56 is not a phone number: expected more digits",
        ),
        (vec![("Email", "jeanne")], "row 2, column \"Email\": expected an email address"),
        (vec![("Email", many.as_str())], "row 2, column \"Email\": expected at most 50 addresses"),
        (vec![("DNC", "perhaps")], "row 2, column \"DNC\": expected yes or no"),
        (vec![("Lang", "French")], "row 2, column \"Lang\": expected a language"),
        (vec![("Contract", "too long")], "row 2, column \"Contract\": field contract: expected a text of 1 to 5"),
        (vec![("Since", "29.2.2020")], "row 2, column \"Since\": field since: expected a date"),
        (vec![("Given", "J\u{fffd}rgen")], "row 2, column \"Given\": expected text in UTF-8"),
        (vec![("Given", "J\u{0}")], "row 2, column \"Given\": expected text, found a control character"),
        (vec![("Note", long.as_str())], "row 2, column \"Note\": expected at most 8000 characters"),
        (vec![("Tags", long.as_str())], "row 2, column \"Tags\": expected at most"),
        (vec![("Given", long_name.as_str()), ("Family", long_name.as_str())], "row 2: expected at most 200 characters"),
        (vec![("Tags", "vip")], "row 2: expected a name or an address"),
        (vec![("Phone", "anonymous")], "row 2: expected a name or an address"),
        (vec![], "row 2: expected a name or an address"),
    ] {
        let error = bound().read(2, &row(&cells)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(error.len() < 300, "{error}");
    }
    let error = bound().read(7, &["A", "B"]).unwrap_err().to_string();
    assert_eq!(error, format!("row 7: expected {} cells, found 2", HEADINGS.len()));
}

#[test]
fn what_our_export_defused_is_read_as_it_was() {
    let note = "=1+1 is what he said";
    let draft = taken(&[("Given", "Ann"), ("Note", &defused(note))]);
    assert_eq!(draft.notes[0].0, note);
    assert_eq!(taken(&[("Phone", &defused("+33 1 23 45 67 89"))]).addresses[0].value, "+33123456789");
    assert_eq!(taken(&[("WeChat", &defused("@jeanne"))]).addresses[0].value, "wechat:jeanne");
}

proptest! {
    #[test]
    fn no_table_panics(
        headings in prop::collection::vec("\\PC{0,12}|Phone|Email|姓名|Contract|Since", 0..8),
        cells in prop::collection::vec("\\PC{0,30}|.{0,20}|[0-9;+ ]{0,30}", 0..9),
    ) {
        let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let guessed = ColumnMapping::guessed(&headings, &fields(), france());
        match guessed.bound(&headings, &fields()) {
            Ok(bound) => {
                let read = bound.read(1, &cells);
                prop_assert!(cells.len() == headings.len() || read.is_err());
                if let Ok(draft) = read {
                    prop_assert!(!draft.name.0.is_empty() || !draft.addresses.is_empty());
                }
            }
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }
}
