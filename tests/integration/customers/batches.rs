//! Many at once: what an import and a generator write, and the terms that searches will ask for.

use std::collections::BTreeSet;
use std::time::Instant;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use usher::customers::customer::{NameKind, NewName};
use usher::customers::ids::{CustomerId, Version};
use usher::customers::note::NoteSubject;
use usher::customers::search_terms::terms_of_name;
use usher::records::{BATCH_ROWS_MAX, InteractionBatch, Records, RecordsPlace};
use usher::routing::ids::{ContactId, EventNo};

use super::interactions::interaction;
use super::{customer, fields, phone, stamp, text};
use crate::support::surroundings::temp_dir;

pub async fn thousands_at_once(records: Records) {
    let number = |no: usize| format!("+3312345{no:04}");
    let new: Vec<_> =
        (0..BATCH_ROWS_MAX).map(|no| customer(&format!("Customer {no}"), &[&number(no), "+33000"])).collect();
    let began = Instant::now();
    let ids = records.add_customers(&new, &stamp(1)).await.unwrap();
    let took = began.elapsed();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), BATCH_ROWS_MAX);
    for no in [0, 1, 2_500, BATCH_ROWS_MAX - 1] {
        let found = records.customers_at(&[phone(&number(no))]).await.unwrap();
        assert_eq!(found.iter().map(|found| found.customer.id).collect::<Vec<_>>(), [ids[no]], "each has its own");
        assert_eq!(found[0].customer.fields.name.as_str(), format!("Customer {no}"));
    }
    let shared = records.customers_at(&[phone("+33000")]).await.unwrap();
    assert_eq!(shared.len(), usher::records::MATCHES_MAX, "a switchboard's number");
    let next = records.add_customer(&customer("Next", &[]), &stamp(2)).await.unwrap();
    assert!(!ids.contains(&next), "no number is given twice");

    let rows: Vec<_> = ids.iter().zip(0..).map(|(id, no)| interaction(no, Some(*id), 1_000)).collect();
    let began = Instant::now();
    let reader = text("interactions");
    assert!(
        records
            .write_interactions(
                &reader,
                EventNo(0),
                EventNo(50_000),
                &InteractionBatch { interactions: &rows, ..InteractionBatch::default() }
            )
            .await
            .unwrap()
    );
    println!("{BATCH_ROWS_MAX} customers in {took:?}, {BATCH_ROWS_MAX} interactions in {:?}", began.elapsed());
    let stored = records.interactions_of_customer(ids[77], None, 5).await.unwrap();
    assert_eq!(stored, [rows[77].clone()]);
    assert_eq!(records.interaction(ContactId(4_999)).await.unwrap().unwrap(), rows[4_999]);
}

#[tokio::test]
async fn the_terms_follow_the_names() {
    let folder = temp_dir();
    let file = folder.path().join("usher.db");
    let records = Records::open(&RecordsPlace::Sqlite(file.clone())).await.unwrap();
    let database = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&file)).await.unwrap();
    let terms_of = async |id: CustomerId| -> BTreeSet<String> {
        let terms = sqlx::query_as("select term from name_term where customer = $1").bind(id.0);
        let terms: Vec<(String,)> = terms.fetch_all(&database).await.unwrap();
        terms.into_iter().map(|(term,)| term).collect()
    };
    let of = |names: &[&str]| -> BTreeSet<String> { names.iter().flat_map(|name| terms_of_name(name)).collect() };

    let ana = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let li = records.add_customer(&customer("李小明", &[]), &stamp(1)).await.unwrap();
    assert_eq!((terms_of(ana).await, terms_of(li).await), (of(&["Ana"]), of(&["李小明"])));
    records.change_customer(ana, Version(1), &fields("Anabel"), &stamp(2)).await.unwrap();
    assert_eq!(terms_of(ana).await, of(&["Anabel"]));
    let former = NewName { kind: NameKind::Former, name: text("Belana") };
    let name = records.add_name(ana, &former, &stamp(3)).await.unwrap();
    assert_eq!(terms_of(ana).await, of(&["Anabel", "Belana"]));
    let merge = records.merge_customers(li, ana, &stamp(4)).await.unwrap();
    assert_eq!((terms_of(ana).await, terms_of(li).await), (of(&[]), of(&["李小明", "Anabel", "Belana"])));
    records.remove_name(li, name, &stamp(5)).await.unwrap();
    assert_eq!(terms_of(li).await, of(&["李小明", "Anabel"]), "what another name still has stays");
    records.undo_merge(merge, &stamp(6)).await.unwrap();
    assert_eq!((terms_of(ana).await, terms_of(li).await), (of(&["Anabel"]), of(&["李小明"])));

    let note = records.add_note(NoteSubject::Customer(ana), &text("Nana"), &stamp(7)).await.unwrap();
    let found: Vec<(i64,)> =
        sqlx::query_as("select note from note_term where term = 'nana'").fetch_all(&database).await.unwrap();
    assert_eq!(found, [(note.0,)]);
    database.close().await;
    records.close().await;
}
