//! Every route on one page, with whom it answers. It handles none itself.

use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get as gets};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;

use crate::access::Role::{Admin, Agent, CampaignManager, Crm, Supervisor};

use super::campaigns::{attempts, call_lists, kept, lead_why, leads, new_lead, runs, status};
use super::customers::{asked, change, duplicates, fields, find, parts_of, shown, upsert};
use super::imports::{files, kinds, runs as import_runs};
use super::paging::{Page, PageAsked};
use super::route::Who::{self, Anybody, LoggedIn, OneOf};
use super::route::{Route, delete, get, patch, post, put};
use super::{Parts, Readiness, RulesReloaded};
use super::{
    changes, documents, error, exports, guard, health, interactions, log_in, me, metrics, notes, pages, recordings,
    rules, ticket, work,
};

const READERS: Who = OneOf(&[Admin, Supervisor, Agent, Crm]);
const WRITERS: Who = OneOf(&[Admin, Supervisor, Crm]);
/// Agents write down what they learn.
const NOTE_WRITERS: Who = OneOf(&[Admin, Supervisor, Agent, Crm]);
const PEOPLE: Who = OneOf(&[Admin, Supervisor, Agent, CampaignManager]);
/// Who runs campaigns.
const CAMPAIGNERS: Who = OneOf(&[Admin, Supervisor, CampaignManager]);
const OPERATORS: Who = OneOf(&[Admin, Supervisor]);
/// How long a whole file may take to come; each piece of it has the time of a request.
const FILE_WITHIN: Duration = Duration::from_hours(2);

