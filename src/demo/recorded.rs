//! Recorded calls of a real centre, to be played again: who enters when, who serves when. It never
//! opens a file.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::callers::PlannedCall;
use crate::protocol::{Attributes, Channel, Ref};

/// The columns that must be there; others become attributes.
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
/// An agent who served nobody for longer than this was not on duty in between: 4 h.
const DUTY_GAP_MAX_MS: i64 = 4 * 60 * 60 * 1_000;
/// Longer spans in one row are mistakes of the recording: a day.
const SPAN_MAX_S: f64 = 86_400.0;

/// A row that is not as it should be. `line` counts from 1, the header included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: expected {expected}")]
pub struct InvalidCalls {
    pub line: u64,
    pub column: String,
    pub expected: String,
}

/// What became of the rows of the chosen days: read = left_out + left_before_queue + calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RowCounts {
    pub read: u64,
    /// PHANTOM: records to be ignored.
    pub left_out: u64,
    /// Hung up in the voice unit or at once.
    pub left_before_queue: u64,
}

/// One agent on duty, in milliseconds since 1970.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Shift {
    pub agent: String,
    pub begins_ms: i64,
    pub ends_ms: i64,
}

/// The chosen days of a recording.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RecordedDays {
    pub rows: RowCounts,
    /// In the order in which they enter.
    pub calls: Vec<PlannedCall>,
    /// Sorted by agent, then time.
    pub shifts: Vec<Shift>,
    /// What each agent was seen to serve, by the attributes of those calls.
    pub served: BTreeMap<String, Vec<Attributes>>,
}

