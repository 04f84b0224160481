//! Steps of queues: files in, problems out.

use super::{AGENTS, ENTRY, check, check_warnings, demo, file, loaded, queue, refused, told, with};
use crate::routing::ids::SkillId;
use crate::routing::rule_set::{QueueRules, STEPS_MAX, StepRules};
use crate::routing::skill::{Level, Skills};
use crate::routing::time::Millis;
use crate::rules::report::PROBLEMS_MAX;
use crate::rules::{LoadedRules, RuleErrors, RuleFile};

const KEYS: &str = "after, when, when_nobody_could_match, skills, drop_skills, join_queue, raise_priority, move_to";
const EFFECTS: &str = "skills, drop_skills, join_queue, raise_priority, move_to";
const BILLING: &str = "[queue.billing]\nchannels = [\"voice\"]\nskills = { billing = 3 }\n";

/// A set with the queues general, billing and overflow; the steps of billing stand from line 4 on.
fn with_steps(steps: &str) -> Vec<RuleFile> {
    let mut files = with(&[
        ("queues/billing.toml", &format!("{BILLING}{steps}\n")),
        ("queues/overflow.toml", "[queue.overflow]\n"),
        ("agents.toml", &format!("{AGENTS}skills = {{ billing = 5 }}\n")),
    ]);
    files.push(file("queues/written.toml", "[queue.written]\nchannels = [\"chat\"]\n"));
    files
}

fn step(lines: &str) -> String {
    format!("[[queue.billing.step]]\n{lines}\n")
}

fn check_steps(steps: &str, expected: &[&str]) -> RuleErrors {
    let errors = refused(&with_steps(steps));
    assert_eq!(told(errors.problems()), expected, "\n{steps}\n{errors}");
    errors
}

/// `line` begins in line 5 of the file, beside an effect in line 6.
fn check_line(line: &str, expected: &[&str]) {
    check_steps(&step(&format!("{line}\nraise_priority = 1")), expected);
}

/// `lines` begin in line 6 of the file, after a time in line 5.
fn check_effect(lines: &str, expected: &[&str]) {
    check_steps(&step(&format!("after = \"30s\"\n{lines}")), expected);
}

fn check_effect_warnings(lines: &str, expected: &[&str]) {
    check_warnings(&with_steps(&step(&format!("after = \"30s\"\n{lines}"))), expected);
}

fn skill(name: &str) -> SkillId {
    SkillId::new(name).unwrap()
}

fn asks(name: &str, level: u8) -> Skills {
    [(skill(name), Level::new(level).unwrap())].into()
}

#[test]
fn steps_are_read_in_the_order_of_the_file() {
    let LoadedRules { rules, warnings } = loaded(&with_steps(
        &[
            step("after = \"30s\"\nwhen = 'queue(\"general\").agents_idle > 2'\njoin_queue = \"general\""),
            step("after = \"20s\"\nskills = { billing = 1 }\nraise_priority = 1000"),
            step("after = \"1m\"\ndrop_skills = [\"billing\"]"),
            step("when_nobody_could_match = true\nmove_to = \"overflow\""),
        ]
        .concat(),
    ));
    assert!(warnings.is_empty(), "{warnings}");
    let steps = &rules.queues[&queue("billing")].steps;
    assert_eq!(steps[0].when.as_ref().unwrap().queues(), [queue("general")]);
    let first = StepRules {
        after: Millis::seconds(30),
        when: steps[0].when.clone(),
        join_queue: Some(queue("general")),
        ..StepRules::default()
    };
    let second =
        StepRules { after: Millis::seconds(20), skills: asks("billing", 1), priority: 1_000, ..StepRules::default() };
    let third = StepRules { after: Millis::minutes(1), drop_skills: vec![skill("billing")], ..StepRules::default() };
    let fourth = StepRules { when_nobody_could_match: true, move_to: Some(queue("overflow")), ..StepRules::default() };
    assert_eq!(*steps, [first, second, third, fourth]);
    assert_eq!(*rules.queues[&queue("overflow")], QueueRules::default());
}

