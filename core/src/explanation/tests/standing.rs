//! Where a contact stands, whom it could go to, and what comes next.

use serde_json::json;

use super::stage::{Stage, one_queue};
use crate::explanation::between::{Away, Between, Work};
use crate::explanation::contact::Standing;
use crate::explanation::decision::{Decision, Said, explain_decision};
use crate::explanation::outlook::{Next, Paused};
use crate::explanation::requirement::Missing;
use crate::routing::event::{Fact, QueuedBy};
use crate::routing::ids::{ContactId, EventNo};
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::Exit;
use crate::routing::time::{Millis, Timestamp};

#[test]
fn everybody_has_a_reason_and_the_sums_are_right() {
    let queue = json!({ "skills": { "billing": 3 }, "agents": "agent.id != 'eve'", "wrap_up": { "max": 30_000 } });
    let agents = json!({
        "ana": { "skills": { "billing": 5 } }, "ben": { "skills": { "billing": 3 } },
        "cid": { "skills": { "billing": 2 } }, "dan": {}, "eve": { "skills": { "billing": 9 } },
        "fay": { "skills": { "billing": 3 } }, "gus": { "skills": { "billing": 3 } },
        "hal": { "skills": { "billing": 3 }, "phone": { "mode": "none" } },
        "ida": { "skills": { "billing": 3 } },
    });
    let mut stage = Stage::new(one_queue(queue, agents));
    stage.available(0, "ana");
    stage.calls(1, "1", json!({}));
    stage.talks(2, "ana", "1");
    stage.available(3, "ben");
    stage.calls(4, "22", json!({}));
    stage.talks(5, "ben", "22");
    stage.ends(10, "22");
    stage.tell(11, json!({ "set_presence": { "agent": "fay", "presence": { "not_ready": { "reason": "lunch" } } } }));
    let offered = stage.calls(11, "333", json!({}));
    stage.available(11, "ida");
    let contact = stage.calls(12, "4444", json!({ "customer": { "never_offer": ["gus"] } }));

    let between = |agent| stage.between(contact, agent);
    assert_eq!(between("ana"), Between::Works(Work::Busy { contact: ContactId(1) }));
    assert!(matches!(between("ben"), Between::Works(Work::WrapUp { ends_at: Timestamp(40_000), .. })));
    assert!(
        matches!(between("cid"), Between::Missing(Missing::Skill { asked, has: Some(has), .. }) if asked.get() == 3 && has.get() == 2)
    );
    assert!(matches!(between("dan"), Between::Missing(Missing::Skill { has: None, .. })));
    assert!(matches!(between("eve"), Between::Missing(Missing::Condition { queue }) if queue.as_str() == "billing"));
    assert_eq!(between("fay"), Between::Away(Away::NotReady { reason: "lunch".into() }));
    assert_eq!(between("gus"), Between::Missing(Missing::NeverOffered));
    assert_eq!(between("hal"), Between::Missing(Missing::NoPhone));
    assert_eq!(between("ida"), Between::Works(Work::Offered { contact: offered, expires_at: Timestamp(26_000) }));

    let waiting = stage.waiting(contact);
    assert_eq!((waiting.place, waiting.waiting), (2, 2));
    let totals = &waiting.totals;
    assert_eq!((totals.agents, totals.matched), (9, 4));
    assert_eq!((totals.busy, totals.wrap_up, totals.offered_another, totals.away), (1, 1, 1, 1));
    assert!(matches!(&waiting.cause, QueuedBy::Entry { rule } if &**rule == "everyone"));

    let of_offered = stage.waiting(offered);
    assert_eq!((of_offered.totals.offered, of_offered.outlook.paused), (1, Some(Paused::Offered)));
    let told = stage.agent("ida");
    assert_eq!((told.waiting_in_all, told.in_hand.len(), told.used), (2, 1, 100));
}

#[test]
fn the_next_step_and_the_next_exit_have_their_times() {
    let queue = json!({
        "skills": { "billing": 5 },
        "steps": [
            { "after": 30_000, "skills": { "billing": 1 } },
            { "after": 10_000, "when": "queue('billing').waiting > 5", "priority": 1 },
            { "when_nobody_could_match": true, "move_to": "gone" },
        ],
        "exits": { "max_wait": { "after": 120_000, "action": "hang_up" }, "keys": { "1": { "voicemail": { "mailbox": null } } } },
    });
    let mut stage = Stage::new(one_queue(queue, json!({ "ana": { "skills": { "billing": 1 } } })));
    let contact = stage.calls(0, "1", json!({}));
    let outlook = stage.waiting(contact).outlook;
    assert_eq!(outlook.next_step(stage.now), Some(Next { what: 2, at: Some(Timestamp(10_000)) }));
    assert_eq!(outlook.next_exit(stage.now), Some(Next { what: Exit::MaxWait, at: Some(Timestamp(120_000)) }));
    assert!(outlook.steps[2].leads_nowhere);
    stage.pass(20);
    let outlook = stage.waiting(contact).outlook;
    assert_eq!(outlook.next_step(stage.now), Some(Next { what: 1, at: Some(Timestamp(30_000)) }));
    assert!(outlook.steps[1].when.as_ref().is_some_and(|when| !when.holds && when.failed.is_none()));
    stage.pass(40);
    let outlook = stage.waiting(contact).outlook;
    assert!(outlook.steps[0].taken);
    assert_eq!(outlook.next_step(stage.now), Some(Next { what: 2, at: None }), "once its condition holds");
}

