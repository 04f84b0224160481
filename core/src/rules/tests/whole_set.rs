//! What only the files together show: files in, problems out.

use super::{ENTRY, check, check_warnings, loaded, refused, told, with};
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::rule_set::{CustomersAgent, NamedAgent};

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
fn an_escalation_leads_to_another_queue() {
    let general = |to: &str| format!("[queue.general]\nescalation = {to}\n");
    let check_to = |to: &str, expected: &str| check("queues/general.toml", &general(to), &[expected]);
    check_to("\"genral\"", "2:14 no queue is named \"genral\" | general?");
    check_to("\"general\"", "2:14 queue general escalates to itself | the queue of those with more authority");
    check_to("7", "2:14 escalation is a whole number | a name in quotes");
    let both = [("queues/general.toml", general("\"leads\"").as_str()), ("queues/leads.toml", "[queue.leads]\n")]
        .map(|(path, text)| (path, text.to_owned()));
    let files: Vec<(&str, &str)> = both.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let escalation = loaded(&with(&files)).rules.queues[&QueueId::new("general").unwrap()].escalation.clone();
    assert_eq!(escalation, Some(QueueId::new("leads").unwrap()));
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
fn agents_are_kept_for_another_queue() {
    let check_reserve = |reserve: &str, expected: &str| {
        check("queues/general.toml", &format!("[queue.general]\nreserve = {reserve}\n"), &[expected]);
    };
    check_reserve("{ queue = \"genral\", agents = 2 }", "2:21 no queue is named \"genral\" | general?");
    check_reserve(
        "{ queue = \"general\", agents = 2 }",
        "2:21 queue general keeps agents for itself | another queue, whose calls its leads leave them to",
    );
    check_reserve("{ queue = \"general\" }", "2:1 agents is missing | how many agents");
}
