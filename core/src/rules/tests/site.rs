//! `site.toml`, and where contacts of dropped queues go: files in, problems out.

use std::sync::Arc;

use super::{check, loaded, queue, refused, told, with};
use crate::routing::rule_set::{
    AfterOffer, Channel, IdleClockRules, RuleSet, SiteRules, WaitingContacts, WhileNotReady,
};
use crate::routing::time::Millis;

fn rules(site: &str) -> RuleSet {
    let loaded = loaded(&with(&[("site.toml", site)]));
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    loaded.rules
}

fn check_site(text: &str, expected: &[&str]) {
    check("site.toml", text, expected);
}

#[test]
fn times_of_voicemail_and_announcements_are_read() {
    let site = rules("voicemail_within = \"500ms\"\nannounce_within = \"2m\"").site;
    let expected =
        SiteRules { voicemail_within: Millis(500), announce_within: Millis::minutes(2), ..SiteRules::default() };
    assert_eq!(site, expected);
    for key in ["voicemail_within", "announce_within"] {
        let column = key.len() + 4;
        check_site(&format!("{key} = \"0s\""), &[&format!("1:{column} {key} is zero | a duration above zero")]);
        check_site(
            &format!("{key} = 20"),
            &[&format!(
                "1:{column} {key} is a whole number | a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\""
            )],
        );
    }
}

#[test]
fn the_choice_for_those_who_wait_is_read() {
    let choice = |text: &str| rules(&format!("waiting_contacts = \"{text}\"")).site.waiting_contacts;
    assert_eq!(choice("keep"), WaitingContacts::Keep);
    assert_eq!(choice("requeue"), WaitingContacts::Requeue);
    assert_eq!(choice("at_next_step"), WaitingContacts::AtNextStep);
    assert_eq!(rules("").site.waiting_contacts, WaitingContacts::Keep);
    const ONE: &str = "one of keep, requeue, at_next_step";
    check_site("waiting_contacts = \"drop\"", &[&format!("1:20 waiting_contacts \"drop\" is unknown | {ONE}")]);
    check_site("waiting_contacts = \"re-queue\"", &["1:20 waiting_contacts \"re-queue\" is unknown | requeue?"]);
    check_site("waiting_contacts = true", &[&format!("1:20 waiting_contacts is true or false | {ONE}")]);
}

#[test]
fn dropped_queues_are_moved() {
    let moved = rules("[moved]\nloans = \"general\"\n\"old cards\" = \"general\"\n").moved;
    assert_eq!(moved, [(queue("loans"), queue("general")), (queue("old cards"), queue("general"))].into());
    assert!(rules("[moved]\n").moved.is_empty() && rules("").moved.is_empty());
}

#[test]
fn moves_of_dropped_queues_are_checked() {
    const GONE: &str = "queues that are no longer in these rules";
    check_site(
        "[moved]\nloans = \"genral\"\n",
        &["2:9 queue loans is moved to \"genral\", and no queue is named so | general?"],
    );
    check_site(
        "[moved]\nloans = \"cards\"\ncards = \"loans\"\n",
        &[
            "2:9 queue loans is moved to \"cards\", and no queue is named so | a queue of queues/*.toml",
            "3:9 queue cards is moved to \"loans\", and no queue is named so | a queue of queues/*.toml",
        ],
    );
    check_site(
        "[moved]\ngeneral = \"general\"\n",
        &[&format!("2:1 queue general is moved, and still in queues/general.toml | {GONE}")],
    );
    check_site("[moved]\nloans = \"@ana\"\n", &["2:9 loans is \"@ana\" | a queue of queues/*.toml; @ is for agents"]);
    check_site("[moved]\nloans = 1\n", &["2:9 loans is a whole number | a name in quotes"]);
    const NAME: &str = "1 to 64 characters, the first not @: that is for agents' own queues";
    check_site("[moved]\n\"@ana\" = \"general\"\n", &[&format!("2:1 \"@ana\" is no name of a queue | {NAME}")]);
    check_site(
        "[moved]\n\"\" = \"general\"\n",
        &["2:1 \"\" is no name | 1 to 65 characters and no control characters"],
    );
    check_site(
        "moved = \"general\"",
        &["1:9 moved is a text | queues that are gone, each with the one to go to: old = \"new\""],
    );
    let many: String = (0..1_001).map(|n| format!("q{n} = \"general\"\n")).collect();
    check_site(&format!("[moved]\n{many}"), &["1:1 moved names 1001 queues | at most 1000"]);
    let errors = refused(&with(&[("site.toml", "\n[moved]\n\"loans\" = \"generale\"\n")])).to_string();
    assert!(errors.contains("site.toml:3:11") && errors.contains("╰── expected general?"), "{errors}");
    assert_eq!(told(refused(&with(&[("site.toml", "on_change = \"keep\"")])).problems()).len(), 1);
}