/// Reads the calls of the days from `from` to `to`, both included.
///
/// # Errors
/// The first cell that is not what its column asks for.
pub fn read_calls(
    text: &str,
    zone: &TimeZone,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<RecordedDays, InvalidCalls> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
    for column in COLUMNS {
        if header.iter().filter(|name| *name == column).count() != 1 {
            let expected = "one column of this name".to_owned();
            return Err(InvalidCalls { line: 1, column: column.to_owned(), expected });
        }
    }
    let mut days = RecordedDays::default();
    let mut services: Services = BTreeMap::new();
    for cells in reader.records() {
        let cells = cells.map_err(|error| unreadable(&error))?;
        let row = Row { line: cells.position().map_or(0, csv::Position::line), header: &header, cells: &cells };
        let date: Date = row.read("date", "a date such as 1999-02-01", |text| text.parse().ok())?;
        if from.is_some_and(|from| date < from) || to.is_some_and(|to| date > to) {
            continue;
        }
        days.rows.read += 1;
        days.take(&row, date, zone, &mut services)?;
    }
    days.calls.sort_by(|one, other| (one.enters_at_ms, &one.r#ref).cmp(&(other.enters_at_ms, &other.r#ref)));
    days.shifts = shifts(services);
    Ok(days)
}

/// By agent and date: from answer to end.
type Services = BTreeMap<(String, Date), Vec<(i64, i64)>>;

impl RecordedDays {
    fn take(
        &mut self,
        row: &Row<'_>,
        date: Date,
        zone: &TimeZone,
        services: &mut Services,
    ) -> Result<(), InvalidCalls> {
        let queued_ms = row.span_ms("queue_s")?;
        let is_served = match row.text("outcome") {
            "AGENT" => true,
            "HANG" => false,
            "PHANTOM" => {
                self.rows.left_out += 1;
                return Ok(());
            }
            _ => return Err(row.mistake("outcome", "AGENT, HANG or PHANTOM")),
        };
        if !is_served && queued_ms <= 0 {
            self.rows.left_before_queue += 1;
            return Ok(());
        }
        let enters_at_ms = row.arrived_at_ms(date, zone)? + row.span_ms("vru_s")?.max(0);
        let talk_ms = row.span_ms("service_s")?.max(0);
        let attributes = row.attributes()?;
        let agent = row.text("agent");
        if is_served && !agent.is_empty() {
            let answered_at = enters_at_ms + queued_ms.max(0);
            services.entry((agent.to_owned(), date)).or_default().push((answered_at, answered_at + talk_ms));
            self.served.entry(agent.to_owned()).or_default().push(attributes.clone());
        }
        let reference = format!("{}/{}", row.text("line"), row.text("call_id"));
        self.calls.push(PlannedCall {
            r#ref: Ref::new(reference).map_err(|_| row.mistake("call_id", "at most 100 characters on one line"))?,
            channel: Channel::Voice,
            from: None,
            to: None,
            attributes,
            enters_at_ms,
            patience_ms: (!is_served).then_some(queued_ms),
            talk_ms,
            calls_again_after_ms: None,
            presses: None,
        });
        Ok(())
    }
}

fn shifts(services: Services) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    for ((agent, _), mut services) in services {
        services.sort_unstable();
        for (begins_ms, ends_ms) in services {
            match shifts.last_mut().filter(|last| last.agent == agent && begins_ms - last.ends_ms <= DUTY_GAP_MAX_MS) {
                Some(last) => last.ends_ms = last.ends_ms.max(ends_ms),
                None => shifts.push(Shift { agent: agent.clone(), begins_ms, ends_ms }),
            }
        }
    }
    shifts.retain(|shift| shift.begins_ms < shift.ends_ms);
    shifts
}

struct Row<'a> {
    line: u64,
    header: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> &'a str {
        let index = self.header.iter().position(|name| name == column).expect("the header was checked");
        self.cells.get(index).expect("the reader wants as many cells as columns").trim()
    }

    fn mistake(&self, column: &str, expected: &str) -> InvalidCalls {
        InvalidCalls { line: self.line, column: column.to_owned(), expected: expected.to_owned() }
    }

    fn read<T>(
        &self,
        column: &str,
        expected: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, InvalidCalls> {
        read(self.text(column)).ok_or_else(|| self.mistake(column, expected))
    }

    /// Seconds, fractions allowed, in whole milliseconds. Empty counts as none.
    fn span_ms(&self, column: &str) -> Result<i64, InvalidCalls> {
        self.read(column, "seconds, at most a day of them", |text| {
            if text.is_empty() {
                return Some(0);
            }
            let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() <= SPAN_MAX_S)?;
            #[expect(clippy::cast_possible_truncation, reason = "at most a day")]
            let ms = (seconds * 1_000.0).round() as i64;
            Some(ms)
        })
    }

    fn arrived_at_ms(&self, date: Date, zone: &TimeZone) -> Result<i64, InvalidCalls> {
        let time: Time = self.read("arrived_at", "a time such as 07:00:00", |text| text.parse().ok())?;
        let local = DateTime::from_parts(date, time);
        match local.to_zoned(zone.clone()) {
            Ok(zoned) => Ok(zoned.timestamp().as_millisecond()),
            Err(_) => Err(self.mistake("arrived_at", "a time that there was in this zone")),
        }
    }

    /// What the rules may look at: all but times, agent and what came of it.
    fn attributes(&self) -> Result<Attributes, InvalidCalls> {
        let priority = self.read("priority", "a whole number", |text| text.parse::<i64>().ok())?;
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for (name, text) in self.header.iter().zip(self.cells.iter()) {
            let is_other = !COLUMNS.contains(&name) || matches!(name, "type" | "customer_id");
            if is_other && !text.is_empty() {
                values.insert(name.to_owned(), json!(text));
            }
        }
        values.insert("priority".to_owned(), json!(priority));
        Attributes::new(values).map_err(|error| self.mistake("type", error.expected))
    }
}

