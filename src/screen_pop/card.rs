//! The customer's card: all that an agent wants to see before saying hello. Changes nothing.

use crate::customers::customer::CustomerCard;
use crate::customers::ids::CustomerId;
use crate::customers::interaction::{Interaction, Satisfaction};
use crate::customers::note::Note;
use crate::customers::redaction::{Hidable, Sight};
use crate::customers::work::Work;
use crate::records::{Records, RecordsError};
use crate::routing::time::Timestamp;

/// Interactions shown on a card.
pub const INTERACTIONS_SHOWN: usize = 5;
/// Interactions whose scores make the trend.
const INTERACTIONS_SCORED: u32 = 20;
/// Pieces of open work on a card; who has more is somebody to look up.
const WORK_SHOWN: u32 = 20;
/// Work of this category is a promise to call.
const CALLBACK_CATEGORY: &str = "callback";

#[derive(Clone, PartialEq, Debug)]
pub struct Card {
    pub customer: CustomerCard,
    /// The newest first.
    pub interactions: Vec<PastContact>,
    /// What is not done, by due time, promises left out.
    pub work: Vec<Work>,
    /// Callbacks that were promised, by due time.
    pub promises: Vec<Work>,
    /// The newest first.
    pub satisfaction: Vec<(Timestamp, Satisfaction)>,
    pub read_at: Timestamp,
}

impl Card {
    /// The card that somebody with this sight may see.
    #[must_use]
    pub fn seen_with(&self, sight: &Sight) -> Card {
        let all = |work: &[Work]| work.iter().map(|work| sight.work(work)).collect();
        let seen = |past: &PastContact| PastContact {
            interaction: sight.interaction(&past.interaction),
            last_note: past.last_note.as_ref().filter(|_| sight.sees(&Hidable::Notes)).cloned(),
        };
        Card {
            customer: sight.card(&self.customer),
            interactions: self.interactions.iter().map(seen).collect(),
            work: all(&self.work),
            promises: all(&self.promises),
            satisfaction: self.satisfaction.clone(),
            read_at: self.read_at,
        }
    }
}

/// An interaction with the last thing that was noted of it.
#[derive(Clone, PartialEq, Debug)]
pub struct PastContact {
    pub interaction: Interaction,
    pub last_note: Option<Note>,
}

/// None: there is no such customer. Of one that was merged, the card of the one it is part of.
///
/// # Errors
/// When the database does not answer, or a row cannot be read.
pub async fn read(records: &Records, customer: CustomerId, now: Timestamp) -> Result<Option<Card>, RecordsError> {
    let Some(mut card) = records.customer_card(customer).await? else { return Ok(None) };
    if let Some(into) = card.customer.merged_into {
        let Some(kept) = records.customer_card(into).await? else { return Ok(None) };
        card = kept;
    }
    let id = card.customer.id;
    let interactions = records.interactions_of_customer(id, None, INTERACTIONS_SCORED).await?;
    let scored = |past: &Interaction| past.satisfaction.map(|score| (past.arrived_at, score));
    let satisfaction = interactions.iter().filter_map(scored).collect();
    let mut shown = Vec::with_capacity(INTERACTIONS_SHOWN);
    for interaction in interactions.into_iter().take(INTERACTIONS_SHOWN) {
        let last_note = records.notes_of_contact(interaction.contact, 1).await?.pop();
        shown.push(PastContact { interaction, last_note });
    }
    let open = records.open_work_of_customer(id, WORK_SHOWN).await?;
    let (promises, work) = open.into_iter().partition(is_promise);
    Ok(Some(Card { customer: card, interactions: shown, work, promises, satisfaction, read_at: now }))
}

fn is_promise(work: &Work) -> bool {
    work.fields.category.as_ref().is_some_and(|category| category.as_str().eq_ignore_ascii_case(CALLBACK_CATEGORY))
}
