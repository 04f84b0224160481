//! Settings of campaigns: as people write them, as they come back, and what they cannot be.

use std::sync::Arc;

use crate::outbound::attempt_outcome::{DispositionFlags, Final, Outcome, Reached};
use crate::outbound::campaign::{CampaignSettings, PackHolds};
use crate::outbound::jurisdiction::{AppliesTo, HoursZone, Jurisdiction, PackId, Purpose};
use crate::outbound::limits::{LimitScope, Period, RollingCap};
use crate::outbound::region::RegionCode;
use crate::outbound::retry_rules::RetryRules;
use crate::outbound::spans;
use crate::routing::calendar::OpenHours;
use crate::routing::campaign::{CampaignMode, CampaignRules, PreviewEnd, PreviewRules};
use crate::routing::ids::{GatewayId, QueueId};
use crate::routing::personal::Address;
use crate::routing::rule_set::FirstCalled;
use crate::routing::time::Millis;

const LEAST: &str = "queue = \"winback\"\ngateway = \"switch\"\nmode = \"progressive\"\npurpose = \"sales\"\n";
const NO_INTEREST: &str =
    "[disposition.no-interest]\nreached = \"right_party\"\nfinal = \"contact\"\nis_live_answer = true\n";

const ALL: &str = r#"
queue = "winback"
gateway = "switch"
mode = "preview"
purpose = "debt_collection"
account = "acme"
caller_id = "+33123456789"
first = "customer"
ring_for = "25 s"
needs_consent = true
leads_ahead = 50
skipped_rest_for = "2 h"

[preview]
time = "90 s"
then = "dial"

[hours]
zone = "Europe/Paris"
week = { mon-fri = ["09:30-12:00", "13:00-19:45"], sat = ["10:00-12:00"] }

[[cap]]
calls = 3
within = "24 h"
per = "number"

[[cap]]
calls = 7
within = "7 days"
per = "debt"

[disposition.sale]
reached = "right_party"
final = "contact"
is_live_answer = true
is_sale = true

[disposition.nobody]
reached = "nobody"
final = "no"

[retries]
day_parts = ["00:00", "11:00", "18:30"]
attempts_of_lead_max = 4
between_numbers = "10 min"

[retries.after.busy]
waits = ["90 s", "1 h 30 min", "15 days"]

[retries.after.no_answer]
waits = ["3 h"]
in_another_day_part = true

[[pack]]
id = "us-reg-f"
holds = "always"
by = "ana"
reason = "counsel said so"
"#;

fn read(text: &str) -> CampaignSettings {
    toml::from_str(text).unwrap()
}

fn wrong(text: &str) -> Vec<String> {
    match toml::from_str::<CampaignSettings>(text) {
        Ok(settings) => {
            let wrong = settings.check().err().unwrap_or_default();
            wrong.iter().map(ToString::to_string).collect()
        }
        Err(error) => vec![error.message().to_owned()],
    }
}

#[test]
fn settings_come_back_as_they_were_written() {
    let settings = read(ALL);
    assert_eq!(settings.check(), Ok(()));
    assert_eq!(read(&toml::to_string(&settings).unwrap()), settings);
    let json = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<CampaignSettings>(&json).unwrap(), settings);

    assert_eq!(
        settings.rules(),
        CampaignRules {
            queue: QueueId::new("winback").unwrap(),
            mode: CampaignMode::Preview,
            gateway: GatewayId::new("switch").unwrap(),
            caller_id: Some(Address(Arc::from("+33123456789"))),
            first: FirstCalled::Customer,
            ring_for: Millis::seconds(25),
            preview: PreviewRules { time: Millis::seconds(90), then: PreviewEnd::Dial },
            dispositions: settings.dispositions.keys().map(|code| Arc::from(code.as_str())).collect(),
        }
    );
    let hours = settings.hours.as_ref().unwrap().rule();
    assert_eq!(hours.zone, HoursZone::Named(Arc::from("Europe/Paris")));
    assert_eq!(hours.hours.hours_of(jiff::civil::date(2026, 11, 28)), [OpenHours { from: 600, to: 720 }], "a Saturday");
    assert_eq!(hours.hours.hours_of(jiff::civil::date(2026, 11, 29)), []);
    let caps: Vec<RollingCap> = settings.caps.iter().map(|cap| cap.rule()).collect();
    assert_eq!((caps[0].within, caps[0].per), (Period::Elapsed(Millis::minutes(24 * 60)), LimitScope::Number));
    assert_eq!((caps[1].within, caps[1].per), (Period::Days(7), LimitScope::Debt));
    let sale = DispositionFlags {
        reached: Reached::RightParty,
        finality: Final::Contact,
        is_live_answer: true,
        is_sale: true,
    };
    assert_eq!(settings.dispositions.values().next_back(), Some(&sale));
    let retries = &settings.retries;
    assert_eq!(
        retries.rule(Outcome::Busy).waits,
        [Millis::seconds(90), Millis::minutes(90), Millis::days(15)],
        "as written"
    );
    assert!(retries.rule(Outcome::NoAnswer).in_another_day_part && retries.rule(Outcome::Busy).counts_as_attempt);
    assert_eq!(retries.rule(Outcome::Rejected), RetryRules::default().rule(Outcome::Rejected));
    assert_eq!((retries.attempts_of_lead_max, retries.attempts_a_day_max), (4, 3));
}

