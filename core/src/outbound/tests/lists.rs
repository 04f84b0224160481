//! Settings of lists, rows of leads, and which of them are there already.

use std::collections::BTreeMap;

use serde_json::json;

use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::customer::Consent;
use crate::customers::import_rows::WhyRefused;
use crate::customers::phone::Region;
use crate::customers::text::Tag;
use crate::outbound::call_list::{CallListSettings, DuplicateScope, LeadOrder, Release};
use crate::outbound::lead_columns::{BoundLeads, LeadColumn, LeadMapping};
use crate::outbound::lead_matching::{KnownNumbers, SettledLead, settle_leads};
use crate::outbound::lead_rows::LeadDraft;
use crate::routing::ids::CallListName;
use crate::routing::time::Timestamp;

fn settings(text: serde_json::Value) -> Result<CallListSettings, serde_json::Error> {
    serde_json::from_value(text)
}

fn wrong(text: serde_json::Value) -> Vec<String> {
    let settings = settings(text).unwrap();
    let Err(wrong) = settings.check(&CallListName::new("spring").unwrap()) else { return Vec::new() };
    wrong.iter().map(ToString::to_string).collect()
}

fn amount() -> serde_json::Value {
    json!([{ "name": "amount", "type": "integer" }])
}

#[test]
fn settings_come_back_as_they_were_written() {
    let all = json!({
        "campaign": "winback", "active": false, "expires_at": "2026-12-31T17:00:00Z", "default_country": "FR",
        "order": { "field": { "name": "amount", "largest_first": true } }, "share_percent": 30,
        "release": { "tranche": { "leads": 500, "every": "hour" } }, "target_contacts": 9, "target_sales": 3,
        "next_list": "summer", "owner": { "team": "sales" }, "skills": ["french"], "duplicates": { "days": 30 },
        "quota": [{ "contacts": 7 }, { "contacts": 5, "field": "amount", "value": "12" }], "field": amount(),
    });
    let read = settings(all).unwrap();
    assert_eq!(read.expires_at, Some(Timestamp(1_798_736_400_000)));
    assert!(read.is_expired(Timestamp(1_798_736_400_000)) && !read.is_expired(Timestamp(1_798_736_399_999)));
    assert_eq!(settings(serde_json::to_value(&read).unwrap()).unwrap(), read);
    assert!(read.check(&CallListName::new("spring").unwrap()).is_ok());

    let least = settings(json!({ "campaign": "winback" })).unwrap();
    assert!(least.active && !least.is_expired(Timestamp(i64::MAX)));
    assert_eq!((&least.order, &least.release), (&LeadOrder::Priority, &Release::All));
    assert_eq!(least.duplicates, DuplicateScope::List);
    assert_eq!(settings(serde_json::to_value(&least).unwrap()).unwrap(), least);
}

#[test]
fn caps_of_zero_and_what_is_no_setting_are_refused_by_name() {
    for (setting, expected) in [
        (json!({ "target_sales": 0 }), "nonzero"),
        (json!({ "target_contacts": 0 }), "nonzero"),
        (json!({ "quota": [{ "contacts": 0 }] }), "nonzero"),
        (json!({ "share_percent": 0 }), "expected a share from 1 to 100 percent, found 0"),
        (json!({ "share_percent": 101 }), "found 101"),
        (json!({ "duplicates": { "days": 0 } }), "nonzero"),
        (json!({ "release": { "tranche": { "leads": 0, "every": "day" } } }), "nonzero"),
        (json!({ "expires_at": "tomorrow" }), "expected a date and time with its offset"),
        (json!({ "expires_at": "2026-12-31 18:00" }), "expected a date and time with its offset"),
        (json!({ "default_country": "Atlantis" }), "two letters of a country"),
        (json!({ "quotas": [] }), "unknown field `quotas`"),
        (json!({ "order": "newest" }), "unknown variant `newest`"),
    ] {
        let mut text = json!({ "campaign": "winback" });
        text.as_object_mut().unwrap().extend(setting.as_object().unwrap().clone());
        let error = settings(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{setting}: {error}");
    }
    assert!(settings(json!({})).unwrap_err().to_string().contains("campaign"));
}

#[test]
fn settings_that_do_not_go_together_are_all_told() {
    let by_field = json!({ "campaign": "w", "order": { "field": { "name": "size" } }, "next_list": "spring" });
    assert_eq!(
        wrong(by_field),
        [
            "order: expected a field that the list declares, found \"size\"",
            "next_list: expected another list, found this one"
        ]
    );
    let segments = json!({ "campaign": "w", "field": amount(), "quota": [
        { "contacts": 1, "field": "amount" }, { "contacts": 1, "field": "amount", "value": "many" },
        { "contacts": 1 }, { "contacts": 2 },
    ] });
    let told = wrong(segments);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("quota: expected field and value of a segment, or neither"), "{told:?}");
    assert!(told[1].starts_with("quota: expected field amount: a whole number"), "{told:?}");
    assert_eq!(told[2], "quota: expected one for each segment, found two of the same");
    let skills: Vec<String> = (0..17).map(|no| format!("skill {no}")).collect();
    assert_eq!(wrong(json!({ "campaign": "w", "skills": skills })), ["skills: expected at most 16, found 17"]);
}

fn fields() -> FieldDeclarations {
    serde_json::from_value(amount()).unwrap()
}

