//! Starts the parts in order and stops them in order. Decides nothing about contacts.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::background::{count_committed, keep_snapshots, prune_journal, upkeep, watch_wall_clock, write_interactions};
use super::reloader::Reloader;
use super::router_core::Core;
use super::switches::Switches;
use crate::access::{Access, AccessLimits, Origins, Sights};
use crate::audit::Audit;
use crate::campaigns;
use crate::campaigns::desk::run_campaigns;
use crate::campaigns::gate::Gate;
use crate::clock::wall_time;
use crate::config::{Config, Database, PrivacySettings};
use crate::customers::text::ReaderName;
use crate::hindsight::Hindsight;
use crate::http::{self, ListenLimits, Readiness, ReloadRules};
use crate::import_desk::{ImportDesk, keep_import_files};
use crate::interactions;
use crate::journal::{LiveState, save};
use crate::messages::{self, MessageDesk};
use crate::privacy::{self, follow_erasures, keep_retention};
use crate::records::{RECORDS_FILE, Records, RecordsPlace};
use crate::routing::ids::EventNo;
use crate::routing::time::Millis;
use crate::rule_files::load_packs;
use crate::screen_pop::{self, ScreenPop};
use crate::sessions::{
    ReplayLimits, Sessions, Settings, broadcast_board, order_erasures, pass_on_cuts, upgrade, watch_alerts,
};
use crate::telemetry;
use crate::work::{WorkDesk, falls_due};

