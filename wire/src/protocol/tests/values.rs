//! Times, texts and encoding: out and in again.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::*;
use super::number;

#[test]
fn times_are_written_with_milliseconds_and_read_with_any_fraction() {
    let time = Time::from_ms(1_795_338_000_017);
    assert_eq!(time.to_string(), "2026-11-22T09:00:00.017Z");
    for (text, ms) in [
        ("2026-11-22T09:00:00.017Z", 1_795_338_000_017),
        ("2026-11-22T09:00:00Z", 1_795_338_000_000),
        ("2026-11-22T09:00:00.0179999+00:00", 1_795_338_000_017),
        ("1999-02-02T08:00:00Z", 917_942_400_000),
    ] {
        assert_eq!(serde_json::from_value::<Time>(json!(text)).unwrap().as_ms(), ms, "{text}");
    }
    for text in [
        "2026-11-22T09:00:00.Z",
        "2026-11-22T09:00:00-00:00",
        "2026-11-22t09:00:00z",
        "+002026-11-22T09:00:00Z",
        "2026-11-22T09:00:00Z[UTC]",
        "2026-02-30T09:00:00Z",
        "2026-11-22T25:00:00Z",
        "２026-11-22T09:00:00Z",
    ] {
        assert!(serde_json::from_value::<Time>(json!(text)).is_err(), "{text}");
    }
    assert_eq!(Time::from_ms(i64::MIN), Time::MIN);
    assert_eq!(Time::from_ms(i64::MAX), Time::MAX);
    assert_eq!(Time::MIN.to_string(), "1990-01-01T00:00:00.000Z");
    assert_eq!(Time::MAX.to_string(), "2099-12-31T23:59:59.999Z");
}

proptest! {
    #[test]
    fn every_time_comes_back(ms in Time::MIN.as_ms()..=Time::MAX.as_ms()) {
        let text = serde_json::to_string(&Time::from_ms(ms)).unwrap();
        prop_assert_eq!(serde_json::from_str::<Time>(&text).unwrap().as_ms(), ms);
    }

    #[test]
    fn clipped_text_is_always_allowed(text in any::<String>()) {
        prop_assert!(Name::new(Name::clipped(&text).as_str()).is_ok());
        prop_assert!(Text::new(Text::clipped(&text).as_str()).is_ok());
    }
}

#[test]
fn personal_text_does_not_print() {
    let offered = json!({"id":"paris-1","channel":"voice","queue":"billing","direction":"inbound","waited_ms":1,
        "from":"+33612345678","attributes":{"secret":"canary"},"note":"canary"});
    let offered: OfferedContact = serde_json::from_value(offered).unwrap();
    let printed = format!("{offered:?}");
    assert!(printed.contains("paris-1") && printed.contains("Address(hidden)"), "{printed}");
    assert!(!printed.contains("canary") && !printed.contains("336"), "{printed}");
    let auth: Auth = serde_json::from_value(json!({"key":"canary"})).unwrap();
    assert_eq!(format!("{auth:?}"), "Key(Secret(hidden))");
}

#[test]
fn text_is_counted_in_characters() {
    assert!(Name::new("é".repeat(64)).is_ok());
    assert!(Name::new("é".repeat(65)).is_err());
    assert!(Name::new("").is_err());
    assert!(Text::new("").is_ok());
    assert!(Text::new("a\tb\r\nc").is_ok());
    assert_eq!(Name::clipped("").as_str(), "-");
    assert_eq!(Name::clipped("a\nb").as_str(), "a b");
}

#[test]
fn e164() {
    for (text, is_number) in [
        ("+33612345678", true),
        ("+12", true),
        ("+123456789012345", true),
        ("+1234567890123456", false),
        ("+1", false),
        ("+0123", false),
        ("33612345678", false),
        ("+336 12", false),
        ("+33٣", false),
    ] {
        assert_eq!(Address::new(text).unwrap().is_e164(), is_number, "{text}");
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_is_encoded_is_json_rpc() {
    let closed = SessionAsk::Close(SessionClose {});
    assert_eq!(
        value(&request_text(&number(3), &closed)),
        json!({"jsonrpc":"2.0","id":3,"method":"session.close","params":{}})
    );
    let seq = Seq::new(41).unwrap();
    let leaving = SessionHears::GoingAway(GoingAway { retry_after_ms: 900 });
    assert_eq!(
        value(&push_text(&leaving)),
        json!({"jsonrpc":"2.0","method":"going_away","params":{"retry_after_ms":900}})
    );
    assert_eq!(
        value(&event_text(seq, &leaving)),
        json!({"jsonrpc":"2.0","method":"going_away","params":{"seq":41,"retry_after_ms":900}})
    );
    assert_eq!(value(&event_text(seq, &closed))["params"], json!({"seq":41}));

    let id = RequestId::Text("3d\"0c".to_owned());
    assert_eq!(
        value(&answer_text(&id, &OrderAnswer::ACCEPTED)),
        json!({"jsonrpc":"2.0","id":"3d\"0c","result":{"accepted":true}})
    );
    let gone = ErrorKind::OfferGone { offer: OfferId::new("paris-1").unwrap(), why: Some(OfferEnd::Expired) };
    let text = error_text(Some(&id), &gone);
    assert_eq!(
        value(&text),
        json!({"jsonrpc":"2.0","id":"3d\"0c","error":{"code":-32000,"message":"offer paris-1 is gone",
            "data":{"kind":"offer_gone","offer":"paris-1","why":"expired"}}})
    );
    assert_eq!(value(&error_text(None, &ErrorKind::TooLate))["id"], Value::Null);

    let Ok(Frame::Answer { id: answered, answer: Err(error) }) = Frame::parse(&text) else {
        panic!("{text}");
    };
    assert_eq!(answered, Some(id));
    assert_eq!(error.kind(), Some(gone));
}

#[test]
fn answers_are_read() {
    let read = |text: &str| match Frame::parse(text) {
        Ok(Frame::Answer { answer: Ok(result), .. }) => result.read::<OrderAnswer>(),
        other => panic!("{text}: {other:?}"),
    };
    let accepted = r#"{"jsonrpc":"2.0","id":"o-1","result":{"accepted":true,"later":1}}"#;
    assert_eq!(read(accepted), Ok(OrderAnswer::ACCEPTED));
    let too_late = r#"{"jsonrpc":"2.0","id":"o-1","result":{"too_late":true}}"#;
    assert_eq!(read(too_late), Ok(OrderAnswer::TOO_LATE));
    for result in [r#"{"accepted":false}"#, "{}", "true", "null"] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":"o-1","result":{result}}}"#);
        assert!(read(&text).is_err(), "{text}");
    }
    let foreign = r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no","data":[1]}}"#;
    let Ok(Frame::Answer { answer: Err(error), .. }) = Frame::parse(foreign) else {
        panic!("an error of another program");
    };
    assert_eq!(error.kind(), None);
}

#[test]
fn the_repeat_of_a_defaulted_message_is_the_same_message() {
    let short = json!({"presence":"available"});
    let read: PresenceSet = serde_json::from_value(short).unwrap();
    assert_eq!(read.when, PresenceWhen::Now);
    let again: PresenceSet = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert_eq!(again, read);
}
