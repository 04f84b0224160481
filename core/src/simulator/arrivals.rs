//! Recorded calls: CSV text to typed rows. What is read here cannot be wrong later; decides nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::table::{self, InvalidCell, InvalidTable, Row};
use crate::routing::ids::{AgentId, ContactRef};
use crate::routing::personal::{Address, Attributes};
use crate::routing::time::{Millis, Timestamp};

/// The columns a file of recorded calls has, in any order. Any other becomes a text attribute.
pub const COLUMNS: [&str; 12] = [
    "date",
    "arrived_at",
    "line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "vru_s",
    "queue_s",
    "outcome",
    "service_s",
    "agent",
];
/// What was not known when the call arrived, or is not about it: no attributes.
const NOT_ATTRIBUTES: [&str; 8] =
    ["date", "arrived_at", "priority", "vru_s", "queue_s", "outcome", "service_s", "agent"];
/// Longest stay anywhere: what is longer than a day is a recording error.
const STAY_MAX: Millis = Millis::seconds(24 * 60 * 60);

/// One row of the file.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordedRow {
    pub date: Date,
    pub record: Record,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Record {
    /// PHANTOM: a record to be ignored.
    LeftOut,
    /// HANG with `queue_s` 0.
    LeftBeforeQueue,
    Call(Box<RecordedCall>),
}

/// A call that entered a queue.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordedCall {
    /// The line of the file, from 1, the header included.
    pub line: u64,
    /// The day it counts for, whenever it ends.
    pub date: Date,
    /// `line/call_id`
    pub reference: ContactRef,
    /// The recording has no numbers: a known customer is called by his id, any other by this call's.
    pub from: Address,
    /// The column `type`.
    pub kind: Arc<str>,
    pub attributes: Attributes,
    pub enters_at: Timestamp,
    pub queued: Millis,
    pub outcome: Outcome,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    Served {
        /// None: not recorded.
        service: Option<Millis>,
        /// None: not recorded.
        agent: Option<AgentId>,
    },
    HungUp,
}

/// Reads a file of recorded calls; times are local to `zone`.
///
/// # Errors
/// Every cell that is not what its column asks for, and every `line/call_id` used twice.
pub fn read_calls(text: &str, zone: &TimeZone) -> Result<Vec<RecordedRow>, InvalidTable> {
    let mut seen: BTreeMap<ContactRef, u64> = BTreeMap::new();
    table::read_table(text, &COLUMNS, |row| {
        let date = row.read("date", "a date such as 1999-02-01", |text| text.parse().ok())?;
        let record = match row.text("outcome") {
            "PHANTOM" => Record::LeftOut,
            "HANG" if duration(row, "queue_s")? == Millis::ZERO => Record::LeftBeforeQueue,
            "HANG" => call(row, date, Outcome::HungUp, zone)?,
            "AGENT" => call(row, date, served(row)?, zone)?,
            _ => return Err(row.mistake("outcome", "AGENT, HANG or PHANTOM")),
        };
        if let Record::Call(call) = &record
            && let Some(first) = seen.insert(call.reference.clone(), call.line)
        {
            return Err(row.mistake("call_id", format!("another id than on line {first}, the unit is the same")));
        }
        Ok(RecordedRow { date, record })
    })
}

fn call(row: &Row, date: Date, outcome: Outcome, zone: &TimeZone) -> Result<Record, InvalidCell> {
    let in_voice_unit =
        row.read("vru_s", "seconds, at most a day", |text| table::seconds(text).filter(|span| *span <= STAY_MAX))?;
    let arrived_at = row.read("arrived_at", "a time of day such as 09:30:00 or 09:30:00.25", |text| {
        table::local(zone, date.to_datetime(text.parse::<Time>().ok()?))
    })?;
    let expected = "an id: unit and call together 2 to 127 characters, none of them a control character";
    let reference = row.read("call_id", expected, |id| {
        let unit = row.text("line");
        if id.is_empty() || unit.is_empty() { None } else { ContactRef::new(&format!("{unit}/{id}")).ok() }
    })?;
    Ok(Record::Call(Box::new(RecordedCall {
        line: row.line,
        date,
        from: Address(match row.text("customer_id") {
            "" => Arc::from(format!("caller {reference}")),
            customer => Arc::from(format!("customer {customer}")),
        }),
        reference,
        kind: Arc::from(row.text("type")),
        attributes: attributes(row)?,
        enters_at: arrived_at + in_voice_unit.max(Millis::ZERO),
        queued: duration(row, "queue_s")?,
        outcome,
    })))
}

fn served(row: &Row) -> Result<Outcome, InvalidCell> {
    let service = match row.text("service_s") {
        "" => None,
        _ => Some(duration(row, "service_s")?).filter(|service| *service > Millis::ZERO),
    };
    let agent = match row.text("agent") {
        "" => None,
        _ => Some(row.read("agent", "a name of at most 64 characters", |text| AgentId::new(text).ok())?),
    };
    Ok(Outcome::Served { service, agent })
}

fn duration(row: &Row, column: &str) -> Result<Millis, InvalidCell> {
    row.read(column, "seconds, from 0 to a day", |text| {
        table::seconds(text).filter(|span| (Millis::ZERO..=STAY_MAX).contains(span))
    })
}

