//! The whole of `rules/` through one `check`: files in, problems out.

use std::collections::BTreeSet;

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::keys::TABLES;
use super::report::PROBLEMS_MAX;
use super::{LoadedRules, RuleErrors, RuleFile, load};
use crate::routing::expression::{Expression, QueueFigures, Scope};
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::rule_set::{Channel, CustomersAgent, NamedAgent, PhoneMode, PreferredRules, SiteRules, TieBreaker};
use crate::routing::time::Millis;

macro_rules! folder {
    ($folder:literal, $($path:literal),+ $(,)?) => {
        vec![$(file($path, include_str!(concat!("../../", $folder, "/", $path)))),+]
    };
}

pub(super) fn file(path: &str, text: &str) -> RuleFile {
    RuleFile { path: path.to_owned(), text: text.to_owned() }
}

pub(super) fn demo() -> Vec<RuleFile> {
    folder!(
        "routing-rules",
        "entry.toml",
        "agents.toml",
        "site.toml",
        "calendars.toml",
        "queues/gold.toml",
        "queues/general.toml",
        "queues/billing.toml",
        "queues/stocks.toml",
        "queues/internet.toml",
        "queues/written.toml",
        "queues/night.toml",
    )
}

fn bank() -> Vec<RuleFile> {
    folder!(
        "routing-rules/examples/bank-1999",
        "entry.toml",
        "queues/regular.toml",
        "queues/english.toml",
        "queues/internet.toml",
        "queues/stocks.toml",
        "queues/new_customer.toml",
        "queues/call_back.toml",
    )
}

pub(super) const ENTRY: &str = "[[entry]]\nname = \"all\"\nqueue = \"general\"\n";
const QUEUES: &str = "[queue.general]\n";
pub(super) const AGENTS: &str = "[agent.ana]\nphone = { endpoint = \"SIM/1\" }\n";

/// A small valid set, with the files of `changed` in place of its own.
pub(super) fn with(changed: &[(&str, &str)]) -> Vec<RuleFile> {
    let mut files = vec![file("entry.toml", ENTRY), file("queues/general.toml", QUEUES), file("agents.toml", AGENTS)];
    for (path, text) in changed {
        files.retain(|file| file.path != *path);
        files.push(file(path, text));
    }
    files
}

/// Each problem as `line:column message | expected`.
pub(super) fn told(problems: &[super::RuleProblem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| format!("{}:{} {} | {}", problem.line, problem.column, problem.message, problem.expected))
        .collect()
}

pub(super) fn refused(files: &[RuleFile]) -> RuleErrors {
    load(files).expect_err("the files are wrong")
}

pub(super) fn loaded(files: &[RuleFile]) -> LoadedRules {
    load(files).unwrap_or_else(|errors| panic!("{errors}"))
}

pub(super) fn check(path: &str, text: &str, expected: &[&str]) {
    let errors = refused(&with(&[(path, text)]));
    assert_eq!(told(errors.problems()), expected, "{path}\n{text}\n{errors}");
    assert!(errors.problems().iter().all(|problem| &*problem.file == path), "{errors}");
}

pub(super) fn check_queue(line: &str, expected: &[&str]) {
    check("queues/general.toml", &format!("[queue.general]\n{line}\n"), expected);
}

fn check_agent(line: &str, expected: &[&str]) {
    check("agents.toml", &format!("[agent.ana]\n{line}\n"), expected);
}

fn check_when(when: &str, expected: &[&str]) {
    let text = format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = {when}\n{ENTRY}");
    check("entry.toml", &text, expected);
}

pub(super) fn check_warnings(files: &[RuleFile], expected: &[&str]) {
    assert_eq!(told(loaded(files).warnings.problems()), expected);
}

