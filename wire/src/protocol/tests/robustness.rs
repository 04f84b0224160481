//! Bad input: each a typed error that names the field and says what was expected.

use proptest::prelude::*;
use serde_json::json;

use super::super::{ErrorKind, Frame, Role};
use super::{number, read, request};

fn refused(roles: &[Role], text: &str) -> ErrorKind {
    match read(roles, text) {
        Ok(message) => panic!("{text} was read as {message:?}"),
        Err(error) => error,
    }
}

/// The field and what was expected of the `InvalidField` that this message gets.
fn field(role: Role, method: &str, params: &str) -> (String, String) {
    match refused(&[role], &request(method, params)) {
        ErrorKind::InvalidField { field, expected } => (field, expected),
        other => panic!("{method} {params}: {other:?}"),
    }
}

fn check(role: Role, method: &str, params: &str, wanted: &str, phrase: &str) {
    let (field, expected) = field(role, method, params);
    assert_eq!(field, wanted, "{method} {params}");
    assert!(expected.contains(phrase), "{method} {params}: {expected}");
}

#[test]
fn text_that_is_not_json() {
    for text in ["", "{", "{]", "hello", "{\"jsonrpc\":\"2.0\"} x", "{\"a\":\"\u{1}\"}"] {
        let error = refused(&[Role::Agent], text);
        assert!(matches!(error, ErrorKind::ParseError { .. }), "{text}: {error:?}");
        assert_eq!(error.code(), -32700);
    }
    let second_line = refused(&[], "{\n  oops");
    assert_eq!(second_line, ErrorKind::ParseError { line: 2, column: 3 });
}

