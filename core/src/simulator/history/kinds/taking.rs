//! The names of what taking from the list, and work that names its queue, can come to. Counts nothing.

use std::collections::BTreeSet;

use crate::routing::command::Action;
use crate::routing::event::{Event, Fact, QueuedBy};
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::refusal::Refusal;
use crate::simulator::referee::model::Model;

/// What is taken, how, and how that is refused.
pub const TAKING_KINDS: [&str; 17] = [
    "taken.from_the_list",
    "taken.when_open_already",
    "taken.after_a_decline",
    "taken.before_one_who_came_earlier",
    "taken.set_something_aside",
    "queued.work",
    "work.taken_at_once",
    "work.prefers_somebody",
    "work.waits_for_somebody_alone",
    "work.keeps_somebody_away",
    "work.known_late",
    "refused.not_to_be_offered",
    "refused.never_offered_to_him",
    "refused.work_not_to_be_offered",
    "refused.not_on_the_list",
    "refused.taken_already",
    "refused.work_of_an_unknown_queue",
];

pub(crate) fn is_about_list(action: &Action) -> bool {
    matches!(action, Action::TakeContact { .. } | Action::OpenTask { .. })
}

/// What of this sort one command came to; `before`: the state when it came.
pub(crate) fn of_command(
    action: &Action,
    before: &Model,
    caused: &[Event],
    refused: Option<&Refusal>,
) -> BTreeSet<&'static str> {
    let mut kinds = BTreeSet::new();
    match action {
        Action::TakeContact { agent, contact } => of_take(before, agent, *contact, caused, refused, &mut kinds),
        Action::OpenTask { taken_by, .. } => of_work(taken_by.as_ref(), caused, refused, &mut kinds),
        _other => {}
    }
    kinds
}

fn of_take(
    before: &Model,
    agent: &AgentId,
    contact: ContactId,
    caused: &[Event],
    refused: Option<&Refusal>,
    kinds: &mut BTreeSet<&'static str>,
) {
    let visit = before.contacts.get(&contact).and_then(|known| known.waiting());
    match refused {
        Some(Refusal::NotToBeOffered { .. }) => {
            let never = visit.is_some_and(|visit| visit.never.contains(agent));
            kinds.extend(never.then_some("refused.never_offered_to_him"));
        }
        Some(Refusal::WrongState { .. }) => {
            kinds.insert("refused.taken_already");
        }
        Some(_other) => {}
        None => {
            let Some(visit) = visit.filter(|_| !caused.is_empty()) else { return };
            let taken = caused.iter().any(is_taken);
            let aside = caused.iter().any(|event| matches!(event.fact, Fact::SegmentSetAside { .. }));
            let declined = taken && visit.declined.contains(agent);
            let waits_longer = before
                .all_contacts()
                .filter_map(|other| other.waiting())
                .any(|other| other.queue == visit.queue && other.id != visit.id && other.entered_at < visit.entered_at);
            let all = [
                ("taken.from_the_list", taken),
                ("taken.when_open_already", !taken),
                ("taken.after_a_decline", declined),
                ("taken.before_one_who_came_earlier", taken && waits_longer),
                ("taken.set_something_aside", taken && aside),
            ];
            kinds.extend(all.into_iter().filter(|(_, holds)| *holds).map(|(kind, _)| kind));
        }
    }
}

fn of_work(
    taken_by: Option<&AgentId>,
    caused: &[Event],
    refused: Option<&Refusal>,
    kinds: &mut BTreeSet<&'static str>,
) {
    match refused {
        Some(Refusal::NotToBeOffered { .. }) => {
            kinds.insert("refused.work_not_to_be_offered");
        }
        Some(Refusal::UnknownQueue { .. }) => {
            kinds.insert("refused.work_of_an_unknown_queue");
        }
        Some(_other) => {}
        None => {
            let taken = taken_by.is_some() && caused.iter().any(is_taken);
            kinds.extend(taken.then_some("work.taken_at_once"));
            let aside = caused.iter().any(|event| matches!(event.fact, Fact::SegmentSetAside { .. }));
            kinds.extend((taken && aside).then_some("taken.set_something_aside"));
        }
    }
    for event in caused {
        if let Fact::ContactQueued { cause: QueuedBy::Work, preferred, never, .. } = &event.fact {
            let alone = preferred.as_ref().is_some_and(|preferred| preferred.alone_until.is_some());
            let all = [
                ("queued.work", true),
                ("work.prefers_somebody", preferred.is_some()),
                ("work.waits_for_somebody_alone", alone),
                ("work.keeps_somebody_away", !never.is_empty()),
            ];
            kinds.extend(all.into_iter().filter(|(_, holds)| *holds).map(|(kind, _)| kind));
        }
    }
}

fn is_taken(event: &Event) -> bool {
    matches!(&event.fact, Fact::ContactOffered { why, .. } if why.taken)
}
