//! Calendars, and hours that name them: files in, problems out.

use super::{
    OPEN, WEEKDAYS, check, check_queue, check_warnings, loaded, queue, refused, told, with, with_calendars, with_exits,
};
use crate::routing::calendar::{Calendar, MINUTES_OF_DAY, OpenHours};
use crate::rules::LoadedRules;
use crate::rules::calendars::{CALENDAR_DATES_MAX, CALENDARS_MAX};

const HOURS: &str = "a list of hours, such as [\"09:00-12:30\", \"13:30-18:00\"]";
const TIMES: &str = "hours such as \"09:00-12:30\", from 00:00 to 24:00";
const DATE: &str = "a date in quotes, such as \"2026-12-25\"";

fn check_calendars(calendars: &str, expected: &[&str]) {
    let errors = refused(&with_calendars(calendars));
    assert_eq!(told(errors.problems()), expected, "\n{calendars}\n{errors}");
    assert!(errors.problems().iter().all(|problem| &*problem.file == "calendars.toml"), "{errors}");
}

/// `lines` begin in line 4 of the file.
fn check_lines(lines: &str, expected: &[&str]) {
    check_calendars(&format!("{WEEKDAYS}{lines}\n"), expected);
}

/// `hours` stands in line 3, from column 9 on.
fn check_hours(hours: &str, expected: &[&str]) {
    check_calendars(&format!("[calendar.weekdays]\nzone = \"Europe/Paris\"\nhours = {hours}\n"), expected);
}

/// Each element of the list stands in line 3; the first from column 18 on.
fn check_monday(list: &str, expected: &[&str]) {
    check_hours(&format!("{{ mon = {list} }}"), expected);
}

fn open(from: u16, to: u16) -> OpenHours {
    OpenHours { from, to }
}

#[test]
fn a_calendar_is_read() {
    let LoadedRules { rules, warnings } = loaded(&with_calendars(
        r#"
[calendar.weekdays]
zone     = "Europe/Paris"
hours    = { mon-fri = ["09:00-12:30", "12:30-18:00"], sat = ["10:00-24:00"], sun = [] }
holidays = ["2026-12-25"]

[[calendar.weekdays.exception]]
date  = "2026-12-24"
hours = ["00:00-00:01"]
"#,
    ));
    assert!(warnings.is_empty(), "{warnings}");
    let day = vec![open(540, 750), open(750, 1_080)];
    let mut weekly: [Vec<OpenHours>; 7] = Default::default();
    weekly[..5].fill(day);
    weekly[5] = vec![open(600, MINUTES_OF_DAY)];
    let exceptions =
        [("2026-12-24".parse().unwrap(), vec![open(0, 1)]), ("2026-12-25".parse().unwrap(), Vec::new())].into();
    assert_eq!(rules.calendars.len(), 1);
    assert_eq!(*rules.calendars["weekdays"], Calendar { zone: "Europe/Paris".into(), weekly, exceptions });
    assert_eq!(rules.queues[&queue("general")].hours.as_deref(), Some("weekdays"));
}

#[test]
fn a_range_of_days_may_go_over_the_end_of_the_week() {
    let text = "[calendar.weekdays]\nzone = \"Asia/Jerusalem\"\nhours = { sun-thu = [\"08:00-16:00\"] }\n";
    let rules = loaded(&with_calendars(text)).rules;
    let open: Vec<bool> = rules.calendars["weekdays"].weekly.iter().map(|hours| !hours.is_empty()).collect();
    assert_eq!(open, [true, true, true, true, false, false, true]);
}

#[test]
fn the_zone_is_one_of_the_database() {
    let check_zone = |zone: &str, shown: &str, expected: &str| {
        let text = WEEKDAYS.replace("\"Europe/Paris\"", zone);
        check_calendars(&text, &[&format!("2:8 zone is {shown} | {expected}")]);
    };
    check_zone("\"Europe/Pariss\"", "no time zone: \"Europe/Pariss\"", "Europe/Paris?");
    check_zone("\"europe/paris\"", "no time zone: \"europe/paris\"", "Europe/Paris?");
    check_zone("\"Paris\"", "no time zone: \"Paris\"", "Europe/Paris?");
    check_zone("\"New York\"", "no time zone: \"New York\"", "America/New_York?");
    const ANY: &str = "a time zone of the IANA database, such as \"Europe/Paris\"";
    check_zone("\"the office's\"", "no time zone: \"the office's\"", ANY);
    check_zone("1", "a whole number", "a time zone in quotes, such as \"Europe/Paris\"");
    check_calendars(
        "[calendar.weekdays]\n",
        &[
            "1:11 hours is missing | days with their hours, such as { mon-fri = [\"09:00-18:00\"] }",
            &format!("1:11 zone is missing | {ANY}"),
        ],
    );
}

