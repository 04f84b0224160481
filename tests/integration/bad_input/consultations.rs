//! What commands meet while one agent asks another: `ana` has a customer and asks `ben`. The words are those of
//! the other tables.

use serde_json::{Value, json};

use super::stage::Stage;
use super::tables::{Row, State, scene};

fn asked(s: &mut Stage) {
    s.talks("ana", "1", "voice");
    s.there("ben");
    s.done(json!({ "consult": { "agent": "ana", "contact": s.contact, "to": { "agent": "ben" } } }));
}

fn consulted(s: &mut Stage) {
    asked(s);
    s.accepted();
    s.done(json!({ "contact_connected": { "gateway": "g", "ref": reference(s) } }));
}

fn of_ana(s: &Stage, command: &str) -> Value {
    json!({ command: { "agent": "ana", "contact": s.contact } })
}

fn reference(s: &Stage) -> String {
    format!("consult-{}", s.consultation)
}

pub const OF_CONSULTATIONS: [State; 6] = [
    ("ben is offered it", || scene(asked)),
    ("ben talks with ana", || scene(consulted)),
    ("ana is back with the customer", || {
        scene(|s| {
            consulted(s);
            s.done(of_ana(s, "swap_consultation"));
        })
    }),
    ("a conference", || {
        scene(|s| {
            consulted(s);
            s.done(of_ana(s, "join_conference"));
        })
    }),
    ("the customer has left", || {
        scene(|s| {
            consulted(s);
            s.over();
        })
    }),
    ("over", || {
        scene(|s| {
            consulted(s);
            s.done(of_ana(s, "cancel_consultation"));
        })
    }),
];

#[rustfmt::skip]
pub const CONSULTATION_ROWS: [Row; 31] = [
    //                                                                    offered    talking    swapped    conference left       over
    (|s| of_ana(s, "hold_contact"),                                      ".          free       free       free       ended      +"),
    (|s| of_ana(s, "unhold_contact"),                                    "+          free       free       free       ended      ."),
    (|s| of_ana(s, "complete_consultation"),                             "colleague  +          +          +          ended      asking"),
    (|s| of_ana(s, "cancel_consultation"),                               "+          +          +          +          ended      asking"),
    (|s| of_ana(s, "swap_consultation"),                                 "colleague  +          +          joined     ended      asking"),
    (|s| of_ana(s, "join_conference"),                                   "colleague  +          +          .          ended      asking"),
    (|s| of_ana(s, "leave_contact"),                                     "colleague  +          +          +          ended      asking"),
    (|s| of_ana(s, "end_contact"),                                       "+          +          +          +          ended      +"),
    (|s| json!({ "transfer_contact": { "agent": "ana", "contact": s.contact, "to": { "queue": "sales" } } }),
                                                                          "free       free       free       free       ended      +"),
    (|s| json!({ "transfer_outside": { "agent": "ana", "contact": s.contact, "to": "+33600000002" } }),
                                                                          "free       free       free       free       ended      +"),
    (|s| json!({ "escalate_contact": { "agent": "ana", "contact": s.contact, "reason": "angry" } }),
                                                                          "free       free       free       free       ended      +"),
    (|s| json!({ "consult": { "agent": "ana", "contact": s.contact, "to": { "queue": "sales" } } }),
                                                                          "free       free       free       free       ended      +"),
    (|s| json!({ "hold_contact": { "agent": "ana", "contact": s.consultation } }),
                                                                          "theirs     theirs     theirs     theirs     theirs     past"),
    (|s| json!({ "end_contact": { "agent": "ana", "contact": s.consultation } }),
                                                                          "+          +          +          +          +          past"),
    (|s| json!({ "leave_contact": { "agent": "ana", "contact": s.consultation } }),
                                                                          "+          +          +          +          +          past"),
    (|s| json!({ "hold_contact": { "agent": "ben", "contact": s.consultation } }),
                                                                          "theirs     customer   customer   customer   customer   past"),
    (|s| json!({ "transfer_contact": { "agent": "ben", "contact": s.consultation, "to": { "queue": "sales" } } }),
                                                                          "theirs     customer   customer   customer   customer   past"),
    (|s| json!({ "consult": { "agent": "ben", "contact": s.consultation, "to": { "agent": "ana" } } }),
                                                                          "theirs     customer   customer   customer   customer   past"),
    (|s| json!({ "escalate_contact": { "agent": "ben", "contact": s.consultation, "reason": "angry" } }),
                                                                          "theirs     customer   customer   customer   customer   past"),
    (|s| json!({ "end_contact": { "agent": "ben", "contact": s.consultation } }),
                                                                          "theirs     +          +          +          +          past"),
    (|s| json!({ "leave_contact": { "agent": "ben", "contact": s.consultation } }),
                                                                          "theirs     +          +          +          +          past"),
    (|_| json!({ "party_left": { "gateway": "g", "ref": "1", "agent": "ana" } }),
                                                                          "+          +          +          +          ended      +"),
    (|_| json!({ "party_left": { "gateway": "g", "ref": "1", "agent": "ben" } }),
                                                                          "hand       +          +          +          ended      hand"),
    (|s| json!({ "party_left": { "gateway": "g", "ref": reference(s), "agent": "ana" } }),
                                                                          "+          +          +          +          +          past"),
    (|s| json!({ "party_left": { "gateway": "g", "ref": reference(s), "agent": "ben" } }),
                                                                          "theirs     +          +          +          +          past"),
    (|s| json!({ "move_contact": { "by": "lea", "contact": s.consultation, "queue": "sales" } }),
                                                                          "customer   customer   customer   customer   customer   past"),
    (|s| json!({ "assign_contact": { "by": "lea", "contact": s.consultation, "agent": "ben" } }),
                                                                          "customer   customer   customer   customer   customer   past"),
    (|s| json!({ "prioritise_contact": { "by": "lea", "contact": s.consultation, "priority": 3 } }),
                                                                          "customer   customer   customer   customer   customer   past"),
    (|s| json!({ "close_contact": { "by": "lea", "contact": s.consultation } }),
                                                                          "+          +          +          +          +          past"),
    (|s| json!({ "exit_key_pressed": { "gateway": "g", "ref": reference(s), "key": "1" } }),
                                                                          ".          .          .          .          .          past"),
    (|s| json!({ "contact_ended": { "gateway": "g", "ref": reference(s), "by": "gateway" } }),
                                                                          "+          +          +          +          +          ."),
];
