//! Exits of queues: files in, problems out.

use super::{OPEN, WEEKDAYS, check, check_queue, check_warnings, file, loaded, queue, refused, told, with, with_exits};
use crate::routing::rule_set::{ExitAction, ExitRules, FullExit, MaxWaitExit};
use crate::routing::time::Millis;
use crate::rules::{LoadedRules, load};

fn check_exit(lines: &str, expected: &[&str]) {
    let lines =
        if lines.contains("closed") { lines.to_owned() } else { format!("{lines}\nclosed.move_to = \"night\"") };
    let errors = refused(&with_exits(&lines));
    assert_eq!(told(errors.problems()), expected, "\n{lines}\n{errors}");
    assert!(errors.problems().iter().all(|problem| &*problem.file == "queues/billing.toml"), "{errors}");
}

#[test]
fn exits_are_read() {
    let LoadedRules { rules, warnings } = loaded(&with_exits(
        r#"
closed      = { move_to = "night" }
closing     = { action = "hang_up" }
no_agents   = { move_to = "general" }
max_waiting = { count = 50, action = "hang_up" }
max_wait    = { after = "10m", move_to = "night" }
"#,
    ));
    assert!(warnings.is_empty(), "{warnings}");
    let to = |name| ExitAction::Queue(queue(name));
    let expected = ExitRules {
        closed: Some(to("night")),
        closing: Some(ExitAction::HangUp),
        no_agents: Some(to("general")),
        full: Some(FullExit { waiting: 50, action: ExitAction::HangUp }),
        max_wait: Some(MaxWaitExit { after: Millis::minutes(10), action: to("night") }),
        ..ExitRules::default()
    };
    assert_eq!(rules.queues[&queue("billing")].exits, expected);
    assert_eq!(rules.queues[&queue("night")].exits, ExitRules::default());
}

#[test]
fn an_exit_has_one_action() {
    const KEYS: &str = "closed, closing, no_agents, max_waiting, max_wait";
    const ONE: &str = "move_to = \"night\" or action = \"hang_up\" in it";
    for key in ["closing", "no_agents"] {
        let column = key.len() + 4;
        check_exit(&format!("{key} = {{}}"), &[&format!("5:{column} {key} does nothing | {ONE}")]);
        check_exit(
            &format!("{key} = {{ move_to = \"night\", action = \"hang_up\" }}"),
            &[&format!("5:{column} {key} has both move_to and action | one of the two")],
        );
        check_exit(
            &format!("{key} = \"night\""),
            &[&format!("5:{column} {key} is a text | a table with move_to, action")],
        );
        check_exit(
            &format!("{key} = {{ moveto = \"night\" }}"),
            &[&format!("5:{} unknown key moveto | move_to?", column + 2)],
        );
    }
    for later in ["voicemail", "callback", "announce"] {
        check_exit(
            &format!("closed = {{ action = \"{later}\" }}"),
            &[&format!("5:21 action {later:?} is not supported by this version yet | one of hang_up")],
        );
    }
    check_exit("closed = { action = \"hangup\" }", &["5:21 action \"hangup\" is unknown | hang_up?"]);
    check_exit("closed = { action = 1 }", &["5:21 action is a whole number | one of hang_up"]);
    check_exit(
        "closed = { action = \"hang_up\", message = \"closed-today\" }",
        &["5:32 message is not supported by this version yet | one of move_to, action"],
    );
    for later in ["key_1", "key_star", "estimated_wait"] {
        check_exit(
            &format!("{later} = {{ action = \"hang_up\" }}"),
            &[&format!("5:1 {later} is not supported by this version yet | one of {KEYS}")],
        );
    }
    check_exit("no_agent = { move_to = \"night\" }", &["5:1 unknown key no_agent | no_agents?"]);
    check_queue("exit = {}", &[&format!("2:8 exit is empty | at least one of {KEYS}")]);
    check_queue("exit = \"night\"", &[&format!("2:8 exit is a text | a table with {KEYS}")]);
}

#[test]
fn limits_of_waiting_are_checked() {
    const COUNT: &str = "a whole number from 1 to 100000";
    check_exit("max_waiting = 50", &["5:15 max_waiting is a whole number | a table with count, move_to, action"]);
    check_exit(
        "max_waiting = { move_to = \"night\" }",
        &["5:1 count is missing | how many wait when the queue is full, such as 50"],
    );
    check_exit("max_waiting = { count = 0, move_to = \"night\" }", &[&format!("5:25 count is 0 | {COUNT}")]);
    check_exit(
        "max_waiting = { count = 50 }",
        &["5:15 max_waiting does nothing | move_to = \"night\" or action = \"hang_up\" in it"],
    );
    check_exit(
        "max_wait = { action = \"hang_up\" }",
        &["5:1 after is missing | the longest wait in this queue, such as \"10m\""],
    );
    check_exit("max_wait = { after = \"0s\", action = \"hang_up\" }", &["5:22 after is zero | a duration above zero"]);
    check_exit(
        "max_wait = { count = 1, after = \"1m\", action = \"hang_up\" }",
        &["5:14 unknown key count | one of after, move_to, action"],
    );
}