/// The AsyncAPI document of the wire, as committed.
const ASYNCAPI: &str = include_str!("../../docs/protocol/asyncapi.json");
/// How long clients get to hear that the server goes.
const GOODBYE: Duration = Duration::from_millis(300);

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
    let records = open_records(&config).await?;
    let access = Access::open(records.clone(), access_limits(&config), Arc::new(wall_time)).await?;
    let switches = Switches::known(&config, &access).await?;
    let origins = Origins::new(config.listen.allowed_origins.iter().map(String::as_str), address)
        .map_err(|_| anyhow!("listen.allowed_origins: expected origins, e.g. https://usher.example.com"))?;
    let audit = Audit::start(records.clone());
    let pop = ScreenPop::new(records.clone(), core.clock, screen_pop_settings(&config));
    let work = WorkDesk::new(Arc::clone(&pop), core.router.clone());
    let drafts_filed_by = ReaderName::new(interactions::READER).expect("a short word");
    let messages = MessageDesk::start(messages::Parts {
        records: records.clone(),
        router: core.router.clone(),
        clock: core.clock,
        underway: core.registry.underway(),
        tells: Arc::clone(&core.registry) as Arc<dyn messages::Tells>,
        reader: drafts_filed_by.clone(),
        last_event: *core.committed.borrow(),
    });
    let sessions = Sessions::new(
        session_settings(&config),
        core.router.clone(),
        Arc::clone(&core.registry),
        Arc::clone(&access),
        core.clock,
        origins.clone(),
        Arc::new(Hindsight::of_server(Arc::clone(&core.journal))),
        Arc::clone(&pop),
        Arc::clone(&audit),
        Arc::clone(&work),
        messages,
        drafts_filed_by,
    );
    let packs = load_packs(&config.rules_directory).context("jurisdictions")?;
    let campaigns = campaigns::desk::Parts {
        journal: Arc::clone(&core.journal),
        pop: Arc::clone(&pop),
        router: core.router.clone(),
        committed: core.committed.clone(),
        clock: core.clock,
        packs: packs.clone(),
    };
    let reloader = Arc::new(Reloader::new(&config, core.router.clone()));
    let file_bytes_max = config.listen.import_file_bytes_max as u64;
    let imports = ImportDesk::new(records.clone(), &config.data_directory, file_bytes_max, wall_time);
    // However the server ends, no thread of an import keeps the process.
    let _imports_rest = imports.rests_with_this();
    if let Err(error) = imports.go_on_after_restart().await {
        tracing::warn!(%error, "imports that were interrupted stand still until somebody begins them again");
    }
    let parts = http::Parts {
        access: Arc::clone(&access),
        origins: Arc::new(origins),
        readiness: ready,
        reload_rules: Arc::clone(&reloader) as Arc<dyn ReloadRules>,
        web_socket: get(upgrade).with_state(Arc::clone(&sessions)),
        pop: Arc::clone(&pop),
        router: core.router.clone(),
        gate: Arc::new(Gate::new(records.clone(), packs.clone())),
        work: Arc::clone(&work),
        imports: Arc::clone(&imports),
        audit: Arc::clone(&audit),
        sights: Arc::new(sights(&config.privacy)),
        site: Arc::from(config.site.as_str()),
        asyncapi: ASYNCAPI,
        openapi: Arc::from(http::openapi_document()),
        is_behind_tls: config.listen.allowed_origins.iter().any(|origin| origin.starts_with("https://")),
        request_within: config.listen.request,
        body_bytes_max: config.listen.body_bytes_max,
    };
    let cuts_passed_on = tokio::spawn(pass_on_cuts(Arc::clone(&core.registry), access.revocations()));
    let front = tokio::spawn(http::listen(listener, http::routes(parts), limits, ending.clone()));
    let background = [
        cuts_passed_on,
        tokio::spawn(broadcast_board(sessions.feed.clone(), core.router.clone(), sessions.ids.clone())),
        tokio::spawn(watch_alerts(sessions.feed.clone(), core.router.clone())),
        tokio::spawn(order_erasures(Arc::clone(&sessions))),
        tokio::spawn(async move { reloader.watch().await }),
        tokio::spawn(watch_wall_clock(core.router.clone(), core.clock)),
        tokio::spawn(core.tasks.run(Arc::clone(&work), core.clock)),
        tokio::spawn(falls_due(work, core.clock)),
        tokio::spawn(run_campaigns(campaigns)),
        tokio::spawn(keep_import_files(Arc::clone(&imports))),
        tokio::spawn(keep_snapshots(
            Arc::clone(&core.journal),
            core.second_fold,
            core.committed.clone(),
            config.journal.snapshot_every_events,
        )),
        tokio::spawn(prune_journal(
            Arc::clone(&core.journal),
            records.clone(),
            core.committed.clone(),
            config.journal.keep_events,
        )),
        tokio::spawn(follow_erasures(records.clone(), Arc::clone(&core.journal), pop)),
        tokio::spawn(keep_retention(records.clone(), Arc::clone(&core.journal), config.retention, core.clock)),
        tokio::spawn(write_interactions(Arc::clone(&core.journal), records, core.committed.clone())),
        tokio::spawn(count_committed(core.committed_batches, core.counted)),
        tokio::spawn(upkeep(counters, Arc::clone(&sessions), core.router.clone())),
    ];
    let cuts = {
        let (access, ending) = (Arc::clone(&access), ending.clone());
        tokio::spawn(async move { access.follow_cuts(ending).await })
    };
    let switches = switches.drive(&sessions);
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
    switches.leave().await;
    sessions.stop();
    tokio::time::sleep(GOODBYE).await;
    // The loop may have ended by itself just now; then its own result says so.
    let _ = stop_loop.send(());
    let (router, board) = running.await.context("the main loop panicked")??;
    background.iter().for_each(JoinHandle::abort);
    imports.end().await;
    let at = router.event_no();
    if at > EventNo::ZERO {
        save(&LiveState { router, board }, &*journal, at).await.context("the last snapshot")?;
    }
    ending.cancel();
    for task in [front, administration, cuts] {
        task.await.context("a listener panicked")?;
    }
    // Last: whoever was shown something stands in it.
    audit.stop().await;
    tracing::info!(event_no = at.0, "stopped");
    Ok(())
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn open_records(config: &Config) -> anyhow::Result<Records> {
    let place = match &config.database {
        Database::Sqlite => RecordsPlace::Sqlite(config.data_directory.join(RECORDS_FILE)),
        Database::Postgres(url) => RecordsPlace::Postgres(url.clone()),
    };
    let records = Records::open(&place).await.context("the records")?;
    let site_key = privacy::read_or_make(&config.data_directory)?;
    if let Err(error) = records.check_site_key(&site_key).await {
        // Calls are taken all the same; only addresses cannot be added.
        tracing::error!(%error, "site.key cannot be used");
    }
    records.hold_site_key(site_key);
    Ok(records)
}

fn screen_pop_settings(config: &Config) -> screen_pop::Settings {
    let customers = &config.customers;
    screen_pop::Settings {
        home_region: customers.home_region,
        external_id_attribute: customers.external_id_attribute.clone(),
        external_system: customers.external_system.clone(),
        digits_attribute: customers.digits_attribute.clone(),
        look_up_within: customers.look_up_within,
        late_look_ups_max: customers.late_look_ups_max,
        card_within: customers.card_within,
        cache_life: customers.cache_life,
        fields: customers.fields.clone(),
    }
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

/// What each role sees of customers, from the settings.
#[must_use]
pub fn sights(settings: &PrivacySettings) -> Sights {
    Sights {
        agent: settings.hidden_from_agents.clone(),
        supervisor: settings.hidden_from_supervisors.clone(),
        campaign_manager: settings.hidden_from_campaign_managers.clone(),
        admin: settings.hidden_from_admins.clone(),
        crm: settings.hidden_from_host_systems.clone(),
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
        sights: sights(&config.privacy),
        ..Settings::default()
    }
}
