//! What happens at one switch that the server drives. Its name is one of the settings'.

use metrics::{Counter, Gauge, counter, gauge};

use super::names::{
    SWITCH_CALLS, SWITCH_CONNECTED, SWITCH_CONNECTIONS, SWITCH_FALLBACKS, SWITCH_NOT_UNDERSTOOD, SWITCH_REQUESTS_FAILED,
};

/// The figures of one switch, which are there from the start.
pub struct SwitchFigures {
    pub calls: Counter,
    pub fallbacks: Counter,
    pub requests_refused: Counter,
    pub requests_unanswered: Counter,
    pub not_understood: Counter,
    connections: Counter,
    is_connected: Gauge,
}

impl SwitchFigures {
    #[must_use]
    pub fn of(switch: &str) -> SwitchFigures {
        let plain = |name| counter!(name, "switch" => switch.to_owned());
        let failed = |why| counter!(SWITCH_REQUESTS_FAILED, "switch" => switch.to_owned(), "why" => why);
        let figures = SwitchFigures {
            calls: plain(SWITCH_CALLS),
            fallbacks: plain(SWITCH_FALLBACKS),
            requests_refused: failed("refused"),
            requests_unanswered: failed("unanswered"),
            not_understood: plain(SWITCH_NOT_UNDERSTOOD),
            connections: plain(SWITCH_CONNECTIONS),
            is_connected: gauge!(SWITCH_CONNECTED, "switch" => switch.to_owned()),
        };
        figures.is_connected.set(0.0);
        figures
    }

    pub fn connected(&self) {
        self.connections.increment(1);
        self.is_connected.set(1.0);
    }

    pub fn lost(&self) {
        self.is_connected.set(0.0);
    }
}