#[test]
fn the_demo_widens_billing_and_moves_nobody_from_the_exchange() {
    let rules = loaded(&demo()).rules;
    let steps = |name: &str| &rules.queues[&queue(name)].steps;
    assert_eq!((steps("billing").len(), steps("gold").len(), steps("general").len()), (3, 2, 2));
    assert_eq!((steps("billing")[0].after, &steps("billing")[0].skills), (Millis::seconds(20), &asks("billing", 2)));
    assert_eq!(steps("billing")[1].join_queue, Some(queue("general")));
    assert_eq!(steps("gold")[1].move_to, Some(queue("general")));
    assert!(steps("stocks").is_empty() && rules.queues[&queue("stocks")].offers_max == 2);
    let with_skills = |least: &Skills| {
        let meets = |skills: &Skills| least.iter().all(|(skill, level)| skills.get(skill) >= Some(level));
        rules.agents.values().filter(|agent| meets(&agent.skills)).count()
    };
    let first = &rules.queues[&queue("billing")].skills;
    assert!(with_skills(&steps("billing")[0].skills) > with_skills(first), "the first step adds nobody");
}

#[test]
fn keys_and_values_of_steps_are_checked() {
    check_steps("step = 1", &["4:8 step is a whole number | a list of steps, each under [[queue.NAME.step]]"]);
    check_steps("step = []", &["4:8 step is empty | at least one step, or no step at all"]);
    check_steps("step = [1]", &[&format!("4:9 step is no step | a table with {KEYS}")]);
    check_line("afterr = \"30s\"", &["5:1 unknown key afterr | after?"]);
    check_line("wait = \"30s\"", &[&format!("5:1 unknown key wait | one of {KEYS}")]);
    check_line(
        "after = 30",
        &["5:9 after is a whole number | a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\""],
    );
    check_line("after = \"-1s\"", &["5:9 after is negative | a duration of zero or more"]);
    check_line(
        "when_nobody_could_match = false",
        &["5:27 when_nobody_could_match is false | true; to do without it, leave the key out"],
    );
    check_line("when_nobody_could_match = \"yes\"", &["5:27 when_nobody_could_match is a text | true or false"]);
    for priority in ["0", "-1", "1001"] {
        check_effect(
            &format!("raise_priority = {priority}"),
            &[&format!("6:18 raise_priority is {priority} | a whole number from 1 to 1000")],
        );
    }
    check_effect("skills = { billing = 0 }", &["6:22 billing is 0 | a whole number from 1 to 10"]);
    check_effect("skills = {}", &["6:10 skills is empty | skills with a level each, such as { billing = 1 }"]);
    check_effect("drop_skills = []", &["6:15 drop_skills is empty | a list of skills, such as [\"french\"]"]);
    check_effect("drop_skills = \"billing\"", &["6:15 drop_skills is a text | a list of skills, such as [\"french\"]"]);
    check_effect("drop_skills = [\"billing\", \"billing\"]", &["6:27 drop_skills names it twice | each skill once"]);
    check_effect("drop_skills = [1]", &["6:16 drop_skills is a whole number | a name in quotes"]);
    check_effect(
        "drop_skills = [\"billing\"]\nskills = { billing = 1 }",
        &["6:16 drop_skills names billing, and so does skills | each skill in one of the two"],
    );
}

#[test]
fn a_step_does_something_and_a_move_stands_alone() {
    check_steps(&step("after = \"30s\""), &[&format!("4:1 this step does nothing | at least one of {EFFECTS}")]);
    check_effect(
        "move_to = \"overflow\"\nraise_priority = 1\nskills = { billing = 1 }",
        &[
            "7:1 raise_priority stands beside move_to: nothing of it would be seen | move_to alone; it asks what its queue asks",
            "8:1 skills stands beside move_to: nothing of it would be seen | move_to alone; it asks what its queue asks",
        ],
    );
    check_steps(
        &step("when = 'queue(\"general\").waiting > 2'\nwhen_nobody_could_match = true\nraise_priority = 1"),
        &["6:1 when_nobody_could_match stands beside when | one of the two in a step; a step each for both"],
    );
}

#[test]
fn steps_read_figures_of_queues_alone() {
    const READS: &str = "figures of queues alone, such as queue(\"general\").agents_idle > 2";
    for variable in ["contact", "customer", "agent", "now"] {
        check_line(
            &format!("when = 'queue(\"general\").waiting > 2 || {variable}.id == \"a\"'"),
            &[&format!("5:41 when reads {variable} | {READS}")],
        );
    }
    check_line("when = 'queue(\"genral\").waiting > 2'", &["5:15 no queue is named \"genral\" | general?"]);
    check_line("when = 'queue(\"general\").waitng > 2'", &["5:26 queue() has no waitng | waiting?"]);
    check_line(
        "when = 'queue(\"general\").waiting >'",
        &[
            "5:35 when is no condition: it ends too early | a CEL condition, such as 'queue(\"general\").agents_idle > 2'",
        ],
    );
    check_line(
        "when = 2",
        &["5:8 when is a whole number | a CEL condition, such as 'queue(\"general\").agents_idle > 2'"],
    );
    check_line(
        "when = 'queue(\"general\").waiting'",
        &["5:9 when gives a whole number, neither true nor false | a condition that can hold"],
    );
    check_warnings(
        &with_steps(&step("when = '1 < 2'\nraise_priority = 1")),
        &["5:8 when asks for no figure of a queue | one, such as queue(\"general\").agents_idle > 2"],
    );
}

