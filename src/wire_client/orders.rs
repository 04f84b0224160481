//! Which orders a switch has had: each is carried out at most once. It never carries one out.

use std::collections::{BTreeMap, VecDeque};

use crate::protocol::{OrderAnswer, OrderId};

/// Orders remembered: a repeat comes within seconds, and a switch has some hundred orders in one.
const REMEMBERED_MAX: usize = 8_192;

/// The answers that were given, the newest of them.
#[derive(Debug, Default)]
pub struct Orders {
    answers: BTreeMap<OrderId, OrderAnswer>,
    oldest_first: VecDeque<OrderId>,
}

/// What to do with an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    CarryOut,
    TooLate,
    /// It came before; the answer is the same.
    Repeat(OrderAnswer),
}

impl Orders {
    /// Remembers it too.
    pub fn judge(&mut self, order: &OrderId, not_after_ms: i64, now_ms: i64) -> Verdict {
        if let Some(answer) = self.answers.get(order) {
            return Verdict::Repeat(*answer);
        }
        let is_late = now_ms > not_after_ms;
        let answer = if is_late { OrderAnswer::TOO_LATE } else { OrderAnswer::ACCEPTED };
        self.answers.insert(order.clone(), answer);
        self.oldest_first.push_back(order.clone());
        if self.oldest_first.len() > REMEMBERED_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.answers.remove(&oldest);
        }
        if is_late { Verdict::TooLate } else { Verdict::CarryOut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_carried_out_once_and_never_after_its_moment() {
        let mut orders = Orders::default();
        let (first, second) = (OrderId::clipped("1"), OrderId::clipped("2"));
        assert_eq!(orders.judge(&first, 100, 100), Verdict::CarryOut);
        assert_eq!(orders.judge(&first, 100, 500), Verdict::Repeat(OrderAnswer::ACCEPTED));
        assert_eq!(orders.judge(&second, 100, 101), Verdict::TooLate);
        assert_eq!(orders.judge(&second, 900, 101), Verdict::Repeat(OrderAnswer::TOO_LATE));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut orders = Orders::default();
        for number in 0..2 * REMEMBERED_MAX {
            orders.judge(&OrderId::clipped(&number.to_string()), 1, 0);
        }
        assert_eq!((orders.answers.len(), orders.oldest_first.len()), (REMEMBERED_MAX, REMEMBERED_MAX));
    }
}
