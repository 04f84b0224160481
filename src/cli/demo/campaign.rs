//! The campaign of a demo's centre and its call list, made once for a folder. It calls nobody and starts nothing.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::child::Usher;
use super::leads;
use crate::demo::CampaignBeside;
use crate::protocol::{Name, QueueName};

/// Rules without this queue get no campaign.
pub const QUEUE: &str = "offers";
const CAMPAIGN: &str = "spring";
const LIST: &str = "world";
/// Nobody with such a number is called: somebody has to be on a do-not-call list.
const NOT_TO_BE_CALLED: &str = "+1212555019";
/// Who does it, for the audit.
const BY: [&str; 2] = ["--by", "demo"];
const SETTINGS: &str = include_str!("campaign.toml");
const LIST_SETTINGS: &str = include_str!("list.toml");

/// Makes what an earlier run in the same folder has not made.
///
/// # Errors
/// When a file cannot be written, or a child says no.
pub async fn make(usher: &Usher, folder: &Path) -> anyhow::Result<CampaignBeside> {
    if !has_line(&usher.run(&["campaign", "show"], None).await?, CAMPAIGN) {
        let settings = written(folder, "campaign.toml", SETTINGS)?;
        usher.run(&[&["campaign", "create", CAMPAIGN, "--settings", &settings][..], &BY].concat(), None).await?;
        usher.run(&[&["do-not-call", "add", "--prefix", NOT_TO_BE_CALLED][..], &BY].concat(), None).await?;
    }
    if !has_line(&usher.run(&["list", "show"], None).await?, LIST) {
        let settings = written(folder, "list.toml", LIST_SETTINGS)?;
        usher.run(&[&["list", "create", LIST, "--settings", &settings][..], &BY].concat(), None).await?;
    }
    // All of them come in one transaction, or none.
    if usher.run(&["list", "show"], None).await?.lines().any(|line| has_no_leads(line, LIST)) {
        let file = written(folder, "leads.csv", &leads::file())?;
        usher.run(&[&["import", "leads", LIST, &file, "--accept-guess"][..], &BY].concat(), None).await?;
    }
    Ok(CampaignBeside { name: Name::clipped(CAMPAIGN), queue: QueueName::clipped(QUEUE) })
}

/// The commands that show it; each needs to know where the records are.
pub fn how_to_look(data: &Path) -> String {
    let usher = format!("USHER_DATA_DIRECTORY={} usher", data.display());
    format!(
        "\ncampaign {CAMPAIGN} runs beside the callers, with {} leads whose numbers are reserved for fiction:\
         \n  {usher} campaign show {CAMPAIGN}\n  {usher} list show {LIST}",
        leads::count(),
    )
}

fn has_line(said: &str, name: &str) -> bool {
    said.lines().any(|line| line.split('\t').next() == Some(name))
}

fn has_no_leads(line: &str, list: &str) -> bool {
    let mut columns = line.split('\t');
    columns.next() == Some(list) && columns.next_back() == Some("0 leads")
}

fn written(folder: &Path, name: &str, text: &str) -> anyhow::Result<String> {
    let path = folder.join(name);
    fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    path.to_str().map(str::to_owned).with_context(|| format!("{} is no text", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Habits;
    use crate::outbound::call_list::CallListSettings;
    use crate::outbound::campaign::CampaignSettings;
    use crate::routing::command::Disposition;

    #[test]
    fn what_is_made_fits_together() {
        let settings: CampaignSettings = toml::from_str(SETTINGS).unwrap();
        assert_eq!((settings.queue.as_str(), settings.gateway.as_str()), (QUEUE, super::super::child::GATEWAY));
        let list: CallListSettings = toml::from_str(LIST_SETTINGS).unwrap();
        assert_eq!(list.campaign.as_str(), CAMPAIGN);
        for (word, _) in Habits::human().says_of_leads {
            assert!(settings.meaning_of(&Disposition(word.into())).is_some(), "{word}");
        }
    }

    #[test]
    fn what_is_there_is_told_by_its_name_alone() {
        let said = "world\tcampaign spring\tactive\t0 leads\nworld-2\tcampaign spring\tactive\t10 leads\n";
        assert!(has_line(said, "world") && has_line(said, "world-2") && !has_line(said, "campaign spring"));
        let empty: Vec<bool> = said.lines().map(|line| has_no_leads(line, "world")).collect();
        assert_eq!(empty, [true, false]);
        assert!(!has_no_leads("world-2\tcampaign spring\tactive\t10 leads", "world-2"));
    }
}
