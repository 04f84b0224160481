//! What people ask of campaigns in the records, told to the router. Decides nothing: the router does.

use super::desk::{CampaignDesk, DeskError};
use crate::journal::Journal;
use crate::records::CampaignWish;
use crate::router_handle::Rejection;
use crate::routing::command::Action;

impl<J: Journal> CampaignDesk<J> {
    /// Each once: what the router refuses is over, too. What it cannot hear now stays.
    pub(super) async fn pass_wishes_on(&mut self) -> Result<(), DeskError> {
        for wish in self.records.campaign_wishes().await? {
            let CampaignWish { campaign, run, asked } = &wish;
            let action = Action::RunCampaign { by: asked.by.clone(), campaign: campaign.clone(), run: *run };
            match self.router.tell(action).await {
                Ok(()) => {}
                Err(error @ (Rejection::Refused(_) | Rejection::Internal)) => {
                    tracing::warn!(%campaign, "it is not {run} as was asked: {error}");
                }
                Err(Rejection::Busy { .. } | Rejection::Unavailable { .. }) => continue,
            }
            self.records.drop_campaign_wish(&wish).await?;
        }
        Ok(())
    }
}
