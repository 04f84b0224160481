//! Broken on purpose: waiting that counts in opening hours, queues that rise, idle clocks and misses.

use super::*;
use crate::routing::rule_set::{Channel, QueueRules, WhileNotReady};
use crate::simulator::referee::model::{Agent, Contact, OrderKey};

fn is_deferred(contact: &Contact) -> bool {
    matches!(contact.channel, Channel::Email | Channel::Task)
}

/// Gives visits whose keys are as the present rules say another key.
fn change_keys(seen: &mut Model, of: impl Fn(&Contact) -> bool, change: impl Fn(&Model, &Contact, &mut OrderKey)) {
    let right = seen.clone();
    for contact in right.all_contacts().filter(|contact| of(contact) && !contact.is_first) {
        let Some(visit) = &contact.visit else { continue };
        let mut key = right.order_key(contact.id, &visit.queue, visit.priority, visit.ordered_since);
        if key == visit.key {
            change(&right, contact, &mut key);
            seen.visit_mut(contact.id).key = key;
        }
    }
}

/// Queues of this kind are always open; none whose contacts leave when it closes.
fn count_by_the_clock(seen: &mut Model, of: impl Fn(&QueueRules) -> bool) {
    for rules in seen.queues.values_mut() {
        if rules.exits.closed.is_none() && rules.exits.closing.is_none() && of(rules) {
            Arc::make_mut(rules).hours = None;
        }
    }
}

/// As long as it was by the clock, or in opening hours.
fn tell_wait(events: &mut [Event], before: &Model, waited: impl Fn(&Contact, &Visit, Timestamp) -> Millis) {
    for event in events {
        if let Fact::VisitEnded { contact, visit, waited: told, .. } = &mut event.fact
            && let Some(contact) = before.contacts.get(contact)
            && let Some(open) = contact.visit.as_ref().filter(|open| open.id == *visit)
        {
            *told = waited(contact, open, event.at);
        }
    }
}

fn tell_the_right_wait(events: &mut [Event], before: &Model) {
    tell_wait(events, before, |contact, visit, at| before.waited(contact, visit, at));
}

#[test]
fn a_place_by_the_clock_is_caught() {
    struct Sleepless;
    impl Fault for Sleepless {
        fn forget(seen: &mut Model) {
            change_keys(seen, is_deferred, |right, contact, key| {
                let visit = contact.visit.as_ref().expect("its key is changed");
                let mut clocked = right.clone();
                clocked.queues.values_mut().for_each(|rules| Arc::make_mut(rules).hours = None);
                *key = clocked.order_key(contact.id, &visit.queue, visit.priority, visit.ordered_since);
            });
        }
    }
    caught_as::<Sleepless>(&["contact_offered", "estimate"]);
}

#[test]
fn a_head_start_by_the_clock_is_caught() {
    struct HeadStart;
    impl Fault for HeadStart {
        fn forget(seen: &mut Model) {
            change_keys(seen, is_deferred, |right, contact, key| {
                let visit = contact.visit.as_ref().expect("its key is changed");
                let rules = right.queue(&visit.queue);
                let head_start = i64::from(visit.priority) * rules.priority_step.0 + rules.weight.0;
                if !rules.strict {
                    let opened = right.place_in_line(contact.channel, &visit.queue, visit.ordered_since, 0);
                    key.place = opened - head_start;
                }
            });
        }
    }
    caught_as::<HeadStart>(&["contact_offered", "estimate"]);
}

#[test]
fn who_writes_at_night_and_stands_where_he_came_is_caught() {
    struct ByArrival;
    impl Fault for ByArrival {
        fn forget(seen: &mut Model) {
            change_keys(seen, is_deferred, |right, contact, key| {
                let visit = contact.visit.as_ref().expect("its key is changed");
                let rules = right.queue(&visit.queue);
                if rules.strict {
                    key.place = visit.ordered_since.0;
                }
            });
        }
    }
    caught_as::<ByArrival>(&["contact_offered", "estimate"]);
}

