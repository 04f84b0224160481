//! `hours` and `[queue.NAME.exit]`: how contacts leave a queue without being served. Looks up neither calendar nor queue.

use std::ops::Range;

use super::keys::{self, Keys};
use super::table::{Table, Value};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::{ExitAction, ExitRules, FullExit, MaxWaitExit};

/// Most that may wait before a queue counts as full.
pub const MAX_WAITING_MAX: u32 = 100_000;

const ACTIONS_LATER: [&str; 3] = ["voicemail", "callback", "announce"];

/// The exits of a queue as read, and where their moves stand.
#[derive(Default)]
pub(super) struct ExitsDraft {
    pub(super) rules: ExitRules,
    /// The queues of `move_to`, and where each is named.
    pub(super) moves: Vec<(QueueId, Range<usize>)>,
}

/// `queue` is the table of the queue.
pub(super) fn read(queue: &Table<'_>) -> ExitsDraft {
    let exit = queue.get("exit");
    let draft = exit.as_ref().and_then(read_exits).unwrap_or_default();
    check_hours(queue, exit.as_ref());
    draft
}

fn read_exits(value: &Value<'_>) -> Option<ExitsDraft> {
    let table = value.table(&keys::EXIT)?;
    if table.values().next().is_none() {
        value.wrong("is empty", format!("at least one of {}", keys::EXIT.known.join(", ")));
    }
    let mut moves = Vec::new();
    let mut action = |key: &str| {
        let value = table.get(key)?;
        read_action(&value, &value.table(&keys::EXIT_ACTION)?, &keys::EXIT_ACTION, &mut moves)
    };
    let (closed, closing, no_agents) = (action("closed"), action("closing"), action("no_agents"));
    let full = table.get("max_waiting").and_then(|value| full(&value, &mut moves));
    let max_wait = table.get("max_wait").and_then(|value| max_wait(&value, &mut moves));
    Some(ExitsDraft { rules: ExitRules { closed, closing, no_agents, full, max_wait, ..ExitRules::default() }, moves })
}

fn full(value: &Value<'_>, moves: &mut Vec<(QueueId, Range<usize>)>) -> Option<FullExit> {
    let table = value.table(&keys::MAX_WAITING)?;
    let waiting = table
        .required("count", "how many wait when the queue is full, such as 50")
        .and_then(|value| value.count(1, MAX_WAITING_MAX));
    let action = read_action(value, &table, &keys::MAX_WAITING, moves);
    Some(FullExit { waiting: waiting?, action: action? })
}

fn max_wait(value: &Value<'_>, moves: &mut Vec<(QueueId, Range<usize>)>) -> Option<MaxWaitExit> {
    let table = value.table(&keys::MAX_WAIT)?;
    let after =
        table.required("after", "the longest wait in this queue, such as \"10m\"").and_then(|value| value.time_limit());
    let action = read_action(value, &table, &keys::MAX_WAIT, moves);
    Some(MaxWaitExit { after: after?, action: action? })
}

fn read_action(
    value: &Value<'_>,
    table: &Table<'_>,
    keys: &Keys,
    moves: &mut Vec<(QueueId, Range<usize>)>,
) -> Option<ExitAction> {
    match (table.get("move_to"), table.get("action")) {
        (Some(move_to), None) => {
            let queue = move_to.queue_name()?;
            moves.push((queue.clone(), move_to.span));
            Some(ExitAction::Queue(queue))
        }
        (None, Some(action)) => {
            action.choice(&[("hang_up", ())], &ACTIONS_LATER)?;
            Some(ExitAction::HangUp)
        }
        (Some(_), Some(_)) => {
            value.wrong("has both move_to and action", "one of the two");
            None
        }
        (None, None) => {
            if table.values().all(|value| keys.known.contains(&value.key)) {
                value.wrong("does nothing", "move_to = \"night\" or action = \"hang_up\" in it");
            }
            None
        }
    }
}

/// A queue closes by its hours, and only an exit makes that felt.
fn check_hours(queue: &Table<'_>, exit: Option<&Value<'_>>) {
    let exits = exit.and_then(|exit| exit.value.as_table());
    let closings = ["closed", "closing"].into_iter().filter_map(|key| exits?.get_key_value(key));
    match queue.get("hours") {
        None => {
            for (key, _) in closings {
                let message = format!("{} stands without hours: this queue is always open", key.get_ref());
                let expected = "hours = \"weekdays\" in the queue, a calendar of calendars.toml";
                queue.found.error(queue.source, key.span(), message, expected);
            }
        }
        Some(hours) => {
            if closings.count() == 0 {
                let expected = "closed or closing in the queue's exit, such as closed = { move_to = \"night\" }";
                hours.found.warning(hours.source, hours.span.clone(), "hours has no use in this queue", expected);
            }
        }
    }
}
