//! Tables of what happened, as strangers bring them: headings guessed, mappings refused, rows taken or refused.

use crate::customers::import_columns::MappingError;
use crate::customers::import_times::{DateOrder, NotATime};
use crate::customers::interaction_columns::{InteractionColumn as Column, InteractionMapping};
use crate::customers::interaction_rows::InteractionDraft;
use crate::customers::phone::Region;
use crate::routing::command::Direction;
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

fn id() -> Column {
    Column::Id { system: "pbx".to_owned() }
}

fn external() -> Column {
    Column::External { system: "crm".to_owned() }
}

fn mapping(columns: &[(&str, Column)]) -> InteractionMapping {
    InteractionMapping {
        home: Some(Region::new("FR").unwrap()),
        zone: Some("Europe/Paris".to_owned()),
        dates: Some(DateOrder::DayFirst),
        channel: Some(Channel::Voice),
        direction: Some(Direction::Inbound),
        columns: columns.iter().map(|(heading, column)| ((*heading).to_owned(), column.clone())).collect(),
    }
}

#[test]
fn headings_are_guessed_in_english_and_chinese() {
    let import = || "import".to_owned();
    for (heading, column) in [
        ("Call ID", Column::Id { system: import() }),
        ("Caller", Column::Phone),
        ("来电号码", Column::Phone),
        ("E-mail", Column::Email),
        ("Customer ID", Column::External { system: import() }),
        ("Start time", Column::ArrivedAt),
        ("Date", Column::Date),
        ("Time", Column::Time),
        ("结束时间", Column::EndedAt),
        ("Duration (s)", Column::Duration),
        ("Wait time", Column::Wait),
        ("通话时长", Column::Talk),
        ("Direction", Column::Direction),
        ("Queue name", Column::Queue),
        ("坐席", Column::Agent),
        ("Wrap-up code", Column::Disposition),
        ("CSAT", Column::Satisfaction),
        ("备注", Column::Note),
        ("Recording URL", Column::Recording),
    ] {
        let guessed = InteractionMapping::guessed(&[heading], None);
        assert_eq!(guessed.columns.get(heading), Some(&column), "{heading}");
    }
    for heading in ["", "  ", "Colour", "???"] {
        assert!(InteractionMapping::guessed(&[heading], None).columns.is_empty(), "{heading}");
    }
    let headings = ["Caller", "Phone", "Start", "Begin"];
    let guessed = InteractionMapping::guessed(&headings, None);
    assert_eq!(guessed.columns.len(), 3, "two numbers may be one customer's, two beginnings not");
    assert!(guessed.bound(&headings).is_ok());
}

