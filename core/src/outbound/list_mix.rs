//! Which list the next lead comes from, so that lists have their shares. Holds no lead.
//!
//! The `k`-th pick of a list with share `s` of all shares `S` may come after `⌊(k−1)·S/s⌋` picks and has to come within
//! `⌈k·S/s⌉`; of the lists whose pick may come, the one that has to come first is next. So no list is ever a whole pick
//! away from its share (R. Tijdeman, "The chairman assignment problem", Discrete Mathematics 32, 1980).

use super::ids::CallListId;

/// Lists that are worked through together, each with its share.
#[derive(Clone, Debug, Default)]
pub struct ListMix {
    lists: Vec<Share>,
    /// Of all lists together.
    picks: u64,
}

#[derive(Clone, Debug)]
struct Share {
    list: CallListId,
    share: u32,
    picks: u64,
}

impl ListMix {
    /// Lists with their shares: of equals the first goes first. One without a share is picked when no other has a lead.
    #[must_use]
    pub fn new(lists: impl IntoIterator<Item = (CallListId, u32)>) -> ListMix {
        let lists = lists.into_iter().map(|(list, share)| Share { list, share, picks: 0 }).collect();
        ListMix { lists, picks: 0 }
    }

    /// The list whose turn it is, of those that have a lead; it counts as picked. One that has none when it is its turn
    /// loses the turn, and makes up for nothing later: its leads would come in a burst.
    pub fn pick(&mut self, mut has_lead: impl FnMut(CallListId) -> bool) -> Option<CallListId> {
        let all: u64 = self.lists.iter().map(|list| u64::from(list.share)).sum();
        let mut order: Vec<usize> = (0..self.lists.len()).collect();
        order.sort_by_key(|place| self.lists[*place].turn(all, self.picks));
        let found = order.iter().position(|place| has_lead(self.lists[*place].list))?;
        let picked = &mut self.lists[order[found]];
        let list = picked.list;
        if let Turn::NotYet { soonest, .. } = picked.turn(all, self.picks) {
            self.picks = soonest;
        }
        if picked.share > 0 {
            picked.picks += 1;
            self.picks += 1;
        }
        for place in &order[..found] {
            self.lists[*place].lose_turns(all, self.picks);
        }
        Some(list)
    }
}

/// The sooner, the smaller.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Within so many picks of all lists.
    MayCome {
        latest: u64,
    },
    /// Not before so many.
    NotYet {
        soonest: u64,
        latest: u64,
    },
    OnlyWhenNoOther,
}

impl Share {
    fn turn(&self, all: u64, picks: u64) -> Turn {
        let share = u64::from(self.share);
        if share == 0 {
            return Turn::OnlyWhenNoOther;
        }
        let (soonest, latest) = (self.picks * all / share, ((self.picks + 1) * all).div_ceil(share));
        if soonest <= picks { Turn::MayCome { latest } } else { Turn::NotYet { soonest, latest } }
    }

    fn lose_turns(&mut self, all: u64, picks: u64) {
        let due = (picks * u64::from(self.share)).checked_div(all).unwrap_or_default();
        self.picks = self.picks.max(due);
    }
}
