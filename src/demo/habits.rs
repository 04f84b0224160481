//! How a virtual agent works: quick or slow, and what he does now and then. It never acts.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A span in the centre's milliseconds from which one is drawn evenly, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub min_ms: i64,
    pub max_ms: i64,
}

impl Span {
    #[must_use]
    pub const fn seconds(min: i64, max: i64) -> Span {
        Span { min_ms: min * 1_000, max_ms: max * 1_000 }
    }

    pub fn draw(self, random: &mut ChaCha8Rng) -> i64 {
        random.random_range(self.min_ms..=self.max_ms)
    }
}

/// One agent's way of working. Chances are in thousandths; times are the centre's.
#[derive(Clone, PartialEq, Debug)]
pub struct Habits {
    /// From the offer to the click.
    pub accepts_after: Span,
    pub declines: u32,
    /// Looks away until the offer has expired.
    pub misses: u32,
    /// How long it takes to notice that he missed one and say that he is back.
    pub comes_back_after: Span,
    /// Puts the customer on hold once.
    pub holds: u32,
    pub holds_after: Span,
    pub holds_for: Span,
    /// Hangs up himself, after this much talk, where the customer has not done so.
    pub hangs_up: u32,
    pub hangs_up_after: Span,
    /// Lays a chat or a mail down until the customer writes again.
    pub suspends: u32,
    pub suspends_after: Span,
    /// Promises, while he wraps up, that the caller is called again, by himself or by anybody.
    pub promises_callback: u32,
    pub callback_in: Span,
    /// Asks a colleague or another queue about a call, once.
    pub consults: u32,
    pub consults_after: Span,
    /// From the colleague's first word until he has decided what to do.
    pub decides_after: Span,
    pub wraps_up_in: Span,
    pub dispositions: Vec<&'static str>,
    /// What he says of leads of a campaign, by its codes, each in so many of a thousand talks; of the rest nothing.
    pub says_of_leads: Vec<(&'static str, u32)>,
    /// From one break to the next; None: takes none.
    pub break_every: Option<Span>,
    pub break_for: Span,
}

impl Habits {
    /// A person with a mouse.
    #[must_use]
    pub fn human() -> Habits {
        Habits {
            accepts_after: Span { min_ms: 800, max_ms: 4_500 },
            declines: 15,
            misses: 15,
            comes_back_after: Span::seconds(8, 40),
            holds: 100,
            holds_after: Span::seconds(5, 20),
            holds_for: Span::seconds(5, 25),
            hangs_up: 200,
            hangs_up_after: Span::seconds(30, 120),
            suspends: 150,
            suspends_after: Span::seconds(8, 25),
            promises_callback: 30,
            callback_in: Span::seconds(30, 180),
            consults: 60,
            consults_after: Span::seconds(5, 20),
            decides_after: Span::seconds(4, 15),
            wraps_up_in: Span::seconds(4, 18),
            dispositions: vec!["solved", "information given", "call back agreed", "passed on"],
            says_of_leads: vec![("sale", 120), ("refused", 350), ("call_again", 380), ("wrong_party", 100)],
            break_every: Some(Span::seconds(15 * 60, 40 * 60)),
            break_for: Span::seconds(2 * 60, 6 * 60),
        }
    }

    /// Takes each contact at once and leaves the rest to the customer: for recorded calls and load.
    #[must_use]
    pub fn at_once() -> Habits {
        let now = Span::seconds(0, 0);
        Habits {
            accepts_after: now,
            declines: 0,
            misses: 0,
            comes_back_after: now,
            holds: 0,
            holds_after: now,
            holds_for: now,
            hangs_up: 0,
            hangs_up_after: now,
            suspends: 0,
            suspends_after: now,
            promises_callback: 0,
            callback_in: now,
            consults: 0,
            consults_after: now,
            decides_after: now,
            wraps_up_in: now,
            dispositions: vec!["done"],
            says_of_leads: Vec::new(),
            break_every: None,
            break_for: now,
        }
    }
}

/// True in so many of a thousand cases.
pub fn happens(per_mille: u32, random: &mut ChaCha8Rng) -> bool {
    random.random_range(0..1_000) < per_mille
}
