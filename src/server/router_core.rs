//! Recovers the router, sets it going on its own task, and gives it the rules of the folder. Opens no port.

use std::sync::Arc;

use anyhow::Context;
use secrecy::ExposeSecret;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::clock::{Clock, wall_time};
use crate::config::{Config, Database};
use crate::counters::{CommittedBatch, EventCounter};
use crate::journal::{Journal, LiveState, Place, Recovered, SqlJournal, recover};
use crate::main_loop::{MainLoop, Parts, Stopped};
use crate::reporting::live_board::Board;
use crate::router_handle::{Read, RouterHandle, inboxes};
use crate::routing::command::Action;
use crate::routing::ids::EventNo;
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::RulesVersion;
use crate::rule_files::load_folder;
use crate::sessions::Registry;
use crate::work::TaskGateway;

/// Committed batches that wait to be counted; beyond it they are left out, never waited for.
const BATCHES_UNCOUNTED_MAX: usize = 256;

/// The journal, the recovered router on its own task, and the door to it.
pub(super) struct Core {
    pub journal: Arc<SqlJournal>,
    pub router: RouterHandle,
    pub registry: Arc<Registry>,
    pub clock: Clock,
    pub committed: watch::Receiver<EventNo>,
    /// For the counters: what is on disk, and what was open at the start.
    pub committed_batches: mpsc::Receiver<CommittedBatch>,
    pub counted: EventCounter,
    /// What snapshots are taken of, as it was recovered.
    pub second_fold: Recovered<LiveState>,
    pub stop_loop: oneshot::Sender<()>,
    /// What the router orders for tasks.
    pub tasks: TaskGateway,
    pub running: JoinHandle<Result<(ContactRouter, Board), Stopped>>,
}

impl Core {
    pub async fn start(config: &Config) -> anyhow::Result<Core> {
        std::fs::create_dir_all(&config.data_directory)
            .with_context(|| format!("cannot make {}", config.data_directory.display()))?;
        let place = match config.journal_database() {
            Database::Sqlite => Place::Sqlite { folder: config.data_directory.clone() },
            Database::Postgres(url) => Place::Postgres(Box::new(url.expose_secret().parse()?)),
        };
        let journal = Arc::new(SqlJournal::open(&place).await.context("the journal")?);
        let (epoch, last) = journal.acquire().await.context("the journal's lease")?;
        let recovered = recover::<LiveState>(&*journal).await?;
        tracing::info!(event_no = recovered.event_no.0, snapshot = recovered.snapshot_no.0, "recovered");
        let speed = f64::from(config.clock.speed);
        let first = config.clock.starts_at.unwrap_or_else(wall_time);
        let clock = Clock::starting_at(first, recovered.last_event_at, speed);
        let down_for = recovered.last_event_at.map(|last_at| clock.now().since(last_at));
        let second_fold = recovered.clone();
        let counted = EventCounter::starting_with(recovered.state.router.state());
        let (batches, committed_batches) = mpsc::channel(BATCHES_UNCOUNTED_MAX);
        let (router, inboxes) = inboxes();
        let registry = Arc::new(Registry::default());
        let (orders, tasks) = TaskGateway::new(Arc::clone(&registry) as _);
        let (committed_sender, committed) = watch::channel(last);
        let (stop_loop, stopped) = oneshot::channel();
        let main_loop = MainLoop::new(Parts {
            router: recovered.state.router,
            board: recovered.state.board,
            journal: Arc::clone(&journal),
            epoch,
            clock,
            inboxes,
            listener: orders,
            committed: committed_sender,
            batches,
            down_for,
        });
        let running = tokio::spawn(main_loop.run(stopped));
        take_over_rules(config, &router).await?;
        Ok(Core {
            journal,
            router,
            registry,
            clock,
            committed,
            committed_batches,
            counted,
            second_fold,
            stop_loop,
            tasks,
            running,
        })
    }
}

/// The rules of the folder; the journal's own when the folder is bad and there are some.
async fn take_over_rules(config: &Config, router: &RouterHandle) -> anyhow::Result<()> {
    match load_folder(&config.rules_directory) {
        Ok(loaded) => {
            if !loaded.warnings.is_empty() {
                tracing::warn!("the rules are odd\n{}", loaded.warnings);
            }
            router.tell(Action::ReplaceRules { rules: Arc::new(loaded.rules) }).await?;
            Ok(())
        }
        Err(refused) => {
            let known = router.ask(Read::Exact, |view| view.router.state().rules_version).await?;
            if known == RulesVersion::default() {
                return Err(refused).with_context(|| format!("no rules in {}", config.rules_directory.display()));
            }
            tracing::error!("the rules in force stay: {refused}");
            Ok(())
        }
    }
}