#[test]
fn a_contact_that_does_not_wait_says_where_it_is() {
    let mut stage = Stage::new(one_queue(json!({ "wrap_up": { "max": 30_000 } }), json!({ "ana": {} })));
    stage.available(0, "ana");
    let call = stage.calls(1, "1", json!({}));
    stage.accepts(2, "ana");
    assert!(matches!(stage.contact(call).stands, Standing::InHand { agent, .. } if agent.as_str() == "ana"));
    stage.ends(3, "1");
    assert!(super::super::contact::explain_contact(stage.router.state(), call, stage.now).is_none());
    let mail = stage.arrives(4, "22", "email", json!({}));
    stage.talks(5, "ana", "22");
    stage.tell(6, json!({ "suspend_contact": { "agent": "ana", "contact": mail, "until": 60_000 } }));
    assert!(matches!(stage.contact(mail).stands, Standing::Suspended { until: Some(Timestamp(60_000)), .. }));
}

/// Every decision of a history, asked before it was made.
#[test]
fn the_candidates_of_an_offer_stand_in_order_and_the_first_was_chosen() {
    let queue = json!({ "skills": { "billing": 1 }, "select": ["best_skill", "longest_idle"] });
    let agents = json!({ "ana": { "skills": { "billing": 5 } }, "ben": { "skills": { "billing": 7 } }, "cid": { "skills": { "billing": 5 } } });
    let mut rules = one_queue(queue, agents);
    rules["entry"] = json!([
        { "name": "gold", "queue": "billing", "when": "customer.tier == 'gold'" },
        { "name": "everyone", "queue": "billing" },
    ]);
    let mut stage = Stage::new(rules);
    for (at, agent) in [(0, "cid"), (1, "ana"), (2, "ben")] {
        stage.available(at, agent);
    }
    stage.calls(3, "1", json!({}));
    let mut past = ContactRouter::new();
    let mut asked = Vec::new();
    for event in &stage.events {
        asked.extend(explain_decision(past.state(), event));
        past.evolve(event);
    }
    let [entered, offered] = &asked[..] else { panic!("{asked:?}") };
    assert!(matches!(&entered.decision, Decision::Entered { rule, .. } if &**rule == "everyone"));
    let said: Vec<Said> = entered.entry.iter().map(|verdict| verdict.said).collect();
    assert_eq!(said, [Said::Failed, Said::Holds], "an error is shown and counts as not holding");
    assert!(entered.entry[0].failed.is_some());
    assert_eq!(entered.before.stands, Standing::Between);
    let order: Vec<(&str, &[i64])> =
        offered.candidates.iter().map(|candidate| (candidate.agent.as_str(), &candidate.values[..])).collect();
    assert_eq!(order, [("ben", &[-7, 2_000][..]), ("cid", &[-5, 0]), ("ana", &[-5, 1_000])]);
    assert_eq!((offered.agrees, entered.agrees), (Some(true), Some(true)));
    assert_eq!(offered.event, EventNo(offered.event.0));
    let Standing::Waiting(before) = &offered.before.stands else { panic!("it waited") };
    assert_eq!(before.agents[0].agent.as_str(), "ben");
    assert_eq!(before.head_start, Millis::ZERO);
}

/// An explanation that were always content would be worth nothing.
#[test]
fn a_record_that_says_something_else_is_found_out() {
    let mut stage = Stage::new(one_queue(json!({}), json!({ "ana": {}, "ben": {} })));
    stage.available(0, "ana");
    stage.available(1, "ben");
    stage.calls(2, "1", json!({}));
    let mut past = ContactRouter::new();
    for event in &stage.events {
        if let Fact::ContactOffered { agent, why, .. } = &event.fact {
            assert_eq!(explain_decision(past.state(), event).unwrap().agrees, Some(true));
            let mut forged = event.clone();
            if let Fact::ContactOffered { agent, .. } = &mut forged.fact {
                *agent = crate::routing::ids::AgentId::new("ben").unwrap();
            }
            assert_eq!(agent.as_str(), "ana");
            assert_eq!(explain_decision(past.state(), &forged).unwrap().agrees, Some(false));
            let mut forged = event.clone();
            if let Fact::ContactOffered { why: recorded, .. } = &mut forged.fact {
                recorded.matched = why.matched + 1;
            }
            assert_eq!(explain_decision(past.state(), &forged).unwrap().agrees, Some(false));
        }
        past.evolve(event);
    }
}
