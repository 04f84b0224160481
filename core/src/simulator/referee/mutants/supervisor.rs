//! Routers that obey supervisors wrongly, or let agents go in the wrong way.

use std::sync::Arc;

use super::super::model::Model;
use super::{Fault, caught, caught_as, open_visits};
use crate::routing::command::{Action, EndedBy, LegFailure, LogOutHow, Presence, PresenceWhen};
use crate::routing::event::{AgentChange, Event, Fact, QueuedBy, Reach, VisitEnd};
use crate::routing::hold::BackOffCause;
use crate::routing::time::Millis;

fn queued(events: &mut [Event]) -> impl Iterator<Item = &mut Fact> {
    events.iter_mut().map(|event| &mut event.fact).filter(|fact| matches!(fact, Fact::ContactQueued { .. }))
}

#[test]
fn events_that_do_not_say_who_ordered_them_are_caught() {
    struct Anonymous;
    impl Fault for Anonymous {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.iter_mut().for_each(|event| event.by = None);
        }
    }
    assert!(caught::<Anonymous>().to_string().contains(r#""by":"#));
}

#[test]
fn a_match_after_an_order_that_names_nobody_is_caught() {
    struct OwnWill;
    impl Fault for OwnWill {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let offers = events.iter_mut().filter(|event| matches!(event.fact, Fact::ContactOffered { .. }));
            offers.for_each(|event| event.by = None);
        }
    }
    caught_as::<OwnWill>(&["contact_offered"]);
}

#[test]
fn a_pause_that_holds_nothing_is_caught() {
    struct Restless;
    impl Fault for Restless {
        fn forget(seen: &mut Model) {
            seen.paused.clear();
        }
    }
    caught_as::<Restless>(&["contact_offered"]);
}

#[test]
fn a_pause_that_the_snapshot_forgets_is_caught() {
    struct Forgetful;
    impl Fault for Forgetful {
        fn spoil_restored(restored: &mut Model) {
            restored.paused.clear();
        }
    }
    caught_as::<Forgetful>(&["paused"]);
}

#[test]
fn a_pause_that_ends_when_rules_drop_the_queue_is_caught() {
    struct Lenient;
    impl Fault for Lenient {
        fn forget(seen: &mut Model) {
            if let Some(rules) = &seen.rules {
                seen.paused.retain(|queue| rules.queues.contains_key(queue));
            }
        }
    }
    caught_as::<Lenient>(&["contact_offered", "queue_resumed"]);
}

#[test]
fn a_pause_of_a_queue_that_is_in_no_rules_is_caught() {
    struct Credulous;
    impl Fault for Credulous {
        fn forget(seen: &mut Model) {
            if let Some(rules) = &mut seen.rules {
                let rules = Arc::make_mut(rules);
                for (id, queue) in &seen.queues {
                    rules.queues.entry(id.clone()).or_insert_with(|| Arc::clone(queue));
                }
            }
        }
    }
    caught_as::<Credulous>(&["queue_paused", "UnknownQueue"]);
}

#[test]
fn a_paused_queue_whose_estimates_stop_is_caught() {
    struct Silent;
    impl Fault for Silent {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            for fact in queued(events) {
                if let Fact::ContactQueued { queue, estimate, .. } = fact
                    && before.paused.contains(queue)
                {
                    *estimate = None;
                }
            }
        }
    }
    caught_as::<Silent>(&["estimate"]);
}

#[test]
fn a_resumed_queue_that_is_offered_later_is_caught() {
    struct Slow;
    impl Fault for Slow {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            if events.iter().any(|event| matches!(event.fact, Fact::QueueResumed { .. })) {
                events.truncate(1);
            }
        }
    }
    caught_as::<Slow>(&["contact_offered"]);
}

