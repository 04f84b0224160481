//! One example of every message, and the design's call on the wire: each is read, written back the
//! same, and fits its schema; with a field spoilt it does neither.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::super::methods;
use super::super::{ClientMessage, Frame, GeneratedFile, Message, Method, Role, ServerMessage, Way, generated_files};
use super::request;

const MESSAGE: &str = "0192a1f0-5c3e-7b7a-9d0e-4f2f6f3c1a55";

/// group/method, params, result (null where there is none), and a field of params (or "result")
/// with a value that it must not have.
fn examples() -> Vec<(&'static str, Value, Value, &'static str, Value)> {
    let t = "2026-11-22T09:00:00.017Z";
    let nothing = || json!({});
    let moment = || json!({"contact":"paris-1","segment":"paris-2","at":t});
    let order = || json!({"order":"90125","not_after":t,"contact":"paris-1","ref":"17.12"});
    let with = |field: &str, value: &str| {
        let mut params = order();
        params[field] = json!(value);
        params
    };
    let monitor = |more: Value| {
        let mut params = with("monitor", "m-3");
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let accepted = || json!({"accepted":true});
    let board = || {
        json!({"event_no":812,"server_time":t,"counted_since":"2026-11-22T00:00:00.000Z",
        "queues":[{"queue":"billing","paused":false,"waiting":3,"offered":1,"connecting":0,"longest_waiting_since":t,
            "longest_wait_ms":31200,"estimated_wait":{"p50_ms":14000,"p90_ms":41000},"carried_in":0,"entered":9,"answered":4,"answered_within":3,
            "abandoned":1,"short_abandoned":0,"flowed_out":0,"callbacks":0,"withdrawn":0,"lost":0,
            "service_level":0.6,"target_share":0.8,"target_within_ms":20000,"asa_ms":12000,"aht_ms":null,"abandonment":0.2,"agents_available":3,"agents_idle":0,"agents_busy":2,"agents_offered":1,"agents_wrap_up":0,
            "agents_not_ready":1,"agents_not_responding":0,"agents_unreachable":0}],
        "agents":[{"agent":"ana","name":"Ana","presence":"not_ready","reason":"lunch","activity":"wrap_up","since":t,
            "contacts":[{"contact":"paris-1","queue":"billing","channel":"voice","state":"wrap_up","since":t}],
            "handled":4,"occupancy":0.81}],
        "alerts":[{"queue":"billing","measure":"longest_wait","value":61000.0,"threshold":60000.0,"since":t}]})
    };
    let state = || {
        json!({"agent":"ana","presence":"available","next":{"presence":"not_ready","reason":"lunch"},
        "activity":"offered","since":t,"until":t,"why":"offer",
        "channels":[{"channel":"voice","routable":false,"hold":"device_in_use"}]})
    };
    let card = || {
        json!({"customer":"8812","version":3,"name":"Zoé","language":"fr","tier":"gold","owner":"ana","do_not_contact":false,
        "tags":["vip"],"addresses":[{"kind":"phone","shown":"+33 6 12 34 56 78","extension":"12","label":"work","consent":"yes"}],
        "fields":[{"name":"plan","label":"Plan","value":"plus"}],
        "other_matches":[{"customer":"8813","name":"Zoé P.","tier":"silver"}],
        "interactions":[{"contact":"paris-3","at":t,"channel":"voice","direction":"inbound","queue":"billing","agent":"ben",
            "disposition":"solved","satisfaction":4,"note":"asked for a copy"}],
        "work":[{"work":"7","kind":"complaint","category":"billing","title":"Twice on the bill","due":t,"owner":"ben"}],
        "promises":[{"work":"8","kind":"task","category":"callback","title":"Call on Monday"}],
        "satisfaction":[{"at":t,"score":4}],"read_at":t})
    };
    let offered = || {
        json!({"offer":"paris-90120","accept":"manual",
        "contact":{"id":"paris-90113","channel":"voice","queue":"billing","direction":"inbound","waited_ms":31200,
            "from":"+33612345678","to":"+33180000000","attributes":{"intent":"billing"},"note":"called twice",
            "path":[{"at":t,"how":"transferred","from":"sales","by":"ben","note":"called twice"}]},
        "expires_at":"2026-11-22T09:00:46.200Z","expires_in_ms":15000,
        "customer":{"id":"c-8812","name":"Zoé","tier":"gold"},"card":card(),
        "why":{"rule":"billing","step":1,"steps":[1],"decided_by":"best_skill","agents_matched":3,"rules_version":4}})
    };
    let numbered = |mut params: Value| {
        params["seq"] = json!(41);
        params
    };
    let told = |more: Value| {
        let mut params = json!({"event":8,"occurred_at":t});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let in_hand = || {
        json!({"segment":"paris-2","contact":"paris-1","channel":"voice","queue":"billing","gateway":"asterisk",
            "state":"wrap_up","since":t,"from":"+33612345678","to":"+33180000000","attributes":{},
            "asked_by":{"agent":"ben","contact":"paris-7"},"recording":{"should_be":"recording","is":"paused"},"ends_at":t,"ends_in_ms":9000,"disposition":"required","note":"asked for"})
    };
    let snapshot = json!({"role":"agent","name":"Ana","agent":state(),"offers":[offered()],
        "segments":[in_hand()],
        "consulting":{"contact":"paris-1","consultation":"paris-9","agent":"ben","role":"consulted"},
        "queues":[{"queue":"gold"}],"agents":[{"agent":"ben","name":"Ben"}],
        "not_ready_reasons":["lunch"],"dispositions":["resolved"],"campaigns":["winback"]});
    let opened = json!({"session":"s-1","resume_token":"r","seq":0,"resumed":false,"heartbeat_ms":10000,
        "server_time":t,"clock_speed":1.0,"site":"paris","snapshot":snapshot});
    vec![
        (
            "session/session.open",
            json!({"role":"agent","auth":{"token":"x"},"resume":{"token":"r","seq":7},"client":"console 1"}),
            opened,
            "role",
            json!("boss"),
        ),
        ("session/session.ack", json!({"seq":7}), Value::Null, "seq", json!(-1)),
        ("session/session.ping", nothing(), json!({"server_time":t}), "", json!([])),
        ("session/session.close", nothing(), nothing(), "", json!([])),
        (
            "session/notice",
            numbered(json!({"level":"info","text":"hello\nyou","at":t})),
            Value::Null,
            "text",
            json!("a\u{0}b"),
        ),
        ("session/going_away", json!({"retry_after_ms":1200}), Value::Null, "retry_after_ms", json!("1 s")),
        ("session/session.taken_over", json!({"at":t}), Value::Null, "at", json!(0)),
        (
            "agent/presence.set",
            json!({"presence":"not_ready","reason":"lunch","when":"after_contact"}),
            nothing(),
            "presence",
            json!("tired"),
        ),
        ("agent/offer.received", json!({"offer":"paris-90120"}), nothing(), "offer", json!("")),
        ("agent/offer.accept", json!({"offer":"paris-90120"}), json!({"contact":"paris-90113"}), "offer", json!(90120)),
        (
            "agent/offer.decline",
            json!({"offer":"paris-90120","reason":"language"}),
            nothing(),
            "reason",
            json!("x".repeat(65)),
        ),
        ("agent/contact.hold", json!({"contact":"paris-1"}), nothing(), "contact", json!(null)),
        ("agent/contact.unhold", json!({"contact":"paris-1"}), nothing(), "contact", json!({})),
        (
            "agent/contact.dtmf",
            json!({"contact":"paris-1","digits":"0123456789*#ABCD"}),
            nothing(),
            "digits",
            json!("1".repeat(33)),
        ),
        ("agent/presence.log_out", json!({"how":"hand_back"}), nothing(), "how", json!("quickly")),
        (
            "agent/contact.transfer",
            json!({"contact":"paris-1","to":{"queue":"gold"},"kind":"blind","note":"upset","attributes":{"wants":"a refund"}}),
            nothing(),
            "to",
            json!({"team":"day"}),
        ),
        (
            "agent/transfer.targets",
            json!({"search":"an"}),
            json!({"agents":[{"agent":"ana","name":"Ana","standing":"wrap_up","since":t}],
                "queues":[{"queue":"gold","waiting":2,"agents_available":3,"agents_idle":1,
                    "estimated_wait":{"p50_ms":14000,"p90_ms":41000},"paused":false}],"is_more":false}),
            "search",
            json!(7),
        ),
        ("agent/transfer.complete", json!({"contact":"paris-1"}), nothing(), "contact", json!("")),
        ("agent/transfer.cancel", json!({"contact":"paris-1"}), nothing(), "contact", json!(1)),
        ("agent/transfer.swap", json!({"contact":"paris-1"}), nothing(), "contact", json!(null)),
        ("agent/conference.add", json!({"contact":"paris-1"}), nothing(), "contact", json!([])),
        ("agent/conference.remove", json!({"contact":"paris-1"}), nothing(), "contact", json!({})),
        ("agent/contact.leave", json!({"contact":"paris-1"}), nothing(), "contact", json!(true)),
        (
            "agent/contact.escalate",
            json!({"contact":"paris-1","reason":"complaint","note":"asks for a manager"}),
            nothing(),
            "reason",
            json!(""),
        ),
        ("agent/contact.suspend", json!({"contact":"paris-1","until":t}), nothing(), "until", json!("tomorrow")),
        ("agent/recording.pause", json!({"contact":"paris-1"}), nothing(), "contact", json!(1)),
        ("agent/recording.resume", json!({"contact":"paris-1"}), nothing(), "contact", json!("")),
        ("agent/contact.end", json!({"contact":"paris-1"}), nothing(), "contact", json!(["paris-1"])),
        ("agent/contact.take", json!({"contact":"paris-1"}), nothing(), "contact", json!("")),
        ("agent/contact.customer", json!({"contact":"paris-1","customer":"8812"}), nothing(), "customer", json!(8812)),
        ("agent/lead.next", json!({"campaign":"winback"}), nothing(), "campaign", json!(7)),
        (
            "agent/callback.schedule",
            json!({"contact":"paris-1","to":"+33612345678","queue":"gold","due":t,"by_me":true}),
            nothing(),
            "by_me",
            json!("ana"),
        ),
        (
            "agent/wrap_up.finish",
            json!({"contact":"paris-1","segment":"paris-2","disposition":"solved","note":"ok"}),
            nothing(),
            "note",
            json!("x".repeat(4001)),
        ),
        (
            "agent/wrap_up.extend",
            json!({"contact":"paris-1","by_ms":30000}),
            json!({"ends_at":t,"ends_in_ms":30000}),
            "by_ms",
            json!(3_600_001),
        ),
        (
            "agent/figures.show",
            json!({}),
            json!({"since":t,"handled":4,"declined":1,"missed":0,"talk_ms":600_000,"hold_ms":30_000,"wrap_up_ms":90_000,
                "aht_ms":180_000,"busy_ms":720_000,"available_ms":180_000,"occupancy":0.8}),
            "",
            json!([]),
        ),
        ("agent/agent.changed", numbered(state()), Value::Null, "activity", json!("asleep")),
        ("agent/contact.offered", numbered(offered()), Value::Null, "contact", json!("paris-1")),
        (
            "agent/offer.ended",
            numbered(json!({"offer":"paris-1","contact":"paris-2","outcome":"revoked","why":"undelivered"})),
            Value::Null,
            "outcome",
            json!("lost"),
        ),
        ("agent/contact.connecting", numbered(moment()), Value::Null, "segment", json!(2)),
        ("agent/contact.connected", numbered(moment()), Value::Null, "at", json!("now")),
        ("agent/contact.held", numbered(moment()), Value::Null, "at", json!("2026-11-22 09:00:00Z")),
        ("agent/contact.unheld", numbered(moment()), Value::Null, "at", json!("2026-11-22T09:00:00+02:00")),
        ("agent/contact.set_aside", numbered(moment()), Value::Null, "contact", json!(1)),
        ("agent/contact.taken_up", numbered(moment()), Value::Null, "segment", json!(null)),
        (
            "agent/contact.suspended",
            numbered(json!({"contact":"paris-1","segment":"paris-2","until":t,"at":t})),
            Value::Null,
            "until",
            json!(0),
        ),
        (
            "agent/contact.recording",
            numbered(
                json!({"contact":"paris-1","recording":{"should_be":"paused","is":"recording"},"why":"failed","at":t}),
            ),
            Value::Null,
            "recording",
            json!("on"),
        ),
        (
            "agent/contact.leg_lost",
            numbered(json!({"contact":"paris-1","segment":"paris-2","until":t,"at":t})),
            Value::Null,
            "until",
            json!(null),
        ),
        ("agent/contact.leg_back", numbered(moment()), Value::Null, "segment", json!({})),
        (
            "agent/party.invited",
            numbered(json!({"contact":"paris-1","consultation":"paris-9","to":{"agent":"ben"},"at":t})),
            Value::Null,
            "consultation",
            json!(9),
        ),
        (
            "agent/party.joined",
            numbered(json!({"contact":"paris-1","consultation":"paris-9","agent":"ben","role":"consulted","at":t})),
            Value::Null,
            "role",
            json!("boss"),
        ),
        (
            "agent/party.left",
            numbered(json!({"consultation":"paris-9","why":"customer_left","at":t})),
            Value::Null,
            "why",
            json!("bored"),
        ),
        (
            "agent/contact.taken_over",
            numbered(json!({"segment":in_hand(),"from":"ana","consultation":"paris-9","at":t})),
            Value::Null,
            "from",
            json!(""),
        ),
        (
            "agent/contact.transferred",
            numbered(json!({"contact":"paris-1","segment":"paris-2","to":{"agent":"ben"},"at":t})),
            Value::Null,
            "to",
            json!("ben"),
        ),
        (
            "agent/contact.updated",
            numbered(
                json!({"contact":"paris-1","attributes":{"intent":"billing"},"card":card(),"card_unavailable":true}),
            ),
            Value::Null,
            "attributes",
            json!([]),
        ),
        (
            "agent/contact.ended",
            numbered(json!({"contact":"paris-1","by":"customer","at":t})),
            Value::Null,
            "by",
            json!("nobody"),
        ),
        (
            "agent/wrap_up.started",
            numbered(
                json!({"contact":"paris-1","segment":"paris-2","ends_at":t,"ends_in_ms":45000,"disposition":"required"}),
            ),
            Value::Null,
            "disposition",
            json!(true),
        ),
        (
            "agent/segment.closed",
            numbered(
                json!({"contact":"paris-1","segment":"paris-2","connected":false,"failure":"no_answer","talk_ms":0,"hold_ms":0,"wrap_up_ms":0,"disposition":"solved","at":t}),
            ),
            Value::Null,
            "failure",
            json!("sad"),
        ),
        (
            "agent/lead.not_reached",
            numbered(json!({"contact":"paris-1","campaign":"winback","outcome":"busy","at":t})),
            Value::Null,
            "outcome",
            json!("engaged"),
        ),
        (
            "agent/message.received",
            numbered(json!({"contact":"paris-1","message":written(t)})),
            Value::Null,
            "message",
            json!("hello"),
        ),
        (
            "agent/message.status",
            numbered(json!({"contact":"paris-1","message":MESSAGE,"status":"delivered"})),
            Value::Null,
            "status",
            json!("read"),
        ),
        ("agent/contact.typing.heard", json!({"contact":"paris-1","at":t}), Value::Null, "at", json!(0)),
        (
            "agent/work.changed",
            numbered(json!({"entries":[listed_work(t)],"contacts_gone":["paris-4"],"work_gone":["8"],"has_more":true})),
            Value::Null,
            "has_more",
            json!(1),
        ),
        (
            "supervisor/board.watch",
            json!({"queues":["billing"],"agents":[]}),
            board(),
            "queues",
            json!(vec!["q"; 1001]),
        ),
        (
            "supervisor/agent.set_presence",
            json!({"agent":"ana","presence":"not_ready","reason":"lunch","when":"now"}),
            nothing(),
            "agent",
            json!(7),
        ),
        ("supervisor/agent.log_out", json!({"agent":"ana","how":"force"}), nothing(), "how", json!(true)),
        ("supervisor/contact.move", json!({"contact":"paris-1","queue":"gold"}), nothing(), "queue", json!("")),
        (
            "supervisor/contact.prioritise",
            json!({"contact":"paris-1","priority":5}),
            nothing(),
            "priority",
            json!("high"),
        ),
        ("supervisor/contact.assign", json!({"contact":"paris-1","agent":"ana"}), nothing(), "agent", json!(null)),
        ("supervisor/contact.close", json!({"contact":"paris-1"}), nothing(), "contact", json!(1)),
        (
            "supervisor/queue.show",
            json!({"queue":"gold"}),
            json!({"queue":"gold","event_no":812,"server_time":t,"total":1,"contacts":[{"contact":"paris-1",
                "channel":"voice","direction":"inbound","place":1,"state":"offered","arrived_at":t,"entered_at":t,
                "priority":2,"agents":["ana"],"from":"+33612345678","customer":{"id":"c-8812","name":"Zoé","tier":"gold"}}]}),
            "queue",
            json!(1),
        ),
        ("supervisor/queue.pause", json!({"queue":"gold"}), nothing(), "queue", json!([])),
        ("supervisor/queue.resume", json!({"queue":"gold"}), nothing(), "queue", json!({})),
        (
            "supervisor/contact.show",
            json!({"contact":"paris-1"}),
            json!({"contact":"paris-1","channel":"voice","direction":"inbound","state":"talking","queue":"gold",
                "agents":["ana"],"from":"+33612345678","to":"+33180000000","customer":{"name":"Zoé"},
                "attributes":{"intent":"billing"},"recording":{"should_be":"stopped"},"left_out":0,"path":[
                    {"event":7,"at":t,"what":"queued","queue":"gold","by":"sue","why":"moved","rule":"billing"},
                    {"event":9,"at":t,"what":"offer_ended","agent":"ben","why":"declined"},
                    {"event":12,"at":t,"what":"visit_ended","queue":"gold","why":"answered","waited_ms":31200},
                    {"event":19,"at":t,"what":"segment_closed","agent":"ana","handled_ms":60000,"contact":"paris-3"}]}),
            "contact",
            json!({}),
        ),
        (
            "supervisor/history.show",
            json!({"queue":"gold","hours":8}),
            json!({"span_ms":300_000,"points":[{"at":t,"entered":4,"answered":3,"answered_within":2,"abandoned":1,
                "short_abandoned":0,"waiting_max":2,"longest_wait_ms":41000,"service_level":0.5}]}),
            "hours",
            json!("all"),
        ),
        (
            "supervisor/monitor.start",
            json!({"contact":"paris-1","mode":"whisper","endpoint":"PJSIP/2001"}),
            nothing(),
            "mode",
            json!("spy"),
        ),
        ("supervisor/monitor.mode", json!({"contact":"paris-1","mode":"barge"}), nothing(), "mode", json!(null)),
        ("supervisor/monitor.stop", json!({"contact":"paris-1"}), nothing(), "contact", json!(7)),
        (
            "supervisor/notice.send",
            json!({"to":{"queue":"gold"},"level":"warning","text":"Lines are long"}),
            json!({"consoles":12}),
            "to",
            json!("everybody"),
        ),
        ("supervisor/campaign.start", json!({"campaign":"winback"}), nothing(), "campaign", json!([])),
        ("supervisor/campaign.pause", json!({"campaign":"winback"}), nothing(), "campaign", json!({})),
        ("supervisor/campaign.drain", json!({"campaign":"winback"}), nothing(), "campaign", json!(1)),
        ("supervisor/campaign.stop", json!({"campaign":"winback"}), nothing(), "campaign", json!(null)),
        (
            "supervisor/why.contact",
            json!({"contact":"paris-90113","event":90120,"decisions":true}),
            contact_why(t),
            "event",
            json!(0),
        ),
        ("supervisor/why.agent", json!({"agent":"ana","event":90120}), agent_why(t), "agent", json!("")),
        ("supervisor/board.snapshot", board(), Value::Null, "event_no", json!(-1)),
        (
            "supervisor/board.delta",
            json!({"event_no":9,"server_time":t,"queues":[],"agents":[],"queues_gone":["old"]}),
            Value::Null,
            "agents",
            json!({}),
        ),
        (
            "supervisor/alert.raised",
            json!({"alert":{"queue":"billing","measure":"service_level","value":0.41,"threshold":0.6,"since":t}}),
            Value::Null,
            "alert",
            json!(null),
        ),
        (
            "supervisor/alert.cleared",
            json!({"queue":"billing","measure":"waiting","at":t}),
            Value::Null,
            "measure",
            json!("calls"),
        ),
        (
            "supervisor/monitor.changed",
            json!({"contact":"paris-1","mode":"listen","state":"over","why":"no_answer"}),
            Value::Null,
            "state",
            json!("gone"),
        ),
        (
            "person/customer.show",
            json!({"customer":"8812"}),
            json!({"card":card(),"other_names":["Zoë"],"custom":{"shoe":41},
                "notes":[{"text":"asked for a copy","at":t,"by":"ben"}],"merged":[{"customer":"9"}]}),
            "customer",
            json!(""),
        ),
        (
            "person/customer.search",
            json!({"query":"李伟","limit":5}),
            json!({"customers":[{"customer":"8812","name":"李伟","tier":"gold","language":"zh","last_contact_at":t,"by":"note",
                "note":"asked for a copy"}]}),
            "limit",
            json!(256),
        ),
        (
            "person/customer.create",
            json!({"name":"李伟","language":"zh","tier":"gold","owner":"ana","tags":["vip"],
                "addresses":[{"kind":"phone","address":"06 12 34 56 78","label":"work","consent":"no"}]}),
            json!({"customer":"8812","version":1}),
            "name",
            json!("x".repeat(201)),
        ),
        (
            "person/customer.change",
            json!({"customer":"8812","version":3,"name":"李伟","language":"zh","tier":"gold","owner":"ana","do_not_contact":true,
                "custom":{"plan":"plus","contract":null}}),
            json!({"customer":"8812","version":4}),
            "version",
            json!(-1),
        ),
        (
            "agent/work.watch",
            nothing(),
            json!({"entries":[listed_work(t),{"is":"contact","contact":"paris-4","channel":"email","state":"suspended",
                "queue":"billing","due":t,"customer":"8812"}],"has_more":false}),
            "",
            json!([]),
        ),
        (
            "agent/work.create",
            json!({"fields":work_fields(t),"customer":"8812","contact":"paris-1"}),
            json!({"work":"7","version":1}),
            "customer",
            json!(8812),
        ),
        (
            "agent/work.take",
            json!({"work":"7","version":1}),
            json!({"work":"7","version":3,"contact":"paris-12"}),
            "version",
            json!(-1),
        ),
        (
            "agent/work.update",
            json!({"work":"7","version":1,"fields":work_fields(t)}),
            json!({"work":"7","version":2}),
            "version",
            json!("1"),
        ),
        (
            "agent/work.escalate",
            json!({"work":"7","version":1,"team":"leads","reason":"wants his money back"}),
            json!({"work":"7","version":2}),
            "team",
            json!(""),
        ),
        (
            "agent/work.close",
            json!({"work":"7","version":1,"outcome":"refunded"}),
            json!({"work":"7","version":2}),
            "outcome",
            json!(1),
        ),
        (
            "agent/message.send",
            json!({"contact":"paris-1","message":MESSAGE,"text":"hello\nyou"}),
            json!({"at":t}),
            "text",
            json!("x".repeat(8001)),
        ),
        (
            "agent/message.list",
            json!({"contact":"paris-1"}),
            json!({"messages":[written(t)],"left_out":12}),
            "contact",
            json!(1),
        ),
        ("agent/contact.typing", json!({"contact":"paris-1"}), nothing(), "contact", json!("")),
        (
            "agent/contact.note",
            json!({"contact":"paris-1","segment":"paris-2","note":"wants a"}),
            nothing(),
            "note",
            json!("x".repeat(4001)),
        ),
        (
            "gateway/contact.arrived",
            told(
                json!({"ref":"17.12","channel":"voice","direction":"inbound","from":"+33612345678","to":"+33180000000","attributes":{"intent":"billing"}}),
            ),
            json!({"contact":"paris-90113","queue":"billing","place":1,"estimated_wait":{"p50_ms":14000,"p90_ms":41000}}),
            "event",
            json!(0),
        ),
        (
            "gateway/contact.updated",
            told(json!({"ref":"17.12","attributes":{"digits":"42"}})),
            nothing(),
            "ref",
            json!("x".repeat(129)),
        ),
        (
            "gateway/contact.abandoned",
            told(json!({"ref":"17.12"})),
            nothing(),
            "occurred_at",
            json!("1969-12-31T23:59:59Z"),
        ),
        ("gateway/contact.exit_key", told(json!({"ref":"17.12","key":"#"})), nothing(), "key", json!("a")),
        ("gateway/contact.connected", told(json!({"ref":"17.12","order":"90124"})), nothing(), "order", json!(90124)),
        (
            "gateway/message.passed",
            told(json!({"ref":"17.12","by":"customer","message":"m-7","text":"hello"})),
            nothing(),
            "by",
            json!("bot"),
        ),
        (
            "gateway/call.progress",
            told(json!({"order":"90124","progress":"no_answer"})),
            nothing(),
            "progress",
            json!("asleep"),
        ),
        ("gateway/contact.ended", told(json!({"ref":"17.12","by":"customer"})), nothing(), "by", json!("usher")),
        ("gateway/party.left", told(json!({"ref":"17.12","agent":"ana"})), nothing(), "agent", json!("")),
        ("gateway/order.done", told(json!({"order":"90124"})), nothing(), "occurred_at", json!("2100-01-01T00:00:00Z")),
        ("gateway/order.failed", told(json!({"order":"90124","why":"no_answer"})), nothing(), "why", json!("tired")),
        (
            "gateway/monitor.changed",
            told(json!({"ref":"17.12","monitor":"m-3","state":"ringing","why":"busy"})),
            nothing(),
            "monitor",
            json!(""),
        ),
        (
            "gateway/recording.state",
            told(
                json!({"ref":"17.12","recording":"paris-90140","state":"finished","file":"2026/11/22/90140.wav","duration_ms":61000,"why":"storage_full"}),
            ),
            nothing(),
            "state",
            json!("rolling"),
        ),
        (
            "gateway/device.state",
            told(json!({"endpoint":"PJSIP/1001","state":"ringing"})),
            nothing(),
            "endpoint",
            json!("PJSIP/\n1001"),
        ),
        (
            "gateway/inventory",
            told(json!({"as_of":t,"page":1,"last":true,
            "contacts":[{"ref":"17.12","channel":"chat","from":"zoe","attributes":{"a":1}}],
            "agent_legs":[{"agent":"ana","endpoint":"PJSIP/1001","ref":"17.12"}],
            "devices":[{"endpoint":"PJSIP/1001","state":"in_use"}]})),
            nothing(),
            "page",
            json!(0),
        ),
        ("gateway/gateway.lines", told(json!({"calls_max":60,"kept_for_inbound":0})), nothing(), "calls_max", json!(0)),
        (
            "gateway/contact.place",
            json!({"ref":"17.12"}),
            json!({"contact":"paris-90113","queue":"billing","place":2,"estimated_wait":{"p50_ms":14000,"p90_ms":41000}}),
            "ref",
            json!(17.12),
        ),
        ("gateway/contact.typing", json!({"ref":"17.12"}), Value::Null, "ref", json!("")),
        ("gateway/contact.typing.heard", json!({"contact":"paris-1","ref":"17.12"}), Value::Null, "contact", json!(1)),
        (
            "gateway/contact.connect",
            json!({"order":"90124","not_after":t,"contact":"paris-1","ref":"17.12","agent":"ana","endpoint":"PJSIP/1001","auto_answer":true,
                "consultation":{"agent":"ben","endpoint":"PJSIP/1002","parent":"17.13","conference":false}}),
            accepted(),
            "agent",
            json!(""),
        ),
        (
            "gateway/transfer.complete",
            json!({"order":"90127","not_after":t,"contact":"paris-1","ref":"17.12","consultation":"consult-9","agent":"ben",
                "endpoint":"PJSIP/1002"}),
            accepted(),
            "consultation",
            json!(""),
        ),
        (
            "gateway/conference.join",
            json!({"order":"90128","not_after":t,"contact":"paris-1","ref":"17.12","consultation":"consult-9","agent":"ben",
                "endpoint":"PJSIP/1002"}),
            accepted(),
            "agent",
            json!(9),
        ),
        (
            "gateway/party.remove",
            json!({"order":"90125","not_after":t,"contact":"paris-1","ref":"17.12","agent":"ana","endpoint":"PJSIP/1001"}),
            accepted(),
            "endpoint",
            json!(""),
        ),
        ("gateway/contact.hold", order(), json!({"too_late":true}), "order", json!("")),
        ("gateway/contact.unhold", order(), accepted(), "not_after", json!(t.replace('Z', ""))),
        ("gateway/contact.dtmf", with("digits", "17#"), accepted(), "digits", json!("1 7")),
        ("gateway/contact.suspend", order(), accepted(), "not_after", json!(7)),
        ("gateway/contact.play", with("message", "closed until monday"), accepted(), "message", json!("")),
        ("gateway/contact.voicemail", with("mailbox", "billing"), accepted(), "mailbox", json!("x".repeat(65))),
        ("gateway/contact.transfer", with("to", "+33612345678"), accepted(), "to", json!("")),
        ("gateway/contact.stop_play", order(), accepted(), "contact", json!("")),
        (
            "gateway/call.place",
            json!({"order":"90126","not_after":t,"contact":"paris-1","ref":"callback-1","to":"+33612345678","agent":"ana",
                "endpoint":"PJSIP/1001","auto_answer":true,"first":"agent","ring_for_ms":30000}),
            accepted(),
            "first",
            json!("nobody"),
        ),
        ("gateway/call.cancel", with("of", "90126"), accepted(), "of", json!("")),
        ("gateway/recording.start", with("recording", "paris-90140"), accepted(), "recording", json!("")),
        ("gateway/recording.pause", with("recording", "paris-90140"), accepted(), "ref", json!(1)),
        ("gateway/recording.resume", with("recording", "paris-90140"), accepted(), "order", json!(null)),
        ("gateway/recording.stop", with("recording", "paris-90140"), accepted(), "recording", json!(90140)),
        (
            "gateway/recording.erase",
            json!({"order":"e-90140-1","not_after":t,"recording":"paris-90140","file":"2026/11/22/90140.wav"}),
            accepted(),
            "file",
            json!("x".repeat(513)),
        ),
        (
            "gateway/agent_leg.open",
            json!({"order":"90129","not_after":t,"agent":"ana","endpoint":"PJSIP/1001"}),
            accepted(),
            "endpoint",
            json!(7),
        ),
        (
            "gateway/agent_leg.close",
            json!({"order":"90130","not_after":t,"agent":"ana","endpoint":"PJSIP/1001"}),
            accepted(),
            "order",
            json!(""),
        ),
        (
            "gateway/monitor.start",
            monitor(json!({"endpoint":"PJSIP/2001","mode":"listen"})),
            accepted(),
            "mode",
            json!("hear"),
        ),
        ("gateway/monitor.mode", monitor(json!({"mode":"barge"})), accepted(), "monitor", json!(3)),
        ("gateway/monitor.stop", monitor(json!({})), accepted(), "monitor", json!(null)),
        (
            "gateway/message.send",
            json!({"order":"90131","not_after":t,"contact":"paris-1","ref":"17.12","message":MESSAGE,"text":"hello"}),
            accepted(),
            "text",
            json!(""),
        ),
        ("gateway/contact.end", order(), accepted(), "ref", json!(null)),
        ("gateway/inventory.send", nothing(), accepted(), "", json!("now")),
    ]
}

fn written(t: &str) -> Value {
    json!({"message":MESSAGE,"by":"agent","agent":"ana","text":"hello","at":t,"status":"sent"})
}

fn contact_why(t: &str) -> Value {
    let held = json!({"what":"held","hold":"back_off","until":t});
    let lacks = json!({"what":"missing","missing":"skill","skill":"billing","level_asked":5,"level_has":3});
    let decision = json!({"event":90120,"at":t,"what":"offered","agent":"ana","queue":"billing","decided_by":"best_skill",
        "value":-7,"runner_up":-5,"agents_matched":3,"rules_version":4,"agrees":true});
    let entry = json!({"event":90114,"at":t,"what":"entered","queue":"billing","rule":"billing","rules_version":4,
        "entry":[{"rule":"gold customers","said":"failed","failed":"no such key: tier"},{"rule":"billing","said":"holds"}]});
    let steps = json!([{"step":1,"taken":false,"due":t,"when":"queue(\"general\").agents_idle > 2","when_holds":false,
                "when_failed":"no queue general","nobody_could_match":false,"leads_nowhere":true,"holds":false,
                "asks":[{"skill":"billing","level":1}],"drops":["english"],"joins":"general","raises_by":1,"moves_to":"overflow"}]);
    let exits = json!([{"exit":"max_wait","action":"queue","to":"overflow","leads_nowhere":true,"holds":false,"at":t}]);
    let totals = json!({"agents":4,"matched":3,"could_be_offered":1,"offered":0,"away":0,"offered_another":0,"busy":1,"consulting":0,
                "wrap_up":0,"held":[{"hold":"back_off","agents":1}],"offers_out":0});
    let agents = json!([{"agent":"ana","between":{"what":"nothing","sets_aside":true},"values":[1,-7]},
                {"agent":"ben","between":held},{"agent":"lea","between":{"what":"busy","contact":"paris-1"}},
                {"agent":"tom","between":lacks}]);
    let waiting = json!({"cause":"entry","rule":"billing","entered_at":t,"ordered_since":t,"place":1,"waiting":3,"tier":1,
            "strict":false,"first_in_line":false,"priority":2,"head_start_ms":120000,
            "skills":[{"skill":"billing","level":5}],"joined":["general"],
            "waits_for":{"agent":"ana","until":t,"behind":"billing"},"hold":"gateway_away","hold_until":t,
            "offers":[{"agent":"ana","expires_at":t}],"offers_in_row":1,"select":["preferred","best_skill"],
            "paused":"gateway_away",
            "steps":steps,
            "exits":exits,
            "next_step":{"step":1,"at":t},"next_exit":{"exit":"max_wait","at":t},
            "totals":totals,
            "agents":agents,
            "agents_left_out":0});
    json!({"contact":"paris-90113","at":t,"channel":"voice","arrived_at":t,"rules_version":4,"stands":"waiting","queue":"billing",
        "waiting":waiting,
        "decision":decision,"decisions":[entry]})
}

fn agent_why(t: &str) -> Value {
    json!({"agent":"ana","at":t,"name":"Ana","in_rules":true,"presence":"not_ready","reason":"lunch","next":"offline",
        "reach":"away","reach_until":t,"responding":true,"back_off_until":t,"device":"idle","idle_since":t,"used":100,"total":100,
        "in_hand":[{"contact":"paris-1","channel":"voice","phase":"wrap_up","until":t}],
        "channels":[{"channel":"voice","between":{"what":"away","away":"not_ready","reason":"lunch"}}],
        "waiting":[{"contact":"paris-2","channel":"chat","queue":"general","entered_at":t,
            "between":{"what":"wrap_up","contact":"paris-1","until":t},"after":"paris-3"}],
        "waiting_in_all":1})
}

fn key(method: &Method) -> String {
    format!("{}/{}", method.group(), method.name_in_group())
}

fn validator(files: &[GeneratedFile], key: &str) -> Validator {
    let path = format!("docs/protocol/schemas/{key}.json");
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}"));
    let schema: Value = serde_json::from_str(&file.text).unwrap();
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads and writes back; `None` when it is refused.
fn through_types(method: &Method, params: &Value) -> Option<Value> {
    let text = request(method.name, &params.to_string());
    let Ok(Frame::Call { id, method: name, params }) = Frame::parse(&text) else {
        panic!("{text} is a call");
    };
    let role = method.roles[0];
    let written = if method.way.is_from_client() {
        match ClientMessage::parse(&[role], id.as_ref(), &name, params).ok()? {
            ClientMessage::Session(message) => message.params_text(),
            ClientMessage::Agent(message) => message.params_text(),
            ClientMessage::Supervisor(message) => message.params_text(),
            ClientMessage::Customer(message) => message.params_text(),
            ClientMessage::Work(message) => message.params_text(),
            ClientMessage::Writing(message) => message.params_text(),
            ClientMessage::Gateway(message) => message.params_text(),
            ClientMessage::GatewayAsk(message) => message.params_text(),
            ClientMessage::GatewaySays(message) => message.params_text(),
        }
    } else {
        match ServerMessage::parse(role, &name, params)?.ok()? {
            ServerMessage::Session(message) => message.params_text(),
            ServerMessage::Agent(message) => message.params_text(),
            ServerMessage::Supervisor(message) => message.params_text(),
            ServerMessage::Gateway(message) => message.params_text(),
            ServerMessage::GatewayHears(message) => message.params_text(),
        }
    };
    Some(serde_json::from_str(&written).unwrap())
}

#[test]
fn every_message_has_an_example_that_is_read_written_and_fits_its_schema() {
    let files = generated_files();
    let examples = examples();
    let named: Vec<String> = examples.iter().map(|example| example.0.to_owned()).collect();
    let listed: Vec<String> = methods::all().map(key).collect();
    assert_eq!(named, listed, "one example of each message, in the order of the table");

    for (method, (key, params, result, ..)) in methods::all().zip(&examples) {
        let validator = validator(&files, key);
        let mut whole = json!({ "params": params });
        if method.result.is_some() {
            whole["result"] = result.clone();
        }
        if let Err(error) = validator.validate(&whole) {
            panic!("{key}: {error} at {}", error.instance_path());
        }
        let mut expected = params.clone();
        if method.way == Way::Event {
            expected.as_object_mut().unwrap().remove("seq");
        }
        assert_eq!(through_types(method, params), Some(expected), "{key}");
    }
}

#[test]
fn a_wrong_field_is_refused_by_type_and_schema_alike() {
    let files = generated_files();
    for (method, (key, params, _, field, wrong)) in methods::all().zip(examples()) {
        let mut spoilt = params.clone();
        match field {
            "" => spoilt = wrong,
            field => spoilt[field] = wrong,
        }
        assert!(!validator(&files, key).is_valid(&json!({ "params": spoilt })), "{key}: {spoilt}");
        assert_eq!(through_types(method, &spoilt), None, "{key}: {spoilt}");
    }
}

#[test]
fn what_the_schema_requires_the_type_requires() {
    let files = generated_files();
    for (method, (key, params, ..)) in methods::all().zip(examples()) {
        let validator = validator(&files, key);
        for field in params.as_object().unwrap().keys() {
            if method.way == Way::Event && field == "seq" {
                continue;
            }
            let mut less = params.clone();
            less.as_object_mut().unwrap().remove(field);
            let is_valid = validator.is_valid(&json!({ "params": less }));
            let is_read = through_types(method, &less).is_some();
            // A nullable figure is always sent; our reader is kinder than that.
            let agrees = if method.way.is_from_client() { is_valid == is_read } else { !is_valid || is_read };
            assert!(agrees, "{key} without {field}: schema {is_valid}, type {is_read}");
        }
    }
}

#[test]
fn results_are_refused_when_wrong() {
    let files = generated_files();
    for method in methods::all().filter(|method| method.result.is_some()) {
        let validator = validator(&files, &key(method));
        assert!(!validator.is_valid(&json!({ "result": "ok" })), "{}", key(method));
    }
    let connect = validator(&files, "gateway/contact.connect");
    assert!(!connect.is_valid(&json!({ "result": { "accepted": false } })));
}

#[test]
fn unknown_fields_are_ignored() {
    for (method, (key, mut params, ..)) in methods::all().zip(examples()) {
        params["field_of_a_later_version"] = json!({ "deep": [1, 2, 3] });
        assert!(through_types(method, &params).is_some(), "{key}");
    }
}

#[test]
fn the_designs_call_on_the_wire_is_read() {
    let arrived = r#"{"jsonrpc":"2.0","id":7,"method":"contact.arrived","params":{"event":7,"occurred_at":"2026-11-22T09:00:00.017Z","ref":"1732266000.12","channel":"voice","from":"+33612345678","to":"+33180000000","attributes":{"intent":"billing"}}}"#;
    let accept = r#"{"jsonrpc":"2.0","id":"3d0c","method":"offer.accept","params":{"offer":"paris-90120"}}"#;
    let connected = r#"{"jsonrpc":"2.0","id":8,"method":"contact.connected","params":{"event":8,"occurred_at":"2026-11-22T09:00:33.417Z","ref":"1732266000.12","order":"90124"}}"#;
    for (role, text) in [(Role::Gateway, arrived), (Role::Agent, accept), (Role::Gateway, connected)] {
        super::read(&[role], text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }

    let connect = r#"{"jsonrpc":"2.0","id":"o-90124","method":"contact.connect","params":{"order":"90124","not_after":"2026-11-22T09:00:53Z","contact":"paris-90113","ref":"1732266000.12","agent":"ana","endpoint":"PJSIP/1001"}}"#;
    let Ok(Frame::Call { method, params, .. }) = Frame::parse(connect) else {
        panic!("an order is a call");
    };
    assert!(matches!(ServerMessage::parse(Role::Gateway, &method, params), Some(Ok(ServerMessage::Gateway(_)))));
}

#[test]
fn a_client_ignores_a_message_that_it_does_not_know() {
    let text = r#"{"jsonrpc":"2.0","method":"weather.changed","params":{}}"#;
    let Ok(Frame::Call { method, params, .. }) = Frame::parse(text) else {
        panic!("a notification is a call");
    };
    assert!(ServerMessage::parse(Role::Agent, &method, params).is_none());
}

fn work_fields(t: &str) -> Value {
    json!({"kind":"complaint","title":"Twice on the bill","text":"May and June","category":"billing","due":t,"owner":"ben",
        "team":"back","queue":"office"})
}

fn listed_work(t: &str) -> Value {
    json!({"is":"work","work":"7","version":3,"kind":"complaint","state":"in_hand","title":"Twice on the bill",
        "category":"billing","text":"May and June","due":t,"owner":"ben","team":"back","queue":"office","customer":"8812",
        "contact":"paris-12","escalation":{"team":"leads","at":t,"reason":"wants his money back"}})
}