#[test]
fn the_demo_loads_without_a_warning() {
    let LoadedRules { rules, warnings } = loaded(&demo());
    assert!(warnings.is_empty(), "{warnings}");
    assert_eq!(rules.site, SiteRules::default());
    assert_eq!((rules.entry.len(), rules.queues.len(), rules.agents.len()), (10, 7, 16));
    let gold = &rules.queues[&QueueId::new("gold").unwrap()];
    assert_eq!(gold.weight, Millis::seconds(30));
    assert_eq!(gold.tier, Some(1));
    assert_eq!(gold.select, [TieBreaker::Preferred, TieBreaker::BestSkill, TieBreaker::Rank, TieBreaker::LongestIdle]);
    assert_eq!(gold.preferred, Some(PreferredRules { who: CustomersAgent::Owner, hold: Millis::seconds(20) }));
    assert_eq!((gold.ranks.len(), gold.ranks[&AgentId::new("greta").unwrap()]), (3, 2));
    assert_eq!((gold.offers_max, gold.place_kept), (1, Millis::minutes(5)));
    let stocks = &rules.queues[&QueueId::new("stocks").unwrap()];
    assert_eq!((stocks.offers_max, stocks.place_kept), (2, Millis::minutes(2)));
    assert_eq!(rules.queues[&QueueId::new("written").unwrap()].place_kept, Millis::ZERO);
    let agents: Vec<_> = rules.entry.iter().filter_map(|rule| rule.agent.clone()).collect();
    let ana = NamedAgent::Agent(AgentId::new("ana").unwrap());
    assert_eq!(agents, [ana, NamedAgent::OfCustomer(CustomersAgent::LastAgent)]);
    assert_eq!((gold.wrap_up.max, gold.service_level.target_per_mille), (Millis::seconds(45), 800));
    let ana = &rules.agents[&AgentId::new("ana").unwrap()];
    assert_eq!(ana.phone.mode, PhoneMode::Console);
    assert_eq!(ana.phone.endpoint.as_ref().unwrap().as_str(), "SIM/ana");
    assert_eq!(ana.attributes.get("desk"), Some(&json!(12)));
    assert_eq!(ana.capacity.channel_max.of(Channel::Chat), 3);
}

#[test]
fn the_demo_sends_billing_to_whoever_is_idle_when_it_takes_too_long() {
    let rules = loaded(&demo()).rules;
    let contact = json!({"channel": "voice", "to": "+33180000000", "attributes": {"intent": "billing"}});
    let enter = |longest_wait_s, agents_idle| {
        let figures = QueueFigures { waiting: 3, agents_idle, agents_available: 4, longest_wait_s, service_level: 70 };
        let asked = ["billing", "general"].map(|queue| (QueueId::new(queue).unwrap(), figures));
        let scope = Scope::new([("contact", &contact), ("customer", &json!({}))]).with_queues(asked.into());
        let holds = |when: &Expression| when.holds(&scope) == Ok(true);
        let rule = rules.entry.iter().find(|rule| rule.when.as_ref().is_none_or(holds)).unwrap();
        (rule.name.to_string(), rule.queue.to_string())
    };
    assert_eq!(enter(120, 1), ("billing is too long".to_owned(), "general".to_owned()));
    assert_eq!(enter(119, 1), ("billing in French".to_owned(), "billing".to_owned()));
    assert_eq!(enter(120, 0), ("billing in French".to_owned(), "billing".to_owned()));
}

#[test]
fn the_demo_is_the_reference_of_every_key() {
    let files = demo();
    for (path, table, keys) in TABLES {
        let mut found = BTreeSet::new();
        for file in files.iter().filter(|file| file.path.starts_with(path)) {
            let value: toml::Table = file.text.parse().unwrap();
            let steps: Vec<&str> = table.split('.').filter(|step| !step.is_empty()).collect();
            collect_keys(&toml::Value::Table(value), &steps, &mut found);
        }
        let missing: Vec<&&str> = keys.known.iter().filter(|key| !found.contains(**key)).collect();
        assert!(missing.is_empty(), "{path} [{table}] shows no {missing:?}");
    }
}

fn collect_keys(value: &toml::Value, steps: &[&str], found: &mut BTreeSet<String>) {
    if let Some(elements) = value.as_array() {
        elements.iter().for_each(|element| collect_keys(element, steps, found));
    } else if let Some(table) = value.as_table() {
        match steps.split_first() {
            None => found.extend(table.keys().cloned()),
            Some((&"*", rest)) => table.values().for_each(|inner| collect_keys(inner, rest, found)),
            Some((step, rest)) => table.get(*step).into_iter().for_each(|inner| collect_keys(inner, rest, found)),
        }
    }
}