fn attributes(row: &Row) -> Result<Attributes, InvalidCell> {
    let priority: i64 = row.read("priority", "a whole number", |text| text.parse().ok())?;
    let mut attributes = Map::new();
    attributes.insert("priority".to_owned(), Value::from(priority));
    for (column, text) in row.cells() {
        if !NOT_ATTRIBUTES.contains(&column) && !text.is_empty() {
            attributes.insert(column.to_owned(), Value::from(text));
        }
    }
    Ok(Attributes(attributes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "date,arrived_at,line,call_id,customer_id,priority,type,vru_s,queue_s,outcome,service_s,agent,region\n";

    fn read(rows: &str) -> Result<Vec<RecordedRow>, String> {
        read_calls(&format!("{HEADER}{rows}"), &TimeZone::UTC).map_err(|wrong| wrong.to_string())
    }

    fn only_call(row: &str) -> RecordedCall {
        let rows = read(row).unwrap();
        let [RecordedRow { record: Record::Call(call), .. }] = &rows[..] else { panic!("{rows:?}") };
        (**call).clone()
    }

    #[test]
    fn a_served_row_has_all_it_needs() {
        let call = only_call("1970-01-02,00:00:01.250,AA,17,99,2,PS,3.5,4,AGENT,60.5,ana,north\n");
        assert_eq!(call.enters_at, Timestamp(86_400_000 + 1_250 + 3_500));
        assert_eq!(call.reference.as_str(), "AA/17");
        assert_eq!((call.line, call.queued), (2, Millis::seconds(4)));
        let agent = Some(AgentId::new("ana").unwrap());
        assert_eq!(call.outcome, Outcome::Served { service: Some(Millis(60_500)), agent });
        let expected = serde_json::json!({"priority": 2, "line": "AA", "call_id": "17", "customer_id": "99", "type": "PS", "region": "north"});
        assert_eq!(Value::Object(call.attributes.0), expected);
    }

    #[test]
    fn the_traps_of_recorded_files() {
        let call = only_call("1970-01-01,00:00:01,AA,1,,0,PS,-7,0,AGENT,0,,\n");
        assert_eq!(call.enters_at, Timestamp(1_000), "a negative time in the voice unit counts as none");
        assert_eq!(call.outcome, Outcome::Served { service: None, agent: None }, "0 is a missing service time");
        let rows = read(
            "1970-01-01,00:00:01,AA,1,,0,PS,3,0,HANG,0,,\n\
             1970-01-01,broken,AA,1,,0,PS,3,9,PHANTOM,0,,\n\
             1970-01-01,00:00:01,AA,1,,0,PS,3,9,HANG,0,,\n",
        )
        .unwrap();
        assert_eq!((&rows[0].record, &rows[1].record), (&Record::LeftBeforeQueue, &Record::LeftOut));
        assert!(matches!(&rows[2].record, Record::Call(call) if call.outcome == Outcome::HungUp));
    }

    #[test]
    fn times_are_local() {
        let zone = TimeZone::get("Asia/Jerusalem").unwrap();
        let row = format!("{HEADER}1999-02-01,07:00:00,AA,1,,0,PS,0,9,HANG,0,,\n");
        let rows = read_calls(&row, &zone).unwrap();
        let Record::Call(call) = &rows[0].record else { panic!() };
        assert_eq!(call.enters_at, Timestamp(917_845_200_000), "05:00 UTC");
    }

    #[test]
    fn a_bad_cell_is_named() {
        let cases = [
            (
                "1999-13-01,00:00:01,A,1,,0,PS,0,1,HANG,0,,",
                "date: expected a date such as 1999-02-01, found \"1999-13-01\"",
            ),
            (
                "1999-02-01,25:00:01,A,1,,0,PS,0,1,HANG,0,,",
                "arrived_at: expected a time of day such as 09:30:00 or 09:30:00.25, found \"25:00:01\"",
            ),
            (
                "1999-02-01,00:00:01,A,,,0,PS,0,1,HANG,0,,",
                "call_id: expected an id: unit and call together 2 to 127 characters, none of them a control character, found nothing",
            ),
            ("1999-02-01,00:00:01,A,1,,high,PS,0,1,HANG,0,,", "priority: expected a whole number, found \"high\""),
            ("1999-02-01,00:00:01,A,1,,0,PS,x,1,HANG,0,,", "vru_s: expected seconds, at most a day, found \"x\""),
            ("1999-02-01,00:00:01,A,1,,0,PS,0,-1,HANG,0,,", "queue_s: expected seconds, from 0 to a day, found \"-1\""),
            ("1999-02-01,00:00:01,A,1,,0,PS,0,1,GONE,0,,", "outcome: expected AGENT, HANG or PHANTOM, found \"GONE\""),
            (
                "1999-02-01,00:00:01,A,1,,0,PS,0,1,AGENT,86401,ana,",
                "service_s: expected seconds, from 0 to a day, found \"86401\"",
            ),
        ];
        for (row, expected) in cases {
            assert_eq!(read(row), Err(format!("line 2, column {expected}")));
        }
        let row = "1999-02-01,00:00:01,A,1,,0,PS,0,1,HANG,0,,\n";
        let twice = read(&format!("{row}{row}"));
        assert_eq!(
            twice,
            Err("line 3, column call_id: expected another id than on line 2, the unit is the same, found \"1\""
                .to_owned())
        );
    }
}
