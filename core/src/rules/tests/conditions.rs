//! Conditions: files in, problems out.

use std::sync::Arc;

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{ENTRY, check, check_queue, loaded, queue, refused, with};
use crate::routing::entry::moment;
use crate::routing::expression::{ContactReads, Expression, Scope};
use crate::routing::time::Timestamp;
use crate::rules::load;

fn check_when(when: &str, expected: &[&str]) {
    let text = format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = {when}\n{ENTRY}");
    check("entry.toml", &text, expected);
}

#[test]
fn conditions_are_marked_inside_their_text() {
    const CONDITION: &str = "a CEL condition, such as 'contact.channel == \"voice\"'";
    check_when("'contact.channel =='", &[&format!("4:27 when is no condition: it ends too early | {CONDITION}")]);
    check_when("'contact.channel = \"voice\"'", &["4:25 when is no condition: cannot read '= ' | == to compare"]);
    check_when("'true and false'", &["4:14 when is no condition: unexpected 'and' | && for and"]);
    check_when("'''\ntrue &&\n  ) '''", &[&format!("6:3 when is no condition: unexpected ')' | {CONDITION}")]);
    check_when(
        "\"contact.channel == \\\"voice\\\" &&\"",
        &[&format!("4:8 when is no condition: it ends too early | {CONDITION}")],
    );
    check_when(
        "'caller.tier == \"gold\"'",
        &["4:9 when names the unknown variable caller | contact or customer or now"],
    );
    check_when("'true || custmer.tier == 1'", &["4:17 when names the unknown variable custmer | customer?"]);
    check_when("'contact.chanel == \"voice\"'", &["4:17 contact has no chanel | channel?"]);
    check_when(
        "'contact.intent == \"x\"'",
        &[
            "4:17 contact has no intent | one of channel, direction, from, to, attributes; what the gateway sent is under attributes",
        ],
    );
    check_when("'contact.channel'", &["4:9 when gives a text, neither true nor false | a condition that can hold"]);
    check_when(
        "'contact.attributes.n + 1'",
        &["4:9 when gives a whole number, neither true nor false | a condition that can hold"],
    );
    check_when(
        "'contact.channel > 3'",
        &[
            "4:9 when fails when tried: found no matching overload for '_>_' applied to '(string, int)' | a condition that can hold",
        ],
    );
    check_when(
        "'[1].all(a, [1].all(b, [1].all(c, true)))'",
        &["4:8 when is too large | all(), exists(), map() and filter() nested at most 2 deep, found 3"],
    );
    check_queue(
        "agents = 'customer.tier == 1'",
        &["2:11 agents names the unknown variable customer | agent or contact"],
    );
    check_queue(
        "agents = 'agent.site == contact.attributes.site'",
        &["2:10 agents reads contact in a queue without skills | skills in this queue, or a condition on agent alone"],
    );
    check_queue(
        "skills = { a = 1 }\nagents = 'now.hour > 8'",
        &["3:11 agents names the unknown variable now | agent or contact"],
    );
    check_when("'now.hours > 8'", &["4:13 now has no hours | hour?"]);
    let later = refused(&with(&[(
        "entry.toml",
        &format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = 'true || now() > 2'\n{ENTRY}"),
    )]));
    assert_eq!(later.problems()[0].message, "now() is not supported by this version yet");
    assert_eq!((later.problems()[0].line, later.problems()[0].column), (4, 17));
}

#[test]
fn figures_of_queues_are_checked_where_they_are_asked() {
    const FIGURES: &str =
        "one of waiting, agents_idle, agents_available, longest_wait_s, estimated_wait_s, service_level";
    const NAME: &str = "one name in plain quotes, such as queue(\"billing\")";
    check_when("'queue(\"genral\").waiting > 2'", &["4:15 no queue is named \"genral\" | general?"]);
    check_when("'queue(\"@ana\").waiting > 2'", &["4:15 no queue is named \"@ana\" | a queue of queues/*.toml"]);
    check_when(
        "'queue(\"\").waiting > 2'",
        &["4:15 \"\" is no name of a queue | 1 to 65 characters and no control characters"],
    );
    check_when(
        "'queue(\"general\").waiting > 2 || queue(\"other\").waiting > 2'",
        &["4:47 no queue is named \"other\" | a queue of queues/*.toml"],
    );
    check_when("'queue(\"general\").waitng > 2'", &["4:26 queue() has no waitng | waiting?"]);
    check_when("'queue(\"general\").size() > 2'", &[&format!("4:26 queue() has no size | {FIGURES}")]);
    check_when(
        "'queue(\"general\").estimated_wait < duration(\"600s\")'",
        &[
            "4:26 queue() has no estimated_wait | estimated_wait_s?",
            "4:43 duration() is not supported by this version yet | a function of CEL: all, contains, endsWith, exists, filter, has, int, map, matches, size, startsWith, string …",
        ],
    );
    check_when(
        "'queue(\"general\") == 1'",
        &[&format!("4:9 queue() by itself is no figure | a figure after it, such as .waiting: {FIGURES}")],
    );
    for argument in ["", "1", "contact.channel", "\"general\", \"general\"", "\"gen\" + \"eral\""] {
        check_when(&format!("'queue({argument}).waiting > 2'"), &[&format!("4:9 queue() names no queue | {NAME}")]);
    }
    check_when(
        "'contact.queue(\"general\") == 1'",
        &["4:17 when calls the unknown function queue of something | queue(\"…\") without anything before it"],
    );
    check_when(
        "'queue(\"general\").waiting > \"2\"'",
        &[
            "4:9 when fails when tried: found no matching overload for '_>_' applied to '(int, string)' | a condition that can hold",
        ],
    );
    check_when(
        "'queue(\"general\").waiting'",
        &["4:9 when gives a whole number, neither true nor false | a condition that can hold"],
    );
    check_queue(
        "agents = 'agent.id == \"ana\" || queue(\"general\").waiting > 2'",
        &[
            "2:32 agents asks for the figures of a queue | agent alone: figures are for the when of entry rules and steps",
        ],
    );
}