/// What is under `/api`.
pub(super) fn table() -> Vec<Route> {
    [
        door(),
        found_customers(),
        one_customer(),
        parts_of_customers(),
        merges(),
        history(),
        all_work(),
        campaigns(),
        lists(),
        all_imports(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn door() -> Vec<Route> {
    vec![
        post("/api/v1/login", Anybody, log_in::log_in, "Logs in: the answer sets the cookie usher_session.")
            .body::<log_in::LogIn>()
            .shows::<me::PersonShown>("Who is logged in."),
        post("/api/v1/logout", LoggedIn, log_in::log_out, "Ends the log-in.").ends("It has ended."),
        get("/api/v1/me", LoggedIn, me::me, "Who is logged in.").shows::<me::PersonShown>("Who is logged in."),
        post("/api/v1/ticket", PEOPLE, ticket::ticket, "A ticket for one socket.")
            .shows::<ticket::TicketShown>("The ticket."),
        post("/api/v1/rules/reload", OPERATORS, rules::reload, "Reads the rule files again.")
            .reads_files()
            .begins::<RulesReloaded>("The rules are with the router."),
        get("/api/v1/openapi.json", Anybody, documents::openapi, "This document.").shows_any("This document."),
    ]
}

fn found_customers() -> Vec<Route> {
    vec![
        get("/api/v1/customers", READERS, find::search, "Customers by what somebody types, by address, or all.")
            .query::<find::SearchAsked>()
            .shows::<Page<shown::CustomerShown>>("One page, in the order of their numbers."),
        post("/api/v1/customers", WRITERS, change::create, "Adds a customer.")
            .body::<asked::CustomerAsked>()
            .etagged()
            .adds::<shown::CustomerShown>("The customer."),
        get(
            "/api/v1/customer-fields",
            READERS,
            fields::declared,
            "The centre's own fields of a customer, as declared.",
        )
        .shows::<fields::FieldsShown>("The fields."),
        get("/api/v1/customers/export", WRITERS, exports::customers, "Customers as CSV, formulas defused.")
            .query::<exports::CustomersAsked>()
            .streams("The table."),
        put(
            "/api/v1/customers/by-external-id/{external_id}",
            WRITERS,
            upsert::upsert,
            "Makes the customer with this id of a host system so, and adds it when there is none. The same again \
             changes nothing.",
        )
        .body::<asked::CustomerAsked>()
        .conditional()
        .adds::<shown::CustomerShown>("It was added.")
        .shows::<shown::CustomerShown>("It is so."),
    ]
}

fn one_customer() -> Vec<Route> {
    vec![
        get("/api/v1/customers/{customer}", READERS, find::show, "One customer.")
            .shows::<shown::CustomerShown>("The customer.")
            .tagged(),
        patch("/api/v1/customers/{customer}", WRITERS, change::change, "Changes a customer.")
            .body::<asked::CustomerAsked>()
            .guarded()
            .shows::<shown::CustomerShown>("The customer as it is now."),
    ]
}

fn parts_of_customers() -> Vec<Route> {
    const ADDRESSES: &str = "/api/v1/customers/{customer}/addresses";
    const ADDRESS: &str = "/api/v1/customers/{customer}/addresses/{address}";
    const NAMES: &str = "/api/v1/customers/{customer}/names";
    const NAME: &str = "/api/v1/customers/{customer}/names/{name}";
    const TAG: &str = "/api/v1/customers/{customer}/tags/{tag}";
    let changed = |route: Route| route.guarded().shows::<shown::CustomerShown>("The customer as it is now.");
    vec![
        changed(post(ADDRESSES, WRITERS, parts_of::add_address, "Adds an address.").body::<asked::AddressAsked>()),
        changed(
            patch(ADDRESS, WRITERS, parts_of::change_address, "Changes label or consent of an address.")
                .body::<asked::AddressChangeAsked>(),
        ),
        changed(delete(ADDRESS, WRITERS, parts_of::remove_address, "Removes an address.")),
        changed(post(NAMES, WRITERS, parts_of::add_name, "Adds another name.").body::<asked::NameAsked>()),
        changed(delete(NAME, WRITERS, parts_of::remove_name, "Removes another name.")),
        changed(put(TAG, WRITERS, parts_of::add_tag, "Gives a tag.")),
        changed(delete(TAG, WRITERS, parts_of::remove_tag, "Takes a tag away.")),
    ]
}

fn merges() -> Vec<Route> {
    const DUPLICATES: &str = "/api/v1/customers/{customer}/duplicates";
    vec![
        get(DUPLICATES, READERS, duplicates::duplicates, "Customers that may be the same, with reasons.")
            .shows::<duplicates::DuplicatesShown>("The surest first."),
        post(
            "/api/v1/customers/{customer}/merge",
            WRITERS,
            duplicates::merge,
            "Makes another customer part of this one.",
        )
        .body::<duplicates::MergeAsked>()
        .guarded()
        .shows::<shown::CustomerShown>("The customer as it is now."),
        get("/api/v1/customers/{customer}/merges", READERS, duplicates::merges, "Merges of a customer.")
            .shows::<duplicates::MergesShown>("The newest first."),
        post("/api/v1/merges/{merge}/undo", WRITERS, duplicates::undo, "Parts two customers again.")
            .shows::<duplicates::MergeShown>("The merge."),
    ]
}

fn history() -> Vec<Route> {
    const INTERACTIONS: &str = "/api/v1/customers/{customer}/interactions";
    const INTERACTION: &str = "/api/v1/interactions/{interaction}";
    const NOTES: &str = "/api/v1/customers/{customer}/notes";
    vec![
        get(INTERACTIONS, READERS, interactions::of_customer, "What happened with a customer.")
            .query::<PageAsked>()
            .shows::<Page<interactions::InteractionShown>>("The newest first."),
        get("/api/v1/interactions/export", WRITERS, exports::interactions, "Interactions as CSV, formulas defused.")
            .query::<exports::InteractionsAsked>()
            .streams("The table."),
        get(INTERACTION, READERS, interactions::show, "One interaction.")
            .shows::<interactions::InteractionShown>("The interaction.")
            .tagged(),
        patch(INTERACTION, WRITERS, interactions::change, "Adds score, recording or transcript afterwards.")
            .body::<interactions::InteractionAsked>()
            .guarded()
            .shows::<interactions::InteractionShown>("The interaction as it is now."),
        delete(
            "/api/v1/recordings/{recording}",
            OPERATORS,
            recordings::erase,
            "Has its gateway erase the file of a recording.",
        )
        .ends("It is to go."),
        post("/api/v1/interactions/{interaction}/notes", NOTE_WRITERS, notes::add_to_interaction, "Adds a note.")
            .body::<notes::NoteAsked>()
            .adds::<notes::NoteShown>("The note as it is stored."),
        get(NOTES, READERS, notes::of_customer, "Notes of a customer, its interactions and its work.")
            .query::<PageAsked>()
            .shows::<Page<notes::NoteShown>>("The newest first."),
        post(NOTES, NOTE_WRITERS, notes::add_to_customer, "Adds a note.")
            .body::<notes::NoteAsked>()
            .adds::<notes::NoteShown>("The note as it is stored."),
        get("/api/v1/customers/{customer}/changes", READERS, changes::of_customer, "Who changed what, and when.")
            .query::<PageAsked>()
            .shows::<Page<changes::ChangeShown>>("The newest first."),
    ]
}

fn all_work() -> Vec<Route> {
    const WORK_OF: &str = "/api/v1/customers/{customer}/work";
    const WORK: &str = "/api/v1/work/{work}";
    let changed = |route: Route| route.guarded().shows::<work::WorkShown>("The work as it is now.");
    vec![
        get(WORK_OF, READERS, work::of_customer, "Work for a customer, closed work too.")
            .query::<PageAsked>()
            .shows::<Page<work::WorkShown>>("The newest first."),
        post(WORK_OF, WRITERS, work::add, "Adds work.")
            .body::<work::WorkAsked>()
            .etagged()
            .adds::<work::WorkShown>("The work."),
        get(WORK, READERS, work::show, "One piece of work.").shows::<work::WorkShown>("The work.").tagged(),
        changed(patch(WORK, WRITERS, work::change, "Changes work.").body::<work::WorkAsked>()),
        changed(
            post("/api/v1/work/{work}/escalate", WRITERS, work::escalate, "Hands work to those who decide more.")
                .body::<work::EscalateAsked>(),
        ),
        changed(post("/api/v1/work/{work}/close", WRITERS, work::close, "Closes work.").body::<work::CloseAsked>()),
        post("/api/v1/work/{work}/notes", NOTE_WRITERS, notes::add_to_work, "Adds a note.")
            .body::<notes::NoteAsked>()
            .adds::<notes::NoteShown>("The note as it is stored."),
    ]
}

fn campaigns() -> Vec<Route> {
    const CAMPAIGNS: &str = "/api/v1/campaigns";
    const CAMPAIGN: &str = "/api/v1/campaigns/{campaign}";
    vec![
        get(CAMPAIGNS, CAMPAIGNERS, kept::all, "All campaigns.").shows::<kept::CampaignsShown>("By name."),
        post(CAMPAIGNS, CAMPAIGNERS, kept::create, "Adds a campaign; it is stopped.")
            .body::<kept::CampaignAsked>()
            .etagged()
            .adds::<kept::CampaignShown>("The campaign."),
        get(CAMPAIGN, CAMPAIGNERS, kept::show, "One campaign.").shows::<kept::CampaignShown>("The campaign.").tagged(),
        put(CAMPAIGN, CAMPAIGNERS, kept::change, "Gives a campaign other settings, all at once.")
            .body::<kept::CampaignChangeAsked>()
            .guarded()
            .shows::<kept::CampaignShown>("The campaign as it is now."),
        get("/api/v1/campaigns/{campaign}/versions", CAMPAIGNERS, kept::versions, "What a campaign was.")
            .query::<PageAsked>()
            .shows::<Page<kept::CampaignVersionShown>>("The newest first."),
        get("/api/v1/campaigns/{campaign}/status", CAMPAIGNERS, status::status, "What is seen of a campaign.")
            .shows::<status::StatusShown>("Its leads and why they wait, its calls and what came of them."),
        get(
            "/api/v1/campaigns/{campaign}/attempts",
            CAMPAIGNERS,
            attempts::attempts,
            "Every attempt of a campaign that was proposed in some time, placed or not.",
        )
        .query::<attempts::AttemptsAsked>()
        .shows::<Page<attempts::AttemptShown>>("By when they were proposed."),
        post("/api/v1/campaigns/{campaign}/start", CAMPAIGNERS, runs::start, "Has the leads of a campaign called.")
            .ends("It runs."),
        post(
            "/api/v1/campaigns/{campaign}/pause",
            CAMPAIGNERS,
            runs::pause,
            "Lets the leads that wait stay, and places no more calls.",
        )
        .ends("It is paused."),
        post(
            "/api/v1/campaigns/{campaign}/drain",
            CAMPAIGNERS,
            runs::drain,
            "Takes no more leads: the campaign stops with the last that waits.",
        )
        .ends("It drains, or has stopped."),
        post(
            "/api/v1/campaigns/{campaign}/stop",
            CAMPAIGNERS,
            runs::stop,
            "Gives up at once what nobody has answered.",
        )
        .ends("It is stopped."),
    ]
}

fn lists() -> Vec<Route> {
    const LISTS: &str = "/api/v1/call-lists";
    const LIST: &str = "/api/v1/call-lists/{list}";
    vec![
        get(LISTS, CAMPAIGNERS, call_lists::all, "All call lists.").shows::<call_lists::CallListsShown>("By name."),
        post(LISTS, CAMPAIGNERS, call_lists::create, "Adds a call list; imports bring its leads.")
            .body::<call_lists::CallListAsked>()
            .etagged()
            .adds::<call_lists::CallListShown>("The list."),
        get(LIST, CAMPAIGNERS, call_lists::show, "One call list.")
            .shows::<call_lists::CallListShown>("The list.")
            .tagged(),
        put(LIST, CAMPAIGNERS, call_lists::change, "Gives a call list other settings, all at once.")
            .body::<call_lists::CallListChangeAsked>()
            .guarded()
            .shows::<call_lists::CallListShown>("The list as it is now."),
        delete(
            LIST,
            CAMPAIGNERS,
            call_lists::delete,
            "Deletes a list of a campaign that is stopped; tried leads stay.",
        )
        .guarded()
        .ends("It is deleted."),
        get("/api/v1/call-lists/{list}/counts", CAMPAIGNERS, call_lists::counts, "How the leads of a list stand.")
            .shows::<call_lists::LeadCountsShown>("The counts."),
        post("/api/v1/call-lists/{list}/release", CAMPAIGNERS, call_lists::release, "Lets more leads be called.")
            .body::<call_lists::ReleaseAsked>()
            .shows::<call_lists::LeadCountsShown>("How the leads stand now."),
        get("/api/v1/call-lists/{list}/leads", CAMPAIGNERS, leads::of_list, "The leads of a list.")
            .query::<PageAsked>()
            .shows::<Page<leads::LeadShown>>("By their numbers."),
        get("/api/v1/leads/{lead}", CAMPAIGNERS, leads::show, "One lead.").shows::<leads::LeadShown>("The lead."),
        post("/api/v1/call-lists/{list}/leads", CAMPAIGNERS, new_lead::add, "Adds one lead, as an import adds many.")
            .body::<new_lead::LeadAsked>()
            .adds::<leads::LeadShown>("The lead."),
        get(
            "/api/v1/leads/{lead}/why",
            CAMPAIGNERS,
            lead_why::why,
            "Why a lead is not called now, and when it may be.",
        )
        .shows::<lead_why::LeadWhyShown>("All that keeps it."),
        post("/api/v1/leads/{lead}/close", CAMPAIGNERS, leads::close, "Closes a lead: it is not called any more.")
            .ends("It is closed."),
    ]
}

fn all_imports() -> Vec<Route> {
    const FILES: &str = "/api/v1/import-files";
    const FILE: &str = "/api/v1/import-files/{file}";
    const IMPORTS: &str = "/api/v1/imports";
    vec![
        post(FILES, CAMPAIGNERS, files::upload, "Takes a file to be imported: CSV in UTF-8, or a workbook (XLSX).")
            .query::<files::UploadAsked>()
            .takes_file()
            .contested()
            .adds::<files::ImportFileShown>("How the file begins, and what its columns usually are."),
        get(FILE, CAMPAIGNERS, files::show, "A file that one has sent, looked at anew.")
            .query::<files::LookAsked>()
            .shows::<files::ImportFileShown>("How the file begins, and what its columns usually are."),
        delete(FILE, CAMPAIGNERS, files::throw_away, "Throws a file away that is not imported.").ends("It is gone."),
        post(
            IMPORTS,
            CAMPAIGNERS,
            import_runs::begin,
            "Imports a file that was sent, or goes on where that was interrupted.",
        )
        .body::<kinds::ImportAsked>()
        .contested()
        .begins::<import_runs::ImportShown>("It goes on by itself."),
        post(
            "/api/v1/imports/check",
            CAMPAIGNERS,
            import_runs::check,
            "What an import would come to. Changes nothing.",
        )
        .body::<kinds::ImportAsked>()
        .shows::<import_runs::CheckShown>("What would become of the first 10,000 rows."),
        get(IMPORTS, CAMPAIGNERS, import_runs::all, "Imports, those of a call list, or all.")
            .query::<import_runs::ImportsAsked>()
            .shows::<Page<import_runs::ImportShown>>("The newest first."),
        get("/api/v1/imports/{import}", CAMPAIGNERS, import_runs::show, "One import, and how far it has come.")
            .shows::<import_runs::ImportShown>("The import."),
        post(
            "/api/v1/imports/{import}/stop",
            CAMPAIGNERS,
            import_runs::stop,
            "Stops an import; what it took over stands.",
        )
        .shows::<import_runs::ImportShown>("The import as it is now."),
        get(
            "/api/v1/imports/{import}/refused",
            CAMPAIGNERS,
            import_runs::refused,
            "Rows that were refused, and why, as CSV.",
        )
        .streams("Their numbers, headings and reasons; the first 100,000 of them, for 30 days."),
    ]
}

/// What consoles, gateways, host systems and pages reach.
pub fn routes(parts: Parts) -> Router {
    let web_socket = parts.web_socket.clone();
    let guarded = |within| from_fn_with_state((parts.clone(), within), guard::check);
    let (with_files, others): (Vec<Route>, Vec<Route>) = table().into_iter().partition(|route| route.takes_file);
    let routed = |routes: Vec<Route>| {
        routes.into_iter().fold(Router::new(), |router, route| {
            let path = route.path;
            router.route(path, route.into_handler(&parts))
        })
    };
    let (for_files, for_others) = (guarded(FILE_WITHIN), guarded(parts.request_within));
    let with_files =
        routed(with_files).with_state(parts.clone()).method_not_allowed_fallback(error::wrong_method).layer(for_files);
    routed(others)
        .route("/api/{*path}", any(error::unknown_path))
        .route("/asyncapi.json", gets(documents::asyncapi))
        .merge(health_routes(parts.readiness.clone()))
        .with_state(parts)
        .route("/ws", web_socket)
        .method_not_allowed_fallback(error::wrong_method)
        .fallback(pages::page)
        .layer(for_others)
        .merge(with_files)
        .layer(from_fn(guard::set_headers))
}

/// What only the operator's own tools reach.
pub fn administration(readiness: watch::Receiver<Readiness>, counters: PrometheusHandle) -> Router {
    Router::new()
        .route("/metrics", gets(metrics::metrics))
        .with_state(counters)
        .merge(health_routes(readiness))
        .method_not_allowed_fallback(error::wrong_method)
        .fallback(error::unknown_path)
        .layer(from_fn(guard::set_headers))
}

fn health_routes<S: Clone + Send + Sync + 'static>(readiness: watch::Receiver<Readiness>) -> Router<S> {
    Router::new()
        .route("/healthz", gets(health::is_alive))
        .route("/readyz", gets(health::is_ready))
        .with_state(readiness)
}
