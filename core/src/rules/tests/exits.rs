//! Exits of queues: files in, problems out.

use super::{OPEN, WEEKDAYS, check, check_queue, check_warnings, file, loaded, queue, refused, told, with, with_exits};
use crate::routing::rule_set::{ExitAction, ExitKey, ExitRules, FullExit, LongWaitExit, MaxWaitExit};
use crate::routing::time::Millis;
use crate::rules::{LoadedRules, load};

const KEYS: &str =
    "closed, closing, no_agents, max_waiting, long_wait, max_wait, key_0 to key_9, key_star, key_hash, key_a to key_d";
const ACTION_KEYS: &str = "move_to, action, mailbox, message, then";

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
long_wait   = { over = "5m", move_to = "night" }
max_wait    = { after = "10m", move_to = "night" }
key_0       = { move_to = "general" }
key_star    = { action = "hang_up" }
"#,
    ));
    assert!(warnings.is_empty(), "{warnings}");
    let to = |name| ExitAction::Queue(queue(name));
    let expected = ExitRules {
        closed: Some(to("night")),
        closing: Some(ExitAction::HangUp),
        no_agents: Some(to("general")),
        full: Some(FullExit { waiting: 50, action: ExitAction::HangUp }),
        long_wait: Some(LongWaitExit { over: Millis::minutes(5), action: to("night") }),
        max_wait: Some(MaxWaitExit { after: Millis::minutes(10), action: to("night") }),
        keys: [(key('0'), to("general")), (key('*'), ExitAction::HangUp)].into(),
    };
    assert_eq!(rules.queues[&queue("billing")].exits, expected);
    assert_eq!(rules.queues[&queue("night")].exits, ExitRules::default());
}

fn key(key: char) -> ExitKey {
    ExitKey::try_from(key).unwrap()
}

fn exits(lines: &str) -> ExitRules {
    let LoadedRules { rules, warnings } = loaded(&with_exits(&format!("closed.move_to = \"night\"\n{lines}")));
    assert!(warnings.is_empty(), "{warnings}");
    rules.queues[&queue("billing")].exits.clone()
}

#[test]
fn voicemail_and_announcements_are_read_for_every_exit() {
    let voicemail = |mailbox: Option<&str>| ExitAction::Voicemail { mailbox: mailbox.map(Into::into) };
    let announce = |message: &str| ExitAction::Announce { message: message.into() };
    let read = exits(
        r#"
closing     = { action = "announce", message = "closed-today", then = "hang_up" }
no_agents   = { action = "voicemail" }
max_waiting = { count = 5, action = "announce", message = "busy" }
long_wait   = { over = "500ms", action = "voicemail", mailbox = "billing" }
max_wait    = { after = "168h", action = "announce", message = "é" }
key_1       = { action = "voicemail", mailbox = "b b" }
"#,
    );
    let expected = ExitRules {
        closed: Some(ExitAction::Queue(queue("night"))),
        closing: Some(announce("closed-today")),
        no_agents: Some(voicemail(None)),
        full: Some(FullExit { waiting: 5, action: announce("busy") }),
        long_wait: Some(LongWaitExit { over: Millis(500), action: voicemail(Some("billing")) }),
        max_wait: Some(MaxWaitExit { after: Millis::minutes(7 * 24 * 60), action: announce("é") }),
        keys: [(key('1'), voicemail(Some("b b")))].into(),
    };
    assert_eq!(read, expected);
}

#[test]
fn every_key_of_a_telephone_has_its_name() {
    let names = "0 1 2 3 4 5 6 7 8 9 star hash a b c d";
    let lines: String = names.split(' ').map(|name| format!("key_{name}.action = \"hang_up\"\n")).collect();
    let read: String = exits(&lines).keys.into_keys().map(char::from).collect();
    assert_eq!(read, "#*0123456789ABCD");
    check_exit("keypad = { action = \"hang_up\" }", &[&format!("5:1 unknown key keypad | one of {KEYS}")]);
    check_exit("key_hsh = { action = \"hang_up\" }", &["5:1 unknown key key_hsh | key_hash?"]);
    check_exit("key_star = {}", &["5:12 key_star does nothing | move_to = \"night\" or action = \"hang_up\" in it"]);
    check_exit("key_1 = 1", &[&format!("5:9 key_1 is a whole number | a table with {ACTION_KEYS}")]);
}

#[test]
fn names_of_mailboxes_and_messages_are_checked() {
    const BOUNDS: &str = "1 to 64 characters and no control characters";
    let long = "x".repeat(65);
    for (name, shown) in [("", ""), ("a\\u0007b", "a\u{fffd}b"), (&*long, &*format!("{}…", &long[..64]))] {
        check_exit(
            &format!("closing = {{ action = \"voicemail\", mailbox = \"{name}\" }}"),
            &[&format!("5:45 mailbox {shown:?} is no name | {BOUNDS}")],
        );
        check_exit(
            &format!("key_2 = {{ action = \"announce\", message = \"{name}\" }}"),
            &[&format!("5:42 message {shown:?} is no name | {BOUNDS}")],
        );
    }
    let longest = "é".repeat(64);
    let read = exits(&format!("key_2 = {{ action = \"announce\", message = \"{longest}\" }}"));
    assert_eq!(read.keys[&key('2')], ExitAction::Announce { message: longest.into() });
    check_exit(
        "closing = { action = \"voicemail\", mailbox = 7 }",
        &["5:45 mailbox is a whole number | a name in quotes"],
    );
}

