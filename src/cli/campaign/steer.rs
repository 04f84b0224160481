//! `usher campaign start|pause|drain|stop`: asks the server by way of the records, and waits for what it says. Tells no router.

use std::io::Write;
use std::time::Duration;

use anyhow::bail;
use tokio::time::Instant;

use crate::clock::wall_time;
use crate::customers::change::Stamp;
use crate::records::{CampaignWish, Records};
use crate::routing::campaign::CampaignRun;

use super::OneCampaign;

/// A server looks every second.
const TAKEN_UP_WITHIN: Duration = Duration::from_secs(10);
/// From when the router has it, the records know after so long what the campaign does.
const TOLD_WITHIN: Duration = Duration::from_secs(2);
const LOOKED_AT_EVERY: Duration = Duration::from_millis(100);

pub(super) async fn ask(
    records: &Records,
    asked: OneCampaign,
    run: CampaignRun,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let OneCampaign { name, by } = asked;
    let wish = records.wish_campaign_run(&name, run, &Stamp { at: wall_time(), by }).await?;
    if !is_taken_up(records, &wish).await? {
        writeln!(
            out,
            "campaign {:?}: no server has taken it up yet; it stays asked for until one does",
            name.as_str()
        )?;
        return Ok(());
    }
    let until = Instant::now() + TOLD_WITHIN;
    loop {
        let now = records.campaign_run(&name).await?;
        let has_drained = run == CampaignRun::Draining && now == CampaignRun::Stopped;
        if now == run || has_drained {
            writeln!(out, "campaign {:?} is {now}", name.as_str())?;
            return Ok(());
        }
        if Instant::now() > until {
            bail!("campaign {:?} is {now}: the server refuses to have it {run}, and its log says why", name.as_str());
        }
        tokio::time::sleep(LOOKED_AT_EVERY).await;
    }
}

/// By a server, or by somebody who asked for something else since.
async fn is_taken_up(records: &Records, wish: &CampaignWish) -> anyhow::Result<bool> {
    let until = Instant::now() + TAKEN_UP_WITHIN;
    loop {
        if records.campaign_wish(&wish.campaign).await?.as_ref() != Some(wish) {
            return Ok(true);
        }
        if Instant::now() > until {
            return Ok(false);
        }
        tokio::time::sleep(LOOKED_AT_EVERY).await;
    }
}