#[test]
fn json_that_is_not_json_rpc() {
    for (text, wanted) in [
        ("[]", ""),
        ("5", ""),
        (r#"[{"jsonrpc":"2.0","id":1,"method":"session.close"}]"#, ""),
        (r#"["2.0",1,"session.close",{},null,null]"#, ""),
        ("{}", "jsonrpc"),
        (r#"{"jsonrpc":"1.0","id":1,"method":"session.close"}"#, "jsonrpc"),
        (r#"{"jsonrpc":2.0,"id":1,"method":"session.close"}"#, "jsonrpc"),
        (r#"{"jsonrpc":"2.0","id":1}"#, "method"),
        (r#"{"jsonrpc":"2.0","id":1,"method":5}"#, "method"),
        (r#"{"jsonrpc":"2.0","id":1,"method":null}"#, "method"),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"session.close"}"#, "id"),
        (r#"{"jsonrpc":"2.0","id":[],"method":"session.close"}"#, "id"),
        (r#"{"jsonrpc":"2.0","id":"","method":"session.close"}"#, "id"),
        (r#"{"jsonrpc":"2.0","id":null,"method":"session.close"}"#, "id"),
        (r#"{"jsonrpc":"2.0","method":"session.close"}"#, "id"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#, ""),
        (r#"{"jsonrpc":"2.0","id":1,"method":"a","result":1}"#, ""),
        (r#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, "error"),
    ] {
        match refused(&[Role::Agent], text) {
            error @ ErrorKind::InvalidRequest { .. } => {
                assert_eq!(error.code(), -32600);
                let ErrorKind::InvalidRequest { field, .. } = error else { unreachable!() };
                assert_eq!(field, wanted, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let long = format!(r#"{{"jsonrpc":"2.0","id":"{}","method":"a"}}"#, "x".repeat(129));
    assert!(matches!(refused(&[], &long), ErrorKind::InvalidRequest { field, .. } if field == "id"));
}

#[test]
fn the_answer_to_a_malformed_request_has_its_id_where_it_has_one() {
    let with = Frame::parse(r#"{"jsonrpc":"2.0","id":7,"method":5}"#).unwrap_err();
    assert_eq!(with.id, Some(number(7)));
    let without = Frame::parse(r#"{"jsonrpc":"2.0","id":{},"method":5}"#).unwrap_err();
    assert_eq!(without.id, None);
}

#[test]
fn an_unknown_method_is_named_and_cut() {
    let error = refused(&[Role::Agent], &request("offer.acept", "{}"));
    assert_eq!(error, ErrorKind::UnknownMethod { method: "offer.acept".to_owned() });
    assert_eq!(error.code(), -32601);
    let ErrorKind::UnknownMethod { method } = refused(&[Role::Agent], &request(&"é".repeat(5000), "{}")) else {
        panic!("an unknown method");
    };
    assert_eq!(method.chars().count(), 64);
    // What the server says is unknown from a client.
    let error = refused(&[Role::Agent], &request("contact.offered", "{}"));
    assert!(matches!(error, ErrorKind::UnknownMethod { .. }));
}

#[test]
fn a_message_of_another_role_or_before_the_session_is_open() {
    let text = request("contact.abandoned", "{}");
    let wrong_role = ErrorKind::WrongRole { method: "contact.abandoned".to_owned(), roles: vec![Role::Gateway] };
    assert_eq!(refused(&[Role::Agent, Role::Supervisor], &text), wrong_role);
    assert_eq!(refused(&[], &text), ErrorKind::NotOpen);
    assert_eq!(refused(&[], &request("session.close", "{}")), ErrorKind::NotOpen);
    assert!(read(&[], &request("session.open", r#"{"role":"agent"}"#)).is_ok());
    let board = request("board.watch", "{}");
    assert!(read(&[Role::Agent, Role::Supervisor], &board).is_ok(), "a person of two roles");
}

#[test]
fn only_an_acknowledgement_goes_without_an_id() {
    let ack = r#"{"jsonrpc":"2.0","method":"session.ack","params":{"seq":3}}"#;
    assert!(read(&[Role::Agent], ack).is_ok());
    let accept = r#"{"jsonrpc":"2.0","method":"offer.accept","params":{"offer":"o"}}"#;
    assert!(matches!(
        refused(&[Role::Agent], accept),
        ErrorKind::InvalidRequest { field, .. } if field == "id"
    ));
}

#[test]
fn a_field_that_is_missing_or_of_another_type_is_named() {
    use Role::{Agent, Gateway, Supervisor};
    check(Agent, "offer.accept", "{}", "offer", "missing");
    check(Agent, "offer.accept", "[\"paris-1\"]", "params", "an object");
    check(Agent, "offer.accept", "null", "params", "an object");
    check(Agent, "offer.accept", r#"{"offer":5}"#, "offer", "a text of 1 to 64 characters");
    check(Agent, "offer.accept", r#"{"offer":"a","offer":"b"}"#, "offer", "once");
    check(Agent, "offer.accept", r#"{"offer":"\ud800"}"#, "offer", "valid JSON text");
    check(Agent, "presence.set", r#"{"presence":"away"}"#, "presence", "`not_ready`");
    check(Agent, "contact.transfer", r#"{"contact":"c","to":{"queue":""},"kind":"blind"}"#, "to.queue", "1 to 65");
    check(
        Agent,
        "contact.transfer",
        r#"{"contact":"c","to":{"team":"x"},"kind":"blind"}"#,
        "to",
        "`queue`, `agent`, `number`",
    );
    check(Agent, "contact.transfer", r#"{"contact":"c","to":{"number":"0612"},"kind":"blind"}"#, "to.number", "E.164");
    let asked = r#"{"contact":"c","to":{"number":"+33612345678"},"kind":"consult"}"#;
    check(Agent, "contact.transfer", asked, "to", "a queue or an agent");
    check(Agent, "contact.transfer", r#"{"contact":"c","to":{"queue":"x"},"kind":"warm"}"#, "kind", "`blind`");
    check(Agent, "session.open", r#"{"role":"agent","auth":{"key":1}}"#, "auth.key", "1 to 512");
    check(Agent, "session.open", r#"{"role":"agent","resume":{"token":"t"}}"#, "resume.seq", "missing");
    check(Supervisor, "board.watch", r#"{"queues":"all"}"#, "queues", "an array of at most 1000 items");
    check(Supervisor, "board.watch", r#"{"queues":["a",7]}"#, "queues[1]", "1 to 65");
    check(
        Gateway,
        "inventory",
        r#"{"event":1,"occurred_at":"2026-11-22T09:00:00Z","as_of":"2026-11-22T09:00:00Z","page":1,"last":true,"contacts":[{"ref":"a","channel":"voice"},{"channel":"voice"}]}"#,
        "contacts[1].ref",
        "missing",
    );
    let lines = r#"{"event":1,"occurred_at":"2026-11-22T09:00:00Z","calls_max":2,"kept_for_inbound":3}"#;
    check(Gateway, "gateway.lines", lines, "kept_for_inbound", "at most as many as calls_max");
}

#[test]
fn what_is_to_be_laid_down_or_called_later_is_named_by_time_and_number() {
    use Role::{Agent, Gateway};
    let place = "contact.suspend";
    check(Agent, place, r#"{"until":"2026-11-22T09:00:00Z"}"#, "contact", "missing");
    check(Agent, place, r#"{"contact":"c","until":"2026-11-22T09:00:00+02:00"}"#, "until", "a time in UTC");
    let schedule = "callback.schedule";
    for to in ["0612345678", "+0612345678", "zoe@example.com", "+1234567890123456"] {
        check(Agent, schedule, &json!({"contact": "c", "to": to}).to_string(), "to", "E.164");
    }
    check(Agent, schedule, r#"{"contact":"c","to":""}"#, "to", "1 to 256");
    check(Agent, schedule, r#"{"contact":"c","queue":7}"#, "queue", "1 to 65");
    check(Agent, schedule, r#"{"contact":"c","due":"soon"}"#, "due", "a time in UTC");
    check(Agent, schedule, r#"{"contact":"c","by_me":1}"#, "by_me", "a boolean");
    assert!(read(&[Agent], &request(schedule, r#"{"contact":"c"}"#)).is_ok(), "all but the contact may be left out");
    let told = |field: &str, value: &str| {
        let mut params = json!({"event":8,"occurred_at":"2026-11-22T09:00:00Z","ref":"17.12","order":"7"});
        params[field] = json!(value);
        params.to_string()
    };
    check(Gateway, "message.passed", &told("by", "system"), "by", "`customer` or `agent`");
    check(Gateway, "message.passed", &told("x", ""), "by", "missing");
    check(Gateway, "call.progress", &told("progress", "voicemail"), "progress", "`machine`");
    check(Gateway, "call.progress", &told("order", ""), "order", "1 to 64");
}

fn arrived(changed: &str, value: serde_json::Value) -> String {
    let mut params = json!({"event":7,"occurred_at":"2026-11-22T09:00:00.017Z","ref":"17.12","channel":"voice",
        "from":"+33612345678","to":"+33180000000","attributes":{"intent":"billing"}});
    params[changed] = value;
    params.to_string()
}

#[test]
fn keys_that_no_telephone_has() {
    let pressed = |key: serde_json::Value| {
        json!({"event":8,"occurred_at":"2026-11-22T09:00:00Z","ref":"17.12","key":key}).to_string()
    };
    for key in [json!(""), json!("11"), json!("E"), json!("a"), json!("٣"), json!(1), json!(null), json!(["1"])] {
        check(Role::Gateway, "contact.exit_key", &pressed(key), "key", "one of 0 to 9, *, #, A to D");
    }
    for key in ["0", "9", "*", "#", "A", "D"] {
        let text = request("contact.exit_key", &pressed(json!(key)));
        read(&[Role::Gateway], &text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn values_out_of_range_are_named() {
    let long = "x".repeat(129);
    for (changed, value, phrase) in [
        ("event", json!(0), "an integer from 1 to 9007199254740991"),
        ("event", json!(-4), "an integer from 1"),
        ("event", json!(1.5), "an integer from 1"),
        ("event", json!(1_u64 << 53), "an integer from 1"),
        ("event", json!("7"), "an integer from 1"),
        ("occurred_at", json!("1989-12-31T23:59:59.999Z"), "a time in UTC from 1990 to 2099"),
        ("occurred_at", json!("2100-01-01T00:00:00Z"), "a time in UTC"),
        ("occurred_at", json!("2026-13-01T00:00:00Z"), "a time in UTC"),
        ("occurred_at", json!("yesterday, expected soon"), "a time in UTC"),
        ("occurred_at", json!(1_732_266_000), "a time in UTC"),
        ("ref", json!(long), "1 to 128 characters"),
        ("ref", json!("a\nb"), "control character"),
        ("channel", json!("fax"), "`voice`"),
        ("from", json!("0612345678"), "E.164"),
        ("from", json!("+1234567890123456"), "E.164"),
        ("to", json!("+0612345678"), "E.164"),
        ("attributes", json!("billing"), "an object"),
        ("attributes", json!({"": 1}), "keys of 1 to 64 characters"),
        ("attributes", json!({"a": "b\u{0}"}), "without NUL"),
        ("attributes", json!({"a": "x".repeat(8192)}), "8192 bytes"),
        ("attributes", json!({"a": [[[[[[[[1]]]]]]]]}), "8 levels"),
        ("attributes", (0..65).map(|n| (n.to_string(), json!(n))).collect::<serde_json::Map<_, _>>().into(), "64 keys"),
    ] {
        check(Role::Gateway, "contact.arrived", &arrived(changed, value), changed, phrase);
    }
    let at_the_limit = arrived("attributes", json!({"a": [[[[[[[1]]]]]]], "b": "x".repeat(8000)}));
    assert!(read(&[Role::Gateway], &request("contact.arrived", &at_the_limit)).is_ok());
}

#[test]
fn arrays_over_a_thousand_are_refused() {
    let queues = |count: usize| json!({ "queues": vec!["q"; count] }).to_string();
    assert!(read(&[Role::Supervisor], &request("board.watch", &queues(1000))).is_ok());
    check(Role::Supervisor, "board.watch", &queues(1001), "queues", "at most 1000 items");
}

#[test]
fn json_deeper_than_128_levels_is_refused_and_never_overflows() {
    for levels in [200, 100_000] {
        let deep = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let params = arrived("attributes", json!({"a": "HERE"})).replace("\"HERE\"", &deep);
        let (field, expected) = field(Role::Gateway, "contact.arrived", &params);
        assert!(field.starts_with("attributes.a") && field.chars().count() <= 201, "{field}");
        assert_eq!(expected, "at most 128 levels");

        let known_only = format!(r#"{{"offer":"paris-1","unknown":{deep}}}"#);
        assert!(read(&[Role::Agent], &request("offer.accept", &known_only)).is_ok());
        assert!(matches!(refused(&[], &deep), ErrorKind::InvalidRequest { .. }));
    }
}

#[test]
fn an_error_does_not_repeat_what_was_sent() {
    for value in ["canary, expected canary", "canary"] {
        let value = value.repeat(40);
        for changed in ["occurred_at", "channel", "event", "from", "attributes", "ref"] {
            let text = request("contact.arrived", &arrived(changed, json!(value)));
            let error = refused(&[Role::Gateway], &text);
            let shown = super::super::error_text(None, &error);
            assert!(!shown.contains("canary"), "{shown}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = read(&[Role::Agent, Role::Gateway, Role::Supervisor], &request("contact.arrived", &text));
        let _ = Frame::parse(&text);
    }

    #[test]
    fn no_cut_of_a_good_message_panics_or_is_read(cut in 0usize..200) {
        let text = request("contact.arrived", &arrived("ref", json!("é")));
        let cut = (0..=cut.min(text.len() - 1)).rev().find(|end| text.is_char_boundary(*end)).unwrap();
        prop_assert!(Frame::parse(&text[..cut]).is_err());
    }
}
