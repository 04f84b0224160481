//! What each role sees of a customer. Hides nothing itself.

use crate::customers::redaction::Sight;

use super::{Role, Roles};

/// One sight a role; the settings fill them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sights {
    pub agent: Sight,
    pub supervisor: Sight,
    pub campaign_manager: Sight,
    pub admin: Sight,
    pub crm: Sight,
}

impl Sights {
    #[must_use]
    pub fn of_role(&self, role: Role) -> &Sight {
        match role {
            Role::Agent => &self.agent,
            Role::Supervisor => &self.supervisor,
            Role::CampaignManager => &self.campaign_manager,
            Role::Admin => &self.admin,
            Role::Crm => &self.crm,
        }
    }

    /// What at least one of the roles sees; without a role, nothing.
    #[must_use]
    pub fn of(&self, roles: &Roles) -> Sight {
        let all = roles.iter().map(|role| self.of_role(role).clone());
        all.reduce(|one, other| one.or(&other)).unwrap_or_else(Sight::of_nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::redaction::Hidable;

    #[test]
    fn several_roles_see_what_one_of_them_sees_and_none_sees_nothing() {
        let sights = Sights {
            agent: Sight::of_everything(),
            supervisor: Sight::without([Hidable::Phone]),
            campaign_manager: Sight::of_nothing(),
            admin: Sight::without([Hidable::Names]),
            crm: Sight::of_nothing(),
        };
        assert_eq!(sights.of(&Roles::default()), Sight::of_nothing());
        let roles = |roles: &[Role]| sights.of(&roles.iter().copied().collect());
        assert_eq!(roles(&[Role::CampaignManager]), Sight::of_nothing());
        assert_eq!(roles(&[Role::CampaignManager, Role::Supervisor]), Sight::without([Hidable::Phone]));
        assert_eq!(roles(&[Role::Admin, Role::Supervisor]), Sight::of_everything());
    }
}
