//! Who lifts a phone that rings, and what else may become of a call: chance alone, and the number. It places no call.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::protocol::CallProgressed;

/// Shares of a thousand calls; the rest is answered.
type Shares = &'static [(CallProgressed, u32)];

/// Of somebody who has asked to be called.
const WISHED: Shares = &[(CallProgressed::NoAnswer, 90), (CallProgressed::Machine, 18), (CallProgressed::Busy, 72)];
/// Of somebody whom a campaign calls.
const UNASKED: Shares = &[
    (CallProgressed::NoAnswer, 310),
    (CallProgressed::Machine, 130),
    (CallProgressed::Busy, 70),
    (CallProgressed::Rejected, 50),
    (CallProgressed::Congestion, 15),
    (CallProgressed::Failed, 10),
];
/// Numbers that are always so, of a thousand.
const LINES: Shares =
    &[(CallProgressed::InvalidNumber, 25), (CallProgressed::Disconnected, 15), (CallProgressed::Fax, 10)];

pub(super) fn who_wished_it_answers(random: &mut ChaCha8Rng) -> CallProgressed {
    of_share(WISHED, random.random_range(0..1_000))
}

/// A number that there is not is none whenever it is called.
pub(super) fn lead_answers(number: &str, random: &mut ChaCha8Rng) -> CallProgressed {
    let chance = of_share(UNASKED, random.random_range(0..1_000));
    match of_share(LINES, mixed(number) % 1_000) {
        CallProgressed::Answered => chance,
        line => line,
    }
}

fn of_share(shares: Shares, draw: u32) -> CallProgressed {
    let mut below = 0;
    let found = shares.iter().find(|(_, share)| {
        below += share;
        draw < below
    });
    found.map_or(CallProgressed::Answered, |(progress, _)| *progress)
}

/// Numbers that follow each other come to anything.
fn mixed(number: &str) -> u32 {
    number.bytes().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn everything_becomes_of_leads_and_what_a_line_is_it_stays() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut came: BTreeMap<CallProgressed, u32> = BTreeMap::new();
        for number in 0..2_000 {
            let number = format!("+1212{number:07}");
            let first = lead_answers(&number, &mut random);
            *came.entry(first).or_default() += 1;
            if LINES.iter().any(|(line, _)| *line == first) {
                assert!((0..9).all(|_| lead_answers(&number, &mut random) == first), "{number}");
            }
        }
        assert_eq!(came.len(), LINES.len() + UNASKED.len() + 1, "{came:?}");
        assert!((700..900).contains(&came[&CallProgressed::Answered]), "{came:?}");
    }
}
