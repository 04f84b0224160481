//! Takes over rule files, when they change and on command. A bad folder changes nothing.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

use crate::access::Person;
use crate::config::Config;
use crate::http::{ReloadRefused, ReloadRules, RuleFault, RulesReloaded};
use crate::router_handle::{Read, Rejection, RouterHandle};
use crate::routing::command::Action;
use crate::routing::rule_set::RuleSet;
use crate::rule_files::{RulesRefused, RulesWatch, load_folder};

const RELOAD_RETRY_AFTER_MS: u64 = 1_000;

/// Takes over rule files: when they change, and on command.
pub(super) struct Reloader {
    folder: std::path::PathBuf,
    watch: Mutex<RulesWatch>,
    router: RouterHandle,
}

impl Reloader {
    pub fn new(config: &Config, router: RouterHandle) -> Reloader {
        let folder = config.rules_directory.clone();
        Reloader { watch: Mutex::new(RulesWatch::new(folder.clone())), folder, router }
    }

    pub async fn watch(&self) {
        let mut watch = self.watch.lock().await;
        loop {
            match watch.next_rules().await {
                Ok(loaded) => match self.replace(loaded.rules).await {
                    Ok(version) => tracing::info!(version, "the rules were replaced"),
                    Err(rejection) => tracing::error!(%rejection, "the rules could not be replaced"),
                },
                Err(refused) => tracing::error!("the rules in force stay: {refused}"),
            }
        }
    }

    async fn replace(&self, rules: RuleSet) -> Result<u64, Rejection> {
        self.router.tell(Action::ReplaceRules { rules: Arc::new(rules) }).await?;
        self.router.ask(Read::Exact, |view| u64::from(view.router.state().rules_version.0)).await
    }
}

impl ReloadRules for Reloader {
    fn reload<'a>(&'a self, by: &'a Person) -> BoxFuture<'a, Result<RulesReloaded, ReloadRefused>> {
        Box::pin(async move {
            let folder = self.folder.clone();
            let loaded = tokio::task::spawn_blocking(move || load_folder(&folder)).await;
            let unavailable = ReloadRefused::Unavailable { retry_after_ms: RELOAD_RETRY_AFTER_MS };
            let rules = match loaded.map_err(|_| unavailable.clone())? {
                Ok(loaded) => loaded.rules,
                Err(refused) => return Err(ReloadRefused::Bad(faults(&refused))),
            };
            let version = self.replace(rules).await.map_err(|_| unavailable)?;
            tracing::info!(user = %by.user, version, "the rules were replaced on command");
            Ok(RulesReloaded { version })
        })
    }
}

fn faults(refused: &RulesRefused) -> Vec<RuleFault> {
    match refused {
        RulesRefused::Folder(error) => vec![RuleFault {
            file: String::new(),
            line: 1,
            column: 1,
            message: error.to_string(),
            expected: "a readable folder of rule files".to_owned(),
        }],
        RulesRefused::Rules(errors) => errors
            .problems()
            .iter()
            .map(|problem| RuleFault {
                file: problem.file.to_string(),
                line: problem.line,
                column: problem.column,
                message: problem.message.clone(),
                expected: problem.expected.clone(),
            })
            .collect(),
    }
}
