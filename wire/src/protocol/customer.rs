//! Who the customer is: his card, and finding, adding and changing him. It never says who may see what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attributes::Attributes;
use super::error::ErrorKind;
use super::list::bounded;
use super::text::{
    Address, AgentName, ContactId, CustomerId, CustomerName, Name, PersonName, QueueName, SearchText, Text, WorkId,
};
use super::time::Time;
use super::words::{Channel, Direction, words};

/// Addresses or tags of a customer who is added.
const PARTS_MAX: usize = 50;

words! {
    /// What an address is of.
    AddressKind {
        /// A telephone number.
        Phone,
        /// A mail address.
        Email,
        /// A name on a chat network, as `network:handle`.
        Handle,
        /// The customer's number in another system, as `system:id`.
        External,
    }
}
words! {
    /// Whether the customer may be contacted at an address.
    #[derive(Default)]
    Consent {
        /// Nobody asked.
        #[default]
        Unknown,
        /// He may.
        Yes,
        /// He may not.
        No,
    }
}
words! {
    /// What is to be done.
    WorkKind {
        /// A task.
        Task,
        /// The customer wants something done.
        ServiceRequest,
        /// The customer may buy.
        SalesLead,
        /// The customer is not content.
        Complaint,
    }
}

/// An address of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerAddress {
    /// What it is of.
    pub kind: AddressKind,
    /// For people; masked for those who need not see it.
    pub shown: Address,
    /// Behind a shared number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Name>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Name>,
    /// Whether the customer may be contacted there.
    pub consent: Consent,
}

/// A customer in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerLine {
    /// Which customer.
    pub customer: CustomerId,
    /// What the customer is called, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// How the centre ranks the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Name>,
}

/// A contact that the customer had with us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct PastContact {
    /// Which contact.
    pub contact: ContactId,
    /// When it came.
    pub at: Time,
    /// How it was carried.
    pub channel: Channel,
    /// Which side began it.
    pub direction: Direction,
    /// Where it waited last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// Who had it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentName>,
    /// The result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Name>,
    /// How content the customer was, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<u8>,
    /// The beginning of what was noted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Something still to be done for the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct OpenWork {
    /// Which piece of work.
    pub work: WorkId,
    /// What it is.
    pub kind: WorkKind,
    /// What it is about, in the centre's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// In a line.
    pub title: Text,
    /// When it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentName>,
}

/// How content the customer was with one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ScoredContact {
    /// When the contact came.
    pub at: Time,
    /// From 1; the centre's own scale.
    pub score: u8,
}

/// One of the centre's own fields of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerField {
    /// What messages call it.
    pub name: Name,
    /// What people call it.
    pub label: Name,
    /// The beginning of it, for people.
    pub value: Text,
}

/// What an agent wants to see of the customer before saying hello.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerCard {
    /// Which customer.
    pub customer: CustomerId,
    /// Counts the changes; `customer.change` names it.
    pub version: u64,
    /// What the customer is called, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// What the customer speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Name>,
    /// How the centre ranks the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Name>,
    /// Whose account it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentName>,
    /// The customer does not want to be contacted.
    pub do_not_contact: bool,
    /// In the centre's words.
    pub tags: Vec<Name>,
    /// Where the customer is reached.
    pub addresses: Vec<CustomerAddress>,
    /// The centre's own fields in its own order.
    #[serde(default)]
    pub fields: Vec<CustomerField>,
    /// Who else it may be, the likeliest first.
    pub other_matches: Vec<CustomerLine>,
    /// The last contacts, the newest first.
    pub interactions: Vec<PastContact>,
    /// What is to be done, by due time.
    pub work: Vec<OpenWork>,
    /// Callbacks that were promised, by due time.
    pub promises: Vec<OpenWork>,
    /// How content the customer was, the newest first.
    pub satisfaction: Vec<ScoredContact>,
    /// When all this was read.
    pub read_at: Time,
}

/// Asks for all about one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerShow {
    /// Which customer.
    pub customer: CustomerId,
}

/// Something that was noted about the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerNote {
    /// The beginning of it.
    pub text: Text,
    /// When.
    pub at: Time,
    /// Who.
    pub by: Name,
}

/// All about one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerShown {
    /// As it is pushed with a contact, read just now.
    pub card: CustomerCard,
    /// What else the customer is called.
    pub other_names: Vec<PersonName>,
    /// The centre's own fields, whole.
    pub custom: Attributes,
    /// The last notes, the newest first.
    pub notes: Vec<CustomerNote>,
    /// Customers that are part of this one now.
    pub merged: Vec<CustomerLine>,
}

/// Asks for customers by an address, part of a name, or words of a note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerSearch {
    /// What a person typed.
    pub query: SearchText,
    /// At most so many, up to 50; 20 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u8>,
}

words! {
    /// By what a customer was found.
    FoundBy {
        /// One of the customer's addresses.
        Address,
        /// One of the customer's names.
        Name,
        /// A note.
        Note,
    }
}

/// A customer who was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerFound {
    /// Which customer.
    pub customer: CustomerId,
    /// What the customer is called, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// How the centre ranks the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Name>,
    /// What the customer speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Name>,
    /// When the last contact came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact_at: Option<Time>,
    /// By what.
    pub by: FoundBy,
    /// The beginning of the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Customers, the likeliest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomersFound {
    /// None: nobody fits.
    pub customers: Vec<CustomerFound>,
}

/// An address to be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct NewCustomerAddress {
    /// What it is of.
    pub kind: AddressKind,
    /// In any form; a handle as `network:handle`, an id as `system:id`.
    pub address: Address,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Name>,
    /// Whether the customer may be contacted there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// Adds a customer. Whether it is known already is for the agent to see: nobody is merged silently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerCreate {
    /// What the customer is called; empty while nothing but an address is known.
    pub name: CustomerName,
    /// What the customer speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Name>,
    /// How the centre ranks the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Name>,
    /// Whose account it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentName>,
    /// Where the customer is reached, at most 50.
    #[serde(deserialize_with = "bounded")]
    pub addresses: Vec<NewCustomerAddress>,
    /// In the centre's words, at most 50.
    #[serde(deserialize_with = "bounded")]
    pub tags: Vec<Name>,
    /// The centre's own fields by name, each of its declared type.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub custom: Attributes,
}

impl CustomerCreate {
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        for (field, count) in [("addresses", self.addresses.len()), ("tags", self.tags.len())] {
            if count > PARTS_MAX {
                return Err(ErrorKind::invalid_field(field, format!("at most {PARTS_MAX} items")));
            }
        }
        Ok(())
    }
}

/// The customer who was added or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerStored {
    /// Which customer.
    pub customer: CustomerId,
    /// What the next change names.
    pub version: u64,
}

/// Changes a customer. What is left out is taken away; of the centre's own fields only those that are named change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct CustomerChange {
    /// Which customer.
    pub customer: CustomerId,
    /// As it was shown: changed by somebody else meanwhile, this is refused.
    pub version: u64,
    /// What the customer is called.
    pub name: CustomerName,
    /// What the customer speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Name>,
    /// How the centre ranks the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Name>,
    /// Whose account it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentName>,
    /// The customer does not want to be contacted.
    pub do_not_contact: bool,
    /// The centre's own fields by name, each of its declared type; null takes one away.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub custom: Attributes,
}

/// Says whose contact in hand or on offer it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContactCustomer {
    /// Which contact.
    pub contact: ContactId,
    /// Which customer.
    pub customer: CustomerId,
}
