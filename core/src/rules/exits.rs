//! `hours` and `[queue.NAME.exit]`: how contacts leave a queue without being served. Looks up neither calendar nor queue.

use std::collections::BTreeMap;
use std::ops::Range;

use super::keys::{self, Keys, TELEPHONE_KEYS};
use super::table::{Table, Value};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::{Channel, ExitAction, ExitKey, ExitRules, FullExit, LongWaitExit, MaxWaitExit};

/// Most that may wait before a queue counts as full.
pub const MAX_WAITING_MAX: u32 = 100_000;

const ACTIONS: [(&str, ActionWord); 4] = [
    ("hang_up", ActionWord::HangUp),
    ("voicemail", ActionWord::Voicemail),
    ("announce", ActionWord::Announce),
    ("callback", ActionWord::Callback),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum ActionWord {
    HangUp,
    Voicemail,
    Announce,
    Callback,
}

/// Queues that are moved to, and where each is named.
type Moves = Vec<(QueueId, Range<usize>)>;

/// The exits of a queue as read, and where their moves stand.
#[derive(Default)]
pub(super) struct ExitsDraft {
    pub(super) rules: ExitRules,
    /// The moves that need nobody's choice.
    pub(super) moves: Moves,
    /// The moves by a caller's key.
    pub(super) key_moves: Moves,
}

/// `queue` is the table of the queue, which serves `channels`.
pub(super) fn read(queue: &Table<'_>, channels: &[Channel]) -> ExitsDraft {
    let exit = queue.get("exit");
    let draft = exit.as_ref().and_then(|exit| read_exits(exit, channels)).unwrap_or_default();
    check_hours(queue, exit.as_ref());
    draft
}

fn read_exits(value: &Value<'_>, channels: &[Channel]) -> Option<ExitsDraft> {
    let table = value.table(&keys::EXIT)?;
    if table.values().next().is_none() {
        value.wrong("is empty", format!("at least one of {}", keys::EXIT.listed()));
    }
    let mut moves = Moves::new();
    let mut action = |key: &str| {
        let value = table.get(key)?;
        read_action(&value, &value.table(&keys::EXIT_ACTION)?, &keys::EXIT_ACTION, &mut moves)
    };
    let (closed, closing, no_agents) = (action("closed"), action("closing"), action("no_agents"));
    let full = table.get("max_waiting").and_then(|value| full(&value, &mut moves));
    let long_wait = table.get("long_wait").and_then(|value| long_wait(&value, &mut moves));
    let max_wait = table.get("max_wait").and_then(|value| max_wait(&value, &mut moves));
    let mut key_moves = Moves::new();
    let keys = pressed(&table, channels, &mut key_moves);
    warn_of_voicemail(&table, channels);
    check_callbacks(&table, channels);
    let rules = ExitRules { closed, closing, no_agents, full, long_wait, max_wait, keys };
    Some(ExitsDraft { rules, moves, key_moves })
}

fn full(value: &Value<'_>, moves: &mut Moves) -> Option<FullExit> {
    let table = value.table(&keys::MAX_WAITING)?;
    let waiting = table
        .required("count", "how many wait when the queue is full, such as 50")
        .and_then(|value| value.count(1, MAX_WAITING_MAX));
    let action = read_action(value, &table, &keys::MAX_WAITING, moves);
    Some(FullExit { waiting: waiting?, action: action? })
}

fn long_wait(value: &Value<'_>, moves: &mut Moves) -> Option<LongWaitExit> {
    let table = value.table(&keys::LONG_WAIT)?;
    let over = table
        .required("over", "the longest wait that may be expected, such as \"10m\"")
        .and_then(|value| value.time_limit());
    let action = read_action(value, &table, &keys::LONG_WAIT, moves);
    Some(LongWaitExit { over: over?, action: action? })
}

fn max_wait(value: &Value<'_>, moves: &mut Moves) -> Option<MaxWaitExit> {
    let table = value.table(&keys::MAX_WAIT)?;
    let after =
        table.required("after", "the longest wait in this queue, such as \"10m\"").and_then(|value| value.time_limit());
    let action = read_action(value, &table, &keys::MAX_WAIT, moves);
    Some(MaxWaitExit { after: after?, action: action? })
}

/// What each key of a waiting caller's telephone does.
fn pressed(table: &Table<'_>, channels: &[Channel], moves: &mut Moves) -> BTreeMap<ExitKey, ExitAction> {
    let mut actions = BTreeMap::new();
    for (name, key) in TELEPHONE_KEYS {
        let Some(value) = table.get(name) else { continue };
        if !channels.contains(&Channel::Voice) {
            let message = format!("{name} has no use in this queue: it serves no voice");
            value.found.warning(
                value.source,
                value.key_span.clone(),
                message,
                "\"voice\" in channels: callers press keys",
            );
        }
        let action =
            value.table(&keys::EXIT_ACTION).and_then(|table| read_action(&value, &table, &keys::EXIT_ACTION, moves));
        if let Some(action) = action {
            actions.insert(ExitKey::try_from(key).expect("TELEPHONE_KEYS are keys"), action);
        }
    }
    actions
}

fn read_action(value: &Value<'_>, table: &Table<'_>, keys: &Keys, moves: &mut Moves) -> Option<ExitAction> {
    match (table.get("move_to"), table.get("action")) {
        (Some(move_to), None) => {
            refuse_beside(table, &["mailbox", "message", "then"], "move_to");
            let queue = move_to.queue_name()?;
            moves.push((queue.clone(), move_to.span));
            Some(ExitAction::Queue(queue))
        }
        (None, Some(action)) => named_action(value, table, &action),
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

fn named_action(value: &Value<'_>, table: &Table<'_>, action: &Value<'_>) -> Option<ExitAction> {
    match action.choice(&ACTIONS, &[])? {
        ActionWord::HangUp => {
            refuse_beside(table, &["mailbox", "message", "then"], "action = \"hang_up\"");
            Some(ExitAction::HangUp)
        }
        ActionWord::Callback => {
            refuse_beside(table, &["mailbox", "message", "then"], "action = \"callback\"");
            Some(ExitAction::Callback)
        }
        ActionWord::Voicemail => {
            refuse_beside(table, &["message", "then"], "action = \"voicemail\"");
            let mailbox = match table.get("mailbox") {
                Some(mailbox) => Some(mailbox.label()?),
                None => None,
            };
            Some(ExitAction::Voicemail { mailbox })
        }
        ActionWord::Announce => {
            refuse_beside(table, &["mailbox"], "action = \"announce\"");
            if let Some(then) = table.get("then") {
                then.choice(&[("hang_up", ())], &[]);
            }
            let Some(message) = table.get("message") else {
                value.wrong("announces nothing", "the name of a message, such as message = \"closed-today\"");
                return None;
            };
            Some(ExitAction::Announce { message: message.label()? })
        }
    }
}

/// Keys that mean nothing beside what stands there.
fn refuse_beside(table: &Table<'_>, without_use: &[&str], beside: &str) {
    for value in without_use.iter().filter_map(|key| table.get(key)) {
        let expected = match value.key {
            "mailbox" => "mailbox beside action = \"voicemail\" alone",
            _ => "message and then beside action = \"announce\" alone",
        };
        let message = format!("{} has no use beside {beside}", value.key);
        table.found.error(table.source, value.key_span.clone(), message, expected);
    }
}

/// An exit without a key takes whatever waits, and only callers speak.
fn warn_of_voicemail(exits: &Table<'_>, channels: &[Channel]) {
    let silent: Vec<&str> =
        channels.iter().copied().filter(|channel| !channel.needs_phone()).map(Channel::name).collect();
    if silent.is_empty() {
        return;
    }
    let by_themselves = exits.values().filter(|exit| TELEPHONE_KEYS.iter().all(|(key, _)| *key != exit.key));
    for exit in by_themselves {
        let action = exit.value.as_table().and_then(|table| table.get_key_value("action"));
        let Some((_, action)) = action.filter(|(_, action)| action.get_ref().as_str() == Some("voicemail")) else {
            continue;
        };
        let message = format!("{} takes {} to voicemail, too", exit.key, silent.join(", "));
        let expected = "a queue with the channels voice and callback alone";
        exit.found.warning(exit.source, action.span(), message, expected);
    }
}

/// The call waits in the queue that the caller has left.
fn check_callbacks(exits: &Table<'_>, channels: &[Channel]) {
    let missing: Vec<&str> = [Channel::Voice, Channel::Callback]
        .into_iter()
        .filter(|channel| !channels.contains(channel))
        .map(Channel::name)
        .collect();
    if missing.is_empty() {
        return;
    }
    for exit in exits.values() {
        let action = exit.value.as_table().and_then(|table| table.get_key_value("action"));
        let Some((_, action)) = action.filter(|(_, action)| action.get_ref().as_str() == Some("callback")) else {
            continue;
        };
        let message = format!("{} promises a callback, and this queue does not serve {}", exit.key, missing.join(", "));
        exit.found.error(exit.source, action.span(), message, "a queue with the channels voice and callback");
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