#[test]
fn conditions_that_may_hold_are_accepted() {
    for when in [
        "contact.attributes.vip",
        "contact.attributes.n > 3 && contact.attributes.name.startsWith(\"x\")",
        "contact.attributes.intent in [\"a\", \"b\"] || customer.tier == \"gold\"",
        "customer.tags.exists(tag, tag == \"gold\")",
        "has(contact.attributes.order.total) && contact.attributes.order.total > 100",
        "contact.attributes[\"x\"] == 1",
        "contact.from.startsWith(\"+33\")",
        "size(contact.to) > 4",
        "queue(\"general\").waiting > 3 && queue(\"general\").agents_idle == 0",
        "customer.tier == \"gold\" || has(queue(\"general\").waiting)",
        "queue(\"general\").longest_wait_s / queue(\"general\").agents_available > 10",
        "queue(\"general\").estimated_wait_s < 600",
        "queue(\"general\").service_level < 80 ? true : contact.attributes.vip",
        "contact.attributes.queue == \"queue(1)\"",
        "true",
    ] {
        let text = format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = '{when}'\n{ENTRY}");
        loaded(&with(&[("entry.toml", &text)]));
    }
    for agents in
        ["agent.site == \"Lyon\"", "\"day\" in agent.teams", "agent.skills.billing >= 3", "agent.attributes.remote"]
    {
        loaded(&with(&[("queues/general.toml", &format!("[queue.general]\nagents = '{agents}'\n"))]));
    }
}

/// Random conditions: read, or refused with a mark inside the literal; never a panic.
#[test]
fn damaged_conditions_are_read_or_refused_with_a_place() {
    const ROUNDS: u64 = 1_500;
    const PIECES: [&str; 33] = [
        "contact",
        ".attributes",
        ".intent",
        "customer",
        ".tier",
        "==",
        "!=",
        "&&",
        "||",
        "!",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\"gold\"",
        "3",
        "-",
        "1.5",
        "?",
        ":",
        ",",
        " in ",
        ".all(x, x > 1)",
        ".size()",
        ".matches(\"a+\")",
        "has(",
        "r\"",
        "é",
        "queue(",
        "queue(\"general\").waiting",
        ".queue(\"é",
    ];
    for seed in 0..ROUNDS {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let condition: String =
            (0..random.random_range(1..12)).map(|_| *PIECES.choose(&mut random).expect("there are pieces")).collect();
        let text = format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = '{condition}'\n{ENTRY}");
        let Err(errors) = load(&with(&[("entry.toml", &text)])) else { continue };
        for problem in errors.problems() {
            assert!(problem.line == 4 && problem.column >= 8, "seed {seed}: {problem:?}");
            assert!(!errors.to_string().is_empty(), "seed {seed}");
        }
    }
}

#[test]
fn conditions_may_read_the_time_and_agents_what_a_contact_says() {
    let when = "now.weekday <= 5 && now.time >= \"08:30\" && now.date != \"2026-12-24\"";
    let entry = format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = '{when}'\n{ENTRY}");
    let general = "[queue.general]\nskills = { a = 1 }\nagents = 'agent.site == contact.attributes.site'\n";
    let rules = loaded(&with(&[("entry.toml", &entry), ("queues/general.toml", general)])).rules;
    let reads = |at: &str| {
        let at = Timestamp(at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let now = moment("Europe/Paris", at);
        rules.entry[0].when.as_ref().unwrap().holds(&Scope::new([("now", &now)]))
    };
    for (at, holds) in [
        ("2026-11-23T07:30:00Z", true),
        ("2026-11-23T07:29:59Z", false),
        ("2026-11-21T23:30:00Z", false),
        ("2026-12-24T10:00:00Z", false),
    ] {
        assert_eq!(reads(at), Ok(holds), "{at}");
    }
    let agents = rules.queues[&queue("general")].agents.as_ref().unwrap();
    let site = ContactReads::Some { fields: Vec::new(), attributes: vec![Arc::from("site")] };
    assert_eq!(agents.reads_of_contact(), Some(&site));
}

#[test]
fn what_a_condition_reads_of_a_contact_is_known() {
    let reads = |text: &str| Expression::new(text).unwrap().reads_of_contact().cloned();
    let some = |fields: &[&str], attributes: &[&str]| {
        let shared = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect();
        Some(ContactReads::Some { fields: shared(fields), attributes: shared(attributes) })
    };
    assert_eq!(reads("agent.site == \"Lyon\""), None);
    assert_eq!(
        reads("contact.attributes.a == 1 || contact.from == contact.attributes.b.c"),
        some(&["from"], &["a", "b"])
    );
    assert_eq!(reads("has(contact.attributes.a)"), some(&[], &["a"]));
    assert_eq!(reads("[1].exists(x, x == contact.attributes.a)"), some(&[], &["a"]));
    for all in
        ["contact == agent", "contact.attributes == 1", "contact.attributes[\"a\"] == 1", "contact[\"from\"] == 1"]
    {
        assert_eq!(reads(all), Some(ContactReads::All), "{all}");
    }
}