const HEADINGS: [&str; 11] =
    ["Mobile", "Phone", "First name", "Last name", "TZ", "ZIP", "Priority", "amount", "Opt-in", "Opt-in date", "Ref"];

fn bound() -> BoundLeads {
    let mapping = LeadMapping::guessed(&HEADINGS, &fields(), Some(Region::new("FR").unwrap()));
    mapping.bound(&HEADINGS, &fields()).unwrap()
}

fn read(cells: [&str; 11]) -> Result<LeadDraft, String> {
    bound().read(7, &cells).map_err(|refusal| refusal.to_string())
}

#[test]
fn a_row_is_a_lead_with_its_numbers_in_order() {
    let draft = read([
        "06 12 34 56 78",
        "+33 1 23 45 67 89; 0612345678",
        "Ann",
        "Lee",
        "europe/paris",
        "75011",
        "5.0",
        "12",
        "yes",
        "2026-03-01T14:05:09Z",
        "A-1",
    ])
    .unwrap();
    let lead = &draft.lead;
    let numbers: Vec<&str> = lead.numbers.iter().map(|number| number.value.as_str()).collect();
    assert_eq!((numbers, draft.columns), (vec!["+33612345678", "+33123456789"], vec![0, 1]));
    assert_eq!((&lead.numbers[0].label, &lead.numbers[1].label), (&Some(Tag::new("mobile").unwrap()), &None));
    let consent = &lead.numbers[1].consent;
    assert_eq!((consent.state, consent.at), (Consent::Yes, Some(Timestamp(1_772_373_909_000))));
    assert_eq!((lead.name.as_str(), lead.priority), ("Ann Lee", 5));
    assert_eq!(lead.zone.as_ref().unwrap().as_str(), "Europe/Paris");
    assert_eq!(lead.postcode.as_ref().unwrap().as_str(), "75011");
    assert_eq!(lead.fields.0, BTreeMap::from([("amount".to_owned(), json!(12))]));
    assert_eq!(lead.external_id.as_ref().unwrap().as_str(), "A-1");
}

#[test]
fn what_is_no_lead_is_refused_by_row_and_column() {
    let row = ["0612345678", "", "", "", "", "", "", "", "", "", ""];
    let with = |place: usize, cell| {
        let mut row = row;
        row[place] = cell;
        read(row).unwrap_err()
    };
    assert!(read(row).is_ok());
    for (place, cell, expected) in [
        (0, "12", "row 7, column \"Mobile\": …"),
        (0, "", "row 7: expected a number to call"),
        (0, "anonymous", "row 7: expected a number to call"),
        (4, "Mars/Olympus", "row 7, column \"TZ\": expected a time zone such as Europe/Paris"),
        (5, "\u{fffd}", "column \"ZIP\": expected text in UTF-8"),
        (6, "high", "column \"Priority\": expected a whole number from -1000 to 1000"),
        (6, "1001", "column \"Priority\": expected a whole number"),
        (7, "many", "column \"amount\": field amount: expected a whole number"),
        (8, "perhaps", "column \"Opt-in\": expected yes, no or unknown"),
        (9, "yesterday", "column \"Opt-in date\": expected a date"),
    ] {
        let told = with(place, cell);
        assert!(told.contains(expected), "{place} {cell}: {told}");
    }
    let many: String = (10..21).map(|no| format!("06123456{no};")).collect();
    assert!(with(1, &many).contains("column \"Phone\": expected at most 10 numbers"));
}

#[test]
fn a_mapping_needs_a_number_and_declared_fields() {
    let mut mapping = LeadMapping { zone: Some("Mars/Olympus".to_owned()), ..LeadMapping::default() };
    mapping.columns.insert("A".to_owned(), LeadColumn::Field { name: "size".to_owned() });
    let told: Vec<String> = mapping.bound(&["A"], &fields()).unwrap_err().iter().map(ToString::to_string).collect();
    assert!(told[0].contains("column \"A\": field size: expected the name of a declared field"), "{told:?}");
    assert_eq!(told[1], "zone \"Mars/Olympus\": expected a time zone such as Europe/Paris");
    let none = LeadMapping { columns: [("A".to_owned(), LeadColumn::Name)].into(), ..LeadMapping::default() };
    assert_eq!(none.bound(&["A"], &fields()).unwrap_err()[0].to_string(), "expected a column with a number");
}

#[test]
fn one_number_in_common_makes_two_leads_one() {
    let rows: Vec<LeadDraft> =
        ["0611111111;0622222222", "0633333333;0622222222", "0633333333", "0644444444", "0655555555"]
            .into_iter()
            .map(|numbers| read(["", numbers, "", "", "", "", "", "", "", "", ""]).unwrap())
            .collect();
    let mut known = KnownNumbers::default();
    known.add("+33644444444".to_owned());
    known.add_erased("+33655555555".to_owned());
    let refused = |why| SettledLead::Refused { column: 1, why };
    let expected = [
        SettledLead::Added,
        refused(WhyRefused::NumberTwice),
        SettledLead::Added,
        refused(WhyRefused::NumberKnown("a list of this campaign".to_owned())),
        refused(WhyRefused::Erased),
    ];
    assert_eq!(settle_leads(&rows, &known, DuplicateScope::Campaign), expected);
    let in_file = settle_leads(&rows, &known, DuplicateScope::File);
    assert_eq!(in_file[3], refused(WhyRefused::NumberTwice));
}