#[test]
fn the_bank_of_1999_loads_without_agents() {
    let loaded = loaded(&bank());
    assert_eq!(
        told(loaded.warnings.problems()),
        ["1:8 no agent is in agents.toml: nobody can serve any queue | at least one [agent.NAME]"]
    );
    let conditions: Vec<_> = loaded.rules.entry.iter().filter_map(|rule| rule.when.as_ref()).collect();
    let enter = |kind: &str, priority: i64| {
        let contact = json!({"channel": "voice", "attributes": {"type": kind, "priority": priority}});
        let scope = Scope::new([("contact", &contact), ("customer", &json!({}))]);
        let at = conditions.iter().position(|when| when.holds(&scope) == Ok(true)).unwrap_or(conditions.len());
        (loaded.rules.entry[at].queue.to_string(), loaded.rules.entry[at].priority)
    };
    assert_eq!(enter("PS", 0), ("regular".to_owned(), 0));
    assert_eq!(enter("PS", 2), ("regular".to_owned(), 1));
    assert_eq!(enter("NW", 1), ("new_customer".to_owned(), 0));
    assert_eq!(enter("IN", 2), ("internet".to_owned(), 1));
    assert_eq!(loaded.rules.queues[&QueueId::new("stocks").unwrap()].priority_step, Millis::seconds(90));
}

#[test]
fn what_is_left_out_has_its_default() {
    let LoadedRules { rules, warnings } = loaded(&with(&[]));
    assert!(warnings.is_empty(), "{warnings}");
    assert_eq!(*rules.queues[&QueueId::new("general").unwrap()], Default::default());
    assert_eq!(rules.site, SiteRules::default());
    assert_eq!(&*rules.agents[&AgentId::new("ana").unwrap()].name, "ana");
    let site = "back_off.busy = \"1m\"\nchannel_cost = { chat = 25 }\nconnect_within = \"1m 30s\"\n";
    let site = loaded(&with(&[("site.toml", site)])).rules.site;
    assert_eq!((site.back_off.busy, site.back_off.declined), (Millis::minutes(1), Millis::seconds(5)));
    assert_eq!((site.channel_cost.0, site.connect_within), ([100, 100, 25, 20, 20], Millis::seconds(90)));
}

#[test]
fn unknown_keys_are_refused_with_the_right_one() {
    check_queue("prioritty = 1", &["2:1 unknown key prioritty | priority?"]);
    check_queue("timeout = \"15s\"", &["2:1 unknown key timeout | offer_timeout?"]);
    check_queue("Select = [\"random\"]", &["2:1 unknown key Select | select?"]);
    check_queue("wrap_up = { maxx = \"1s\" }", &["2:13 unknown key maxx | max?"]);
    check_agent("phone = { endpiont = \"S/1\" }", &["2:11 unknown key endpiont | endpoint?"]);
    check("site.toml", "gateway-grace = \"1s\"", &["1:1 unknown key gateway-grace | gateway_grace?"]);
    check(
        "site.toml",
        "back_off = { zzz = \"1s\" }",
        &["1:14 unknown key zzz | one of declined, missed, busy, no_answer, unregistered, rejected, failed"],
    );
    check("entry.toml", &format!("{ENTRY}quueue = \"general\"\n"), &["4:1 unknown key quueue | queue?"]);
}

#[test]
fn keys_of_later_versions_are_refused_in_plain_words() {
    let later = refused(&with(&[(
        "queues/general.toml",
        "[queue.general]\nrecording = true\n[queue.general.exit]\nkey_1 = { action = \"hang_up\" }\n",
    )]));
    let messages: Vec<&str> = later.problems().iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        ["recording is not supported by this version yet", "key_1 is not supported by this version yet"]
    );
    check_queue(
        "preferred = { who = \"owner\", within = \"7d\" }",
        &["2:30 within is not supported by this version yet | one of who, hold"],
    );
    check(
        "entry.toml",
        &format!("{ENTRY}preferred = {{ who = \"owner\" }}\n"),
        &["4:1 preferred is not supported by this version yet | one of name, when, queue, agent, skills, priority"],
    );
}