#[test]
fn what_is_left_out_is_usual() {
    let settings = read(&format!("{LEAST}{NO_INTEREST}"));
    assert_eq!(settings.check(), Ok(()));
    assert_eq!(read(&toml::to_string(&settings).unwrap()), settings);
    assert_eq!((settings.leads_ahead, settings.skipped_rest_for), (20, Millis::minutes(60)));
    assert_eq!((settings.first, settings.ring_for), (FirstCalled::Agent, Millis::seconds(30)));
    assert_eq!((settings.preview.time, settings.preview.then), (Millis::minutes(2), PreviewEnd::Skip));
    assert_eq!((&settings.hours, &settings.caps, &settings.packs), (&None, &Vec::new(), &Vec::new()));
    assert_eq!(settings.retries, RetryRules::default());
}

#[test]
fn wrong_settings_are_told_by_name() {
    let with = |more: &str| format!("{LEAST}{more}\n{NO_INTEREST}");
    for (text, expected) in [
        (with("ring_for = \"1 s\""), "ring_for: expected 5 s to 2 min, found 1 s"),
        (
            with("ring_for = \"soon\""),
            "expected a time such as \"20 s\", \"10 min\", \"3 h\" or \"15 days\", found \"soon\"",
        ),
        (with("leads_ahead = 0"), "leads_ahead: expected 1 to 1000, found 0"),
        (with("skipped_rest_for = \"0 s\""), "skipped_rest_for: expected 1 min to 30 days, found 0 ms"),
        (with("preview = { time = \"2 h\" }"), "preview.time: expected 1 s to 1 h, found 2 h"),
        (
            with("caller_id = \"me\""),
            "caller_id: expected 3 to 15 digits, perhaps with + before them, found something else",
        ),
        (with("rings_for = \"20 s\""), "unknown field `rings_for`"),
        (with("hours = { week = { mon = [\"18:00-09:00\"] } }"), "week: expected an end after the beginning"),
        (with("hours = { week = { mon = [\"9-18\"] } }"), "week: expected hours such as 09:00-12:30"),
        (with("hours = { week = { mon = [\"09:00-12:00\", \"11:00-13:00\"] } }"), "week: hours lie over others"),
        (with("hours = { week = { funday = [] } }"), "found \"funday\""),
        (with("hours = { week = { mon-fri = [], tue = [] } }"), "week: expected each day once, found tue again"),
        (with("hours = { week = { mon = [] } }"), "week: expected hours on one day at least"),
        (
            with("hours = { zone = \"Mars\", week = { mon = [\"09:00-10:00\"] } }"),
            "zone: expected \"lead\" or a time zone",
        ),
        (with("cap = [{ calls = 0, within = \"1 h\", per = \"number\" }]"), "nonzero"),
        (
            with("cap = [{ calls = 1, within = \"0 days\", per = \"number\" }]"),
            "cap: expected a time above zero, found zero",
        ),
        (
            with("cap = [{ calls = 1, within = \"7 days\", per = \"debt\" }]"),
            "cap: expected per number, customer or campaign; per debt where debts are collected, found the purpose sales",
        ),
        (LEAST.to_owned(), "disposition: expected 1 to 100, found 0"),
        (
            format!("{LEAST}[disposition.later]\nreached = \"right_party\"\nfinal = \"no\"\n"),
            "disposition: expected one at least with which a lead is over",
        ),
        (
            format!(
                "{LEAST}{NO_INTEREST}[disposition.sold]\nreached = \"right_party\"\nfinal = \"no\"\nis_sale = true\n"
            ),
            "disposition: expected is_sale only with right_party, final for the contact, found sold",
        ),
        (
            format!(
                "{LEAST}{NO_INTEREST}[disposition.beep]\nreached = \"machine\"\nfinal = \"no\"\nis_live_answer = true\n"
            ),
            "disposition: expected is_live_answer only where a person was reached, found beep",
        ),
        (
            with("retries = { attempts_of_lead_max = 0 }"),
            "retries: expected rules that make sense, found `attempts_of_lead_max` is 0",
        ),
        (with("retries = { day_parts = [\"noon\"] }"), "expected times at which parts of the day begin"),
        (
            with("pack = [{ id = \"france\", holds = \"never\", by = \"ana\", reason = \" \" }]"),
            "pack: expected a reason, found none for france",
        ),
        (with("pack = [{ id = \"france\", holds = \"never\", reason = \"so\" }]"), "missing field `by`"),
        (LEAST.replace("winback", "@ana") + NO_INTEREST, "queue: expected a queue of queues/*.toml"),
        (
            LEAST.replace("progressive", "manual") + "preview = { then = \"dial\" }\n" + NO_INTEREST,
            "preview.then: expected skip",
        ),
    ] {
        let told = wrong(&text);
        assert!(told.len() == 1 && told[0].contains(expected), "{text}\n{told:?}\n{expected}");
    }
    assert_eq!(wrong(&with("leads_ahead = 0\nring_for = \"1 s\"")).len(), 2, "all that is wrong is told");
}

