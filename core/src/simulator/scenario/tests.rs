//! What a scenario says when it fails, and what it cannot read. Reads no file.

use super::{millis, run};
use crate::routing::time::Millis;
use crate::simulator::referee::model::Model;

const ARRIVAL: &str = r#"
name = "one call"
rules = { entry = [{ name = "all", queue = "billing" }], queues = { billing = {} }, agents = { ana = {} } }
[[step]]
at = "1s"
command = { contact_arrived = { gateway = "g", ref = "1", channel = "voice" } }
"#;

fn failure_of(more: &str) -> String {
    run::<Model>(&format!("{ARRIVAL}{more}"), None).unwrap_err().to_string()
}

#[test]
fn what_went_otherwise_is_named_with_its_line() {
    let all = r#"expect = ["gateway_attached", "contact_arrived", "contact_queued"]"#;
    assert_eq!(run::<Model>(&format!("{ARRIVAL}{all}"), None), Ok(()));
    for (expect, what) in [
        (r#"expect = ["gateway_attached"]"#, "nothing more"),
        (r#"expect = ["gateway_attached", "contact_arrived", { contact_queued = { queue = "sales" } }]"#, "sales"),
        (r#"refused = "no_rules""#, "no_rules"),
    ] {
        let failure = failure_of(expect);
        assert!(failure.starts_with("one call, line 4: expected") && failure.contains(what), "{failure}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    for (more, what) in [
        ("expects = []", "line 7: unknown field"),
        ("[[step]]\nat = \"soon\"", "line 7: at: expected a time, found soon"),
        ("[[step]]\nat = \"0s\"", "line 7: at: 0s is before the step above"),
        ("[[step]]\nat = \"2s\"\ncommand = { no_such = {} }", "line 7: command: unknown variant"),
        (
            "[[step]]\nat = \"2s\"\ncommand = { set_presence = { agent = \"ana\", presence = \"available\", wen = \"now\" } }",
            "line 7: command.set_presence.wen: there is no such field",
        ),
        (
            "[[step]]\nat = \"2s\"\ncommand = { accept_offer = { agent = \"ana\", offer = \"ana\" } }",
            "line 7: offer: there is none of ana yet",
        ),
    ] {
        let failure = failure_of(more);
        assert!(failure.contains(what), "{failure}");
    }
}

#[test]
fn rules_have_no_fields_that_nobody_knows() {
    let (entry, agents) = ("entry = [{ name = \"all\", queue = \"a\" }]", "agents = {}");
    for (rules, what) in [
        (format!("{entry}, {agents}, queues = {{ a = {{ timout = \"5s\" }} }}"), "line 3: rules.queues.a.timout"),
        (format!("{entry}, {agents}, queues = {{}}, sight = {{}}"), "rules.sight"),
        (
            format!("entry = [{{ name = \"b\", queue = \"c\", wen = \"x\" }}], {agents}, queues = {{}}"),
            "rules.entry[0].wen",
        ),
    ] {
        let failure =
            run::<Model>(&format!("name = \"one\"\n\nrules = {{ {rules} }}\n"), None).unwrap_err().to_string();
        assert!(failure.contains(&format!("{what}: there is no such field")), "{failure}");
    }
}

#[test]
fn spans_are_read() {
    assert_eq!(millis("1500ms"), Some(Millis(1_500)));
    assert_eq!(millis("10m"), Some(Millis::minutes(10)));
    for text in ["", "5", "s", "-1s", "1.5s", "5 s", "99999999999999h"] {
        assert_eq!(millis(text), None, "{text}");
    }
}
