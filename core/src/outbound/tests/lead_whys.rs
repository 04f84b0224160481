//! Why one lead is not called, in words, and one lead that is read like a row: by example.

use std::num::NonZeroU32;
use std::sync::Arc;

use serde_json::json;

use super::support::{at, calendar, daily, in_leads_zone};
use crate::outbound::call_list::CallListSettings;
use crate::outbound::calling_calendar::CallingCalendar;
use crate::outbound::gate::{Judgment, NoCalendar, Refused, RefusedBy};
use crate::outbound::jurisdiction::PackId;
use crate::outbound::lead_by_hand::{LeadCell, lead_by_hand};
use crate::outbound::lead_columns::LeadColumn;
use crate::outbound::lead_place::NoPlace;
use crate::outbound::lead_standing::LeadStanding;
use crate::outbound::lead_waterfall::Rests;
use crate::outbound::lead_why::{LeadAsked, LeadWhy};
use crate::outbound::limits::{HeldBy, Limit, LimitOf, LimitScope, Period, RollingCap};
use crate::routing::attempt::NotPlaced;
use crate::routing::campaign::CampaignRun;
use crate::routing::time::{Millis, Timestamp};

fn noon() -> Timestamp {
    at("2026-11-23T11:00:00Z")
}

fn paris() -> CallingCalendar {
    calendar(&["Europe/Paris"], &[("law", in_leads_zone(&daily(&[(9 * 60, 18 * 60)])))], None)
}

/// Of a lead that nobody tried, with one number that nothing forbids.
fn asked(standing: &LeadStanding) -> LeadAsked<'_> {
    LeadAsked {
        at: noon(),
        run: CampaignRun::Running,
        standing,
        rests: None,
        not_released: (0, None),
        is_being_read: false,
        is_segment_full: false,
        number: None,
    }
}

fn words(why: &LeadWhy) -> Vec<&str> {
    why.holds.iter().map(|hold| hold.why.as_str()).collect()
}

#[test]
fn what_keeps_a_lead_is_told_whole_and_the_last_of_it_says_when() {
    let (open, cleared) = (paris(), Judgment::Cleared { until: None });
    let fresh = LeadStanding::default();
    let number = Some((&cleared, Ok(&open)));
    let free = LeadWhy::of(&LeadAsked { number, ..asked(&fresh) });
    assert_eq!((free.can_be_called, free.next), (true, Some(noon())));

    let (soon, late) = (noon() + Millis::minutes(60), noon() + Millis::minutes(9 * 60));
    let due = LeadStanding { due: Some(soon), ..LeadStanding::default() };
    let cap = RollingCap {
        calls: NonZeroU32::new(3).unwrap(),
        within: Period::Elapsed(Millis::minutes(24 * 60)),
        per: LimitScope::Number,
    };
    let limit_of = LimitOf::Jurisdiction { pack: PackId::new("law").unwrap(), source: Arc::from("a statute") };
    let held = HeldBy { limit_of, limit: Limit::Cap { cap, counted: 3 }, until: late };
    let refused = Refused { why: NotPlaced::Cap, until: Some(late), by: RefusedBy::Limit(held) };
    let refused = Judgment::Refused(refused);
    let both = LeadWhy::of(&LeadAsked { number: Some((&refused, Ok(&open))), ..asked(&due) });
    assert_eq!((words(&both), both.can_be_called), (vec!["due_later", "cap"], false));
    assert_eq!(both.holds[1].says, "law (a statute): at most 3 calls in 1 days per number, and there were 3");
    assert_eq!(both.next, Some(at("2026-11-24T08:00:00Z")), "at night it is closed");

    let expired = LeadAsked { rests: Some(Rests::Expired), is_segment_full: true, number, ..asked(&fresh) };
    let by_list = Judgment::Refused(Refused { why: NotPlaced::ListInactive, until: None, by: RefusedBy::List });
    let expired = LeadWhy::of(&LeadAsked { number: Some((&by_list, Ok(&open))), ..expired });
    assert_eq!((words(&expired), expired.next), (vec!["expired", "segment_full"], None), "each thing once");
    let held_back = LeadAsked { not_released: (5, Some(soon)), number, ..asked(&fresh) };
    assert_eq!(LeadWhy::of(&held_back).next, Some(soon));
    let tried = LeadAsked { standing: &LeadStanding { due: Some(noon()), ..LeadStanding::default() }, ..held_back };
    assert!(LeadWhy::of(&tried).can_be_called, "who was tried is let go already");

    let nowhere = NoCalendar::Place(NoPlace::NoZone);
    let no_zone = RefusedBy::NoCalendar(nowhere.clone());
    let no_zone = Judgment::Refused(Refused { why: NotPlaced::NoZone, until: None, by: no_zone });
    let unknown = LeadWhy::of(&LeadAsked { number: Some((&no_zone, Err(&nowhere))), ..asked(&fresh) });
    assert_eq!((words(&unknown), unknown.hours.as_ref().map(|hours| hours.are_open)), (vec!["no_zone"], Some(false)));
    let numberless = LeadWhy::of(&LeadAsked { run: CampaignRun::Paused, ..asked(&fresh) });
    assert_eq!((words(&numberless), numberless.hours.is_none()), (vec!["campaign_paused", "no_number"], true));
}

#[test]
fn every_reason_of_a_list_comes_back_from_its_word() {
    for rests in Rests::ALL {
        assert_eq!(Rests::from_word(rests.as_str()), Some(rests));
    }
}

#[test]
fn one_lead_is_read_like_a_row() {
    let settings: CallListSettings = serde_json::from_value(json!({
        "campaign": "winback", "default_country": "FR", "field": [{ "name": "amount", "type": "integer" }],
    }))
    .unwrap();
    let cell =
        |field: &str, column: LeadColumn, text: &str| LeadCell { field: field.into(), column, text: text.into() };
    let number = || cell("numbers[0].number", LeadColumn::Number, "06 12 34 56 78");
    let amount = |name: &str, text| cell("fields.amount", LeadColumn::Field { name: name.into() }, text);
    let draft = lead_by_hand(&[number(), amount("amount", "12")], &settings).unwrap();
    assert_eq!(draft.lead.numbers[0].value.as_str(), "+33612345678");
    assert_eq!(draft.lead.fields.0["amount"], json!(12));
    for (cells, told) in [
        (vec![], "numbers: a number to call"),
        (vec![cell("numbers[0].number", LeadColumn::Number, " ")], "numbers: a number to call"),
        (vec![number(), cell("priority", LeadColumn::Priority, "many")], "priority: a whole number from -1000 to 1000"),
    ] {
        assert_eq!(lead_by_hand(&cells, &settings).unwrap_err().to_string(), told);
    }
    let undeclared = lead_by_hand(&[number(), amount("size", "12")], &settings).unwrap_err();
    assert_eq!(undeclared.field, "fields.amount", "as its sender calls it");
}