#[test]
fn the_queues_that_steps_name_are_there_and_serve_a_channel() {
    for key in ["join_queue", "move_to"] {
        let column = key.len() + 4;
        let check_named = |name: &str, expected: &str| {
            check_effect(&format!("{key} = \"{name}\""), &[&format!("6:{column} {expected}")]);
        };
        check_named("overflw", "no queue is named \"overflw\" | overflow?");
        check_named("sales", "no queue is named \"sales\" | a queue of queues/*.toml");
        check_named("@ana", &format!("{key} is \"@ana\" | a queue of queues/*.toml; @ is for agents"));
        check_named("written", "queue written serves none of this queue's channels | a queue with one of voice");
    }
    check_effect(
        "join_queue = \"billing\"",
        &["6:14 queue billing joins itself | another queue, whose agents may serve, too"],
    );
    let general = "[queue.general]\n[[queue.general.step]]\nafter = \"30s\"\nmove_to = \"written\"\n";
    let mut files = with(&[("queues/general.toml", general)]);
    files.push(file("queues/written.toml", "[queue.written]\nchannels = [\"chat\", \"email\"]\n"));
    check_warnings(
        &files,
        &["4:11 queue written does not serve voice, callback, task | a queue with all the channels of this one"],
    );
}

#[test]
fn moves_that_come_back_are_refused_with_the_whole_loop() {
    const END: &str = "moves that end in a queue without one";
    check_effect("move_to = \"billing\"", &[&format!("6:11 this move closes a loop: billing → billing | {END}")]);
    let moves = |pairs: &[(&str, &[&str])]| {
        let queue = |(queue, to): &(&str, &[&str])| {
            let steps: String = to
                .iter()
                .map(|to| format!("[[queue.{queue}.step]]\nwhen_nobody_could_match = true\nmove_to = \"{to}\"\n"))
                .collect();
            format!("[queue.{queue}]\n{steps}")
        };
        pairs.iter().map(queue).collect::<String>()
    };
    let check_moves = |pairs: &[(&str, &[&str])], expected: &[&str]| {
        check("queues/general.toml", &moves(pairs), expected);
    };
    check_moves(
        &[("billing", &["overflow"]), ("general", &[]), ("overflow", &["general", "billing"])],
        &[&format!("12:11 this move closes a loop: billing → overflow → billing | {END}")],
    );
    check_moves(
        &[("a", &["b"]), ("b", &["c", "general"]), ("c", &["d"]), ("d", &["b", "d"]), ("general", &[])],
        &[
            &format!("19:11 this move closes a loop: b → c → d → b | {END}"),
            &format!("22:11 this move closes a loop: d → d | {END}"),
        ],
    );
    let no_loop = moves(&[("a", &["b", "general"]), ("b", &["general", "c"]), ("c", &["general"]), ("general", &[])]);
    loaded(&with(&[("queues/general.toml", &no_loop)]));
}

#[test]
fn many_loops_are_told_in_bounds() {
    let steps: String = (0..900)
        .map(|n| format!("[[queue.q{n:03}.step]]\nafter = \"1s\"\nmove_to = \"q{:03}\"\n[[queue.q{n:03}.step]]\nwhen_nobody_could_match = true\nmove_to = \"q000\"\n", (n + 1) % 900))
        .collect();
    let errors = refused(&with(&[("queues/general.toml", &format!("[queue.general]\n{steps}"))]));
    assert_eq!((errors.problems().len(), errors.left_out()), (PROBLEMS_MAX, 0));
    assert!(errors.problems()[0].message.starts_with("this move closes a loop: q000 → "));
}

