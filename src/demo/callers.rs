//! People who call: when, for what, how long they wait and talk. It never dials: whoever runs it
//! asks for the next caller.

use std::collections::{BTreeMap, VecDeque};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::customers::{Customer, Customers};
use super::habits::{Span, happens};
use crate::protocol::{Address, AgentName, Attributes, Channel, Ref, TelephoneKey};

/// One contact that will come, with what its customer will do.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedCall {
    pub r#ref: Ref,
    pub channel: Channel,
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub attributes: Attributes,
    /// When it enters, milliseconds since 1970 by the centre's clock.
    pub enters_at_ms: i64,
    /// How long the customer waits for an agent; None: for ever.
    pub patience_ms: Option<i64>,
    /// How long the customer stays with the agent.
    pub talk_ms: i64,
    /// How long after he has hung up in vain he calls again; None: not at all.
    pub calls_again_after_ms: Option<i64>,
    /// What he presses when he has waited for long; None: nothing.
    pub presses: Option<KeyPress>,
}

/// A key and how long a caller waits before he presses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress {
    pub key: TelephoneKey,
    pub after_ms: i64,
}

/// What callers of a channel are like. Times are the centre's.
struct Manner {
    channel: Channel,
    /// Of a thousand contacts.
    share: u32,
    talk_mean_ms: f64,
    patience_mean_ms: Option<f64>,
    /// What one takes of an agent, in hundredths: as the rules have it when they say nothing.
    cost: f64,
}

const VOICE: Manner = Manner {
    channel: Channel::Voice,
    share: 800,
    talk_mean_ms: 45_000.0,
    patience_mean_ms: Some(110_000.0),
    cost: 100.0,
};
const CHAT: Manner = Manner {
    channel: Channel::Chat,
    share: 120,
    talk_mean_ms: 80_000.0,
    patience_mean_ms: Some(330_000.0),
    cost: 33.0,
};
const EMAIL: Manner =
    Manner { channel: Channel::Email, share: 50, talk_mean_ms: 60_000.0, patience_mean_ms: None, cost: 20.0 };
/// Papers that came in for the back office.
const TASK: Manner =
    Manner { channel: Channel::Task, share: 30, talk_mean_ms: 90_000.0, patience_mean_ms: None, cost: 20.0 };

const TALK_MIN_MS: i64 = 12_000;
const TALK_MAX_MS: i64 = 900_000;
const PATIENCE_MIN_MS: i64 = 3_000;
/// Answering, ringing and wrap-up come on top of talk.
const AROUND_TALK_MS: f64 = 15_000.0;

/// The rate rises and falls so that queues build up and drain while somebody watches.
const WAVE_MS: i64 = 600_000;
/// The middle of the wave, as a share of what the agents can do, and how far it goes both ways. The rest is for those whom
/// the centre calls.
const BUSY_SHARE: f64 = 0.75;
const WAVE_DEPTH: f64 = 0.2;
/// Who already waits when the centre opens: so many for each agent, within these milliseconds.
const FIRST_CROWD: usize = 2;
const FIRST_CROWD_MS: i64 = 5_000;
/// In the trough of each wave the bills arrive: so many for each agent call about theirs.
const BILLS_CROWD: usize = 1;
const BILLS_CROWD_MS: i64 = 20_000;
const BILLS_AT_MS: i64 = 420_000;

/// Of a thousand callers who hang up in vain, so many call again.
const CALLS_AGAIN: u32 = 450;
const CALLS_AGAIN_AFTER: Span = Span::seconds(6, 55);
/// Of a thousand callers, so many press a key when they have waited so long.
const PRESSES_A_KEY: u32 = 80;
const PRESSES_AFTER: Span = Span::seconds(20, 60);
/// Of these, in thousandths, who press each; a queue whose rules do not know the key pays no heed.
const KEYS: [(char, u32); 4] = [('0', 200), ('1', 300), ('2', 300), ('*', 200)];
/// A mail that answers one of ours, of a thousand.
const IS_REPLY: u32 = 500;

/// The numbers people dial, with shares of a thousand.
const MAIN_LINE: &str = "+33180000000";
const DIALLED: [(&str, u32); 5] =
    [("+33180000012", 25), ("+33180000086", 70), ("+442000000000", 200), ("+33472000000", 205), (MAIN_LINE, 500)];
