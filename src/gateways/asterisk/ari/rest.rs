//! What each action is in the REST interface: method, path, body. It sends nothing.

use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};

use super::access::encoded;
use super::request::{Action, BridgeKind, Originate, Whisper};

/// How long the switch may take for what it does at once.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// To begin a call it may have to look a name up.
const BEGUN_WITHIN: Duration = Duration::from_secs(5);
/// A switch knows whole seconds, and 0 is for ever.
const RINGS_MIN: Duration = Duration::from_secs(1);

/// There is one of that name.
const THERE: &[u16] = &[409];
/// A switch says either of a channel that it does not have.
const GONE: &[u16] = &[400, 404];

/// One call of the interface.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    pub method: Method,
    /// Below the interface's own.
    pub path: String,
    pub body: Option<Value>,
    pub within: Duration,
    /// Statuses that say it is so already.
    pub already: &'static [u16],
}

impl Call {
    fn new(method: Method, path: String, body: Option<Value>) -> Call {
        Call { method, path, body, within: ANSWERED_WITHIN, already: &[] }
    }

    pub(super) fn get(path: String) -> Call {
        Call::new(Method::GET, path, None)
    }

    pub(super) fn put(path: String, body: Value) -> Call {
        Call::new(Method::PUT, path, Some(body))
    }

    pub(super) fn post(path: String, body: Value) -> Call {
        Call::new(Method::POST, path, Some(body))
    }

    fn bare_post(path: String) -> Call {
        Call::new(Method::POST, path, None)
    }

    fn delete(path: String) -> Call {
        Call::new(Method::DELETE, path, None)
    }

    /// What has gone need not be ended.
    fn ends(self) -> Call {
        Call { already: GONE, ..self }
    }
}

pub fn call_of(action: &Action, application: &str) -> Call {
    let of_channel = |channel: &super::event::ChannelId, what: &str| format!("channels/{}{what}", encoded(&channel.0));
    let of_bridge = |bridge: &super::event::BridgeId, what: &str| format!("bridges/{}{what}", encoded(&bridge.0));
    let of_recording = |name: &str, what: &str| format!("recordings/live/{}{what}", encoded(name));
    match action {
        Action::Answer { channel } => Call::bare_post(of_channel(channel, "/answer")),
        Action::LiftTimeLimit { channel } => {
            let body = json!({ "variable": "TIMEOUT(absolute)", "value": "0" });
            Call::post(of_channel(channel, "/variable"), body)
        }
        Action::Originate(asked) => originate(asked, application),
        Action::HangUp { channel } => Call::delete(of_channel(channel, "")).ends(),
        Action::Continue { channel, context, extension } => {
            let body = json!({ "context": context, "extension": extension, "priority": 1 });
            Call::post(of_channel(channel, "/continue"), body)
        }
        Action::MakeBridge { bridge, kind } => {
            let kind = match kind {
                BridgeKind::Mixing => "mixing,dtmf_events",
                BridgeKind::Holding => "holding,dtmf_events",
            };
            Call { already: THERE, ..Call::post(of_bridge(bridge, ""), json!({ "type": kind })) }
        }
        Action::Enter { bridge, channel } => {
            Call::post(of_bridge(bridge, "/addChannel"), json!({ "channel": channel.0 }))
        }
        Action::Leave { bridge, channel } => {
            Call::post(of_bridge(bridge, "/removeChannel"), json!({ "channel": channel.0 }))
        }
        Action::StartMusic { bridge, class } => Call::post(of_bridge(bridge, "/moh"), json!({ "mohClass": class })),
        Action::EndBridge { bridge } => Call::delete(of_bridge(bridge, "")).ends(),
        Action::Play { channel, playback, media } => {
            let path = of_channel(channel, &format!("/play/{}", encoded(playback)));
            Call::post(path, json!({ "media": media }))
        }
        Action::StopPlay { playback } => Call::delete(format!("playbacks/{}", encoded(playback))).ends(),
        Action::Spy { channel, spy, whisper } => {
            let whisper = match whisper {
                Whisper::Nobody => "none",
                Whisper::Device => "out",
            };
            let path = of_channel(channel, &format!("/snoop/{}", encoded(&spy.0)));
            Call::post(path, json!({ "spy": "both", "whisper": whisper, "app": application }))
        }
        Action::SendDigits { channel, digits } => Call::post(of_channel(channel, "/dtmf"), json!({ "dtmf": digits })),
        Action::Record { channel, name, format } => {
            let body = json!({ "name": name, "format": format, "ifExists": "append" });
            Call::post(of_channel(channel, "/record"), body)
        }
        Action::PauseRecording { name } => Call::bare_post(of_recording(name, "/pause")),
        Action::ResumeRecording { name } => Call::delete(of_recording(name, "/pause")),
        Action::StopRecording { name } => Call::bare_post(of_recording(name, "/stop")).ends(),
        Action::EraseRecording { name } => Call::delete(format!("recordings/stored/{}", encoded(name))).ends(),
        Action::Subscribe { sources } => subscribe(sources, application),
    }
}