#[test]
fn days_are_named_once() {
    const DAYS: &str = "mon, tue, wed, thu, fri, sat, sun, or a range of them such as mon-fri";
    check_hours("{ monday = [\"09:00-18:00\"] }", &[&format!("3:11 \"monday\" names no days | {DAYS}")]);
    check_hours("{ Mon = [\"09:00-18:00\"] }", &["3:11 \"Mon\" names no days | mon?"]);
    for wrong in ["mon-mon", "mon-fry", "mon-tue-wed", "holidays"] {
        check_hours(&format!("{{ {wrong} = [] }}"), &[&format!("3:11 {wrong:?} names no days | {DAYS}")]);
    }
    check_hours(
        "{ wed = [\"09:00-12:00\"], mon-fri = [\"09:00-18:00\"] }",
        &["3:34 mon-fri names wed again | each day once"],
    );
    check_hours(
        "[\"09:00-18:00\"]",
        &["3:9 hours is a list | days with their hours, such as { mon-fri = [\"09:00-18:00\"] }"],
    );
}

#[test]
fn hours_of_a_day_follow_each_other() {
    check_monday("\"09:00-18:00\"", &[&format!("3:17 mon is a text | {HOURS}")]);
    check_monday("[9]", &[&format!("3:18 mon is a whole number | {TIMES}")]);
    for wrong in ["9:00-18:00", "09:00", "09:00-18", "09:60-18:00", "09:00-24:01", "09:00–18:00", "+9:00-18:00", ""] {
        check_monday(&format!("[\"{wrong}\"]"), &[&format!("3:18 mon is {wrong:?} | {TIMES}")]);
    }
    const ORDER: &str = "an end after the beginning; over midnight: to 24:00, and from 00:00 on the next day";
    for wrong in ["22:00-06:00", "09:00-09:00", "24:00-24:00"] {
        check_monday(&format!("[\"{wrong}\"]"), &[&format!("3:18 mon ends before it begins: {wrong:?} | {ORDER}")]);
    }
    const OVER: &str = "mon opens before the hours before it end | hours in order, none over another";
    check_monday("[\"09:00-12:00\", \"11:59-18:00\"]", &[&format!("3:33 {OVER}")]);
    check_monday("[\"13:00-18:00\", \"09:00-12:00\"]", &[&format!("3:33 {OVER}")]);
}

#[test]
fn dates_are_named_once() {
    check_lines("holidays = \"2026-12-25\"", &["4:12 holidays is a text | a list of dates, such as [\"2026-12-25\"]"]);
    check_lines("holidays = [2026-12-25]", &[&format!("4:13 holidays is a date or time | {DATE}")]);
    for wrong in ["25.12.2026", "2026-02-29", "20261225", "2026-12-25T00:00", "12-25"] {
        check_lines(&format!("holidays = [\"{wrong}\"]"), &[&format!("4:13 holidays is no date: {wrong:?} | {DATE}")]);
    }
    const ONCE: &str = "each date once, in holidays or as an exception";
    check_lines(
        "holidays = [\"2026-12-25\", \"2026-12-25\"]",
        &[&format!("4:27 holidays names 2026-12-25 again | {ONCE}")],
    );
    check_lines(
        "holidays = [\"2026-12-25\"]\n[[calendar.weekdays.exception]]\ndate = \"2026-12-25\"\nhours = [\"09:00-12:00\"]",
        &[&format!("6:8 date names 2026-12-25 again | {ONCE}")],
    );
    let exception = "[[calendar.weekdays.exception]]\n";
    check_lines(exception, &[&format!("4:1 date is missing | {DATE}"), &format!("4:1 hours is missing | {HOURS}")]);
    check_lines(
        &format!("{exception}date = \"2026-12-24\"\nhours = []"),
        &[&format!("6:9 hours is empty | {HOURS}; a day without any is one of holidays")],
    );
    check_lines(
        &format!("{exception}date = \"2026-12-24\"\nhours = [\"12:00-09:00\"]\nname = \"Eve\""),
        &[
            "6:10 hours ends before it begins: \"12:00-09:00\" | an end after the beginning; over midnight: to 24:00, and from 00:00 on the next day",
            "7:1 unknown key name | one of date, hours",
        ],
    );
    check_lines("exception = [1]", &["4:14 exception is no day | a table with date, hours"]);
    check_lines(
        "exception = 1",
        &["4:13 exception is a whole number | a list of days, each under [[calendar.NAME.exception]]"],
    );
}

