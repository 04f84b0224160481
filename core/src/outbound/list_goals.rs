//! What a list is to reach, and how far it is: targets and quotas that stop it, or a segment of it. Knows no lead by itself.

use serde_json::Value;

use super::call_list::CallListSettings;
use super::lead_standing::LeadReached;
use crate::customers::custom_fields::FieldValue;
use crate::customers::customer::CustomFields;

/// Why a list is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    Contacts,
    Sales,
    /// That of the whole list.
    Quota,
}

#[derive(Clone, Debug, Default)]
pub struct ListGoals {
    contacts: u64,
    sales: u64,
    contacts_max: Option<u64>,
    sales_max: Option<u64>,
    quota_max: Option<u64>,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug)]
struct Segment {
    field: String,
    /// As leads hold it.
    value: Value,
    contacts: u64,
    contacts_max: u64,
}

impl Segment {
    fn holds(&self, fields: &CustomFields) -> bool {
        fields.0.get(&self.field) == Some(&self.value)
    }
}

impl ListGoals {
    /// Nothing is reached yet.
    #[must_use]
    pub fn of(settings: &CallListSettings) -> ListGoals {
        let whole = settings.quotas.iter().find(|quota| quota.field.is_none());
        let segments = settings.quotas.iter().filter_map(|quota| {
            let (field, value) = (quota.field.as_ref()?, quota.value.as_ref()?);
            let value = settings.fields.read(field, value).ok()?.as_ref().map(FieldValue::to_json)?;
            Some(Segment { field: field.clone(), value, contacts: 0, contacts_max: u64::from(quota.contacts.get()) })
        });
        ListGoals {
            contacts: 0,
            sales: 0,
            contacts_max: settings.target_contacts.map(|count| u64::from(count.get())),
            sales_max: settings.target_sales.map(|count| u64::from(count.get())),
            quota_max: whole.map(|quota| u64::from(quota.contacts.get())),
            segments: segments.collect(),
        }
    }

    /// Fields of leads say which segment they are in.
    #[must_use]
    pub fn has_segments(&self) -> bool {
        !self.segments.is_empty()
    }

    #[must_use]
    pub fn contacts(&self) -> u64 {
        self.contacts
    }

    #[must_use]
    pub fn sales(&self) -> u64 {
        self.sales
    }

    /// Once for each lead with which something was reached.
    pub fn count(&mut self, reached: LeadReached, fields: &CustomFields) {
        self.contacts += 1;
        self.sales += u64::from(reached == LeadReached::Sale);
        for segment in self.segments.iter_mut().filter(|segment| segment.holds(fields)) {
            segment.contacts += 1;
        }
    }

    /// A lead that was a contact has become a sale.
    pub fn count_sale(&mut self) {
        self.sales += 1;
    }

    #[must_use]
    pub fn reached(&self) -> Option<Goal> {
        let is_reached = |max: Option<u64>, count: u64| max.is_some_and(|max| count >= max);
        if is_reached(self.contacts_max, self.contacts) {
            Some(Goal::Contacts)
        } else if is_reached(self.sales_max, self.sales) {
            Some(Goal::Sales)
        } else if is_reached(self.quota_max, self.contacts) {
            Some(Goal::Quota)
        } else {
            None
        }
    }

    /// Whether no segment that the lead is in has enough.
    #[must_use]
    pub fn admits(&self, fields: &CustomFields) -> bool {
        !self.segments.iter().any(|segment| segment.holds(fields) && segment.contacts >= segment.contacts_max)
    }
}