/// The pages that chats come from, by language; the rest is French and does not say.
const PAGES: [(&str, u32); 2] = [("en", 300), ("zh", 150)];
/// What a call is about, with shares of a thousand; the rest does not say.
const BILLING: &str = "billing";
const INTENTS: [(&str, u32); 4] = [(BILLING, 250), ("internet", 190), ("stocks", 100), ("lost_card", 90)];

/// Draws callers one after the other.
#[derive(Debug)]
pub struct CallerModel {
    random: ChaCha8Rng,
    customers: Customers,
    agents: usize,
    /// In the middle of the wave.
    mean_gap_ms: f64,
    count: u64,
    begins_ms: i64,
    /// When the next of those comes who come one by one.
    next_at_ms: i64,
    /// Those who come together, the first first, with what each calls about.
    crowd: VecDeque<(i64, Option<&'static str>)>,
    /// How many waves have had their crowd drawn.
    waves: i64,
}

impl CallerModel {
    /// As many callers as keep these agents busy.
    #[must_use]
    pub fn new(seed: u64, agents: &[AgentName]) -> CallerModel {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let customers = Customers::new(agents, &mut random);
        let count = agents.len().max(1);
        #[expect(clippy::cast_precision_loss, reason = "agents are few")]
        let mean_gap_ms = work_of_one_ms() / (count as f64 * BUSY_SHARE);
        CallerModel {
            random,
            customers,
            agents: count,
            mean_gap_ms,
            count: 0,
            begins_ms: 0,
            next_at_ms: 0,
            crowd: VecDeque::new(),
            waves: 0,
        }
    }

    /// The centre opens at `begins_ms` (milliseconds since 1970, the centre's clock): the first
    /// comes after it.
    pub fn begin(&mut self, begins_ms: i64) {
        self.begins_ms = begins_ms;
        self.next_at_ms = begins_ms;
        self.next_at_ms = self.draw_next_at();
        self.waves = 0;
        self.crowd.clear();
        self.gather(self.agents * FIRST_CROWD, begins_ms, FIRST_CROWD_MS, None);
    }

    /// The next caller: a Poisson process whose rate goes up and down, by thinning, and crowds.
    pub fn next_call(&mut self) -> PlannedCall {
        while self.begins_ms + self.waves * WAVE_MS <= self.next_at_ms {
            let bills_at_ms = self.begins_ms + self.waves * WAVE_MS + BILLS_AT_MS;
            self.gather(self.agents * BILLS_CROWD, bills_at_ms, BILLS_CROWD_MS, Some(BILLING));
            self.waves += 1;
        }
        if let Some((at_ms, intent)) = self.crowd.pop_front_if(|(at_ms, _)| *at_ms <= self.next_at_ms) {
            return self.caller(at_ms, intent);
        }
        let at_ms = self.next_at_ms;
        self.next_at_ms = self.draw_next_at();
        self.caller(at_ms, None)
    }

    fn draw_next_at(&mut self) -> i64 {
        let crest = 1.0 + WAVE_DEPTH;
        let mut at_ms = self.next_at_ms;
        loop {
            at_ms += self.exponential(self.mean_gap_ms / crest).max(1);
            let draw: f64 = self.random.random();
            if draw * crest < self.wave(at_ms) {
                return at_ms;
            }
        }
    }

    /// The rate at that moment, where 1 is the middle.
    fn wave(&self, at_ms: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a wave has few milliseconds")]
        let phase = (at_ms - self.begins_ms).rem_euclid(WAVE_MS) as f64 / WAVE_MS as f64;
        1.0 + WAVE_DEPTH * (phase * std::f64::consts::TAU).sin()
    }

    /// Draws who comes together after `from_ms`.
    fn gather(&mut self, count: usize, from_ms: i64, within_ms: i64, intent: Option<&'static str>) {
        let mut times: Vec<i64> = (0..count).map(|_| from_ms + self.random.random_range(1..=within_ms)).collect();
        times.sort_unstable();
        self.crowd.extend(times.into_iter().map(|at_ms| (at_ms, intent)));
    }

