//! How SQLite goes about what the screen pop asks: a range of an index each time, never a whole table.

use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::customers::{ADDRESSES, CUSTOMER, MATCHES, MERGED_CUSTOMERS, NAMES, TAGS};
use super::imports::{
    CUSTOMERS_OF_IMPORT, EXTERNAL_IDS, IMPORTED, IMPORTED_INTERACTIONS, IMPORTS_OF_FILE, INTERACTION_IDS,
    INTERACTIONS_ALIKE, INTERACTIONS_OF_IMPORT, NOTES_OF_CONTACTS, NOTES_OF_CUSTOMERS, OWNERS, REMOVE_CUSTOMERS,
    REMOVE_INTERACTIONS, REMOVE_NOTES_OF_CONTACTS, REMOVE_NOTES_OF_CUSTOMERS,
};
use super::interactions::{CURRENT_CUSTOMERS, INTERACTIONS_OF_CUSTOMER, SEGMENTS_OF_CONTACTS, VISITS_OF_CONTACTS};
use super::notes::{NOTES_OF_CONTACT, NOTES_OF_CUSTOMER, NOTES_OF_WORK};
use super::work::{NEXT_WORK_DUE, OPEN_WORK_OF_CUSTOMER, WORK_DUE, WORK_OF_OWNER, WORK_OF_TEAM};
use super::{
    Statement, attempts, audit, call_lists, customers, do_not_call, erasure, interactions, leads, merges, retention,
    search, work,
};
use crate::records::{Records, RecordsPlace};

struct Plans {
    _folder: tempfile::TempDir,
    database: SqlitePool,
}

impl Plans {
    async fn new() -> Plans {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("usher.db");
        Records::open(&RecordsPlace::Sqlite(file.clone())).await.unwrap().close().await;
        let database = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await.unwrap();
        Plans { _folder: folder, database }
    }

    async fn of(&self, statement: Statement) -> Vec<String> {
        let asked = AssertSqlSafe(format!("explain query plan {}", statement.sqlite));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(asked).fetch_all(&self.database).await.unwrap();
        steps.into_iter().map(|(_, _, _, step)| step).collect()
    }
}

/// Reading the few values that were bound is no scan of a table, and neither is reading what a step before has found.
fn reads_a_table(step: &str, plan: &[String]) -> bool {
    let is_found_before = |name: &str| plan.iter().any(|step| step == &format!("CO-ROUTINE {name}"));
    step.strip_prefix("SCAN ").is_some_and(|what| !what.contains("VIRTUAL TABLE") && !is_found_before(what))
}

