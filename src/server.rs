//! Starts the parts in order and stops them in order. Decides nothing about contacts.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use axum::routing::get;
use futures_util::future::BoxFuture;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::access::{Access, AccessLimits, Origins, Person};
use crate::clock::{Clock, wall_time};
use crate::config::{Config, Database};
use crate::http::{self, ListenLimits, Readiness, ReloadRefused, ReloadRules, RuleFault, RulesReloaded};
use crate::journal::{Journal, LiveState, Place, Recovered, RecoveryError, SqlJournal, advance, recover, save};
use crate::main_loop::{MainLoop, Parts, Stopped};
use crate::records::{Records, RecordsPlace};
use crate::reporting::live_board::Board;
use crate::router_handle::{Read, Rejection, RouterHandle, inboxes};
use crate::routing::command::Action;
use crate::routing::ids::EventNo;
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{RuleSet, RulesVersion};
use crate::routing::time::Millis;
use crate::rule_files::{RulesRefused, RulesWatch, load_folder};
use crate::sessions::{Registry, ReplayLimits, Sessions, Settings, broadcast_board, pass_on_cuts, upgrade};
use crate::telemetry;

/// The AsyncAPI document of the wire, as committed.
const ASYNCAPI: &str = include_str!("../docs/protocol/asyncapi.json");
/// A step of the wall clock larger than this is told to the router.
const CLOCK_STEP_MIN: Millis = Millis::seconds(1);
const CLOCK_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// How long clients get to hear that the server goes.
const GOODBYE: Duration = Duration::from_millis(300);
const RELOAD_RETRY_AFTER_MS: u64 = 1_000;
/// How often the snapshot task looks whether enough has been committed.
const SNAPSHOT_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);

