//! How PostgreSQL goes about what calls and consoles wait for: a range of an index each time, never a whole table.

use serde_json::Value;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use usher::records::{BATCH_ROWS_MAX, Records, RecordsPlace};

use super::interactions::interaction;
use super::{customer, stamp};
use crate::support::postgres::PostgresServer;

/// By the names that the records give their statements.
const WAITED_FOR: [&str; 44] = [
    "CUSTOMER",
    "MATCHES",
    "ADDRESSES",
    "NAMES",
    "TAGS",
    "MERGED_CUSTOMERS",
    "INTERACTIONS_OF_CUSTOMER",
    "VISITS_OF_CONTACTS",
    "SEGMENTS_OF_CONTACTS",
    "CURRENT_CUSTOMERS",
    "NOTES_OF_CUSTOMER",
    "NOTES_OF_CONTACT",
    "NOTES_OF_WORK",
    "OPEN_WORK_OF_CUSTOMER",
    "WORK_OF_OWNER",
    "WORK_OF_TEAM",
    "WORK_DUE",
    "NEXT_WORK_DUE",
    "WORK_OF_CUSTOMER",
    "AUDIT_PAGE",
    "AUDIT_SINCE",
    "AUDIT_BY",
    "AUDIT_OF_CUSTOMER",
    "CUSTOMERS_AT_AFTER",
    "CUSTOMERS_AFTER",
    "CUSTOMERS_OF",
    "ADDRESSES_OF_CUSTOMERS",
    "NAMES_OF_CUSTOMERS",
    "TAGS_OF_CUSTOMERS",
    "MERGED_INTO_CUSTOMERS",
    "INTERACTIONS_AFTER",
    "NAME_TERM_WALKED_TO",
    "CUSTOMERS_BEGINNING_SO",
    "NOTES_WITH_TERM",
    "NOTES_BEGINNING_SO",
    "CUSTOMERS_WITH_NAME_TERMS",
    "CHANGES_OF_CUSTOMER",
    "CHANGES_OF_WORK",
    "CHANGES_OF_CONTACT",
    "LEAD_TO_CALL",
    "CONSENTS_AT",
    "ENTRIES_AMONG",
    "ATTEMPTS_BESIDE",
    "ATTEMPTS_OF_LEAD",
];

/// As planned for any values; a table is read whole only where there is no other way.
async fn plan(database: &mut PgConnection, statement: &str) -> Value {
    let parameters = (1..=20).rev().find(|number| statement.contains(&format!("${number}"))).unwrap_or(0);
    let nulls = vec!["null"; parameters].join(", ");
    let execute = if parameters == 0 { "asked".to_owned() } else { format!("asked({nulls})") };
    database.execute(AssertSqlSafe(format!("prepare asked as {statement}"))).await.unwrap();
    let asked = AssertSqlSafe(format!("explain (format json, costs off) execute {execute}"));
    let (plan,): (Value,) = sqlx::query_as(asked).fetch_one(&mut *database).await.unwrap();
    database.execute("deallocate asked").await.unwrap();
    plan
}

/// Parts of a plan that go through a whole table or a whole index.
fn reads_all(plan: &Value, found: &mut Vec<String>) {
    match plan {
        Value::Array(parts) => parts.iter().for_each(|part| reads_all(part, found)),
        Value::Object(part) => {
            let kind = part.get("Node Type").and_then(Value::as_str).unwrap_or_default();
            let by_index = ["Index Scan", "Index Only Scan", "Bitmap Index Scan"].contains(&kind);
            if kind == "Seq Scan" || (by_index && !part.contains_key("Index Cond")) {
                found.push(format!("{kind} of {}", part.get("Relation Name").unwrap_or(&Value::Null)));
            }
            part.values().for_each(|part| reads_all(part, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// So many that going through all would be dearer than finding some.
async fn filled(records: &Records, database: &mut PgConnection) {
    for batch in 0..4_usize {
        let numbered = |no: usize| format!("+331{:08}", batch * BATCH_ROWS_MAX + no);
        let new: Vec<_> = (0..BATCH_ROWS_MAX).map(|no| customer(&format!("Customer {no}"), &[&numbered(no)])).collect();
        let ids = records.add_customers(&new, &stamp(1)).await.unwrap();
        let contacts = (batch * BATCH_ROWS_MAX) as u64..;
        let rows: Vec<_> = ids.iter().zip(contacts).map(|(id, no)| interaction(no, Some(*id), 1_000)).collect();
        records.import_interactions(&rows).await.unwrap();
    }
    database
        .execute(
            "insert into customer_name (customer, kind, name) select id, 'alias', 'also ' || name from customer; \
             insert into note (customer, body, at_ms, made_by) select id, 'a note', id, 'ana' from customer; \
             insert into note_term (term, note) select 'word' || id % 50, id from note; \
             insert into note_term (term, note) select 'other' || id % 7, id from note; \
             insert into customer_tag (customer, tag, origin) select id, 'vip', id from customer; \
             insert into interaction_segment (contact, segment, agent, started_at_ms) \
             select contact, contact, 'ana', 1 from interaction; \
             update customer set merged_into = id - 1 where id % 2 = 0; \
             insert into audit (no, at_ms, made_by, act, subjects, detail, hash) \
             select id, id, 'ana' || id % 100, 'looked_at', '', '', '' from customer; \
             insert into audit_customer (customer, audit) select id % 5000, id from customer; \
             insert into call_list (id, name, campaign, settings, version, created_at_ms, created_by, changed_at_ms, \
             changed_by) select id, id, id % 10, '{}', 1, 0, '', 0, '' from generate_series(1, 100) id; \
             insert into lead (id, list, import_batch, added_at_ms, priority, attempts) \
             select id, 1 + id % 100, 1 + id % 100, id, 0, 0 from customer; \
             insert into lead_number (lead, place, value, consent) select id, 0, '+331' || id, 'unknown' from lead; \
             insert into do_not_call_origin (scope, entries, added_at_ms, added_by) values ('everyone', 0, 0, ''); \
             insert into do_not_call (entry, origin) select 3310000000 + id, 1 from customer; \
             insert into attempt (id, contact, campaign, list, lead, number, customer, proposed_at_ms, placed_at_ms) \
             select id, id, 'winback', 1, id, 3310000000 + id, id, id, id from customer; \
             analyze;",
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_waited_for_is_a_range_of_an_index_on_postgres() {
    let Some(server) = PostgresServer::shared() else { return };
    let options = server.new_database().await;
    let records = Records::open(&RecordsPlace::Postgres(server.url(&options).into())).await.unwrap();
    let mut database = options.connect().await.unwrap();
    filled(&records, &mut database).await;
    database.execute("set enable_seqscan = off; set plan_cache_mode = force_generic_plan").await.unwrap();
    let every = records.every_statement();
    let mut wrong = Vec::new();
    for name in WAITED_FOR {
        let texts: Vec<&str> = every.iter().filter(|(known, _)| *known == name).map(|(_, text)| *text).collect();
        assert!(!texts.is_empty(), "there is no statement {name}");
        for text in texts {
            let plan = plan(&mut database, text).await;
            let mut found = Vec::new();
            reads_all(&plan, &mut found);
            if !found.is_empty() {
                wrong.push(format!("{name}: {found:?}\n{text}\n{plan:#}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let mut found = Vec::new();
    reads_all(&plan(&mut database, "select name from customer where name like '%a%'").await, &mut found);
    assert_eq!(found.len(), 1, "a scan would be seen");
}