#[tokio::test]
async fn what_the_pop_asks_is_a_range_of_an_index() {
    let plans = Plans::new().await;
    for (statement, index) in [
        (CUSTOMER, "INTEGER PRIMARY KEY"),
        (MATCHES, "customer_address_value"),
        (ADDRESSES, "customer_address_customer"),
        (NAMES, "customer_name_customer"),
        (TAGS, "PRIMARY KEY (customer=?)"),
        (MERGED_CUSTOMERS, "customer_merged_into"),
        (INTERACTIONS_OF_CUSTOMER, "interaction_customer"),
        (VISITS_OF_CONTACTS, "PRIMARY KEY (contact=?)"),
        (SEGMENTS_OF_CONTACTS, "PRIMARY KEY (contact=?)"),
        (CURRENT_CUSTOMERS, "INTEGER PRIMARY KEY"),
        (NOTES_OF_CUSTOMER, "note_customer"),
        (NOTES_OF_CONTACT, "note_contact"),
        (NOTES_OF_WORK, "note_work"),
        (OPEN_WORK_OF_CUSTOMER, "work_customer"),
        (WORK_OF_OWNER, "work_owner"),
        (WORK_OF_TEAM, "work_owner_team"),
        (WORK_DUE, "work_due"),
        (audit::AUDIT_PAGE, "INTEGER PRIMARY KEY"),
        (audit::AUDIT_SINCE, "audit_at"),
        (audit::AUDIT_BY, "audit_made_by"),
        (audit::AUDIT_OF_CUSTOMER, "PRIMARY KEY (customer=?"),
        (audit::DROP_AUDIT, "INTEGER PRIMARY KEY"),
        (NEXT_WORK_DUE, "work_due"),
        (customers::CUSTOMERS_AT_AFTER, "customer_address_value"),
        (customers::CUSTOMERS_AFTER, "INTEGER PRIMARY KEY"),
        (customers::CUSTOMERS_OF, "INTEGER PRIMARY KEY"),
        (customers::ADDRESSES_OF_CUSTOMERS, "customer_address_customer"),
        (customers::NAMES_OF_CUSTOMERS, "customer_name_customer"),
        (customers::TAGS_OF_CUSTOMERS, "PRIMARY KEY (customer=?)"),
        (customers::MERGED_INTO_CUSTOMERS, "customer_merged_into"),
        (interactions::INTERACTIONS_AFTER, "INTEGER PRIMARY KEY"),
        (search::NAME_TERM_WALKED_TO, "PRIMARY KEY (term=? AND customer>?)"),
        (search::NOTES_WITH_TERM, "PRIMARY KEY (term=?)"),
        (search::NOTES_BEGINNING_SO, "PRIMARY KEY (term>? AND term<?)"),
        (search::CUSTOMERS_BEGINNING_SO, "PRIMARY KEY (term>? AND term<?)"),
        (search::CUSTOMERS_WITH_NAME_TERMS, "PRIMARY KEY (term=? AND customer>? AND customer<?)"),
        (work::WORK_OF_CUSTOMER, "work_of_customer"),
        (customers::CHANGES_OF_CUSTOMER, "customer_change_customer"),
        (customers::CHANGES_OF_WORK, "customer_change_work"),
        (customers::CHANGES_OF_CONTACT, "customer_change_contact"),
        (retention::OLD_CONTACTS, "interaction_with_detail"),
        (retention::COUNT_OLD_CONTACTS, "interaction_with_detail"),
        (retention::OLD_WORK, "work_closed"),
        (retention::COUNT_OLD_WORK, "work_closed"),
        (retention::DROP_OLD_CHANGES, "customer_change_at"),
        (retention::COUNT_OLD_CHANGES, "customer_change_at"),
        (retention::COUNT_OLD_AUDIT, "audit_at"),
    ] {
        let plan = plans.of(statement).await;
        assert!(plan.iter().any(|step| step.contains(index)), "{}\n{plan:#?}", statement.sqlite);
        assert!(!plan.iter().any(|step| reads_a_table(step, &plan)), "{}\n{plan:#?}", statement.sqlite);
    }
}

