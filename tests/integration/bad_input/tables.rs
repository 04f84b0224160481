//! The states, the commands, and by hand what each meets in each. `+`: it works; `.`: it is so already; else the
//! refusal, in a word that `met` spells out. Plays nothing.

use serde_json::{Value, json};

use super::stage::{NEVER, Stage, rules};

pub type State = (&'static str, fn() -> Stage);
pub type Row = (fn(&Stage) -> Value, &'static str);

pub fn scene(set: impl FnOnce(&mut Stage)) -> Stage {
    let mut stage = Stage::new();
    set(&mut stage);
    stage
}

/// Where a contact can be. `ben` is logged in and takes nothing.
pub const OF_CONTACTS: [State; 15] = [
    ("never seen", || scene(|s| s.there("ana"))),
    ("waiting", || scene(|s| s.arrives("1", "voice"))),
    ("offered", || {
        scene(|s| {
            s.there("ana");
            s.arrives("1", "voice");
        })
    }),
    ("its phone rings", || {
        scene(|s| {
            s.there("pia");
            s.arrives("1", "voice");
        })
    }),
    ("connecting", || {
        scene(|s| {
            s.there("ana");
            s.arrives("1", "voice");
            s.accepted();
        })
    }),
    ("talking", || scene(|s| s.talks("ana", "1", "voice"))),
    ("held", || {
        scene(|s| {
            s.talks("ana", "1", "voice");
            s.done(json!({ "hold_contact": { "agent": "ana", "contact": s.contact } }));
        })
    }),
    ("set aside", || {
        scene(|s| {
            s.talks("ana", "1", "chat");
            let (contact, segment, offer, order) = (s.contact, s.segment, s.offer, s.order);
            s.arrives("2", "voice");
            s.accepted();
            (s.contact, s.segment, s.offer, s.order) = (contact, segment, offer, order);
            s.reference = "1".to_owned();
        })
    }),
    ("a mail in hand", || scene(|s| s.talks("ana", "1", "email"))),
    ("wrapped up", || {
        scene(|s| {
            s.talks("ana", "1", "voice");
            s.over();
        })
    }),
    ("closed", || {
        scene(|s| {
            s.talks("ana", "1", "voice");
            s.over();
            s.finished();
        })
    }),
    ("laid down", || {
        scene(|s| {
            s.talks("ana", "1", "email");
            s.done(json!({ "suspend_contact": { "agent": "ana", "contact": s.contact } }));
        })
    }),
    ("on its way to voicemail", || {
        scene(|s| {
            s.arrives("1", "voice");
            s.done(json!({ "exit_key_pressed": { "gateway": "g", "ref": "1", "key": "1" } }));
        })
    }),
    ("promised", || {
        scene(|s| {
            let reference_of_call = "1";
            s.promised(Some(600_000));
            let (contact, reference) = (s.contact, s.reference.clone());
            s.done(json!({ "contact_ended": { "gateway": "g", "ref": reference_of_call, "by": "customer" } }));
            s.finished();
            (s.contact, s.reference) = (contact, reference);
        })
    }),
    ("called", || {
        scene(|s| {
            s.promised(None);
            let (contact, reference) = (s.contact, s.reference.clone());
            s.done(json!({ "contact_ended": { "gateway": "g", "ref": "1", "by": "customer" } }));
            s.finished();
            (s.contact, s.reference) = (contact, reference);
            s.accepted();
            s.cleared();
        })
    }),
];

#[rustfmt::skip]
pub const CONTACT_ROWS: [Row; 42] = [
    //                                                         never   waiting offered rings   connecting talking held   aside   mail    wrapped closed laid    leaving promised called
    (|s| json!({ "acknowledge_offer": { "agent": s.agent, "offer": s.offer } }),
                                                              "offer   offer   +       .       gone    gone    gone    gone    gone    gone    gone    gone    offer   gone    gone"),
    (|s| json!({ "accept_offer": { "agent": s.agent, "offer": s.offer } }),
                                                              "offer   offer   +       phone   .       .       .       .       .       .       gone    gone    offer   gone    ."),
    (|s| json!({ "take_contact": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown listed  listed  listed  listed  listed  listed  listed  wait    ended   ended   wait    listed  listed  listed"),
    (|s| json!({ "decline_offer": { "agent": s.agent, "offer": s.offer } }),
                                                              "offer   offer   +       +       gone    gone    gone    gone    gone    gone    gone    gone    offer   gone    gone"),
    (|s| json!({ "hold_contact": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect +       .       talk    +       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "unhold_contact": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect .       +       talk    .       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "transfer_contact": { "agent": s.agent, "contact": s.contact, "to": { "queue": "sales" } } }),
                                                              "unknown hand    hand    hand    connect +       +       +       +       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "transfer_outside": { "agent": s.agent, "contact": s.contact, "to": "+33600000002" } }),
                                                              "unknown hand    hand    hand    connect +       +       call    call    ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "suspend_contact": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect written written +       +       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "send_message": { "agent": s.agent, "contact": s.contact, "message": { "no": 1, "bytes": 5 } } }),
                                                              "unknown hand    hand    hand    connect chat    chat    +       +       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "end_contact": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect +       +       +       +       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "schedule_callback": { "agent": s.agent, "contact": s.contact, "to": "+33600000002", "queue": "general" } }),
                                                              "unknown hand    hand    hand    hand    +       +       +       +       +       hand    hand    hand    hand    hand"),
    (|s| json!({ "extend_wrap_up": { "agent": s.agent, "segment": s.segment, "by": 5_000 } }),
                                                              "segment segment segment segment segment segment segment segment segment +       segment segment segment segment segment"),
    (|s| json!({ "finish_wrap_up": { "agent": s.agent, "segment": s.segment } }),
                                                              "segment segment segment segment segment segment segment segment segment +       segment segment segment segment segment"),
    (|s| json!({ "pause_recording": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect tape    tape    tape    tape    ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "resume_recording": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect tape    tape    tape    tape    ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "recording_told": { "gateway": "g", "ref": s.reference, "recording": NEVER, "state": "finished" } }),
                                                              "taped   taped   taped   taped   taped   taped   taped   taped   taped   taped   taped   taped   taped   taped   taped"),
    (|s| json!({ "contact_arrived": { "gateway": "g", "ref": s.reference, "channel": "voice" } }),
                                                              "+       .       .       .       .       .       .       .       .       ended   ended   .       .       .       ."),
    (|s| json!({ "contact_updated": { "gateway": "g", "ref": s.reference, "attributes": { "n": 1 } } }),
                                                              "unknown +       +       +       +       +       +       +       +       ended   ended   +       +       +       +"),
    (|s| json!({ "contact_abandoned": { "gateway": "g", "ref": s.reference } }),
                                                              "+       +       +       +       +       +       +       +       +       .       .       +       +       +       +"),
    (|s| json!({ "contact_connected": { "gateway": "g", "ref": s.reference } }),
                                                              "unknown order   order   +       +       .       .       .       .       ended   ended   order   order   order   +"),
    (|s| json!({ "contact_connected": { "gateway": "g", "ref": s.reference, "order": NEVER } }),
                                                              "unknown order   order   order   order   order   order   order   order   ended   ended   order   order   order   order"),
    (|s| json!({ "message_passed": { "gateway": "g", "ref": s.reference, "by": "agent" } }),
                                                              "unknown written written written written written written +       +       ended   ended   +       written written written"),
    (|s| json!({ "message_passed": { "gateway": "g", "ref": s.reference, "by": "customer", "event": 1, "message": { "no": 1, "bytes": 5 } } }),
                                                              "unknown written written written written written written +       +       ended   ended   +       written written written"),
    (|s| json!({ "contact_ended": { "gateway": "g", "ref": s.reference, "by": "gateway" } }),
                                                              "+       +       +       +       +       +       +       +       +       .       .       +       +       +       +"),
    (|s| json!({ "exit_key_pressed": { "gateway": "g", "ref": s.reference, "key": "1" } }),
                                                              "unknown +       +       +       .       .       .       .       .       ended   ended   .       .       .       ."),
    (|s| json!({ "call_progress": { "gateway": "g", "order": s.order, "progress": { "failed": { "why": "busy" } } } }),
                                                              "order   order   order   order   order   order   order   order   order   order   order   order   order   order   +"),
    (|s| json!({ "order_done": { "gateway": "g", "order": s.order } }),
                                                              ".       .       .       .       .       .       .       .       .       .       .       .       +       .       ."),
    (|s| json!({ "order_failed": { "gateway": "g", "order": s.order, "why": "busy" } }),
                                                              "order   order   order   +       +       order   order   order   order   order   order   order   +       order   +"),
    (|s| json!({ "order_failed": { "gateway": "h", "order": s.order, "why": "busy" } }),
                                                              "order   order   order   order   order   order   order   order   order   order   order   order   order   order   order"),
    (|s| json!({ "consult": { "agent": s.agent, "contact": s.contact, "to": { "queue": "sales" } } }),
                                                              "unknown hand    hand    hand    connect +       +       talk    call    ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "complete_consultation": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect asking  asking  asking  asking  ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "cancel_consultation": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect asking  asking  asking  asking  ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "swap_consultation": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect asking  asking  talk    asking  ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "join_conference": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect asking  asking  talk    asking  ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "leave_contact": { "agent": s.agent, "contact": s.contact } }),
                                                              "unknown hand    hand    hand    connect asking  asking  asking  asking  ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "escalate_contact": { "agent": s.agent, "contact": s.contact, "reason": "angry" } }),
                                                              "unknown hand    hand    hand    connect +       +       +       +       ended   ended   hand    hand    hand    connect"),
    (|s| json!({ "party_left": { "gateway": "g", "ref": s.reference, "agent": s.agent } }),
                                                              "unknown hand    hand    hand    hand    +       +       call    call    ended   ended   hand    hand    hand    hand"),
    (|s| json!({ "move_contact": { "by": "lea", "contact": s.contact, "queue": "sales" } }),
                                                              "unknown +       +       +       wait    wait    wait    wait    wait    ended   ended   wait    wait    wait    wait"),
    (|s| json!({ "prioritise_contact": { "by": "lea", "contact": s.contact, "priority": 5 } }),
                                                              "unknown +       +       +       wait    wait    wait    wait    wait    ended   ended   wait    wait    wait    wait"),
    (|s| json!({ "assign_contact": { "by": "lea", "contact": s.contact, "agent": s.agent } }),
                                                              "unknown out     +       +       wait    wait    wait    wait    wait    ended   ended   wait    out     wait    wait"),
    (|s| json!({ "close_contact": { "by": "lea", "contact": s.contact } }),
                                                              "unknown +       +       +       +       +       +       +       +       ended   ended   +       +       +       +"),
];

/// How it stands with an agent. A contact waits, or is offered to him, and `ben` talks to another.
fn agent_scene(set: impl FnOnce(&mut Stage)) -> Stage {
    scene(|s| {
        s.talks("ben", "of-ben", "voice");
        set(s);
    })
}

fn dropped(s: &mut Stage) {
    s.done(json!({ "replace_rules": { "rules": rules(true) } }));
}

pub const OF_AGENTS: [State; 9] = [
    ("never named", || agent_scene(|s| s.agent = "zoe")),
    ("dropped from the rules", || {
        agent_scene(|s| {
            s.agent = "dan";
            dropped(s);
        })
    }),
    ("dropped, with a call", || {
        agent_scene(|s| {
            s.talks("dan", "of-dan", "voice");
            dropped(s);
        })
    }),
    ("not logged in", || agent_scene(|s| s.agent = "ana")),
    ("available", || agent_scene(|s| s.there("ana"))),
    ("not ready", || {
        agent_scene(|s| {
            s.agent = "ana";
            s.done(json!({ "set_presence": { "agent": "ana", "presence": { "not_ready": { "reason": "lunch" } } } }));
        })
    }),
    ("about to go", || {
        agent_scene(|s| {
            s.talks("ana", "of-ana", "voice");
            s.done(json!({ "set_presence": { "agent": "ana", "presence": "offline" } }));
        })
    }),
    ("console away", || {
        agent_scene(|s| {
            s.there("ana");
            s.done(json!({ "close_console": { "agent": "ana" } }));
        })
    }),
    ("unreachable", || {
        agent_scene(|s| {
            s.there("ana");
            s.done(json!({ "close_console": { "agent": "ana" } }));
            s.now += 40_000;
        })
    }),
];

#[rustfmt::skip]
pub const AGENT_ROWS: [Row; 12] = [
    //                                                                   never   dropped at-work out     there   not-ready going away    unreachable
    (|s| json!({ "open_console": { "agent": s.agent } }),               "agent   agent   agent   +       .       .       .       +       +"),
    (|s| json!({ "close_console": { "agent": s.agent } }),              "agent   .       +       .       +       +       +       .       ."),
    (|s| json!({ "set_presence": { "agent": s.agent, "presence": "available" } }),
                                                                        "agent   agent   agent   +       .       +       +       +       +"),
    (|s| json!({ "set_presence_of": { "by": "lea", "agent": s.agent, "presence": { "not_ready": { "reason": "briefing" } } } }),
                                                                        "agent   agent   agent   out     +       +       +       +       +"),
    (|s| json!({ "log_out": { "agent": s.agent } }),                    "agent   agent   agent   +       +       +       .       +       +"),
    (|s| json!({ "log_out": { "agent": s.agent, "how": "hand_back" } }),
                                                                        "agent   agent   agent   .       +       +       .       +       +"),
    (|s| json!({ "log_out": { "agent": s.agent, "how": "force" } }),    "agent   agent   agent   forced  forced  forced  forced  forced  forced"),
    (|s| json!({ "log_out": { "by": "lea", "agent": s.agent } }),       "agent   .       .       .       +       +       .       +       +"),
    (|s| json!({ "log_out": { "by": "lea", "agent": s.agent, "how": "hand_back" } }),
                                                                        "agent   .       .       .       +       +       .       +       +"),
    (|s| json!({ "log_out": { "by": "lea", "agent": s.agent, "how": "force" } }),
                                                                        "agent   .       +       .       +       +       +       +       +"),
    (|s| json!({ "transfer_contact": { "agent": "ben", "contact": of_ben(s), "to": { "agent": s.agent } } }),
                                                                        "agent   agent   agent   out     +       +       +       +       +"),
    (|_| json!({ "device_changed": { "gateway": "g", "endpoint": "PJSIP/none", "state": "in_use" } }),
                                                                        ".       .       .       .       .       .       .       .       ."),
];

/// The first contact of these scenes.
fn of_ben(_stage: &Stage) -> u64 {
    1
}

/// The queues that a command can name.
pub const OF_QUEUES: [State; 6] = [
    ("never named", || queue_scene("fishing", |_| {})),
    ("dropped from the rules", || queue_scene("old", dropped)),
    ("of the rules", || queue_scene("sales", |_| {})),
    ("paused", || queue_scene("sales", |s| s.done(json!({ "pause_queue": { "by": "lea", "queue": "sales" } })))),
    ("paused, then dropped", || {
        queue_scene("old", |s| {
            s.done(json!({ "pause_queue": { "by": "lea", "queue": "old" } }));
            dropped(s);
        })
    }),
    ("of one agent", || queue_scene("@ana", |_| {})),
];

fn queue_scene(queue: &'static str, set: impl FnOnce(&mut Stage)) -> Stage {
    agent_scene(|s| {
        s.arrives("waits", "voice");
        s.queue = queue;
        set(s);
    })
}

#[rustfmt::skip]
pub const QUEUE_ROWS: [Row; 6] = [
    //                                                                                        never dropped rules paused paused-dropped of-agent
    (|s| json!({ "pause_queue": { "by": "lea", "queue": s.queue } }),                        "queue queue   +     .      queue          queue"),
    (|s| json!({ "resume_queue": { "by": "lea", "queue": s.queue } }),                       "queue .       .     +      +              queue"),
    (|s| json!({ "move_contact": { "by": "lea", "contact": s.contact, "queue": s.queue } }), "queue queue   +     +      queue          queue"),
    (|s| json!({ "open_task": { "gateway": "g", "ref": "task-1", "queue": s.queue } }),      "queue queue   +     +      queue          queue"),
    (|s| json!({ "transfer_contact": { "agent": "ben", "contact": of_ben(s), "to": { "queue": s.queue } } }),
                                                                                              "queue queue   +     +      queue          queue"),
    (|s| json!({ "schedule_callback": { "agent": "ben", "contact": of_ben(s), "to": "+33600000002", "queue": s.queue } }),
                                                                                              "queue queue   +     +      queue          queue"),
];

/// Gateways, of which nobody knows the contact "none".
pub const OF_GATEWAYS: [State; 5] = [
    ("before any rules", Stage::without_rules),
    ("never heard", Stage::new),
    ("attached", || scene(|s| s.done(json!({ "attach_gateway": { "gateway": "g" } })))),
    ("detached", || {
        scene(|s| {
            s.done(json!({ "attach_gateway": { "gateway": "g" } }));
            s.done(json!({ "detach_gateway": { "gateway": "g" } }));
        })
    }),
    ("lost", || {
        scene(|s| {
            s.done(json!({ "attach_gateway": { "gateway": "g" } }));
            s.done(json!({ "detach_gateway": { "gateway": "g" } }));
            s.now += 600_000;
        })
    }),
];

#[rustfmt::skip]
pub const GATEWAY_ROWS: [Row; 16] = [
    //                                                                                no-rules never   attached detached lost
    (|_| json!({ "attach_gateway": { "gateway": "g" } }),                            "+        +       .        +        +"),
    (|_| json!({ "detach_gateway": { "gateway": "g" } }),                            ".        .       +        .        ."),
    (|s| json!({ "contact_arrived": { "gateway": "g", "ref": s.reference, "channel": "voice" } }),
                                                                                      "rules    +       +        +        +"),
    (|s| json!({ "contact_updated": { "gateway": "g", "ref": s.reference, "attributes": { "n": 1 } } }),
                                                                                      "unknown  unknown unknown  unknown  unknown"),
    (|s| json!({ "contact_abandoned": { "gateway": "g", "ref": s.reference } }),     "+        +       +        +        +"),
    (|s| json!({ "contact_connected": { "gateway": "g", "ref": s.reference } }),     "unknown  unknown unknown  unknown  unknown"),
    (|s| json!({ "message_passed": { "gateway": "g", "ref": s.reference, "by": "customer" } }),
                                                                                      "unknown  unknown unknown  unknown  unknown"),
    (|s| json!({ "exit_key_pressed": { "gateway": "g", "ref": s.reference, "key": "1" } }),
                                                                                      "unknown  unknown unknown  unknown  unknown"),
    (|_| json!({ "order_done": { "gateway": "g", "order": NEVER } }),                ".        .       .        .        ."),
    (|_| json!({ "order_failed": { "gateway": "g", "order": NEVER, "why": "busy" } }),
                                                                                      "order    order   order    order    order"),
    (|_| json!({ "call_progress": { "gateway": "g", "order": NEVER, "progress": "ringing" } }),
                                                                                      "order    order   order    order    order"),
    (|_| json!({ "gateway_lines": { "gateway": "g", "lines": { "calls_max": 5 } } }), "+        +       +        +        +"),
    (|_| json!({ "inventory": { "gateway": "g", "as_of": 0, "contacts": [] } }),     ".        .       .        .        ."),
    (|s| json!({ "close_contact": { "by": "lea", "contact": s.contact } }),          "unknown  unknown unknown  unknown  unknown"),
    (|s| json!({ "set_presence_of": { "by": "lea", "agent": s.agent, "presence": "available" } }),
                                                                                      "agent    out     out      out      out"),
    (|s| json!({ "pause_queue": { "by": "lea", "queue": s.queue } }),                "queue    +       +        +        +"),
];
