//! A piece of work as the contact that it becomes. Asks nobody.

use serde_json::{Map, Value};

use crate::customers::ids::WorkId;
use crate::customers::work::Work;
use crate::routing::ids::{ContactRef, GatewayId};
use crate::routing::personal::Attributes;

/// The gateway that carries tasks: no key may be made for a gateway of this name.
pub const TASKS: &str = "tasks";

pub(super) fn gateway() -> GatewayId {
    GatewayId::new(TASKS).expect("a short word")
}

/// Its name at the gateway: another one after each change, so that work which becomes a task again is not taken
/// for the one before.
pub(super) fn reference_of(work: &Work) -> ContactRef {
    ContactRef::new(&format!("{}:{}", work.id, work.version.0)).expect("two numbers")
}

/// The work that a task of this gateway is; none: another gateway's contact.
#[must_use]
pub fn work_of(gateway: &GatewayId, reference: &ContactRef) -> Option<WorkId> {
    let number = reference.as_str().split(':').next().filter(|_| gateway.as_str() == TASKS)?;
    number.parse().ok().map(WorkId)
}

/// What conditions and the agent see of it, besides its customer.
pub(super) fn attributes_of(work: &Work) -> Attributes {
    let kind = serde_json::to_value(work.fields.kind).expect("a word");
    let category = work.fields.category.as_ref().map(|category| Value::from(category.as_str()));
    let owner = work.fields.owner.as_ref().map(|owner| Value::from(owner.as_str()));
    let all = [
        ("work", Some(Value::from(work.id.to_string()))),
        ("work_kind", Some(kind)),
        ("work_title", Some(Value::from(work.fields.title.as_str()))),
        ("work_category", category),
        ("work_owner", owner),
    ];
    let known = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Attributes(known.collect::<Map<String, Value>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_names_its_work() {
        let reference = ContactRef::new("17:3").unwrap();
        assert_eq!(work_of(&gateway(), &reference), Some(WorkId(17)));
        assert_eq!(work_of(&GatewayId::new("asterisk").unwrap(), &reference), None);
        assert_eq!(work_of(&gateway(), &ContactRef::new("x:3").unwrap()), None);
    }
}