#[test]
fn wrong_values_say_what_was_expected() {
    const DURATION: &str = "a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\"";
    check_queue("offer_timeout = 15", &[&format!("2:17 offer_timeout is a whole number | {DURATION}")]);
    check_queue("offer_timeout = \"soon\"", &[&format!("2:17 offer_timeout is \"soon\" | {DURATION}")]);
    check_queue("offer_timeout = \"0s\"", &["2:17 offer_timeout is zero | a duration above zero"]);
    check_queue("weight = \"-5s\"", &["2:10 weight is negative | a duration of zero or more"]);
    check_queue("weight = \"169h\"", &["2:10 weight is \"169h\" | at most a week, \"168h\""]);
    check_queue("weight = \"1500us\"", &["2:10 weight is \"1500us\" | whole milliseconds"]);
    check_queue("tier = 10", &["2:8 tier is 10 | a whole number from 1 to 9"]);
    check_queue("tier = 99999999999999999999", &["2:8 tier is 99999999999999999999 | a whole number from 1 to 9"]);
    check_queue("strict = \"yes\"", &["2:10 strict is a text | true or false"]);
    check_queue("skills = { billing = 11 }", &["2:22 billing is 11 | a whole number from 1 to 10"]);
    check_queue(
        "skills = { billing = 2.5 }",
        &["2:22 billing is a number with a fraction | a whole number from 1 to 10"],
    );
    check_queue(
        "select = []",
        &["2:10 select is empty | a list of tie-breakers, such as [\"best_skill\", \"longest_idle\"]"],
    );
    check_queue("select = [\"random\", \"random\"]", &["2:21 select names it twice | each at most once"]);
    check_queue("select = [\"longest-idle\"]", &["2:11 select \"longest-idle\" is unknown | longest_idle?"]);
    check_queue(
        "channels = \"voice\"",
        &["2:12 channels is a text | a list of channels, such as [\"voice\", \"chat\"]"],
    );
    check_queue(
        "service_level = { target = 80 }",
        &["2:28 target is no share | a share from 0 to 1 in thousandths, such as 0.80"],
    );
    check_queue(
        "wrap_up = { disposition = \"required\" }",
        &["2:11 wrap_up asks for a disposition and leaves no time for it | a max, such as \"45s\""],
    );
    check_queue("agent_lost = \"drop\"", &["2:14 agent_lost \"drop\" is unknown | one of keep, requeue, close"]);
    check_agent("capacity = { voice = 101 }", &["2:22 voice is 101 | a whole number from 0 to 100"]);
    check_agent("teams = [\"day\", \"day\"]", &["2:17 teams names it twice | each team once"]);
    check_agent("attributes = { a = nan }", &["2:20 a holds a number out of range | finite numbers that fit 64 bits"]);
    check_agent(
        "phone = { mode = \"persistent\" }",
        &["2:9 phone has no endpoint | an endpoint, such as \"PJSIP/1001\", or mode \"none\""],
    );
    check_agent(
        "phone = { mode = \"none\", endpoint = \"S/1\" }",
        &["2:37 endpoint has no use with mode \"none\" | no endpoint"],
    );
    check("site.toml", "offers_in_row_max = 0", &["1:21 offers_in_row_max is 0 | a whole number from 1 to 1000"]);
}

#[test]
fn names_are_checked() {
    let long = "x".repeat(65);
    let bounds = "1 to 64 characters";
    check(
        "agents.toml",
        &format!("[agent.{long}]\n"),
        &[&format!("1:8 \"{}…\" is no name | {bounds} and no control characters", &long[..64])],
    );
    check("agents.toml", "[agent.\"\"]\n", &[&format!("1:8 \"\" is no name | {bounds} and no control characters")]);
    check(
        "queues/b.toml",
        "[queue.\"@ana\"]\n",
        &[&format!("1:8 \"@ana\" is no name of a queue | {bounds}, the first not @: that is for agents' own queues")],
    );
}