#[test]
fn mappings_that_do_not_go_with_the_table() {
    let headings = ["Who", "When", "What"];
    let expect = |mapping: &InteractionMapping, expected: &str| {
        let errors: Vec<MappingError> = mapping.bound(&headings).unwrap_err();
        assert!(errors[0].to_string().starts_with(expected), "{errors:?}");
    };
    let good = [("Who", Column::Phone), ("When", Column::ArrivedAt)];
    assert!(mapping(&good).bound(&headings).is_ok());
    expect(&mapping(&[("Whom", Column::Phone)]), "column \"Whom\": expected a heading in the table");
    expect(&mapping(&[("When", Column::ArrivedAt)]), "expected a column by which the customer is known");
    expect(&mapping(&[("Who", id()), ("When", Column::ArrivedAt)]), "expected a column by which the customer is known");
    expect(&mapping(&[("Who", Column::Phone)]), "expected a column `arrived_at` or `date`");
    expect(&mapping(&[("Who", Column::Phone), ("When", Column::Time)]), "expected a column `arrived_at` or `date`");
    let twice = [("Who", Column::Phone), ("When", Column::ArrivedAt), ("What", Column::ArrivedAt)];
    expect(&mapping(&twice), "column \"What\": expected one column for arrived_at, found \"When\" too");
    let odd = Column::Id { system: "a b".to_owned() };
    expect(&mapping(&[("Who", odd)]), "column \"Who\": expected the name of a network or system");
    let mut nowhere = mapping(&good);
    nowhere.zone = Some("Europe/Atlantis".to_owned());
    expect(&nowhere, "zone \"Europe/Atlantis\": expected a time zone such as Europe/Paris");
    let mut silent = mapping(&good);
    silent.channel = None;
    expect(&silent, "expected a column `channel`, or `channel` of all rows in the mapping");
    let unknown = serde_json::from_str::<InteractionMapping>(r#"{"columns": {"A": "shoe_size"}}"#).unwrap_err();
    assert!(unknown.to_string().contains("unknown variant `shoe_size`"), "{unknown}");
    let unknown = serde_json::from_str::<InteractionMapping>(r#"{"columns": {}, "zones": "UTC"}"#).unwrap_err();
    assert!(unknown.to_string().contains("unknown field `zones`"), "{unknown}");
}

const HEADINGS: &[&str] = &[
    "Id", "Number", "Crm", "Mail", "Begin", "Date", "Time", "End", "Length", "Wait", "Talk", "Media", "Way", "Queue",
    "Agent", "Code", "Score", "Note",
];

/// A row of which only these cells are not empty.
fn read(cells: &[(&str, &str)]) -> Result<InteractionDraft, String> {
    let columns = [
        id(),
        Column::Phone,
        external(),
        Column::Email,
        Column::ArrivedAt,
        Column::Date,
        Column::Time,
        Column::EndedAt,
        Column::Duration,
        Column::Wait,
        Column::Talk,
        Column::Channel,
        Column::Direction,
        Column::Queue,
        Column::Agent,
        Column::Disposition,
        Column::Satisfaction,
        Column::Note,
    ];
    let columns: Vec<(&str, Column)> = HEADINGS.iter().copied().zip(columns).collect();
    let bound = mapping(&columns).bound(HEADINGS).unwrap();
    let row: Vec<&str> = HEADINGS
        .iter()
        .map(|heading| cells.iter().find(|(of, _)| of == heading).map_or("", |(_, cell)| *cell))
        .collect();
    bound.read(7, &row).map_err(|refusal| refusal.to_string())
}

const BEGIN_MS: i64 = 1_772_373_909_000;

#[test]
fn a_row_says_what_happened() {
    let draft = read(&[
        ("Id", "c-1"),
        ("Number", "01 23 45 67 89"),
        ("Crm", "A"),
        ("Begin", "01/03/2026 15:05:09"),
        ("Wait", "0:20"),
        ("Talk", "100"),
        ("Media", "Phone"),
        ("Way", "outgoing"),
        ("Queue", "billing"),
        ("Agent", "bob"),
        ("Code", "sold"),
        ("Score", "4.0"),
        ("Note", "card 4111 1111 1111 1111"),
    ])
    .unwrap();
    assert_eq!(draft.own_id.as_deref(), Some("pbx:c-1"));
    assert_eq!(draft.addresses.len(), 2);
    assert_eq!(draft.main_address().unwrap().value, "+33123456789");
    assert_eq!(draft.arrived_at, Timestamp(BEGIN_MS));
    assert_eq!(draft.answered_at, Some(Timestamp(BEGIN_MS + 20_000)));
    assert_eq!(draft.ended_at, Some(Timestamp(BEGIN_MS + 120_000)));
    assert_eq!((draft.channel, draft.direction), (Channel::Voice, Direction::Outbound));
    assert_eq!((draft.queue.unwrap().as_str(), draft.agent.unwrap().as_str()), ("billing", "bob"));
    assert_eq!((&*draft.disposition.unwrap().0, draft.satisfaction.unwrap().score()), ("sold", 4));
    assert!(!draft.notes[0].as_str().contains("4111 1111 1111"), "card numbers are masked");
}

#[test]
fn times_are_put_together_from_what_there_is() {
    let times = |cells: &[(&str, &str)]| {
        let draft = read(&[cells, &[("Crm", "A")]].concat())?;
        let behind = |at: Option<Timestamp>| at.map(|at| at.0 - draft.arrived_at.0);
        Ok::<_, String>((draft.arrived_at.0 - BEGIN_MS, behind(draft.answered_at), behind(draft.ended_at)))
    };
    let begin = ("Begin", "2026-03-01T15:05:09");
    assert_eq!(times(&[begin]), Ok((0, None, None)));
    assert_eq!(times(&[("Date", "1.3.2026"), ("Time", "15:05:09")]), Ok((0, None, None)));
    assert_eq!(times(&[("Date", "2026-03-02")]), Ok((32_091_000, None, None)));
    assert_eq!(times(&[begin, ("Length", "1:00")]), Ok((0, None, Some(60_000))));
    assert_eq!(times(&[begin, ("End", "2026-03-01 15:06:09"), ("Talk", "40")]), Ok((0, Some(20_000), Some(60_000))));
    assert_eq!(times(&[begin, ("Wait", "20"), ("Length", "60")]), Ok((0, Some(20_000), Some(60_000))));
    assert_eq!(times(&[begin, ("Wait", "20")]), Ok((0, Some(20_000), None)));
    let before = "row 7: expected the wait to end after the arrival, and the whole after the wait";
    for cells in [
        [begin, ("End", "2026-03-01 15:05:08")].as_slice(),
        &[begin, ("Wait", "61"), ("Length", "60")],
        &[begin, ("Talk", "61"), ("Length", "60")],
    ] {
        assert_eq!(times(cells), Err(before.to_owned()));
    }
    assert_eq!(times(&[begin, ("End", "2028-03-01")]), Err(format!("row 7: {}", NotATime::SpanTooLong)));
}

#[test]
fn rows_that_are_no_interaction() {
    let whose = ("Crm", "A");
    let when = ("Begin", "2026-03-01T15:05:09Z");
    for (cells, expected) in [
        ([when, ("Id", "c-1")].as_slice(), "row 7: expected an external id or an address of the customer"),
        (&[whose], "row 7: expected when it was"),
        (&[whose, ("Time", "15:05")], "row 7: expected when it was"),
        (&[whose, ("Begin", "soon")], "row 7, column \"Begin\": expected a date and time"),
        (&[whose, ("Date", "2026-03-01"), ("Time", "25:61")], "row 7, column \"Date\": expected a date and time"),
        (&[whose, when, ("Length", "long")], "row 7, column \"Length\": expected seconds, m:ss or h:mm:ss"),
        (&[whose, when, ("Number", "12")], "row 7, column \"Number\": "),
        (&[whose, when, ("Media", "smoke")], "row 7, column \"Media\": expected voice, callback, chat, email or task"),
        (&[whose, when, ("Way", "up")], "row 7, column \"Way\": expected inbound, outbound or internal"),
        (&[whose, when, ("Score", "0")], "row 7, column \"Score\": expected a score of 1 to 100"),
        (&[whose, when, ("Score", "4.5")], "row 7, column \"Score\": expected a score of 1 to 100"),
        (&[whose, when, ("Agent", "a\tb")], "row 7, column \"Agent\": expected 1 to 64 characters"),
        (&[whose, when, ("Note", "a\u{1}b")], "row 7, column \"Note\": expected text, found a control character"),
    ] {
        let refused = read(cells).unwrap_err();
        assert!(refused.starts_with(expected), "{refused}");
    }
}
