//! What share of answered calls may find no agent, and how a regulator counts it. Whole numbers only; it places no call.

use super::limits::Period;

/// Calls of one period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AnsweredCalls {
    /// Answered by a person, or taken for it, who got no agent in time.
    pub dropped: u64,
    /// Answered by a person who got an agent.
    pub live: u64,
    /// Taken for an answering machine.
    pub machines: u64,
}

/// A share as it is counted: `dropped` of `answered`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DroppedShare {
    pub dropped: u64,
    pub answered: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DropFormula {
    /// Of the calls that a person answered: D ÷ (D + live).
    OfLiveAnswers,
    /// Ofcom's: some of the dropped calls were machines as well, at the rate of the rest. A′ ÷ (A′ + live), where
    /// A′ = D − D·M ÷ (M + live); that is D·live ÷ (M + live), and so the share is D ÷ (D + M + live).
    MachineAdjusted,
}

impl DropFormula {
    pub const ALL: [DropFormula; 2] = [DropFormula::OfLiveAnswers, DropFormula::MachineAdjusted];

    /// As a rule file writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DropFormula::OfLiveAnswers => "of_live_answers",
            DropFormula::MachineAdjusted => "machine_adjusted",
        }
    }

    #[must_use]
    pub fn share(self, calls: AnsweredCalls) -> DroppedShare {
        let AnsweredCalls { dropped, live, machines } = calls;
        let answered = match self {
            DropFormula::OfLiveAnswers => dropped.saturating_add(live),
            DropFormula::MachineAdjusted => dropped.saturating_add(live).saturating_add(machines),
        };
        DroppedShare { dropped, answered }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DropCapShare {
    /// No share is safe: nobody may be dropped unless a person with the right to says so.
    NoneSafe,
    PerMille(u32),
}

/// Over which calls a share is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DropCapScope {
    Campaign,
    /// All that one caller places.
    Caller,
}

impl DropCapScope {
    pub const ALL: [DropCapScope; 2] = [DropCapScope::Campaign, DropCapScope::Caller];

    /// As a rule file writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DropCapScope::Campaign => "campaign",
            DropCapScope::Caller => "caller",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DropCap {
    pub share: DropCapShare,
    pub formula: DropFormula,
    pub per: DropCapScope,
    /// None: where no share is safe, over no time.
    pub within: Option<DropPeriod>,
}

/// The time over which a share is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DropPeriod {
    CalendarMonth,
    /// One such period after the other.
    Successive(Period),
}

impl DropCap {
    #[must_use]
    pub fn is_kept(&self, calls: AnsweredCalls) -> bool {
        let share = self.formula.share(calls);
        match self.share {
            DropCapShare::NoneSafe => share.dropped == 0,
            DropCapShare::PerMille(most) => {
                u128::from(share.dropped) * 1_000 <= u128::from(most) * u128::from(share.answered)
            }
        }
    }
}