#[test]
fn the_order_of_entry_rules_is_checked() {
    let rule = |name: &str, rest: &str| format!("[[entry]]\nname = \"{name}\"\nqueue = \"general\"\n{rest}");
    let when = "when = 'contact.channel == \"chat\"'\n";
    check(
        "entry.toml",
        &(rule("a", "") + &rule("b", "")),
        &["1:1 the rules after this one are never reached | a when in every rule but the last"],
    );
    check(
        "entry.toml",
        &(rule("a", when) + &rule("b", when)),
        &["8:8 the last rule has a condition | no when: it takes all that is left"],
    );
    check(
        "entry.toml",
        &(rule("a", when) + &rule("a", "")),
        &["6:8 two rules are named \"a\" | a name of its own for each"],
    );
    check("entry.toml", "", &["1:1 entry is missing | at least one [[entry]]"]);
    check("entry.toml", "entry = []", &["1:9 entry is empty | at least one [[entry]]"]);
    check(
        "entry.toml",
        "entry = [1]",
        &["1:10 entry is no rule | a table with name, when, queue, agent, skills, priority"],
    );
    check(
        "entry.toml",
        "[[entry]]\n",
        &["1:1 name is missing | the rule's name, as reports show it", "1:1 queue is missing | the name of a queue"],
    );
}

#[test]
fn the_files_are_checked_against_each_other() {
    check(
        "entry.toml",
        "[[entry]]\nname = \"a\"\nqueue = \"genral\"\n",
        &["3:9 no queue is named \"genral\" | general?"],
    );
    check(
        "entry.toml",
        "[[entry]]\nname = \"a\"\nqueue = \"@ana\"\n",
        &["3:9 queue is \"@ana\" | a queue of queues/*.toml; @ is for agents"],
    );
    let twice = refused(&with(&[("queues/other.toml", "[queue.b]\n\n[queue.general]\n")]));
    assert_eq!(told(twice.problems()), ["3:8 queue general is also in queues/general.toml | one place for each queue"]);
    let narrow = refused(&with(&[("queues/general.toml", "[queue.general]\nchannels = [\"voice\", \"chat\"]\n")]));
    assert_eq!(
        told(narrow.problems()),
        [
            "3:9 the last rule's queue general does not serve callback, email, task | a queue with every channel: nothing may be left without one"
        ]
    );
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
    check_when("'caller.tier == \"gold\"'", &["4:9 when names the unknown variable caller | contact or customer"]);
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
    check_queue("agents = 'customer.tier == 1'", &["2:11 agents names the unknown variable customer | agent"]);
    let later = refused(&with(&[(
        "entry.toml",
        &format!("[[entry]]\nname = \"a\"\nqueue = \"general\"\nwhen = 'true || now() > 2'\n{ENTRY}"),
    )]));
    assert_eq!(later.problems()[0].message, "now() is not supported by this version yet");
    assert_eq!((later.problems()[0].line, later.problems()[0].column), (4, 17));
}