#[test]
fn steps_that_widen_nothing_are_warned_of() {
    const NEVER: &str = "this step is never taken: another has moved everyone away by then | it before the step with move_to, in time and file";
    check_warnings(
        &with_steps(&step("raise_priority = 1")),
        &[
            "4:1 this step is taken at once | after = \"30s\", a when or when_nobody_could_match; or what it does in the queue's own keys",
        ],
    );
    check_effect_warnings(
        "skills = { billing = 4 }",
        &["6:12 queue billing asks 3 of billing: this step asks more, 4 | less than 3"],
    );
    check_effect_warnings("skills = { billing = 3 }", &["6:12 queue billing asks 3 of billing already | less than 3"]);
    check_effect_warnings(
        "skills = { french = 1 }",
        &["6:12 queue billing asks no french: this step asks more, 1 | drop_skills = [\"french\"] to ask it no longer"],
    );
    check_effect_warnings(
        "drop_skills = [\"billing\", \"french\"]",
        &["6:27 neither queue billing nor an entry rule to it asks french | a skill that is asked"],
    );
    let steps = step("after = \"1m\"\nskills = { billing = 2 }")
        + &step("after = \"30s\"\nmove_to = \"overflow\"")
        + &step("after = \"30s\"\nskills = { billing = 1 }")
        + &step("after = \"20s\"\nraise_priority = 1");
    check_warnings(&with_steps(&steps), &[&format!("4:1 {NEVER}"), &format!("10:1 {NEVER}")]);
    let only_if_nobody =
        step("when_nobody_could_match = true\nmove_to = \"overflow\"") + &step("after = \"1m\"\nraise_priority = 1");
    check_warnings(&with_steps(&only_if_nobody), &[]);
}

#[test]
fn what_an_entry_rule_asks_may_be_dropped_or_lowered() {
    let mut files = with_steps(
        &(step("after = \"20s\"\nskills = { billing = 3 }") + &step("after = \"30s\"\ndrop_skills = [\"french\"]")),
    );
    let rule = "[[entry]]\nname = \"hard\"\nwhen = 'contact.attributes.hard'\nqueue = \"billing\"\nskills = { billing = 5, french = 1 }\n";
    files.retain(|file| file.path != "entry.toml");
    files.push(file("entry.toml", &format!("{rule}{ENTRY}")));
    check_warnings(&files, &[]);
}

#[test]
fn a_queue_that_widens_to_somebody_is_served() {
    const HELP: &str = "an agent with its skills, its channels and, for calls, a phone";
    let nobody = format!("1:8 nobody can serve queue billing by voice | {HELP}");
    let check_served = |effect: &str, expected: &[&str]| {
        let mut files = with_steps(&step(&format!("after = \"30s\"\n{effect}")));
        files.retain(|file| file.path != "agents.toml");
        files.push(file("agents.toml", &format!("{AGENTS}skills = {{ billing = 2 }}\n")));
        check_warnings(&files, expected);
    };
    check_served("raise_priority = 1", &[&nobody]);
    for effect in [
        "skills = { billing = 2 }",
        "drop_skills = [\"billing\"]",
        "join_queue = \"general\"",
        "move_to = \"overflow\"",
    ] {
        check_served(effect, &[]);
    }
}

#[test]
fn limits_of_steps_are_named() {
    let many = step("after = \"30s\"\nraise_priority = 1").repeat(STEPS_MAX + 1);
    check_steps(&many, &["100:1 step is one of 33 | at most 32 steps of one queue"]);
    assert_eq!(
        loaded(&with_steps(&many.replacen(&step("after = \"30s\"\nraise_priority = 1"), "", 1))).rules.queues
            [&queue("billing")]
            .steps
            .len(),
        STEPS_MAX
    );
    let skills: Vec<String> = (0..16).map(|n| format!("s{n} = 1")).collect();
    check_effect(
        &format!("skills = {{ {} }}", skills.join(", ")),
        &["4:1 with this step a contact may be asked 17 skills | at most 16"],
    );
    let names: Vec<String> = (0..17).map(|n| format!("\"s{n}\"")).collect();
    check_effect(&format!("drop_skills = [{}]", names.join(", ")), &["6:15 drop_skills names 17 skills | at most 16"]);
}

#[test]
fn a_mark_stands_under_the_step_that_is_wrong() {
    let errors = refused(&with_steps(&step("after = \"30s\"\njoin_queue = \"genral\"")));
    let shown = errors.to_string();
    assert!(shown.contains("queues/billing.toml:6:14") && shown.contains("╰── expected general?"), "{shown}");
}