#[test]
fn spans_are_read_as_they_are_written() {
    for (text, span, written) in [
        ("10 min", Millis::minutes(10), "10 min"),
        ("10m", Millis::minutes(10), "10 min"),
        ("1h30m", Millis::minutes(90), "90 min"),
        ("24 h", Millis::days(1), "1 days"),
        ("1 day", Millis::days(1), "1 days"),
        ("250 ms", Millis(250), "250 ms"),
        ("0 s", Millis::ZERO, "0 ms"),
    ] {
        assert_eq!((spans::read(text), spans::written(span).as_str()), (Ok(span), written));
        assert_eq!(spans::read(written), Ok(span), "{written}");
    }
    for text in ["", "10", "-3 min", "1 µs", "many days", "-1 days", "3 months"] {
        assert!(spans::read(text).is_err(), "{text}");
    }
}

fn pack(id: &str, region: &str, purpose: Purpose) -> Arc<Jurisdiction> {
    let applies = AppliesTo {
        regions: [RegionCode::new(region).unwrap()].into(),
        purposes: [purpose].into(),
        ..AppliesTo::default()
    };
    Arc::new(Jurisdiction {
        id: PackId::new(id).unwrap(),
        version: 1,
        name: Arc::from(id),
        applies,
        hours: None,
        caps: Vec::new(),
        locks: Vec::new(),
        drop_cap: None,
        ring_time_min: None,
        agent_within: None,
        consent: None,
        message: None,
    })
}

#[test]
fn a_person_may_say_which_packs_hold() {
    let packs = [
        pack("france", "FR", Purpose::Sales),
        pack("debts", "FR", Purpose::DebtCollection),
        pack("canada", "CA", Purpose::Sales),
    ];
    let regions = [RegionCode::new("FR").unwrap()].into();
    let held = |settings: &CampaignSettings| -> Vec<String> {
        settings.packs_for(&packs, &regions, "33612345678").map(|pack| pack.id.to_string()).collect()
    };
    let mut settings = read(&format!("{LEAST}{NO_INTEREST}"));
    assert_eq!(held(&settings), ["france"], "by region and purpose");
    let decided = |id: &str, holds| {
        let text =
            format!("{LEAST}{NO_INTEREST}[[pack]]\nid = \"{id}\"\nholds = \"never\"\nby = \"ana\"\nreason = \"so\"\n");
        let mut decision = read(&text).packs.remove(0);
        decision.holds = holds;
        decision
    };
    settings.packs = vec![decided("france", PackHolds::Never), decided("canada", PackHolds::Always)];
    assert_eq!((held(&settings), settings.check_against(&packs)), (vec!["canada".to_owned()], Ok(())));
    settings.packs = vec![decided("atlantis", PackHolds::Always)];
    let unknown = settings.check_against(&packs).unwrap_err();
    assert_eq!(unknown.to_string(), "pack: expected one of jurisdictions/, found atlantis");
}