#[test]
fn figures_of_queues_are_checked_where_they_are_asked() {
    const FIGURES: &str = "one of waiting, agents_idle, agents_available, longest_wait_s, service_level";
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
        "'queue(\"general\").estimated_wait_s > 2'",
        &[&format!("4:26 queue().estimated_wait_s is not supported by this version yet | {FIGURES}")],
    );
    check_when(
        "'queue(\"general\").estimated_wait < duration(\"600s\")'",
        &[
            &format!("4:26 queue().estimated_wait is not supported by this version yet | {FIGURES}"),
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
fn the_agent_of_an_entry_rule_is_checked() {
    let rule = |agent: &str| format!("{ENTRY}agent = {agent}\n");
    let check_rule = |agent: &str, expected: &[&str]| check("entry.toml", &rule(agent), expected);
    check_rule("{ name = \"anna\" }", &["4:18 no agent is named \"anna\" | ana?"]);
    check_rule("{ name = \"zoe\" }", &["4:18 no agent is named \"zoe\" | an agent of agents.toml"]);
    check_rule("{ who = \"last agent\" }", &["4:17 who \"last agent\" is unknown | last_agent?"]);
    check_rule("{ who = \"boss\" }", &["4:17 who \"boss\" is unknown | one of owner, last_agent"]);
    check_rule("{ name = \"ana\", who = \"owner\" }", &["4:9 agent has both name and who | one of the two"]);
    check_rule("{}", &["4:9 agent names nobody | { name = \"ana\" } or { who = \"owner\" }"]);
    check_rule("{ nam = \"ana\" }", &["4:11 unknown key nam | name?"]);
    check_rule("\"ana\"", &["4:9 agent is a text | a table with name, who"]);
    let agent = |text: &str| loaded(&with(&[("entry.toml", &rule(text))])).rules.entry[0].agent.clone();
    assert_eq!(agent("{ name = \"ana\" }"), Some(NamedAgent::Agent(AgentId::new("ana").unwrap())));
    assert_eq!(agent("{ who = \"owner\" }"), Some(NamedAgent::OfCustomer(CustomersAgent::Owner)));
}

#[test]
fn preferences_ranks_and_broadcasts_are_checked() {
    const RANKS: &str = "agents with a rank each, such as { ana = 1, ben = 2 }";
    check_queue("preferred = { hold = \"20s\" }", &["2:1 who is missing | owner or last_agent"]);
    check_queue("preferred = { who = \"ownr\" }", &["2:21 who \"ownr\" is unknown | owner?"]);
    check_queue(
        "preferred = { who = \"owner\", hold = \"169h\" }",
        &["2:37 hold is \"169h\" | at most a week, \"168h\""],
    );
    check_queue(
        "select = [\"random\", \"preferred\"]",
        &["2:21 select names \"preferred\", and preferred is missing | preferred = { who = \"owner\" } in this queue"],
    );
    check_queue(
        "select = [\"rank\"]",
        &["2:11 select names \"rank\", and ranks is missing | ranks = { ana = 1 } in this queue"],
    );
    check_queue("ranks = { ana = 1000 }", &["2:17 ana is 1000 | a whole number from 1 to 999"]);
    check_queue("ranks = { ana = 0 }", &["2:17 ana is 0 | a whole number from 1 to 999"]);
    check_queue("ranks = {}", &[&format!("2:9 ranks is empty | {RANKS}")]);
    check_queue("ranks = [\"ana\"]", &[&format!("2:9 ranks is a list | {RANKS}")]);
    check_queue(
        "ranks = { ana = 1, anna = 2, zoe = 2 }",
        &["2:20 no agent is named \"anna\" | ana?", "2:30 no agent is named \"zoe\" | an agent of agents.toml"],
    );
    check_queue("broadcast = {}", &["2:1 offers_max is missing | how many offers at once, such as 3"]);
    check_queue("broadcast = 3", &["2:13 broadcast is a whole number | a table with offers_max"]);
    for offers in [1, 21] {
        check_queue(
            &format!("broadcast = {{ offers_max = {offers} }}"),
            &[&format!("2:28 offers_max is {offers} | a whole number from 2 to 20")],
        );
    }
    check_queue("place_kept = \"-1s\"", &["2:14 place_kept is negative | a duration of zero or more"]);
}

#[test]
fn preferences_ranks_and_broadcasts_are_read() {
    let queue = |lines: &str| with(&[("queues/general.toml", &format!("[queue.general]\n{lines}\n"))]);
    let LoadedRules { rules, warnings } = loaded(&queue(
        "select = [\"preferred\", \"least_loaded\", \"least_skilled\", \"least_occupied\", \"rank\"]\n\
         preferred = { who = \"last_agent\" }\nranks = { ana = 999 }\nbroadcast = { offers_max = 20 }\nplace_kept = \"0s\"",
    ));
    assert!(warnings.is_empty(), "{warnings}");
    let general = &rules.queues[&QueueId::new("general").unwrap()];
    assert_eq!(
        general.select,
        [
            TieBreaker::Preferred,
            TieBreaker::LeastLoaded,
            TieBreaker::LeastSkilled,
            TieBreaker::LeastOccupied,
            TieBreaker::Rank
        ]
    );
    assert_eq!(general.preferred, Some(PreferredRules { who: CustomersAgent::LastAgent, hold: Millis::ZERO }));
    assert_eq!(general.ranks, [(AgentId::new("ana").unwrap(), 999)].into());
    assert_eq!((general.offers_max, general.place_kept), (20, Millis::ZERO));
    check_warnings(&queue("preferred = { who = \"owner\", hold = \"1s\" }"), &[]);
    check_warnings(
        &queue("preferred = { who = \"owner\" }"),
        &["2:13 preferred has no use in this queue | \"preferred\" in select, or a hold such as \"20s\""],
    );
    check_warnings(&queue("ranks = { ana = 1 }"), &["2:9 ranks has no use in this queue | \"rank\" in select"]);
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

#[test]
fn what_nobody_can_serve_is_a_warning() {
    const HELP: &str = "an agent with its skills, its channels and, for calls, a phone";
    let queue = |line: &str| with(&[("queues/general.toml", &format!("[queue.general]\n{line}\n"))]);
    let nobody = format!("1:8 nobody can serve queue general by voice, callback, chat, email, task | {HELP}");
    check_warnings(&queue("skills = { juggling = 1 }"), &[&nobody]);
    check_warnings(&queue("agents = 'agent.site == \"Lyon\"'"), &[&nobody]);
    check_warnings(
        &with(&[("agents.toml", "[agent.ana]\nphone = { mode = \"none\" }\n")]),
        &[&format!("1:8 nobody can serve queue general by voice, callback | {HELP}")],
    );
    check_warnings(
        &with(&[("site.toml", "channel_cost = { chat = 101 }")]),
        &[&format!("1:8 nobody can serve queue general by chat | {HELP}")],
    );
    check_warnings(
        &with(&[("entry.toml", &format!("{ENTRY}skills = {{ juggling = 1 }}\n"))]),
        &[&format!(
            "3:9 nobody can serve queue general with the skills of this rule by voice, callback, chat, email, task | {HELP}"
        )],
    );
    check_warnings(
        &with(&[("agents.toml", "[agent.ana]\n")]),
        &[
            "1:8 no endpoint is named for the phone of ana | phone = { endpoint = \"PJSIP/1001\" }, or phone = { mode = \"none\" }",
        ],
    );
}

#[test]
fn limits_are_named() {
    let entry: String =
        (0..1_001).map(|n| format!("[[entry]]\nname = \"{n}\"\nqueue = \"general\"\nwhen = 'true'\n")).collect();
    let errors = refused(&with(&[("entry.toml", &entry)]));
    assert!(errors.to_string().contains("entry has 1001 rules"), "{errors}");
    let queues: String = (0..1_001).map(|n| format!("[queue.q{n}]\n")).collect();
    let errors = refused(&with(&[("queues/general.toml", &(queues + QUEUES))]));
    assert!(errors.to_string().contains("1002 queues"), "{errors}");
    let agents: String = (0..20_001).map(|n| format!("[agent.a{n}]\n")).collect();
    check("agents.toml", &agents, &["1:2 20001 agents | at most 20000"]);
    let skills: Vec<String> = (0..17).map(|n| format!("s{n} = 1")).collect();
    check_queue(&format!("skills = {{ {} }}", skills.join(", ")), &["2:10 skills names 17 skills | at most 16"]);
    check("site.toml", &" ".repeat(super::FILE_BYTES_MAX + 1), &["1:1 4194305 bytes | at most 4194304"]);
}

#[test]
fn files_that_are_no_rule_files_are_refused() {
    check(
        "agent.toml",
        "",
        &[
            "1:1 agent.toml is no rule file | agents.toml? Rule files are entry.toml, agents.toml, site.toml, calendars.toml and queues/*.toml",
        ],
    );
    let errors = refused(&[file("queues/general.toml", QUEUES)]);
    assert_eq!(told(errors.problems()), ["1:1 entry.toml is missing | a file that says which queue a contact enters"]);
    let mut twice = with(&[]);
    twice.push(file("agents.toml", ""));
    assert_eq!(told(refused(&twice).problems()), ["1:1 the file is given twice | each file once"]);
}

#[test]
fn errors_of_all_files_are_told_together_with_marks() {
    let errors = refused(&with(&[
        ("entry.toml", "[[entry]]\nname = \"é\"\nwhen = 'contact.chanel == \"voice\"'\nqueue = \"general\"\n"),
        ("queues/general.toml", "[queue.general]\nskills = { billing = 11 }\nrecording = true\n"),
        (
            "agents.toml",
            "[agent.ana]\nphone = { endpoint = \"SIM/1\" }\n[agent.ben]\nphone = { endpoint = \"SIM/1\" }\n",
        ),
    ]));
    let expected = include_str!("tests_report.txt");
    assert_eq!(errors.to_string(), expected, "\n<<<\n{errors}>>>");
    let json = serde_json::to_value(&errors).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 5);
    assert_eq!(
        json[0],
        json!({"file": "agents.toml", "line": 4, "column": 22, "message": "endpoint SIM/1 is also agent ana's",
               "expected": "an endpoint of his own for each agent"})
    );
}

#[test]
fn a_file_of_nonsense_is_told_in_bounds() {
    let text: String = (0..200_000).map(|n| format!("k{n}=1\n")).collect();
    let errors = refused(&with(&[("site.toml", &text)]));
    assert_eq!(errors.problems().len(), PROBLEMS_MAX);
    assert_eq!(errors.problems().len() + errors.left_out(), 10_000);
}

#[test]
fn toml_errors_are_told_with_their_place() {
    check("queues/general.toml", "[queue.general\ntier = 1\n", &["1:15 unclosed table | `]`"]);
    check("agents.toml", "[agent.ana]\n[agent.ana]\n", &["2:8 duplicate key | valid TOML"]);
}

/// Random damage to real files: it loads, or is refused with a place inside the file; it never panics.
#[test]
fn damaged_files_load_or_are_refused_with_a_place() {
    const ROUNDS: u64 = 2_000;
    let originals = demo();
    let mut refused_count = 0;
    for seed in 0..ROUNDS {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut files = originals.clone();
        let at = random.random_range(0..files.len());
        files[at].text = damaged(&files[at].text, &originals, &mut random);
        let Err(errors) = load(&files) else { continue };
        refused_count += 1;
        assert!(!errors.problems().is_empty(), "seed {seed}");
        for problem in errors.problems() {
            let text = files.iter().find(|file| file.path == *problem.file).map_or("", |file| &file.text);
            let line = text.split('\n').nth(problem.line - 1);
            let inside = line.is_some_and(|line| problem.column <= line.chars().count() + 1);
            assert!(inside && problem.span.end <= text.len(), "seed {seed}: {problem:?}");
        }
        assert!(!errors.to_string().is_empty(), "seed {seed}");
    }
    assert!(refused_count > ROUNDS / 3, "only {refused_count} of {ROUNDS} did damage");
}

fn damaged(text: &str, others: &[RuleFile], random: &mut impl Rng) -> String {
    const PIECES: [&str; 27] = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "'''",
        "=",
        ".",
        ",",
        "\n",
        "#",
        "\\",
        "é",
        "\u{0}",
        "-1",
        "1e999",
        "true",
        "[[entry]]",
        "[[queue.gold.step]]\n",
        "[queue.night.exit]\n",
        "09:00-12:30",
        "[queue.x]",
        "when = ",
        "(((",
        "&&",
        "0x",
    ];
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..random.random_range(1..4) {
        let at = random.random_range(0..=characters.len());
        let end = (at + random.random_range(0..12)).min(characters.len());
        match random.random_range(0..6) {
            0 => drop(characters.drain(at..end)),
            1 => {
                let piece = PIECES.choose(random).expect("there are pieces");
                drop(characters.splice(at..end, piece.chars()));
            }
            2 => characters.truncate(at),
            3 => {
                let copy: Vec<char> = characters[at..end].to_vec();
                drop(characters.splice(at..at, copy));
            }
            4 => {
                let other: Vec<char> = others.choose(random).expect("there are files").text.chars().collect();
                let from = random.random_range(0..other.len());
                let to = (from + random.random_range(0..60)).min(other.len());
                drop(characters.splice(at..at, other[from..to].iter().copied()));
            }
            _ => characters[at..end].reverse(),
        }
    }
    characters.into_iter().collect()
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