#[test]
fn a_moved_contact_that_loses_its_place_is_caught() {
    struct Displaced;
    impl Fault for Displaced {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactQueued {
                    cause: QueuedBy::Moved | QueuedBy::Assigned | QueuedBy::HandedBack { .. },
                    ordered_since,
                    ..
                } = &mut event.fact
                {
                    *ordered_since = event.at;
                }
            }
        }
    }
    caught_as::<Displaced>(&[r#""cause":"moved""#]);
    caught_as::<Displaced>(&[r#""cause":"assigned""#]);
    caught_as::<Displaced>(&["handed_back"]);
}

#[test]
fn a_moved_contact_that_takes_its_priority_along_is_caught() {
    struct Laden;
    impl Fault for Laden {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            for fact in queued(events) {
                if let Fact::ContactQueued { contact, cause: QueuedBy::Moved, priority, skills, .. } = fact
                    && let Some(visit) = before.contacts.get(contact).and_then(|contact| contact.visit.as_ref())
                {
                    *priority = visit.priority;
                    skills.clone_from(&visit.skills);
                }
            }
        }
    }
    caught_as::<Laden>(&[r#""cause":"moved""#]);
}

#[test]
fn an_assigned_contact_that_does_not_fall_back_as_it_was_is_caught() {
    struct Careless;
    impl Fault for Careless {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for fact in queued(events) {
                if let Fact::ContactQueued { cause: QueuedBy::Assigned, direct: Some(direct), .. } = fact {
                    direct.skills.clear();
                    direct.priority = 0;
                }
            }
        }
    }
    caught_as::<Careless>(&[r#""cause":"assigned""#]);
}

#[test]
fn an_assigned_contact_that_waits_for_another_time_is_caught() {
    struct Patient;
    impl Fault for Patient {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for fact in queued(events) {
                if let Fact::ContactQueued { cause: QueuedBy::Assigned, direct: Some(direct), .. } = fact {
                    direct.until = direct.until + Millis(1);
                }
            }
        }
    }
    caught_as::<Patient>(&["until"]);
}

#[test]
fn an_order_over_what_the_customer_may_never_get_is_caught() {
    struct Overruling;
    impl Fault for Overruling {
        fn forget(seen: &mut Model) {
            open_visits(seen).for_each(|visit| visit.never.clear());
        }
    }
    caught_as::<Overruling>(&["AnAgentTheCustomerMayGet"]);
}

#[test]
fn a_priority_that_does_not_stay_is_caught() {
    struct Fickle;
    impl Fault for Fickle {
        fn forget(seen: &mut Model) {
            open_visits(seen).for_each(|visit| visit.priority_is_ordered = false);
        }
    }
    caught_as::<Fickle>(&["visit_changed"]);
}

#[test]
fn a_priority_that_orders_nothing_is_caught() {
    struct Idle;
    impl Fault for Idle {
        fn forget(seen: &mut Model) {
            let ordered: Vec<_> = seen
                .all_contacts()
                .filter_map(|contact| Some((contact.id, contact.visit.clone()?)))
                .filter(|(_, visit)| visit.priority_is_ordered)
                .collect();
            for (contact, visit) in ordered {
                let own = seen.queue(&visit.queue).priority;
                seen.visit_mut(contact).key = seen.order_key(contact, &visit.queue, own, visit.ordered_since);
            }
        }
    }
    caught_as::<Idle>(&["contact_offered", "estimate"]);
}

#[test]
fn a_priority_out_of_bounds_is_caught() {
    struct Boundless;
    impl Fault for Boundless {
        fn mishear(action: &mut Action) {
            if let Action::PrioritiseContact { priority, .. } = action {
                *priority = (*priority).clamp(-1_000, 1_000);
            }
        }
    }
    caught_as::<Boundless>(&["FromMinus1000To1000"]);
}

#[test]
fn a_closed_contact_that_counts_as_something_else_is_caught() {
    struct ByRouter;
    impl Fault for ByRouter {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::ContactEnded { by: by @ EndedBy::Supervisor, .. } = &mut event.fact {
                    *by = EndedBy::Router;
                }
            }
        }
    }
    caught_as::<ByRouter>(&["supervisor"]);
    struct Abandoned;
    impl Fault for Abandoned {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let ordered = events.iter_mut().filter(|event| event.by.is_some());
            for event in ordered {
                if let Fact::VisitEnded { end: end @ VisitEnd::Withdrawn, .. } = &mut event.fact {
                    *end = VisitEnd::Abandoned { short: false };
                }
            }
        }
    }
    caught_as::<Abandoned>(&["withdrawn"]);
}

#[test]
fn a_closed_contact_without_wrap_up_is_caught() {
    struct Abrupt;
    impl Fault for Abrupt {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let closed =
                events.iter().any(|event| matches!(event.fact, Fact::ContactEnded { by: EndedBy::Supervisor, .. }));
            events.retain(|event| !closed || !matches!(event.fact, Fact::WrapUpStarted { .. }));
        }
    }
    caught_as::<Abrupt>(&["wrap_up_started"]);
}

#[test]
fn a_presence_set_at_the_wrong_time_is_caught() {
    struct AtOnce;
    impl Fault for AtOnce {
        fn mishear(action: &mut Action) {
            if let Action::SetPresenceOf { when, .. } = action {
                *when = PresenceWhen::Now;
            }
        }
    }
    caught_as::<AtOnce>(&["set_by_supervisor"]);
}

