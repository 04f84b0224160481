//! Every key a rule file may have, and those that later versions will read. Reads nothing.

/// The keys of one table.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) known: &'static [&'static str],
    /// Designed, not built: refused in plain words, so that nobody believes they work.
    pub(super) later: &'static [&'static str],
}

impl Keys {
    /// Those that are read, as an error lists them.
    pub(super) fn listed(&self) -> String {
        let is_telephone_key = |key: &str| TELEPHONE_KEYS.iter().any(|(name, _)| *name == key);
        let mut listed: Vec<&str> = self.known.iter().copied().filter(|key| !is_telephone_key(key)).collect();
        if listed.len() < self.known.len() {
            listed.push("key_0 to key_9, key_star, key_hash, key_a to key_d");
        }
        listed.join(", ")
    }
}

/// The keys of a caller's telephone, each as a rule names it.
pub(super) const TELEPHONE_KEYS: [(&str, char); 16] = [
    ("key_0", '0'),
    ("key_1", '1'),
    ("key_2", '2'),
    ("key_3", '3'),
    ("key_4", '4'),
    ("key_5", '5'),
    ("key_6", '6'),
    ("key_7", '7'),
    ("key_8", '8'),
    ("key_9", '9'),
    ("key_star", '*'),
    ("key_hash", '#'),
    ("key_a", 'A'),
    ("key_b", 'B'),
    ("key_c", 'C'),
    ("key_d", 'D'),
];

const CHANNELS: &[&str] = &["voice", "callback", "chat", "email", "task"];

pub(super) const ENTRY_FILE: Keys = Keys { known: &["entry"], later: &["blocked"] };
pub(super) const ENTRY: Keys = Keys {
    known: &["name", "when", "queue", "agent", "skills", "priority"],
    later: &["preferred", "action", "hours", "closed"],
};
pub(super) const ENTRY_AGENT: Keys = Keys { known: &["name", "who"], later: &[] };
pub(super) const QUEUES_FILE: Keys = Keys { known: &["queue"], later: &[] };
pub(super) const QUEUE: Keys = Keys {
    known: &[
        "channels",
        "tier",
        "rises_at",
        "strict",
        "weight",
        "skills",
        "agents",
        "select",
        "preferred",
        "ranks",
        "broadcast",
        "offer_timeout",
        "missed_offers",
        "wrap_up",
        "priority",
        "priority_step",
        "service_level",
        "alerts",
        "short_abandon",
        "place_kept",
        "callback",
        "idle_limit",
        "agent_lost",
        "escalation",
        "reserve",
        "hours",
        "record",
        "step",
        "exit",
    ],
    later: &["accept", "announcements", "dispositions", "on_change"],
};
pub(super) const STEP: Keys = Keys {
    known: &[
        "after",
        "when",
        "when_nobody_could_match",
        "skills",
        "drop_skills",
        "join_queue",
        "raise_priority",
        "move_to",
    ],
    later: &[],
};
pub(super) const EXIT: Keys = Keys {
    known: &[
        "closed",
        "closing",
        "no_agents",
        "max_waiting",
        "long_wait",
        "max_wait",
        "key_0",
        "key_1",
        "key_2",
        "key_3",
        "key_4",
        "key_5",
        "key_6",
        "key_7",
        "key_8",
        "key_9",
        "key_star",
        "key_hash",
        "key_a",
        "key_b",
        "key_c",
        "key_d",
    ],
    later: &[],
};
pub(super) const EXIT_ACTION: Keys = Keys { known: &["move_to", "action", "mailbox", "message", "then"], later: &[] };
pub(super) const MAX_WAITING: Keys =
    Keys { known: &["count", "move_to", "action", "mailbox", "message", "then"], later: &[] };
pub(super) const LONG_WAIT: Keys =
    Keys { known: &["over", "move_to", "action", "mailbox", "message", "then"], later: &[] };
pub(super) const MAX_WAIT: Keys =
    Keys { known: &["after", "move_to", "action", "mailbox", "message", "then"], later: &[] };
pub(super) const PREFERRED: Keys = Keys { known: &["who", "hold"], later: &["within"] };
pub(super) const BROADCAST: Keys = Keys { known: &["offers_max"], later: &[] };
pub(super) const CALLBACK: Keys = Keys { known: &["first", "ring_for", "attempts", "gap"], later: &[] };
pub(super) const RESERVE: Keys = Keys { known: &["queue", "agents"], later: &[] };
pub(super) const WRAP_UP: Keys = Keys { known: &["max", "disposition"], later: &["min"] };
pub(super) const ALERTS: Keys =
    Keys { known: &["waiting", "longest_wait", "service_level", "abandonment", "agents_available"], later: &[] };
pub(super) const SERVICE_LEVEL: Keys = Keys { known: &["answered_within", "target"], later: &["measure"] };
pub(super) const AGENTS_FILE: Keys = Keys { known: &["agent"], later: &["team", "skill"] };
pub(super) const AGENT: Keys = Keys {
    known: &["name", "site", "teams", "skills", "attributes", "capacity", "phone", "may_transfer_outside"],
    later: &["hours", "campaigns", "reserved_for_inbound", "occupancy_max"],
};
pub(super) const CAPACITY: Keys =
    Keys { known: &["total", "voice", "callback", "chat", "email", "task"], later: &["interrupts"] };
