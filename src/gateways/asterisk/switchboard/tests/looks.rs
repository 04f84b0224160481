//! What the tests look at in a switchboard. It changes nothing.

use crate::gateways::asterisk::switchboard::Switchboard;
use crate::gateways::asterisk::switchboard::calls::{Phase, Role};
use crate::protocol::{ContactId, GatewayContact, QueueName, Ref, ShouldBe};

impl Switchboard {
    pub fn calls_and_legs(&self) -> (usize, usize) {
        (self.calls.len(), self.legs.len())
    }

    /// What a server that has heard everything says of the call after a restart.
    pub fn as_known(&self, of: &Ref) -> Option<GatewayContact> {
        let call = self.calls.get(of)?;
        let agent =
            self.agents_of(of).find(|(_, leg)| leg.is_up && leg.is_in.is_some()).map(|(_, leg)| leg.role.clone());
        let should_be = match (&call.phase, agent) {
            (Phase::Talking { is_told: true }, Some(Role::Agent { agent, endpoint, .. })) if call.is_held => {
                ShouldBe::Held { agent, endpoint }
            }
            (Phase::Talking { is_told: true }, Some(Role::Agent { agent, endpoint, .. })) => {
                ShouldBe::Connected { agent, endpoint }
            }
            (Phase::Placing(_), _) => return None,
            _ => ShouldBe::Queued { queue: QueueName::clipped("sales") },
        };
        let contact = ContactId::clipped(of.as_str());
        Some(GatewayContact { contact, r#ref: of.clone(), should_be, consultation: None, recording: None })
    }

    /// Whether the caller is with a number outside, and the server is done with him.
    pub fn is_outside(&self, of: &Ref) -> bool {
        self.calls.get(of).is_some_and(|call| call.phase == Phase::Outside { order: None })
    }
}