    fn caller(&mut self, enters_at_ms: i64, intent: Option<&'static str>) -> PlannedCall {
        self.count += 1;
        let manner = if intent.is_some() { &VOICE } else { self.manner() };
        let customer = self.customers.draw(&mut self.random);
        let half_talk_ms = manner.talk_mean_ms / 2.0;
        let talk_ms = self.exponential(half_talk_ms) + self.exponential(half_talk_ms);
        let patience_ms = manner.patience_mean_ms.map(|mean_ms| self.exponential(mean_ms).max(PATIENCE_MIN_MS));
        let (from, to) = self.addresses(manner.channel, &customer);
        PlannedCall {
            r#ref: Ref::clipped(&format!("sim-{}-{}", self.begins_ms, self.count)),
            channel: manner.channel,
            from: Some(Address::clipped(&from)),
            to: Some(Address::clipped(&to)),
            attributes: self.attributes(manner.channel, customer, intent),
            enters_at_ms,
            patience_ms,
            talk_ms: talk_ms.clamp(TALK_MIN_MS, TALK_MAX_MS),
            calls_again_after_ms: self.calls_again(manner.channel),
            presses: self.key_press(manner.channel),
        }
    }

    fn manner(&mut self) -> &'static Manner {
        let draw = self.random.random_range(0..1_000);
        if draw < CHAT.share {
            &CHAT
        } else if draw < CHAT.share + EMAIL.share {
            &EMAIL
        } else if draw < CHAT.share + EMAIL.share + TASK.share {
            &TASK
        } else {
            &VOICE
        }
    }

    fn addresses(&mut self, channel: Channel, customer: &Customer) -> (String, String) {
        let line = customer.line;
        match channel {
            Channel::Chat => (format!("web-{line:07}"), "site chat".to_owned()),
            Channel::Email => (format!("customer-{line:07}@example.com"), "bank@example.com".to_owned()),
            Channel::Task => (format!("scan-{line:07}"), "back office".to_owned()),
            Channel::Voice | Channel::Callback => {
                let dialled = self.one_of(&DIALLED).unwrap_or(MAIN_LINE);
                (format!("+3361{line:07}"), dialled.to_owned())
            }
        }
    }

    fn attributes(&mut self, channel: Channel, customer: Customer, intent: Option<&str>) -> Attributes {
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        match channel {
            Channel::Voice | Channel::Callback => {
                if let Some(intent) = intent.or_else(|| self.one_of(&INTENTS)) {
                    values.insert("intent".to_owned(), json!(intent));
                }
            }
            Channel::Email => {
                values.insert("is_reply".to_owned(), json!(happens(IS_REPLY, &mut self.random)));
            }
            Channel::Chat => {
                if let Some(language) = self.one_of(&PAGES) {
                    values.insert("language".to_owned(), json!(language));
                }
            }
            Channel::Task => {}
        }
        if let Some(record) = customer.record {
            values.insert("customer".to_owned(), record);
        }
        Attributes::new(values).expect("a few short keys are within every limit")
    }

    fn calls_again(&mut self, channel: Channel) -> Option<i64> {
        match channel {
            Channel::Voice => {
                let does = happens(CALLS_AGAIN, &mut self.random);
                does.then(|| CALLS_AGAIN_AFTER.draw(&mut self.random))
            }
            Channel::Chat | Channel::Callback | Channel::Email | Channel::Task => None,
        }
    }

    fn key_press(&mut self, channel: Channel) -> Option<KeyPress> {
        match channel {
            Channel::Voice if happens(PRESSES_A_KEY, &mut self.random) => {
                let key = self.one_of(&KEYS).and_then(TelephoneKey::new)?;
                Some(KeyPress { key, after_ms: PRESSES_AFTER.draw(&mut self.random) })
            }
            Channel::Voice | Channel::Chat | Channel::Callback | Channel::Email | Channel::Task => None,
        }
    }

    /// By shares of a thousand; None is the rest.
    fn one_of<Word: Copy>(&mut self, shares: &[(Word, u32)]) -> Option<Word> {
        let mut draw = self.random.random_range(0..1_000);
        for (word, share) in shares {
            if draw < *share {
                return Some(*word);
            }
            draw -= share;
        }
        None
    }

    fn exponential(&mut self, mean_ms: f64) -> i64 {
        let draw: f64 = self.random.random();
        #[expect(clippy::cast_possible_truncation, reason = "at most 40 times the mean")]
        let ms = (-(1.0 - draw).ln() * mean_ms) as i64;
        ms
    }
}