pub(super) const PHONE: Keys = Keys { known: &["mode", "endpoint"], later: &[] };
pub(super) const SITE: Keys = Keys {
    known: &[
        "channel_cost",
        "channel_tier",
        "acknowledge_within",
        "connect_within",
        "console_grace",
        "lost_after",
        "gateway_grace",
        "resume_grace",
        "back_off",
        "offers_in_row_max",
        "offer_limit_pause",
        "direct_wait_max",
        "voicemail_within",
        "announce_within",
        "waiting_contacts",
        "interrupts",
        "return_wait",
        "leg_wait",
        "time_zone",
        "idle_clock",
        "outside_prefixes",
        "not_ready_reasons",
        "dispositions",
        "outside_within",
        "checked_within",
        "moved",
    ],
    later: &[],
};
pub(super) const BY_CHANNEL: Keys = Keys { known: CHANNELS, later: &[] };
pub(super) const IDLE_CLOCK: Keys = Keys { known: &["not_ready", "missed", "declined", "rescinded"], later: &[] };
pub(super) const BY_CHANNEL_GROUP: Keys = Keys { known: &["voice", "chat", "deferred"], later: &[] };
pub(super) const BACK_OFF: Keys =
    Keys { known: &["declined", "missed", "busy", "no_answer", "unregistered", "rejected", "failed"], later: &[] };

pub(super) const CALENDARS_FILE: Keys = Keys { known: &["calendar"], later: &[] };
pub(super) const CALENDAR: Keys = Keys { known: &["zone", "hours", "holidays", "exception"], later: &[] };
pub(super) const CALENDAR_EXCEPTION: Keys = Keys { known: &["date", "hours"], later: &[] };

pub(super) const JURISDICTION: Keys = Keys {
    known: &[
        "id",
        "version",
        "name",
        "applies",
        "hours",
        "cap",
        "lock",
        "drop_cap",
        "ring_time",
        "agent_within",
        "consent",
        "message",
        "test",
    ],
    later: &[],
};
pub(super) const JURISDICTION_APPLIES: Keys = Keys { known: &["regions", "numbers", "purposes"], later: &[] };
pub(super) const JURISDICTION_HOURS: Keys =
    Keys { known: &["zone", "week", "holiday", "on_holidays", "source"], later: &[] };
pub(super) const JURISDICTION_HOLIDAY: Keys = Keys { known: &["name", "date", "moved_from_weekend"], later: &[] };
pub(super) const JURISDICTION_CAP: Keys = Keys { known: &["calls", "within", "per", "source"], later: &[] };
pub(super) const JURISDICTION_LOCK: Keys =
    Keys { known: &["after", "lasts", "per", "unless_agent_reserved", "source"], later: &[] };
pub(super) const JURISDICTION_DROP_CAP: Keys =
    Keys { known: &["cap", "formula", "per", "within", "source"], later: &[] };
pub(super) const JURISDICTION_RING_TIME: Keys = Keys { known: &["min", "source"], later: &[] };
pub(super) const JURISDICTION_AGENT_WITHIN: Keys = Keys { known: &["max", "source"], later: &[] };
pub(super) const JURISDICTION_CONSENT: Keys = Keys { known: &["required_for", "source"], later: &[] };
pub(super) const JURISDICTION_MESSAGE: Keys = Keys { known: &["text", "source"], later: &[] };
pub(super) const JURISDICTION_TEST: Keys = Keys {
    known: &[
        "zones",
        "at",
        "allowed",
        "opens",
        "closes",
        "calls",
        "dropped",
        "conversation",
        "refused",
        "agent_reserved",
    ],
    later: &[],
};

/// Each table by its path in the files; `*` stands for a name of the operator's.
#[cfg(test)]
pub(super) const TABLES: &[(&str, &str, &Keys)] = &[
    ("entry.toml", "", &ENTRY_FILE),
    ("entry.toml", "entry", &ENTRY),
    ("entry.toml", "entry.agent", &ENTRY_AGENT),
    ("queues", "", &QUEUES_FILE),
    ("queues", "queue.*", &QUEUE),
    ("queues", "queue.*.step", &STEP),
    ("queues", "queue.*.exit", &EXIT),
    ("queues", "queue.*.exit.*", &EXIT_ACTION),
    ("queues", "queue.*.exit.*", &MAX_WAITING),
    ("queues", "queue.*.exit.*", &LONG_WAIT),
    ("queues", "queue.*.exit.*", &MAX_WAIT),
    ("queues", "queue.*.preferred", &PREFERRED),
    ("queues", "queue.*.broadcast", &BROADCAST),
    ("queues", "queue.*.callback", &CALLBACK),
    ("queues", "queue.*.wrap_up", &WRAP_UP),
    ("queues", "queue.*.service_level", &SERVICE_LEVEL),
    ("queues", "queue.*.alerts", &ALERTS),
    ("queues", "queue.*.missed_offers", &BY_CHANNEL_GROUP),
    ("agents.toml", "", &AGENTS_FILE),
    ("agents.toml", "agent.*", &AGENT),
    ("agents.toml", "agent.*.capacity", &CAPACITY),
    ("agents.toml", "agent.*.phone", &PHONE),
    ("site.toml", "", &SITE),
    ("site.toml", "channel_cost", &BY_CHANNEL),
    ("site.toml", "channel_tier", &BY_CHANNEL),
    ("site.toml", "back_off", &BACK_OFF),
    ("site.toml", "idle_clock", &IDLE_CLOCK),
    ("calendars.toml", "", &CALENDARS_FILE),
    ("calendars.toml", "calendar.*", &CALENDAR),
    ("calendars.toml", "calendar.*.exception", &CALENDAR_EXCEPTION),
];
