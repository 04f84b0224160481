//! The door: what was said goes in, in its order, and is answered later. Waits for nothing.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::said::Said;
use super::underway::Underway;
use super::writer::{Parts, Writer};
use crate::customers::message::MessageStatus;
use crate::router_handle::Rejection;
use crate::routing::ids::{EventNo, GatewayId};
use crate::routing::time::Timestamp;

/// Messages that wait for the database; whoever comes then is told to come again.
const WAITING_MAX: usize = 8_192;
const RETRY_AFTER_MS: u64 = 1_000;

/// When it was written down, or why it was not.
pub(super) type Answer = Box<dyn FnOnce(Result<Timestamp, Rejection>) + Send>;

pub(super) enum Asked {
    Say { said: Said, answer: Answer },
    Outcome { order: EventNo, status: MessageStatus, answer: Answer },
    SendAgain { gateway: GatewayId },
}

pub struct MessageDesk {
    inbox: mpsc::Sender<Asked>,
    underway: Arc<Underway>,
}

impl MessageDesk {
    /// Nobody writes.
    #[cfg(test)]
    #[must_use]
    pub fn closed() -> Arc<MessageDesk> {
        Arc::new(MessageDesk { inbox: mpsc::channel(1).0, underway: Arc::default() })
    }

    /// Starts the task that writes.
    #[must_use]
    pub fn start(parts: Parts) -> Arc<MessageDesk> {
        let (inbox, asked) = mpsc::channel(WAITING_MAX);
        let underway = Arc::clone(&parts.underway);
        tokio::spawn(Writer::new(parts).run(asked));
        Arc::new(MessageDesk { inbox, underway })
    }

    /// `answer` is called when the message is written and its event is on disk, or was before.
    pub fn say(&self, said: Said, answer: impl FnOnce(Result<Timestamp, Rejection>) + Send + 'static) {
        self.ask(Asked::Say { said, answer: Box::new(answer) });
    }

    /// Whether the order sends a message: then its outcome belongs here.
    #[must_use]
    pub fn is_order(&self, order: EventNo) -> bool {
        self.underway.is_order(order)
    }

    pub fn outcome(
        &self,
        order: EventNo,
        status: MessageStatus,
        answer: impl FnOnce(Result<Timestamp, Rejection>) + Send + 'static,
    ) {
        self.ask(Asked::Outcome { order, status, answer: Box::new(answer) });
    }

    /// The gateway is back: whatever it has said nothing of is ordered again.
    pub fn send_again(&self, gateway: GatewayId) {
        self.ask(Asked::SendAgain { gateway });
    }

    fn ask(&self, asked: Asked) {
        let asked = match self.inbox.try_send(asked) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(asked) | mpsc::error::TrySendError::Closed(asked)) => asked,
        };
        match asked {
            Asked::Say { answer, .. } | Asked::Outcome { answer, .. } => {
                answer(Err(Rejection::Unavailable { retry_after_ms: RETRY_AFTER_MS }));
            }
            Asked::SendAgain { gateway } => {
                tracing::warn!(gateway.id = %gateway, "messages are not ordered again: too many wait");
            }
        }
    }
}