#[test]
fn a_step_due_by_the_clock_is_caught() {
    struct Hurried;
    impl Fault for Hurried {
        fn forget(seen: &mut Model) {
            count_by_the_clock(seen, |rules| rules.exits.max_wait.is_none() && rules.rises_at_per_mille.is_none());
        }
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            tell_the_right_wait(events, before);
        }
    }
    caught_as::<Hurried>(&["visit_widened"]);
}

#[test]
fn a_longest_wait_by_the_clock_is_caught() {
    struct Hurried;
    impl Fault for Hurried {
        fn forget(seen: &mut Model) {
            count_by_the_clock(seen, |rules| rules.steps.is_empty() && rules.rises_at_per_mille.is_none());
        }
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            tell_the_right_wait(events, before);
        }
    }
    caught_as::<Hurried>(&["max_wait"]);
}

#[test]
fn a_wait_told_by_the_clock_is_caught() {
    struct Clocked;
    impl Fault for Clocked {
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            tell_wait(events, before, |_, visit, at| at.since(visit.entered_at));
        }
    }
    caught_as::<Clocked>(&["waited"]);
}

/// Read by entry conditions and steps of other queues.
#[test]
fn a_longest_wait_that_conditions_read_by_the_clock_is_caught() {
    struct Figured;
    impl Fault for Figured {
        fn forget(seen: &mut Model) {
            count_by_the_clock(seen, |rules| {
                rules.steps.is_empty() && rules.exits.max_wait.is_none() && rules.rises_at_per_mille.is_none()
            });
        }
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            tell_the_right_wait(events, before);
        }
    }
    caught_as::<Figured>(&["contact_queued", "visit_widened", "visit_changed"]);
}

#[test]
fn a_queue_that_rises_too_early_is_caught() {
    struct Early;
    impl Fault for Early {
        fn forget(seen: &mut Model) {
            for rules in seen.queues.values_mut().map(Arc::make_mut) {
                rules.rises_at_per_mille = rules.rises_at_per_mille.map(|per_mille| per_mille / 2);
            }
        }
    }
    assert!(caught_as::<Early>(&["queue_raised"]).to_string().contains("got"));
}

#[test]
fn a_queue_that_rises_too_late_is_caught() {
    struct Late;
    impl Fault for Late {
        fn forget(seen: &mut Model) {
            for rules in seen.queues.values_mut().map(Arc::make_mut) {
                rules.rises_at_per_mille = rules.rises_at_per_mille.map(|per_mille| per_mille + 1);
            }
        }
    }
    caught_as::<Late>(&["queue_raised"]);
}

#[test]
fn a_queue_that_rises_by_the_clock_is_caught() {
    struct Clocked;
    impl Fault for Clocked {
        fn forget(seen: &mut Model) {
            count_by_the_clock(seen, |rules| rules.steps.is_empty() && rules.exits.max_wait.is_none());
        }
        fn spoil(events: &mut Vec<Event>, before: &Model) {
            tell_the_right_wait(events, before);
        }
    }
    caught_as::<Clocked>(&["queue_raised"]);
}

#[test]
fn a_queue_that_is_never_lowered_is_caught() {
    struct High;
    impl Fault for High {
        fn spoil(events: &mut Vec<Event>, _before: &Model) {
            events.retain(|event| !matches!(event.fact, Fact::QueueLowered { .. }));
        }
    }
    assert!(caught::<High>().to_string().contains("queue_lowered"));
}

/// Whoever stood there before it rose stays in his tier.
#[test]
fn keys_that_are_not_renewed_when_a_queue_rises_are_caught() {
    struct Stale;
    impl Fault for Stale {
        fn forget(seen: &mut Model) {
            let mut low = seen.clone();
            low.raised.clear();
            change_keys(
                seen,
                |_| true,
                |_, contact, key| {
                    let visit = contact.visit.as_ref().expect("its key is changed");
                    *key = low.order_key(contact.id, &visit.queue, visit.priority, visit.ordered_since);
                },
            );
        }
    }
    caught_as::<Stale>(&["contact_offered", "estimate"]);
}