#[test]
fn what_stands_beside_an_action_belongs_to_it() {
    const MAILBOX: &str = "mailbox beside action = \"voicemail\" alone";
    const MESSAGE: &str = "message and then beside action = \"announce\" alone";
    const NAME: &str = "the name of a message, such as message = \"closed-today\"";
    check_exit("closing = { action = \"announce\" }", &[&format!("5:11 closing announces nothing | {NAME}")]);
    check_exit(
        "max_wait = { after = \"1m\", action = \"announce\", then = \"hang_up\" }",
        &[&format!("5:12 max_wait announces nothing | {NAME}")],
    );
    check_exit(
        "closing = { action = \"announce\", message = \"a\", then = \"night\" }",
        &["5:56 then \"night\" is unknown | one of hang_up"],
    );
    check_exit(
        "closing = { action = \"announce\", message = \"a\", mailbox = \"b\" }",
        &[&format!("5:49 mailbox has no use beside action = \"announce\" | {MAILBOX}")],
    );
    check_exit(
        "closing = { action = \"voicemail\", message = \"a\" }",
        &[&format!("5:35 message has no use beside action = \"voicemail\" | {MESSAGE}")],
    );
    check_exit(
        "key_9 = { action = \"hang_up\", mailbox = \"a\", then = \"hang_up\" }",
        &[
            &format!("5:31 mailbox has no use beside action = \"hang_up\" | {MAILBOX}"),
            &format!("5:46 then has no use beside action = \"hang_up\" | {MESSAGE}"),
        ],
    );
    check_exit(
        "no_agents = { move_to = \"night\", message = \"a\" }",
        &[&format!("5:34 message has no use beside move_to | {MESSAGE}")],
    );
    check_exit(
        "closing = { mailbox = \"a\" }",
        &["5:11 closing does nothing | move_to = \"night\" or action = \"hang_up\" in it"],
    );
}

#[test]
fn voicemail_is_for_queues_of_callers() {
    let general = |channels: &str, exits: &str| {
        let general = format!("[queue.general]\n[queue.calls]\nchannels = {channels}\n[queue.calls.exit]\n{exits}\n");
        with(&[("queues/general.toml", &general)])
    };
    const VOICEMAIL: &str = "max_wait = { after = \"1m\", action = \"voicemail\" }";
    check_warnings(
        &general("[\"voice\", \"chat\", \"email\"]", VOICEMAIL),
        &["5:37 max_wait takes chat, email to voicemail, too | a queue with the channels voice and callback alone"],
    );
    check_warnings(&general("[\"voice\", \"callback\"]", VOICEMAIL), &[]);
    check_warnings(&general("[\"voice\", \"chat\"]", "key_1.action = \"voicemail\""), &[]);
    check_warnings(
        &general("[\"callback\", \"chat\"]", "key_1.action = \"hang_up\""),
        &["5:1 key_1 has no use in this queue: it serves no voice | \"voice\" in channels: callers press keys"],
    );
}

#[test]
fn a_key_may_lead_back_and_other_exits_may_not() {
    let night = |exit: &str| format!("[queue.night]\n[queue.night.exit]\n{exit} move_to = \"billing\" }}\n");
    let back = |billing: &str, exit: &str| {
        let mut files = with_exits(billing);
        files.retain(|file| file.path != "queues/night.toml");
        files.push(file("queues/night.toml", &night(exit)));
        files
    };
    const CLOSED: &str = "closed = { move_to = \"night\" }";
    const LOOP: &str = "this move closes a loop: billing → night → billing | moves that end in a queue without one";
    assert!(load(&back(CLOSED, "key_1 = {")).is_ok());
    let both = "key_1 = { move_to = \"night\" }\nclosed.action = \"hang_up\"";
    assert!(load(&back(both, "key_1 = {")).is_ok());
    assert!(load(&back(both, "max_wait = { after = \"1m\",")).is_ok());
    let errors = refused(&back(CLOSED, "long_wait = { over = \"1m\","));
    assert_eq!(told(errors.problems()), [format!("3:38 {LOOP}")]);
    let beside = format!("key_1 = {{ move_to = \"night\" }}\n{CLOSED}");
    let errors = refused(&back(&beside, "no_agents = {"));
    assert_eq!(told(errors.problems()), [format!("3:25 {LOOP}")]);
}

#[test]
fn the_queue_behind_a_key_takes_calls() {
    let check_key = |name: &str, expected: &str| {
        check_exit(&format!("key_d = {{ move_to = \"{name}\" }}"), &[&format!("5:21 {expected}")]);
    };
    check_key("nihgt", "no queue is named \"nihgt\" | night?");
    check_key("@ana", "move_to is \"@ana\" | a queue of queues/*.toml; @ is for agents");
    check_key("billing", "queue billing moves to itself | another queue");
    check_key("written", "queue written does not serve voice | a queue for callers: they press keys");
}

