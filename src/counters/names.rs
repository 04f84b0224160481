//! Every figure there is: name, kind, labels, meaning. It counts nothing.

use metrics::{describe_counter, describe_gauge, describe_histogram};

pub(super) const CONTACTS_ARRIVED: &str = "usher_contacts_arrived_total";
pub(super) const CONTACTS_ENDED: &str = "usher_contacts_ended_total";
pub(super) const VISITS_ENDED: &str = "usher_visits_ended_total";
pub(super) const ANSWERED_WAIT: &str = "usher_answered_wait_seconds";
pub(super) const CONDITIONS_FAILED: &str = "usher_conditions_failed_total";
pub(super) const OFFERS_ENDED: &str = "usher_offers_ended_total";
pub(super) const RECORDINGS_ENDED: &str = "usher_recordings_ended_total";
pub(super) const CONTACTS_WAITING: &str = "usher_contacts_waiting";
pub(super) const LONGEST_WAIT: &str = "usher_longest_wait_seconds";
pub(super) const AGENTS: &str = "usher_agents";
pub(super) const COMMANDS: &str = "usher_commands_total";
pub(super) const COMMANDS_REFUSED: &str = "usher_commands_refused_total";
pub(super) const ARRIVALS_TURNED_AWAY: &str = "usher_arrivals_turned_away_total";
pub(super) const EVENTS_COMMITTED: &str = "usher_events_committed_total";
pub(super) const EVENTS_NOT_COUNTED: &str = "usher_events_not_counted_total";
pub(super) const COMMIT: &str = "usher_commit_seconds";
pub(super) const COMMIT_SIZE: &str = "usher_commit_events";
pub(super) const SESSIONS_OPEN: &str = "usher_sessions_open";
pub(super) const HANDSHAKES_REFUSED: &str = "usher_handshakes_refused_total";
pub(super) const CUSTOMER_LOOK_UPS: &str = "usher_customer_look_ups_total";
pub(super) const CUSTOMER_LOOK_UP: &str = "usher_customer_look_up_seconds";
pub(super) const CUSTOMER_CARDS: &str = "usher_customer_cards_total";
pub(super) const SWITCH_CONNECTED: &str = "usher_switch_connected";
pub(super) const SWITCH_CONNECTIONS: &str = "usher_switch_connections_total";
pub(super) const SWITCH_CALLS: &str = "usher_switch_calls_total";
pub(super) const SWITCH_FALLBACKS: &str = "usher_switch_fallbacks_total";
pub(super) const SWITCH_REQUESTS_FAILED: &str = "usher_switch_requests_failed_total";
pub(super) const SWITCH_NOT_UNDERSTOOD: &str = "usher_switch_not_understood_total";

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

pub(super) struct Figure {
    pub name: &'static str,
    pub kind: Kind,
    /// As the page shows them.
    #[cfg_attr(not(test), expect(dead_code, reason = "compared with the page by a test"))]
    pub labels: &'static str,
    pub about: &'static str,
}

const fn counter(name: &'static str, labels: &'static str, about: &'static str) -> Figure {
    Figure { name, kind: Kind::Counter, labels, about }
}

const fn gauge(name: &'static str, labels: &'static str, about: &'static str) -> Figure {
    Figure { name, kind: Kind::Gauge, labels, about }
}

const fn histogram(name: &'static str, labels: &'static str, about: &'static str) -> Figure {
    Figure { name, kind: Kind::Histogram, labels, about }
}

/// In the order of the page.
pub(super) const FIGURES: &[Figure] = &[
    counter(CONTACTS_ARRIVED, "channel", "contacts that came"),
    counter(CONTACTS_ENDED, "channel, by", "contacts that ended, by who ended them"),
    counter(VISITS_ENDED, "queue, end", "stays in a queue that ended, by how"),
    histogram(ANSWERED_WAIT, "queue", "how long answered contacts had waited"),
    counter(CONDITIONS_FAILED, "rule", "conditions of entry rules that could not be evaluated"),
    counter(OFFERS_ENDED, "queue, outcome", "offers to agents that ended, by how"),
    counter(RECORDINGS_ENDED, "end", "recordings of calls that finished or failed"),
    gauge(CONTACTS_WAITING, "queue", "contacts that wait, those offered among them"),
    gauge(LONGEST_WAIT, "queue", "how long the oldest of them has waited"),
    gauge(AGENTS, "activity", "agents logged in or unreachable, by what they do"),
    counter(COMMANDS, "kind", "commands the router took"),
    counter(COMMANDS_REFUSED, "kind, reason", "those of them that it refused"),
    counter(ARRIVALS_TURNED_AWAY, "", "new contacts refused because too many came at once"),
    counter(EVENTS_COMMITTED, "", "events that are on disk"),
    counter(EVENTS_NOT_COUNTED, "", "events that the other counters left out because they came too fast"),
    histogram(COMMIT, "", "how long one commit took"),
    histogram(COMMIT_SIZE, "", "how many events one commit held"),
    gauge(SESSIONS_OPEN, "role", "sessions, those that wait for their client to come back among them"),
    counter(HANDSHAKES_REFUSED, "reason", "sockets that were not opened"),
    counter(CUSTOMER_LOOK_UPS, "outcome", "contacts whose customer was looked up, by how that ended"),
    histogram(CUSTOMER_LOOK_UP, "", "how long one question to the database about a customer took"),
    counter(CUSTOMER_CARDS, "outcome", "customers shown to an agent with a contact, by when"),
    gauge(SWITCH_CONNECTED, "switch", "whether a switch that Usher drives is heard: 1 or 0"),
    counter(SWITCH_CONNECTIONS, "switch", "how often it was connected"),
    counter(SWITCH_CALLS, "switch", "calls that came in there"),
    counter(
        SWITCH_FALLBACKS,
        "switch",
        "those of them that went on in its dialplan, because they were not taken in time or refused",
    ),
    counter(SWITCH_REQUESTS_FAILED, "switch, why", "requests that it refused, or did not answer in time"),
    counter(SWITCH_NOT_UNDERSTOOD, "switch", "events and entries of its lists that could not be read"),
];

/// Where the bars of histograms stand that are not about the server's own speed.
pub const BUCKETS: [(&str, &[f64]); 2] = [
    (ANSWERED_WAIT, &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 1_800.0]),
    (COMMIT_SIZE, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0]),
];

/// Tells the exporter what each figure means.
pub fn describe() {
    for figure in FIGURES {
        match figure.kind {
            Kind::Counter => describe_counter!(figure.name, figure.about),
            Kind::Gauge => describe_gauge!(figure.name, figure.about),
            Kind::Histogram => describe_histogram!(figure.name, figure.about),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../docs/operation.md");

    #[test]
    fn the_page_lists_every_figure_and_no_other() {
        for Figure { name, labels, about, .. } in FIGURES {
            let row = format!("| `{name}` | {labels} | {about} |").replace("|  |", "| |");
            assert!(PAGE.contains(&row), "docs/operation.md lacks: {row}");
        }
        assert_eq!(PAGE.lines().filter(|line| line.starts_with("| `usher_")).count(), FIGURES.len());
    }
}