#[test]
fn a_tier_before_the_first_is_caught() {
    struct TierZero;
    impl Fault for TierZero {
        fn forget(seen: &mut Model) {
            let mut low = seen.clone();
            low.raised.clear();
            change_keys(
                seen,
                |_| true,
                |right, contact, key| {
                    let visit = contact.visit.as_ref().expect("its key is changed");
                    let own = low.order_key(contact.id, &visit.queue, visit.priority, visit.ordered_since);
                    if right.raised.contains(&visit.queue) {
                        key.tier = own.tier - 1;
                    }
                },
            );
        }
    }
    caught_as::<TierZero>(&["contact_offered", "estimate"]);
}

/// The agent of an event, as he was, and as he is.
fn agent_of<'a>(after: &'a mut Model, before: &Model, event: &Event) -> Option<(&'a mut Agent, Agent)> {
    let agent = match &event.fact {
        Fact::AgentChanged { agent, .. } | Fact::OfferEnded { agent, .. } => agent,
        _other => return None,
    };
    let number = before.agent_no(agent)?;
    Some((&mut after.agents[number], before.agents[number].clone()))
}

/// The agent's idle time takes no notice of this setting.
fn ignore_setting(after: &mut Model, before: &Model, event: &Event, of: impl Fn(&OfferOutcome) -> bool, resets: bool) {
    let Fact::OfferEnded { outcome, .. } = &event.fact else { return };
    if of(outcome)
        && let Some((agent, was)) = agent_of(after, before, event)
    {
        (agent.idle_since, agent.paused_at) = (was.idle_since, was.paused_at);
        if resets {
            agent.idle_from(event.at);
        }
    }
}

#[test]
fn an_idle_clock_that_always_pauses_is_caught() {
    struct Paused;
    impl Fault for Paused {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            let setting = before.site().idle_clock.not_ready;
            if let Some((agent, was)) = agent_of(after, before, event)
                && let Some(paused_at) = was.paused_at.filter(|_| agent.paused_at.is_none())
                && setting != WhileNotReady::Pauses
            {
                agent.idle_since = was.idle_since + event.at.since(paused_at);
            }
        }
    }
    caught_as::<Paused>(&["contact_offered"]);
}

#[test]
fn a_miss_that_always_resets_the_idle_clock_is_caught() {
    struct Reset;
    impl Fault for Reset {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            ignore_setting(after, before, event, |outcome| *outcome == OfferOutcome::Expired, true);
        }
    }
    caught_as::<Reset>(&["contact_offered"]);
}

#[test]
fn a_decline_that_always_resets_the_idle_clock_is_caught() {
    struct Reset;
    impl Fault for Reset {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            let declined = |outcome: &OfferOutcome| matches!(outcome, OfferOutcome::Declined { .. });
            ignore_setting(after, before, event, declined, true);
        }
    }
    caught_as::<Reset>(&["contact_offered"]);
}

#[test]
fn a_rescinded_offer_that_never_resets_the_idle_clock_is_caught() {
    struct Runs;
    impl Fault for Runs {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            ignore_setting(after, before, event, |outcome| *outcome == OfferOutcome::Rescinded, false);
        }
    }
    caught_as::<Runs>(&["contact_offered"]);
}

#[test]
fn misses_that_all_channels_share_are_caught() {
    struct Shared;
    impl Fault for Shared {
        const MISREADS: bool = true;
        fn misread(after: &mut Model, before: &Model, event: &Event) {
            if let Fact::OfferEnded { outcome: OfferOutcome::Expired, .. } = &event.fact
                && let Some((agent, was)) = agent_of(after, before, event)
            {
                agent.misses.0 = was.misses.0.map(|misses| misses + 1);
            }
        }
    }
    caught_as::<Shared>(&["agent_changed"]);
}