#[test]
fn an_exit_has_one_action() {
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
            &[&format!("5:{column} {key} is a text | a table with {ACTION_KEYS}")],
        );
        check_exit(
            &format!("{key} = {{ moveto = \"night\" }}"),
            &[&format!("5:{} unknown key moveto | move_to?", column + 2)],
        );
    }
    const ACTIONS: &str = "one of hang_up, voicemail, announce, callback";
    check_exit(
        "closed = { action = \"callback\" }",
        &[
            "5:21 closed promises a callback, and this queue does not serve callback | a queue with the channels voice and callback",
        ],
    );
    check_exit("closed = { action = \"hangup\" }", &["5:21 action \"hangup\" is unknown | hang_up?"]);
    check_exit("closed = { action = \"anounce\" }", &["5:21 action \"anounce\" is unknown | announce?"]);
    check_exit("closed = { action = 1 }", &[&format!("5:21 action is a whole number | {ACTIONS}")]);
    check_exit("no_agent = { move_to = \"night\" }", &["5:1 unknown key no_agent | no_agents?"]);
    check_queue("exit = {}", &[&format!("2:8 exit is empty | at least one of {KEYS}")]);
    check_queue("exit = \"night\"", &[&format!("2:8 exit is a text | a table with {KEYS}")]);
}

#[test]
fn limits_of_waiting_are_checked() {
    const COUNT: &str = "a whole number from 1 to 100000";
    check_exit(
        "max_waiting = 50",
        &["5:15 max_waiting is a whole number | a table with count, move_to, action, mailbox, message, then"],
    );
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
        &["5:14 unknown key count | one of after, move_to, action, mailbox, message, then"],
    );
}

#[test]
fn a_limit_of_expected_waits_is_checked() {
    const OVER: &str = "the longest wait that may be expected, such as \"10m\"";
    let check_over = |over: &str, expected: &str| {
        check_exit(
            &format!("long_wait = {{ over = {over}, action = \"hang_up\" }}"),
            &[&format!("5:22 over is {expected}")],
        );
    };
    check_over("\"0s\"", "zero | a duration above zero");
    check_over("\"-1s\"", "negative | a duration of zero or more");
    check_over("\"169h\"", "\"169h\" | at most a week, \"168h\"");
    check_over("600", "a whole number | a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\"");
    check_exit("long_wait = { action = \"hang_up\" }", &[&format!("5:1 over is missing | {OVER}")]);
    check_exit(
        "long_wait = { over = \"1m\" }",
        &["5:13 long_wait does nothing | move_to = \"night\" or action = \"hang_up\" in it"],
    );
    check_exit(
        "long_wait = { after = \"1m\", over = \"1m\", action = \"hang_up\" }",
        &["5:15 unknown key after | one of over, move_to, action, mailbox, message, then"],
    );
}

#[test]
fn the_queues_that_exits_name_are_there_and_serve_a_channel() {
    for (key, before) in [
        ("no_agents", ""),
        ("max_waiting", "count = 5, "),
        ("long_wait", "over = \"1m\", "),
        ("max_wait", "after = \"1m\", "),
    ] {
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
    check_served("no_agents = { action = \"voicemail\" }", &[nobody]);
    check_served("max_wait = { after = \"1m\", action = \"announce\", message = \"a\" }", &[nobody]);
    check_served("long_wait = { over = \"1m\", move_to = \"night\" }", &[nobody]);
    check_served("key_1 = { move_to = \"night\" }", &[nobody]);
}

#[test]
fn a_mark_stands_under_the_exit_that_is_wrong() {
    let errors = refused(&with_exits("closed = { move_to = \"nigth\" }"));
    let shown = errors.to_string();
    assert!(shown.contains("queues/billing.toml:5:22") && shown.contains("╰── expected night?"), "{shown}");
}

#[test]
fn a_callback_may_be_promised_where_calls_and_callbacks_are_served() {
    let with_channels = |channels: &str| {
        let text = format!("[queue.general]\nchannels = {channels}\nexit.key_2 = {{ action = \"callback\" }}\n");
        with(&[("queues/general.toml", &text)])
    };
    let rules = loaded(&with_channels("[\"voice\", \"callback\", \"chat\", \"email\", \"task\"]")).rules;
    assert_eq!(rules.queues[&queue("general")].exits.keys[&key('2')], ExitAction::Callback);
    let told_of = |channels| {
        let errors = refused(&with_channels(channels));
        errors.problems().iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let of_voice = "key_2 promises a callback, and this queue does not serve voice";
    assert!(told_of("[\"callback\", \"chat\"]").contains(&of_voice.to_owned()));
    let of_both = "key_2 promises a callback, and this queue does not serve voice, callback";
    assert!(told_of("[\"chat\"]").contains(&of_both.to_owned()));
    check_queue(
        "exit.key_2 = { action = \"callback\", message = \"soon\" }",
        &["2:37 message has no use beside action = \"callback\" | message and then beside action = \"announce\" alone"],
    );
}