/// Runs the server until `stop` completes. `started` hears the addresses once calls can be taken.
///
/// # Errors
/// When a part cannot start, or the journal fails while running.
pub async fn serve(
    config: Config,
    stop: impl Future<Output = ()>,
    started: impl FnOnce(SocketAddr, SocketAddr),
) -> anyhow::Result<()> {
    let listener = bind(config.listen.address).await?;
    let administration = bind(config.listen.administration_address).await?;
    let (address, administration_address) = (listener.local_addr()?, administration.local_addr()?);
    let (readiness, ready) = watch::channel(Readiness::Starting { why: "recovering".to_owned() });
    let counters = telemetry::start_counters()?;
    let ending = CancellationToken::new();
    let limits =
        ListenLimits { connections_max: config.listen.connections_max, header_read_within: config.listen.header_read };
    let routes = http::administration(ready.clone(), counters.clone());
    let administration = tokio::spawn(http::listen(administration, routes, limits, ending.clone()));

    let core = Core::start(&config).await?;
    let access = open_access(&config).await?;
    let origins = Origins::new(config.listen.allowed_origins.iter().map(String::as_str), address)
        .map_err(|_| anyhow!("listen.allowed_origins: expected origins, e.g. https://usher.example.com"))?;
    let sessions = Sessions::new(
        session_settings(&config),
        core.router.clone(),
        Arc::clone(&core.registry),
        Arc::clone(&access),
        core.clock,
        origins.clone(),
    );
    let reloader = Arc::new(Reloader::new(&config, core.router.clone()));
    let parts = http::Parts {
        access: Arc::clone(&access),
        origins: Arc::new(origins),
        readiness: ready,
        reload_rules: Arc::clone(&reloader) as Arc<dyn ReloadRules>,
        web_socket: get(upgrade).with_state(Arc::clone(&sessions)),
        asyncapi: ASYNCAPI,
        is_behind_tls: config.listen.allowed_origins.iter().any(|origin| origin.starts_with("https://")),
        request_within: config.listen.request,
        body_bytes_max: config.listen.body_bytes_max,
    };
    let cuts_passed_on = tokio::spawn(pass_on_cuts(Arc::clone(&core.registry), access.revocations()));
    let front = tokio::spawn(http::listen(listener, http::routes(parts), limits, ending.clone()));
    let background = [
        cuts_passed_on,
        tokio::spawn(broadcast_board(sessions.feed.clone(), core.router.clone(), sessions.ids.clone())),
        tokio::spawn(async move { reloader.watch().await }),
        tokio::spawn(watch_wall_clock(core.router.clone(), core.clock)),
        tokio::spawn(keep_snapshots(
            Arc::clone(&core.journal),
            core.second_fold,
            core.committed.clone(),
            config.journal.snapshot_every_events,
        )),
        tokio::spawn(upkeep(counters, Arc::clone(&sessions))),
    ];
    let cuts = {
        let (access, ending) = (Arc::clone(&access), ending.clone());
        tokio::spawn(async move { access.follow_cuts(ending).await })
    };
    readiness.send_replace(Readiness::Ready);
    tracing::info!(%address, %administration_address, "calls can be taken");
    started(address, administration_address);

    let Core { journal, stop_loop, mut running, .. } = core;
    let ended = tokio::select! {
        () = stop => None,
        ended = &mut running => Some(ended),
    };
    readiness.send_replace(Readiness::Stopping);
    if let Some(ended) = ended {
        ended.context("the main loop panicked")?.context("the main loop stopped")?;
        return Ok(());
    }
    sessions.stop();
    tokio::time::sleep(GOODBYE).await;
    // The loop may have ended by itself just now; then its own result says so.
    let _ = stop_loop.send(());
    let (router, board) = running.await.context("the main loop panicked")??;
    background.iter().for_each(JoinHandle::abort);
    let at = router.event_no();
    if at > EventNo::ZERO {
        save(&LiveState { router, board }, &*journal, at).await.context("the last snapshot")?;
    }
    ending.cancel();
    for task in [front, administration, cuts] {
        task.await.context("a listener panicked")?;
    }
    tracing::info!(event_no = at.0, "stopped");
    Ok(())
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn open_access(config: &Config) -> anyhow::Result<Arc<Access>> {
    let place = match &config.database {
        Database::Sqlite => RecordsPlace::Sqlite(config.data_directory.join("usher.db")),
        Database::Postgres(url) => RecordsPlace::Postgres(url.clone()),
    };
    let records = Records::open(&place).await.context("the records")?;
    Ok(Access::open(records, access_limits(config), Arc::new(wall_time)).await?)
}

/// The limits of logging in, from the settings.
#[must_use]
pub fn access_limits(config: &Config) -> AccessLimits {
    let millis = |span: Duration| Millis(i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
    AccessLimits {
        failed_per_account_max: config.access.failed_per_account_max,
        failed_per_address_max: config.access.failed_per_address_max,
        log_in_life: millis(config.access.log_in_life),
        ticket_life: millis(config.access.ticket_life),
    }
}

fn session_settings(config: &Config) -> Settings {
    let session = &config.session;
    Settings {
        site: config.site.clone(),
        open_within: session.open_within,
        unopened_max: session.unopened_max,
        first_message_bytes_max: session.first_message_bytes_max,
        handshake_rate: session.handshakes_per_second,
        stranger_rate: session.stranger_handshakes_per_second,
        heartbeat: session.heartbeat,
        resume_within: session.replay_kept,
        console_replay: ReplayLimits { events_max: session.replay_events_max, bytes_max: session.replay_bytes_max },
        bytes_max: session.message_bytes_max,
        gateway_bytes_max: session.gateway_message_bytes_max,
        agent_rate: session.agent_messages_per_second,
        agent_burst: session.agent_messages_burst,
        supervisor_rate: session.supervisor_messages_per_second,
        gateway_rate: session.gateway_messages_per_second,
        ..Settings::default()
    }
}

/// The journal, the recovered router on its own task, and the door to it.
struct Core {
    journal: Arc<SqlJournal>,
    router: RouterHandle,
    registry: Arc<Registry>,
    clock: Clock,
    committed: watch::Receiver<EventNo>,
    /// What snapshots are taken of, as it was recovered.
    second_fold: Recovered<LiveState>,
    stop_loop: oneshot::Sender<()>,
    running: JoinHandle<Result<(ContactRouter, Board), Stopped>>,
}

impl Core {
    async fn start(config: &Config) -> anyhow::Result<Core> {
        std::fs::create_dir_all(&config.data_directory)
            .with_context(|| format!("cannot make {}", config.data_directory.display()))?;
        let place = match &config.database {
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
        let (router, inboxes) = inboxes();
        let registry = Arc::new(Registry::default());
        let (committed_sender, committed) = watch::channel(last);
        let (stop_loop, stopped) = oneshot::channel();
        let main_loop = MainLoop::new(Parts {
            router: recovered.state.router,
            board: recovered.state.board,
            journal: Arc::clone(&journal),
            epoch,
            clock,
            inboxes,
            listener: Arc::clone(&registry) as _,
            committed: committed_sender,
            down_for,
        });
        let running = tokio::spawn(main_loop.run(stopped));
        take_over_rules(config, &router).await?;
        Ok(Core { journal, router, registry, clock, committed, second_fold, stop_loop, running })
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

/// Takes over rule files: when they change, and on command.
struct Reloader {
    folder: std::path::PathBuf,
    watch: Mutex<RulesWatch>,
    router: RouterHandle,
}

impl Reloader {
    fn new(config: &Config, router: RouterHandle) -> Reloader {
        let folder = config.rules_directory.clone();
        Reloader { watch: Mutex::new(RulesWatch::new(folder.clone())), folder, router }
    }

    async fn watch(&self) {
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

/// Only at the wall's own speed does the wall clock mean anything.
async fn watch_wall_clock(router: RouterHandle, clock: Clock) {
    if clock.speed() != 1.0 {
        return;
    }
    let offset = || wall_time().0 - clock.now().0;
    let mut known = offset();
    let mut ticks = tokio::time::interval(CLOCK_LOOKED_AT_EVERY);
    loop {
        ticks.tick().await;
        let by = Millis(offset() - known);
        if by.0.abs() > CLOCK_STEP_MIN.0 {
            known += by.0;
            tracing::warn!(by_ms = by.0, "the wall clock stepped");
            if router.tell(Action::StepClock { by }).await.is_err() {
                return;
            }
        }
    }
}

/// A second fold of the committed journal, so that taking a snapshot never holds up the owner.
async fn keep_snapshots(
    journal: Arc<SqlJournal>,
    recovered: Recovered<LiveState>,
    committed: watch::Receiver<EventNo>,
    every: u64,
) {
    if let Err(error) = follow_and_save(&journal, recovered, committed, every).await {
        tracing::error!(%error, "no more snapshots are taken until the next start");
    }
}

async fn follow_and_save(
    journal: &SqlJournal,
    recovered: Recovered<LiveState>,
    committed: watch::Receiver<EventNo>,
    every: u64,
) -> Result<(), RecoveryError> {
    let (mut state, mut stands_at, mut saved) = (recovered.state, recovered.event_no, recovered.snapshot_no);
    loop {
        tokio::time::sleep(SNAPSHOT_LOOKED_AT_EVERY).await;
        let upto = *committed.borrow();
        if upto.0 >= saved.0 + every {
            stands_at = advance(&mut state, journal, stands_at, upto).await?;
            save(&state, journal, stands_at).await?;
            saved = stands_at;
        }
    }
}

async fn upkeep(counters: metrics_exporter_prometheus::PrometheusHandle, sessions: Arc<Sessions>) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        ticks.tick().await;
        counters.run_upkeep();
        sessions.upkeep();
    }
}
