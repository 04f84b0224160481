//! What is known of every message besides its content: who says it, to whom, with which types.
//! It never holds a message.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use ts_rs::TS;

use super::messages::{
    AgentAsk, AgentHears, CustomerAsk, GatewayAsk, GatewayHears, GatewayOrder, GatewaySays, GatewayTells, SessionAsk,
    SessionHears, SupervisorAsk, SupervisorHears, WorkAsk, WritingAsk,
};
use super::typescript::Declarations;
use super::words::Role;

/// In which direction a message goes, and whether it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A request of the client.
    Ask,
    /// A notification of the client.
    Tell,
    /// A notification of the server with `seq`: part of what a resume repeats.
    Event,
    /// A notification of the server without `seq`: the latest is all that counts.
    Push,
    /// A request of the server.
    Order,
}

impl Way {
    /// Whether the client sends it.
    #[must_use]
    pub fn is_from_client(self) -> bool {
        match self {
            Way::Ask | Way::Tell => true,
            Way::Event | Way::Push | Way::Order => false,
        }
    }

    pub(super) fn has_id(self) -> bool {
        match self {
            Way::Ask | Way::Order => true,
            Way::Tell | Way::Event | Way::Push => false,
        }
    }
}

/// One message that may be encoded.
pub trait Message {
    /// Its name, `noun.verb`.
    fn method(&self) -> &'static str;
    /// Its params as JSON text: one object.
    fn params_text(&self) -> String;
}

/// A row of the table: one message.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// Its name, `noun.verb`; unique for a role and a direction.
    pub name: &'static str,
    /// Direction, and whether it is answered.
    pub way: Way,
    /// Whose sessions have it.
    pub roles: &'static [Role],
    /// What it is for, in a sentence.
    pub purpose: &'static str,
    pub(super) params: TypeOf,
    pub(super) result: Option<TypeOf>,
}

impl Method {
    /// The folder of its schema: the role, `person` for agents and supervisors, or `session` when every role has it.
    #[must_use]
    pub fn group(&self) -> &'static str {
        match self.roles {
            [Role::Agent] => "agent",
            [Role::Supervisor] => "supervisor",
            [Role::Gateway] => "gateway",
            [Role::CampaignManager] => "campaign_manager",
            [Role::Admin] => "admin",
            [Role::Agent, Role::Supervisor] => "person",
            _ => "session",
        }
    }

    /// Its name among all of its group. What both sides say is told apart by who hears it.
    #[must_use]
    pub fn name_in_group(&self) -> String {
        let is_said_too = from_clients(self.name).any(|said| said.group() == self.group());
        match self.way.is_from_client() || !is_said_too {
            true => self.name.to_owned(),
            false => format!("{}.heard", self.name),
        }
    }
}

/// A wire type as the generators need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypeOf {
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    pub typescript: fn(&mut Declarations) -> String,
}

impl TypeOf {
    pub const fn of<T: JsonSchema + TS + Serialize + DeserializeOwned + 'static>() -> Self {
        TypeOf { schema: |generator| generator.subschema_for::<T>(), typescript: Declarations::add::<T> }
    }
}

/// Every message that there is, by who says it.
pub const METHOD_TABLES: [&[Method]; 14] = [
    SessionAsk::METHODS,
    SessionHears::METHODS,
    AgentAsk::METHODS,
    AgentHears::METHODS,
    SupervisorAsk::METHODS,
    SupervisorHears::METHODS,
    CustomerAsk::METHODS,
    WorkAsk::METHODS,
    WritingAsk::METHODS,
    GatewayTells::METHODS,
    GatewayAsk::METHODS,
    GatewaySays::METHODS,
    GatewayHears::METHODS,
    GatewayOrder::METHODS,
];

pub(super) fn all() -> impl Iterator<Item = &'static Method> {
    METHOD_TABLES.into_iter().flatten()
}

pub(super) fn from_clients(name: &str) -> impl Iterator<Item = &'static Method> {
    all().filter(move |method| method.way.is_from_client() && method.name == name)
}