#[test]
fn a_supervisors_word_taken_for_the_agents_own_is_caught() {
    struct Confused;
    impl Fault for Confused {
        fn mishear(action: &mut Action) {
            if let Action::SetPresenceOf { agent, presence, when, .. } = action
                && *presence != Presence::Offline
            {
                let (agent, presence, when) = (agent.clone(), presence.clone(), *when);
                *action = Action::SetPresence { agent, presence, when };
            }
        }
    }
    caught_as::<Confused>(&["set_by_supervisor"]);
    struct Present;
    impl Fault for Present {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            for event in events {
                if let Fact::AgentChanged {
                    reach, cause: AgentChange::SetBySupervisor | AgentChange::LoggedOut, ..
                } = &mut event.fact
                {
                    *reach = Reach::Here;
                }
            }
        }
    }
    caught_as::<Present>(&["set_by_supervisor"]);
    caught_as::<Present>(&["logged_out"]);
}

#[test]
fn a_supervisor_who_logs_somebody_in_is_caught() {
    struct Generous;
    impl Fault for Generous {
        fn forget(seen: &mut Model) {
            for agent in seen.agents.iter_mut().filter(|agent| agent.presence == Presence::Offline) {
                agent.presence = Presence::NotReady { reason: Arc::from("away") };
            }
        }
    }
    caught_as::<Generous>(&["AgentNotLoggedIn"]);
}

/// Takes one way to be logged out for another.
fn mistake(action: &mut Action, one: LogOutHow, other: LogOutHow) {
    if let Action::LogOut { by: Some(_), how, .. } = action
        && *how == one
    {
        *how = other;
    }
}

#[test]
fn a_log_out_in_another_way_is_caught() {
    struct KeepsTickets;
    impl Fault for KeepsTickets {
        fn mishear(action: &mut Action) {
            mistake(action, LogOutHow::HandBack, LogOutHow::Finish);
        }
    }
    caught_as::<KeepsTickets>(&["contact_returned"]);
    struct TakesCalls;
    impl Fault for TakesCalls {
        fn mishear(action: &mut Action) {
            mistake(action, LogOutHow::HandBack, LogOutHow::Force);
        }
    }
    caught_as::<TakesCalls>(&["contact_returned", "connect_failed", "segment_closed"]);
    struct LeavesCalls;
    impl Fault for LeavesCalls {
        fn mishear(action: &mut Action) {
            mistake(action, LogOutHow::Force, LogOutHow::HandBack);
        }
    }
    caught_as::<LeavesCalls>(&["called_off", "contact_returned"]);
    struct Hard;
    impl Fault for Hard {
        fn mishear(action: &mut Action) {
            mistake(action, LogOutHow::Finish, LogOutHow::Force);
        }
    }
    caught_as::<Hard>(&["contact_returned", "connect_failed", "segment_closed"]);
}

#[test]
fn an_agent_who_forces_himself_is_caught() {
    struct Obliging;
    impl Fault for Obliging {
        fn mishear(action: &mut Action) {
            if let Action::LogOut { by: None, how: how @ LogOutHow::Force, .. } = action {
                *how = LogOutHow::HandBack;
            }
        }
    }
    caught_as::<Obliging>(&["ForcedByASupervisorOnly"]);
}

#[test]
fn an_agent_who_rests_for_a_leg_that_was_called_off_is_caught() {
    struct Blaming;
    impl Fault for Blaming {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let called_off =
                |event: &Event| matches!(event.fact, Fact::ConnectFailed { why: LegFailure::CalledOff, .. });
            if let Some(place) = events.iter().position(called_off)
                && let Fact::ConnectFailed { agent, .. } = events[place].fact.clone()
            {
                let mut rests = events[place].clone();
                let until = rests.at + Millis::seconds(5);
                rests.fact = Fact::AgentBackedOff { agent, until, cause: BackOffCause::Failed };
                events.insert(place + 1, rests);
            }
        }
    }
    caught_as::<Blaming>(&["agent_backed_off"]);
}

#[test]
fn a_wrap_up_that_outlives_its_forced_agent_is_caught() {
    struct Lingering;
    impl Fault for Lingering {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            let forced = events.iter().any(|event| matches!(event.fact, Fact::ContactReturned { .. }));
            let wraps = |segment| {
                let all = before.all_contacts().flat_map(|contact| &contact.segments);
                all.into_iter().any(|open| open.id == segment && !open.in_hand())
            };
            events.retain(|event| match &event.fact {
                Fact::SegmentClosed { segment, .. } => !(forced && event.by.is_some() && wraps(*segment)),
                _other => true,
            });
        }
    }
    caught_as::<Lingering>(&["segment_closed"]);
}

#[test]
fn offers_left_with_an_agent_who_is_logged_out_are_caught() {
    struct Open;
    impl Fault for Open {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            let out = events
                .iter()
                .any(|event| matches!(event.fact, Fact::AgentChanged { cause: AgentChange::LoggedOut, .. }));
            events.retain(|event| !out || !matches!(event.fact, Fact::OfferEnded { .. }));
        }
    }
    caught_as::<Open>(&["offer_ended"]);
}