fn originate(asked: &Originate, application: &str) -> Call {
    let rings_for = asked.rings_for.max(RINGS_MIN);
    let whole_seconds = rings_for.as_secs() + u64::from(rings_for.subsec_nanos() > 0);
    let mut body = json!({
        "endpoint": asked.endpoint,
        "app": application,
        "channelId": asked.channel.0,
        "timeout": whole_seconds,
        "variables": asked.variables,
    });
    if let Some(caller_id) = &asked.caller_id {
        body["callerId"] = json!(caller_id);
    }
    if let Some(originator) = &asked.originator {
        body["originator"] = json!(originator.0);
    }
    Call { within: BEGUN_WITHIN, ..Call::post("channels".to_owned(), body) }
}

pub(super) fn subscribe(sources: &[String], application: &str) -> Call {
    Call::post(format!("applications/{}/subscription", encoded(application)), json!({ "eventSource": sources }))
}

/// What an action is called in the log.
pub fn word_of(action: &Action) -> &'static str {
    match action {
        Action::Answer { .. } => "answer",
        Action::LiftTimeLimit { .. } => "lift_time_limit",
        Action::Originate(_) => "originate",
        Action::HangUp { .. } => "hang_up",
        Action::Continue { .. } => "continue",
        Action::MakeBridge { .. } => "make_bridge",
        Action::Enter { .. } => "enter",
        Action::Leave { .. } => "leave",
        Action::StartMusic { .. } => "start_music",
        Action::EndBridge { .. } => "end_bridge",
        Action::Play { .. } => "play",
        Action::StopPlay { .. } => "stop_play",
        Action::Spy { .. } => "spy",
        Action::SendDigits { .. } => "send_digits",
        Action::Record { .. } => "record",
        Action::PauseRecording { .. } => "pause_recording",
        Action::ResumeRecording { .. } => "resume_recording",
        Action::StopRecording { .. } => "stop_recording",
        Action::EraseRecording { .. } => "erase_recording",
        Action::Subscribe { .. } => "subscribe",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::gateways::asterisk::ari::event::{BridgeId, ChannelId};
    use crate::protocol::TelephoneKeys;

    fn line(action: &Action) -> String {
        let call = call_of(action, "usher");
        format!("{} {} {}", call.method, call.path, call.body.unwrap_or_default())
    }

    #[test]
    fn each_action_is_a_call_of_the_interface() {
        let (channel, bridge) = (ChannelId("1.2".to_owned()), BridgeId("usher/b".to_owned()));
        let name = || "usher/r-1".to_owned();
        for (action, expected) in [
            (Action::Answer { channel: channel.clone() }, "POST channels/1.2/answer null"),
            (
                Action::LiftTimeLimit { channel: channel.clone() },
                r#"POST channels/1.2/variable {"value":"0","variable":"TIMEOUT(absolute)"}"#,
            ),
            (Action::HangUp { channel: channel.clone() }, "DELETE channels/1.2 null"),
            (
                Action::Continue { channel: channel.clone(), context: "a".to_owned(), extension: "s".to_owned() },
                r#"POST channels/1.2/continue {"context":"a","extension":"s","priority":1}"#,
            ),
            (
                Action::MakeBridge { bridge: bridge.clone(), kind: BridgeKind::Holding },
                r#"POST bridges/usher%2Fb {"type":"holding,dtmf_events"}"#,
            ),
            (
                Action::Enter { bridge: bridge.clone(), channel: channel.clone() },
                r#"POST bridges/usher%2Fb/addChannel {"channel":"1.2"}"#,
            ),
            (
                Action::Leave { bridge: bridge.clone(), channel: channel.clone() },
                r#"POST bridges/usher%2Fb/removeChannel {"channel":"1.2"}"#,
            ),
            (
                Action::StartMusic { bridge: bridge.clone(), class: "soft".to_owned() },
                r#"POST bridges/usher%2Fb/moh {"mohClass":"soft"}"#,
            ),
            (Action::EndBridge { bridge: bridge.clone() }, "DELETE bridges/usher%2Fb null"),
            (
                Action::Play { channel: channel.clone(), playback: "p".to_owned(), media: vec!["number:3".to_owned()] },
                r#"POST channels/1.2/play/p {"media":["number:3"]}"#,
            ),
            (Action::StopPlay { playback: "p".to_owned() }, "DELETE playbacks/p null"),
            (
                Action::Spy { channel: channel.clone(), spy: ChannelId("s".to_owned()), whisper: Whisper::Device },
                r#"POST channels/1.2/snoop/s {"app":"usher","spy":"both","whisper":"out"}"#,
            ),
            (
                Action::SendDigits { channel: channel.clone(), digits: TelephoneKeys::new("1#").expect("two keys") },
                r##"POST channels/1.2/dtmf {"dtmf":"1#"}"##,
            ),
            (
                Action::Record { channel: channel.clone(), name: name(), format: "wav".to_owned() },
                r#"POST channels/1.2/record {"format":"wav","ifExists":"append","name":"usher/r-1"}"#,
            ),
            (Action::PauseRecording { name: name() }, "POST recordings/live/usher%2Fr-1/pause null"),
            (Action::ResumeRecording { name: name() }, "DELETE recordings/live/usher%2Fr-1/pause null"),
            (Action::StopRecording { name: name() }, "POST recordings/live/usher%2Fr-1/stop null"),
            (Action::EraseRecording { name: name() }, "DELETE recordings/stored/usher%2Fr-1 null"),
            (
                Action::Subscribe { sources: vec!["channel:1.2".to_owned()] },
                r#"POST applications/usher/subscription {"eventSource":["channel:1.2"]}"#,
            ),
        ] {
            assert_eq!(line(&action), expected);
        }
    }

    #[test]
    fn what_is_so_already_is_done() {
        let name = || "r".to_owned();
        let (channel, bridge) = (ChannelId(name()), BridgeId(name()));
        for (action, already) in [
            (Action::MakeBridge { bridge: bridge.clone(), kind: BridgeKind::Mixing }, THERE),
            (Action::HangUp { channel: channel.clone() }, GONE),
            (Action::EndBridge { bridge: bridge.clone() }, GONE),
            (Action::StopPlay { playback: name() }, GONE),
            (Action::StopRecording { name: name() }, GONE),
            (Action::EraseRecording { name: name() }, GONE),
            (Action::Enter { bridge, channel: channel.clone() }, &[]),
            (Action::Answer { channel }, &[]),
        ] {
            assert_eq!(call_of(&action, "usher").already, already, "{action:?}");
        }
    }

    #[test]
    fn a_call_rings_for_whole_seconds_and_never_for_ever() {
        for (rings_for_ms, timeout) in [(0, 1), (1_000, 1), (1_001, 2), (20_000, 20)] {
            let asked = Originate {
                channel: ChannelId("usher-1".to_owned()),
                endpoint: "PJSIP/1001".to_owned(),
                caller_id: Some("\"A\" <+33142685300>".to_owned()),
                rings_for: Duration::from_millis(rings_for_ms),
                variables: BTreeMap::from([("USHER_REF".to_owned(), "r".to_owned())]),
                originator: None,
            };
            let body = originate(&asked, "usher").body.unwrap();
            assert_eq!(body["timeout"], timeout);
            assert_eq!((&body["variables"]["USHER_REF"], &body["channelId"]), (&json!("r"), &json!("usher-1")));
            assert!(body.get("originator").is_none() && body["callerId"] == "\"A\" <+33142685300>");
        }
    }
}