fn unreadable(error: &csv::Error) -> InvalidCalls {
    let line = error.position().map_or(1, csv::Position::line);
    InvalidCalls { line, column: "(row)".to_owned(), expected: "as many cells as the header, in UTF-8".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "date,arrived_at,line,call_id,customer_id,priority,type,vru_s,queue_s,outcome,service_s,agent";

    fn read(rows: &str) -> Result<RecordedDays, InvalidCalls> {
        read_calls(&format!("{HEADER}\n{rows}"), &TimeZone::UTC, None, None)
    }

    #[test]
    fn the_traps_of_the_data_are_kept_out() {
        let days = read(
            "1999-02-02,07:00:00,AA01,1,,0,PS,10,0,PHANTOM,0,\n\
             1999-02-02,07:00:00,AA01,2,,0,PS,10,0,HANG,0,\n\
             1999-02-02,07:00:00,AA01,3,,2,IN,-5,30,HANG,0,\n\
             1999-02-02,07:00:00,AA01,4,77,1,PS,9.5,0,AGENT,120,agent-01\n",
        )
        .unwrap();
        assert_eq!(days.rows, RowCounts { read: 4, left_out: 1, left_before_queue: 1 });
        let [hangs, served] = days.calls.as_slice() else { panic!("{:?}", days.calls) };
        let seven = 917_938_800_000;
        assert_eq!((hangs.enters_at_ms, hangs.patience_ms), (seven, Some(30_000)), "a negative vru_s counts as none");
        assert_eq!((served.enters_at_ms, served.patience_ms, served.talk_ms), (seven + 9_500, None, 120_000));
        assert_eq!(hangs.attributes.values()["type"], json!("IN"));
        assert_eq!(hangs.attributes.values()["priority"], json!(2));
        let shift = Shift { agent: "agent-01".to_owned(), begins_ms: seven + 9_500, ends_ms: seven + 129_500 };
        assert_eq!(days.shifts, [shift]);
    }

    #[test]
    fn duty_is_split_where_nobody_was_served_for_over_4_hours() {
        let row = |time: &str, id: u32| format!("1999-02-02,{time},AA01,{id},,0,PS,0,0,AGENT,600,agent-01\n");
        let days = read(&[row("07:00:00", 1), row("10:00:00", 2), row("15:00:00", 3)].concat()).unwrap();
        let hours: Vec<_> = days.shifts.iter().map(|shift| (shift.ends_ms - shift.begins_ms) / 60_000).collect();
        assert_eq!(hours, [190, 10]);
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let wrong = |row: &str| {
            let InvalidCalls { line, column, .. } = read(row).unwrap_err();
            (line, column)
        };
        assert_eq!(wrong("1999-02-30,07:00:00,A,1,,0,PS,0,0,HANG,0,\n"), (2, "date".to_owned()));
        assert_eq!(wrong("1999-02-02,7h,A,1,,0,PS,0,9,HANG,0,\n"), (2, "arrived_at".to_owned()));
        assert_eq!(wrong("1999-02-02,07:00:00,A,1,,x,PS,0,9,HANG,0,\n"), (2, "priority".to_owned()));
        assert_eq!(wrong("1999-02-02,07:00:00,A,1,,0,PS,0,many,HANG,0,\n"), (2, "queue_s".to_owned()));
        assert_eq!(wrong("1999-02-02,07:00:00,A,1,,0,PS,0,9,GONE,0,\n"), (2, "outcome".to_owned()));
        assert_eq!(wrong("1999-02-02,07:00:00,A\n"), (2, "(row)".to_owned()));
        let error = read_calls("date,line\n", &TimeZone::UTC, None, None).unwrap_err();
        assert_eq!((error.line, error.column.as_str()), (1, "arrived_at"));
    }

    #[test]
    fn one_real_day_comes_out_whole() {
        let Ok(text) = std::fs::read_to_string("../shared/data/bank-calls-1999-02-01-to-21.csv") else {
            eprintln!("SKIPPED: the recorded calls are not here");
            return;
        };
        let day: Date = "1999-02-02".parse().unwrap();
        let days = read_calls(&text, &TimeZone::UTC, Some(day), Some(day)).unwrap();
        let RowCounts { read, left_out, left_before_queue } = days.rows;
        assert_eq!(read, left_out + left_before_queue + days.calls.len() as u64);
        assert_eq!(read, text.lines().filter(|line| line.starts_with("1999-02-02,")).count() as u64);
        assert!(days.calls.windows(2).all(|pair| pair[0].enters_at_ms <= pair[1].enters_at_ms));
        assert!((10..25).contains(&days.shifts.len()), "{:?}", days.shifts.len());
    }
}