/// How long one contact keeps a whole agent busy, on average.
fn work_of_one_ms() -> f64 {
    let work = |manner: &Manner| {
        f64::from(manner.share) / 1_000.0 * manner.cost / 100.0 * (manner.talk_mean_ms + AROUND_TALK_MS)
    };
    work(&VOICE) + work(&CHAT) + work(&EMAIL) + work(&TASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_700_000_000_000;

    fn model(seed: u64, agents: usize) -> CallerModel {
        let agents: Vec<AgentName> =
            (1..=agents).map(|number| AgentName::clipped(&format!("agent-{number}"))).collect();
        let mut model = CallerModel::new(seed, &agents);
        model.begin(T);
        model
    }

    fn calls(seed: u64, agents: usize, until_ms: i64) -> Vec<PlannedCall> {
        let mut model = model(seed, agents);
        std::iter::from_fn(|| Some(model.next_call())).take_while(|call| call.enters_at_ms < T + until_ms).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_callers() {
        let draw = |seed| calls(seed, 10, 100_000);
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn callers_come_in_order_each_with_a_ref_of_its_own_and_numbers_the_wire_takes() {
        let mut model = model(3, 10);
        let calls: Vec<PlannedCall> = (0..2_000).map(|_| model.next_call()).collect();
        assert!(calls.windows(2).all(|pair| pair[0].enters_at_ms <= pair[1].enters_at_ms));
        let refs: std::collections::BTreeSet<_> = calls.iter().map(|call| &call.r#ref).collect();
        assert_eq!(refs.len(), calls.len());
        for call in &calls {
            let is_e164 = |address: &Option<Address>| address.as_ref().is_some_and(Address::is_e164);
            assert!(call.channel != Channel::Voice || (is_e164(&call.from) && is_e164(&call.to)));
            assert!((TALK_MIN_MS..=TALK_MAX_MS).contains(&call.talk_ms) && call.patience_ms != Some(0));
        }
    }

    #[test]
    fn a_crowd_waits_when_the_centre_opens_whatever_the_hour() {
        let first = calls(5, 16, 10_000);
        assert!((32..=42).contains(&first.len()), "{}", first.len());
    }

    #[test]
    fn the_rate_goes_up_and_down_and_leaves_the_agents_time_for_leads() {
        let mut minutes = [0_usize; 10];
        for call in calls(5, 400, 3 * WAVE_MS) {
            let since_ms = call.enters_at_ms - T;
            minutes[usize::try_from(since_ms % WAVE_MS / 60_000).unwrap()] += 1;
        }
        let (crest, trough) = (minutes[2], minutes[8]);
        assert!(trough * 13 < crest * 10 && trough * 16 > crest * 10, "{minutes:?}");
        let bills = minutes[7] - trough;
        assert!((3 * 330..3 * 450).contains(&bills), "a crowd calls about its bills: {minutes:?}");
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let at_work = work_of_one_ms() * (crest + trough) as f64 / (2.0 * 3.0 * 60_000.0 * 400.0);
        assert!((0.7..0.8).contains(&at_work), "{at_work}");
    }

    #[test]
    fn callers_differ_as_the_rules_can_tell_apart() {
        let calls = calls(9, 16, 3 * WAVE_MS);
        let has = |what: &str, test: &dyn Fn(&PlannedCall) -> bool| {
            assert!(calls.iter().any(test), "nobody {what}");
        };
        let attribute =
            |call: &PlannedCall, name: &str| call.attributes.values().get(name).cloned().unwrap_or_default();
        for (intent, _) in INTENTS {
            has(intent, &|call| attribute(call, "intent") == intent && call.channel == Channel::Voice);
        }
        for (number, _) in DIALLED {
            has(number, &|call| call.to.as_ref().is_some_and(|to| to.as_str() == number));
        }
        has("answers a mail of ours", &|call| attribute(call, "is_reply") == true);
        has("writes a new mail", &|call| attribute(call, "is_reply") == false);
        has("brings paper work", &|call| call.channel == Channel::Task);
        has("chats in French", &|call| call.channel == Channel::Chat && attribute(call, "language").is_null());
        for (language, _) in PAGES {
            has(language, &|call| attribute(call, "language") == language && call.channel == Channel::Chat);
        }
        has("is owned", &|call| attribute(call, "customer").get("owner").is_some());
        has("presses a key", &|call| call.presses.is_some() && call.channel == Channel::Voice);
        has("would call again", &|call| call.calls_again_after_ms.is_some_and(|after_ms| after_ms < 60_000));
    }
}