#[test]
fn the_queues_that_exits_name_are_there_and_serve_a_channel() {
    for (key, before) in [("no_agents", ""), ("max_waiting", "count = 5, "), ("max_wait", "after = \"1m\", ")] {
        let column = key.len() + " = { move_to = ".len() + before.len() + 1;
        let check_named = |name: &str, expected: &str| {
            check_exit(&format!("{key} = {{ {before}move_to = \"{name}\" }}"), &[&format!("5:{column} {expected}")]);
        };
        check_named("nihgt", "no queue is named \"nihgt\" | night?");
        check_named("sales", "no queue is named \"sales\" | a queue of queues/*.toml");
        check_named("@ana", "move_to is \"@ana\" | a queue of queues/*.toml; @ is for agents");
        check_named("written", "queue written serves none of this queue's channels | a queue with one of voice");
    }
    let general = OPEN.replace("action = \"hang_up\"", "move_to = \"written\"");
    let files = with(&[
        ("queues/general.toml", &general),
        ("queues/written.toml", "[queue.written]\nchannels = [\"chat\", \"email\"]\n"),
        ("calendars.toml", WEEKDAYS),
    ]);
    check_warnings(
        &files,
        &["4:22 queue written does not serve voice, callback, task | a queue with all the channels of this one"],
    );
}

#[test]
fn moves_of_steps_and_exits_form_no_loop() {
    const END: &str = "moves that end in a queue without one";
    check_exit(
        "no_agents = { move_to = \"billing\" }",
        &[&format!("5:25 this move closes a loop: billing → billing | {END}")],
    );
    let night = "[queue.night.exit]\nmax_wait = { after = \"1h\", move_to = \"general\" }\n";
    let general = "[queue.general]\n[[queue.general.step]]\nafter = \"1m\"\nmove_to = \"billing\"\n";
    let check_loop = |max_waiting: &str, expected: &[&str]| {
        let mut files =
            with_exits(&format!("closed = {{ action = \"hang_up\" }}\nmax_waiting = {{ count = 9, {max_waiting} }}"));
        files.retain(|file| file.path != "queues/general.toml" && file.path != "queues/night.toml");
        files.push(file("queues/general.toml", general));
        files.push(file("queues/night.toml", night));
        match load(&files) {
            Ok(_) => assert!(expected.is_empty(), "{max_waiting}: no error"),
            Err(errors) => assert_eq!(told(errors.problems()), expected, "{errors}"),
        }
    };
    check_loop(
        "move_to = \"night\"",
        &[&format!("4:11 this move closes a loop: billing → night → general → billing | {END}")],
    );
    check_loop("action = \"hang_up\"", &[]);
    check(
        "queues/general.toml",
        "[queue.general]\n[queue.general.exit]\nno_agents = { move_to = \"a\" }\nmax_wait = { after = \"1m\", move_to = \"b\" }\n\
         [queue.a.exit]\nno_agents = { move_to = \"b\" }\n[queue.b.exit]\nno_agents = { move_to = \"a\" }\n",
        &[&format!("8:25 this move closes a loop: a → b → a | {END}")],
    );
}

#[test]
fn a_queue_left_for_waiting_is_served() {
    let nobody =
        "1:8 nobody can serve queue billing by voice | an agent with its skills, its channels and, for calls, a phone";
    let check_served = |exit: &str, expected: &[&str]| {
        let mut files = with_exits(&format!("{exit}\nclosed = {{ move_to = \"night\" }}"));
        let billing = files.iter_mut().find(|file| file.path == "queues/billing.toml").unwrap();
        billing.text = billing.text.replacen("channels", "skills.billing = 3\nchannels", 1);
        check_warnings(&files, expected);
    };
    check_served("no_agents = { move_to = \"night\" }", &[]);
    check_served("max_wait = { after = \"1m\", move_to = \"night\" }", &[]);
    check_served("max_waiting = { count = 1, move_to = \"night\" }", &[nobody]);
    check_served("no_agents = { action = \"hang_up\" }", &[nobody]);
}

#[test]
fn a_mark_stands_under_the_exit_that_is_wrong() {
    let errors = refused(&with_exits("closed = { move_to = \"nigth\" }"));
    let shown = errors.to_string();
    assert!(shown.contains("queues/billing.toml:5:22") && shown.contains("╰── expected night?"), "{shown}");
}