#[test]
fn what_interrupts_what_is_read_and_nothing_interrupts_a_call() {
    let text = "return_wait = \"5m\"\n[interrupts]\nvoice = [\"email\", \"task\"]\nchat = [\"email\"]\n";
    let site = loaded(&with(&[("site.toml", text)])).rules.site.clone();
    assert_eq!(site.return_wait_max, Millis::minutes(5));
    assert!(site.may_interrupt(Channel::Voice, Channel::Task) && site.may_interrupt(Channel::Chat, Channel::Email));
    assert!(
        !site.may_interrupt(Channel::Voice, Channel::Chat) && !site.may_interrupt(Channel::Callback, Channel::Email)
    );
    check("site.toml", "return_wait = \"0s\"\n", &["1:15 return_wait is zero | a duration above zero"]);
    check("site.toml", "interrupts = { voice = [\"voice\"] }\n", &["1:24 voice names itself | other channels"]);
    check(
        "site.toml",
        "interrupts = { chat = [\"email\", \"callback\"] }\n",
        &["1:23 chat names callback, which nothing interrupts | chat, email or task"],
    );
    check(
        "site.toml",
        "interrupts = { fax = [\"email\"] }\n",
        &["1:16 unknown key fax | one of voice, callback, chat, email, task"],
    );
    check(
        "site.toml",
        "interrupts = { voice = [\"email\", \"email\"] }\n",
        &["1:34 voice names it twice | each at most once"],
    );
}

#[test]
fn the_idle_clock_is_read() {
    let text = "[idle_clock]\nnot_ready = \"resets\"\nmissed = \"runs\"\nrescinded = \"resets\"\n";
    let expected = IdleClockRules {
        not_ready: WhileNotReady::Resets,
        missed: AfterOffer::Runs,
        declined: AfterOffer::Resets,
        rescinded: AfterOffer::Resets,
    };
    assert_eq!(rules(text).site.idle_clock, expected);
    assert_eq!(rules("[idle_clock]\n").site.idle_clock, IdleClockRules::default());
    check_site("idle_clock = { missed = \"pauses\" }", &["1:25 missed \"pauses\" is unknown | one of runs, resets"]);
    check_site(
        "idle_clock = { away = \"runs\" }",
        &["1:16 unknown key away | one of not_ready, missed, declined, rescinded"],
    );
}

#[test]
fn the_time_to_check_a_call_out_is_read() {
    assert_eq!(rules("checked_within = \"4s\"").site.checked_within, Millis::seconds(4));
    assert_eq!(rules("").site.checked_within, Millis(200));
    check_site("checked_within = \"0s\"", &["1:18 checked_within is zero | a duration above zero"]);
}

#[test]
fn beginnings_of_numbers_outside_are_read() {
    let site = rules("outside_prefixes = [\"+33\", \"+442\"]\noutside_within = \"10s\"\n").site;
    assert_eq!(site.outside_prefixes, ["+33", "+442"].map(Arc::from));
    assert_eq!(site.outside_within, Millis::seconds(10));
    const EXPECTED: &str = "a + and 1 to 15 digits, the first not 0, such as \"+33\"";
    for wrong in ["", "+", "33", "+0", "+33 6", "+1234567890123456", "+٣"] {
        let line = format!("outside_prefixes = [\"{wrong}\"]");
        check_site(&line, &[&format!("1:21 outside_prefixes is {wrong:?} | {EXPECTED}")]);
    }
    let worded = rules("dispositions = [\"sold\", \"no\"]\n").site;
    assert_eq!((worded.dispositions, worded.not_ready_reasons.len()), (["sold", "no"].map(Arc::from).to_vec(), 0));
    check_site(
        "not_ready_reasons = [\"lunch\", \"lunch\"]",
        &["1:31 not_ready_reasons names it twice | each word once"],
    );
    check_site("outside_prefixes = [33]", &[&format!("1:21 outside_prefixes is a whole number | {EXPECTED}")]);
}

#[test]
fn the_zone_of_now_is_read() {
    assert_eq!(&*rules("time_zone = \"America/New_York\"").site.time_zone, "America/New_York");
    assert_eq!(&*rules("").site.time_zone, "UTC");
    check_site("time_zone = \"Paris\"", &["1:13 time_zone is no time zone: \"Paris\" | Europe/Paris?"]);
}
