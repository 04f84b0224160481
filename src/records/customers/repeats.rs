//! How often one contact was enough: figures over interactions. It changes nothing.

use crate::routing::ids::QueueId;
use crate::routing::time::{Millis, Timestamp};

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::interactions::REPEATS;
use super::super::store::Records;
use super::rows::Columns;

/// What became of the customers whom one queue served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repeats {
    /// From which the contact was answered first.
    pub queue: QueueId,
    /// Contacts that came in, were answered, and whose customer is known.
    pub answered: u64,
    /// Of them, those whose customer came again in time, by whatever channel.
    pub came_again: u64,
}

impl Repeats {
    /// First-contact resolution, in percent: those who did not come again ÷ answered.
    #[must_use]
    pub fn resolved_at_first_percent(&self) -> f64 {
        if self.answered == 0 {
            return 100.0;
        }
        100.0 * (self.answered - self.came_again) as f64 / self.answered as f64
    }
}

impl Records {
    /// Of the contacts that came from `from` on and before `to`: whose customer came again within `within` of its
    /// end. A contact counts once that time is over at `now`.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn repeats(
        &self,
        from: Timestamp,
        to: Timestamp,
        within: Millis,
        now: Timestamp,
    ) -> Result<Vec<Repeats>, RecordsError> {
        let rows: Vec<(String, i64, i64)> = self.rows(REPEATS, values![from.0, to.0, within.0, now.0]).await?;
        let columns = Columns("interaction_segment");
        let counts = rows.into_iter().map(|(queue, answered, came_again)| {
            Ok(Repeats {
                queue: columns.text("queue", queue)?,
                answered: answered.unsigned_abs(),
                came_again: came_again.unsigned_abs(),
            })
        });
        counts.collect()
    }
}