#[tokio::test]
async fn an_import_reads_only_what_its_rows_are_of() {
    let plans = Plans::new().await;
    for (statement, index) in [
        (IMPORTS_OF_FILE, "import_batch_file"),
        (OWNERS, "customer_address_value"),
        (EXTERNAL_IDS, "customer_address_customer"),
        (INTERACTION_IDS, "interaction_external_id"),
        (erasure::DO_NOT_CONTACT_AMONG, "PRIMARY KEY (address_hash=?)"),
        (erasure::ERASED_AMONG, "PRIMARY KEY (address_hash=?)"),
        (erasure::ADDRESSES_OF_OTHERS, "customer_address_value"),
        (INTERACTIONS_ALIKE, "interaction_customer"),
        (CUSTOMERS_OF_IMPORT, "customer_import"),
        (INTERACTIONS_OF_IMPORT, "interaction_import"),
        (IMPORTED, "customer_import"),
        (IMPORTED_INTERACTIONS, "interaction_import"),
        (NOTES_OF_CUSTOMERS, "note_customer"),
        (NOTES_OF_CONTACTS, "note_contact"),
        (REMOVE_NOTES_OF_CUSTOMERS, "note_customer"),
        (REMOVE_NOTES_OF_CONTACTS, "note_contact"),
        (REMOVE_CUSTOMERS, "INTEGER PRIMARY KEY"),
        (REMOVE_INTERACTIONS, "INTEGER PRIMARY KEY"),
        (call_lists::KNOWN_IN_FILE, "lead_number_value (value=?)"),
        (call_lists::KNOWN_IN_LIST, "lead_number_value (value=?)"),
        (call_lists::KNOWN_IN_CAMPAIGN, "lead_number_value (value=?)"),
        (call_lists::KNOWN_ANYWHERE, "lead_number_value (value=?)"),
        (call_lists::KNOWN_SINCE, "lead_number_value (value=?)"),
        (call_lists::LEADS_OF_IMPORT, "lead_of_list (list=? AND import_batch=?"),
        (call_lists::IMPORTED_LEADS, "lead_of_list (list=? AND import_batch=?"),
        (call_lists::NUMBERS_OF_LEADS, "PRIMARY KEY (lead=?)"),
        (call_lists::REMOVE_LEADS, "INTEGER PRIMARY KEY"),
        (call_lists::COUNT_LEADS, "lead_of_list (list=?)"),
        (call_lists::COUNT_EXPIRED_LEADS, "lead_of_list (list=?)"),
        (call_lists::DROP_EXPIRED_LEADS, "lead_of_list (list=?)"),
        (call_lists::LEADS_OF_PERSON, "lead_number_value"),
        (call_lists::LEADS_AT, "lead_number_value"),
        (leads::LEADS_SHOWN, "lead_number_value (value=?)"),
        (leads::LEADS_SHOWN, "customer_address_customer"),
        (leads::LEADS_SHOWN, "attempt_lead (lead=?"),
        (call_lists::WHO_LEADS_ARE, "PRIMARY KEY (lead=?)"),
        (attempts::ATTEMPTS_BESIDE, "attempt_number (number=? AND placed_at_ms>?)"),
        (attempts::ATTEMPTS_BESIDE, "attempt_customer (customer=? AND placed_at_ms>?)"),
        (attempts::ATTEMPTS_BESIDE, "attempt_lead (lead=? AND placed_at_ms>?)"),
        (call_lists::LEAD_TO_CALL, "INTEGER PRIMARY KEY"),
        (customers::CONSENTS_AT, "customer_address_value"),
        (attempts::ATTEMPTS_OF_LEAD, "attempt_lead (lead=?)"),
        (attempts::ATTEMPTS_OF_PERSON, "attempt_number (number=?)"),
        (attempts::ATTEMPTS_OF_PERSON, "attempt_customer (customer=?)"),
        (attempts::ATTEMPTS_OF_LEADS, "attempt_lead (lead=?)"),
        (attempts::DROP_OLD_ATTEMPTS, "attempt_proposed"),
        (attempts::COUNT_OLD_ATTEMPTS, "attempt_proposed"),
        (attempts::COUNT_ATTEMPTS, "attempt_campaign (campaign=? AND proposed_at_ms>?)"),
        (attempts::ATTEMPTS_TO_TELL, "attempt_campaign (campaign=? AND proposed_at_ms>? AND proposed_at_ms<?)"),
        (attempts::ATTEMPTS_TO_TELL, "lead_number_value (value=? AND lead=?)"),
        (call_lists::LEADS_KNOWN_AT, "lead_number_value"),
        (attempts::COUNT_BY_MINUTE, "attempt_campaign (campaign=? AND proposed_at_ms>?)"),
        (do_not_call::LENGTHEN_ENTRIES, "PRIMARY KEY (entry=? AND origin=?)"),
        (do_not_call::ENTRIES_AMONG, "PRIMARY KEY (entry=?)"),
        (do_not_call::REMOVE_ENTRIES, "PRIMARY KEY (entry=? AND origin=?)"),
        (do_not_call::ORIGIN_OF_IMPORT, "do_not_call_origin_import"),
        (do_not_call::WALKED_TO, "PRIMARY KEY (entry>?)"),
        (do_not_call::REMOVE_WALKED, "PRIMARY KEY (entry>? AND entry<?)"),
        (do_not_call::EXPIRED_COUNTS, "do_not_call_expires"),
        (do_not_call::COUNT_EXPIRED_ENTRIES, "do_not_call_expires"),
        (do_not_call::EXPIRED_ENTRIES, "do_not_call_expires"),
    ] {
        let plan = plans.of(statement).await;
        assert!(plan.iter().any(|step| step.contains(index)), "{}\n{plan:#?}", statement.sqlite);
        assert!(!plan.iter().any(|step| reads_a_table(step, &plan)), "{}\n{plan:#?}", statement.sqlite);
    }
}

#[tokio::test]
async fn what_comes_in_order_is_not_sorted() {
    let plans = Plans::new().await;
    for statement in [INTERACTIONS_OF_CUSTOMER, NOTES_OF_CUSTOMER, OPEN_WORK_OF_CUSTOMER, WORK_OF_OWNER, WORK_DUE] {
        let plan = plans.of(statement).await;
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{}\n{plan:#?}", statement.sqlite);
    }
}

#[tokio::test]
async fn a_merge_reads_only_what_belongs_to_the_two() {
    let plans = Plans::new().await;
    for (name, statement) in merges::ALL {
        let plan = plans.of(*statement).await;
        assert!(!plan.iter().any(|step| reads_a_table(step, &plan)), "{name}\n{plan:#?}");
    }
}

#[tokio::test]
async fn a_scan_would_be_seen() {
    let plans = Plans::new().await;
    let plan = plans.of(Statement::same("select name from customer where name like '%a%'")).await;
    assert!(plan.iter().any(|step| reads_a_table(step, &plan)), "{plan:#?}");
}