#[test]
fn keys_of_calendars_are_checked() {
    check_lines("holiday = []", &["4:1 unknown key holiday | holidays?"]);
    check("calendars.toml", "[calender.weekdays]\n", &["1:2 unknown key calender | calendar?"]);
    check(
        "calendars.toml",
        "calendar = 1",
        &["1:12 calendar is a whole number | calendars, each under [calendar.NAME]"],
    );
    check_calendars(
        "[calendar]\nweekdays = 1",
        &["2:12 weekdays is a whole number | a table with zone, hours, holidays, exception"],
    );
    check(
        "calendars.toml",
        &WEEKDAYS.replace("weekdays", "\"\""),
        &["1:11 \"\" is no name | 1 to 64 characters and no control characters"],
    );
    check(
        "calendar.toml",
        "",
        &[
            "1:1 calendar.toml is no rule file | calendars.toml? Rule files are entry.toml, agents.toml, site.toml, calendars.toml and queues/*.toml",
        ],
    );
}

#[test]
fn queues_name_calendars_that_are_there() {
    let check_named = |name: &str, expected: &str| {
        let text = OPEN.replace("weekdays", name);
        let errors = refused(&with(&[("queues/general.toml", &text), ("calendars.toml", WEEKDAYS)]));
        assert_eq!(told(errors.problems()), [format!("2:9 no calendar is named {name:?} | {expected}")]);
        assert_eq!(&*errors.problems()[0].file, "queues/general.toml");
    };
    check_named("weekday", "weekdays?");
    check_named("night", "a calendar of calendars.toml");
    check("queues/general.toml", OPEN, &["2:9 no calendar is named \"weekdays\" | a calendar of calendars.toml"]);
    check_queue("hours = 8", &["2:9 hours is a whole number | a name in quotes"]);
}

#[test]
fn hours_and_the_exits_of_closing_need_each_other() {
    const HOURS: &str = "hours = \"weekdays\" in the queue, a calendar of calendars.toml";
    check_queue(
        "[queue.general.exit]\nclosing = { action = \"hang_up\" }\nclosed = { action = \"hang_up\" }",
        &[
            &format!("3:1 closing stands without hours: this queue is always open | {HOURS}"),
            &format!("4:1 closed stands without hours: this queue is always open | {HOURS}"),
        ],
    );
    const NO_USE: &str = "2:9 hours has no use in this queue | closed or closing in the queue's exit, such as closed = { move_to = \"night\" }";
    for exits in ["", "[queue.general.exit]\nno_agents = { action = \"hang_up\" }\n"] {
        let queue = format!("[queue.general]\nhours = \"weekdays\"\n{exits}");
        check_warnings(&with(&[("queues/general.toml", &queue), ("calendars.toml", WEEKDAYS)]), &[NO_USE]);
    }
    check_warnings(&with_exits("closing = { move_to = \"night\" }"), &[]);
}

#[test]
fn calendars_that_do_nothing_are_warned_of() {
    const WEEK: &str = "days with their hours, such as { mon-fri = [\"09:00-18:00\"] }";
    for hours in ["{}", "{ mon = [], tue = [] }"] {
        check_warnings(
            &with_calendars(&format!("[calendar.weekdays]\nzone = \"UTC\"\nhours = {hours}\n")),
            &[&format!("3:9 this calendar is never open in its weekly hours | {WEEK}")],
        );
    }
    check_warnings(
        &with(&[("calendars.toml", WEEKDAYS)]),
        &["1:11 no queue is open by calendar weekdays | hours = \"weekdays\" in a queue"],
    );
    check_warnings(&with(&[("calendars.toml", "# none yet\n")]), &[]);
}

#[test]
fn limits_of_calendars_are_named() {
    let calendar = |name: &str| WEEKDAYS.replace("weekdays", name);
    let others: String = (0..CALENDARS_MAX).map(|n| calendar(&format!("c{n}"))).collect();
    check_calendars(&format!("{WEEKDAYS}{others}"), &["301:11 101 calendars | at most 100"]);
    let dates: Vec<String> = (1..=31)
        .flat_map(|day| (0..33).map(move |year| format!("\"{}-01-{day:02}\"", 2026 + year)))
        .take(CALENDAR_DATES_MAX)
        .collect();
    let holidays = format!("holidays = [\n{}\n]\n", dates.join(",\n"));
    assert_eq!(
        loaded(&with_calendars(&format!("{WEEKDAYS}{holidays}"))).rules.calendars["weekdays"].exceptions.len(),
        CALENDAR_DATES_MAX
    );
    let exception = "[[calendar.weekdays.exception]]\ndate = \"2026-12-24\"\nhours = [\"09:00-12:00\"]\n";
    check_lines(
        &format!("{holidays}{exception}"),
        &["1006:1 exception is one of 1001 dates | at most 1000 of one calendar"],
    );
    let many: Vec<String> = (0..11).map(|hour| format!("\"{hour:02}:00-{hour:02}:30\"")).collect();
    check_monday(&format!("[{}]", many.join(", ")), &["3:168 mon opens 11 times | at most 10 times a day"]);
}
