//! Which request goes next: those of one lane one after the other, lanes beside each other up to a bound. It sends none.

use std::collections::{BTreeMap, VecDeque};

use super::request::{Action, Lane, Request, RequestNo};

/// Requests under way at once: more than a switch carries out beside each other, fewer than it lets connect.
const UNDER_WAY_MAX: usize = 64;
/// Requests that wait; behind these the switch is minutes late.
const WAITING_MAX: usize = 20_000;

/// Requests that are not answered yet.
#[derive(Debug, Default)]
pub struct Lanes {
    /// A lane that is here has one under way, or is among the `ready`.
    waiting: BTreeMap<Lane, VecDeque<(RequestNo, Action)>>,
    ready: VecDeque<Lane>,
    count: usize,
    under_way: usize,
}

/// So many wait that this one is not even tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany;

impl Lanes {
    /// # Errors
    /// When too many wait: nothing was taken.
    pub fn push(&mut self, no: RequestNo, request: Request) -> Result<(), TooMany> {
        if self.count >= WAITING_MAX {
            return Err(TooMany);
        }
        self.count += 1;
        let Request { lane, action } = request;
        match self.waiting.get_mut(&lane) {
            Some(waiting) => waiting.push_back((no, action)),
            None => {
                self.ready.push_back(lane.clone());
                self.waiting.insert(lane, VecDeque::from([(no, action)]));
            }
        }
        Ok(())
    }

    /// The next that may be sent; [`Lanes::answered`] is to follow.
    pub fn next_to_send(&mut self) -> Option<(RequestNo, Request)> {
        if self.under_way >= UNDER_WAY_MAX {
            return None;
        }
        let lane = self.ready.pop_front()?;
        let (no, action) = self.waiting.get_mut(&lane)?.pop_front()?;
        self.count -= 1;
        self.under_way += 1;
        Some((no, Request { lane, action }))
    }

    /// The one of this lane that was under way is over, however it ended.
    pub fn answered(&mut self, lane: Lane) {
        self.under_way = self.under_way.saturating_sub(1);
        if self.waiting.get(&lane).is_some_and(VecDeque::is_empty) {
            self.waiting.remove(&lane);
        } else if self.waiting.contains_key(&lane) {
            self.ready.push_back(lane);
        }
    }

    /// How many wait to be sent.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.count
    }

    /// What waits is never sent; what is under way is still to be answered.
    pub fn forget_waiting(&mut self) {
        for lane in self.ready.drain(..) {
            self.waiting.remove(&lane);
        }
        self.waiting.values_mut().for_each(VecDeque::clear);
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateways::asterisk::ari::event::ChannelId;

    fn request(lane: &str) -> Request {
        let action = Action::HangUp { channel: ChannelId("1".to_owned()) };
        Request { lane: Lane(lane.to_owned()), action }
    }

    fn sent(lanes: &mut Lanes) -> Vec<u64> {
        std::iter::from_fn(|| lanes.next_to_send()).map(|(no, _)| no.0).collect()
    }

    #[test]
    fn one_of_a_lane_is_under_way_and_the_others_follow_in_order() {
        let mut lanes = Lanes::default();
        for (no, lane) in [(1, "a"), (2, "a"), (3, "b"), (4, "a")] {
            lanes.push(RequestNo(no), request(lane)).unwrap();
        }
        assert_eq!(sent(&mut lanes), [1, 3]);
        lanes.answered(Lane("a".to_owned()));
        assert_eq!(sent(&mut lanes), [2]);
        lanes.answered(Lane("b".to_owned()));
        lanes.push(RequestNo(5), request("b")).unwrap();
        assert_eq!(sent(&mut lanes), [5]);
        for lane in ["a", "b", "a"] {
            lanes.answered(Lane(lane.to_owned()));
            sent(&mut lanes);
        }
        assert!(lanes.waiting.is_empty() && lanes.count == 0 && lanes.under_way == 0);
    }

    #[test]
    fn what_waits_can_be_forgotten() {
        let mut lanes = Lanes::default();
        for (no, lane) in [(1, "a"), (2, "a"), (3, "b")] {
            lanes.push(RequestNo(no), request(lane)).unwrap();
        }
        assert_eq!(lanes.next_to_send().map(|(no, _)| no.0), Some(1));
        lanes.forget_waiting();
        assert_eq!(sent(&mut lanes), [0; 0]);
        lanes.push(RequestNo(4), request("a")).unwrap();
        lanes.push(RequestNo(5), request("b")).unwrap();
        assert_eq!(sent(&mut lanes), [5], "one of lane a is still under way");
        lanes.answered(Lane("a".to_owned()));
        assert_eq!(sent(&mut lanes), [4]);
    }

    #[test]
    fn both_counts_are_bounded() {
        let mut lanes = Lanes::default();
        for no in 0..WAITING_MAX as u64 {
            lanes.push(RequestNo(no), request(&no.to_string())).unwrap();
        }
        assert_eq!(lanes.push(RequestNo(0), request("one more")), Err(TooMany));
        assert_eq!(sent(&mut lanes).len(), UNDER_WAY_MAX);
        lanes.answered(Lane("0".to_owned()));
        assert_eq!(sent(&mut lanes), [UNDER_WAY_MAX as u64]);
    }
}
