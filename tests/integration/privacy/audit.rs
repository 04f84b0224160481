//! The chain of who did what: whole after any writers, broken at the first row that somebody touched.

use usher::customers::ids::CustomerId;
use usher::records::{
    Act, AuditCheck, AuditEnd, AuditEntry, AuditNo, AuditPruned, AuditQuestion, AuditRow, BrokenWhy, ChainHash,
    RetentionKind,
};
use usher::routing::ids::{ContactId, PersonId};
use usher::routing::time::Timestamp;

use super::{Ground, stamp};

fn entry(at: i64, by: &str, act: Act, customer: i64) -> AuditEntry {
    AuditEntry::new(Timestamp(at), PersonId::new(by).unwrap(), act).about(CustomerId(customer)).about(ContactId(9))
}

fn everything() -> AuditQuestion {
    AuditQuestion { since: Timestamp(0), by: None, customer: None, after: AuditNo(0), limit: 10_000 }
}

async fn numbers(ground: &Ground, asked: AuditQuestion) -> Vec<i64> {
    ground.records.audit_rows(&asked).await.unwrap().iter().map(|row: &AuditRow| row.no.0).collect()
}

async fn ten_looks(ground: &Ground) {
    let looks: Vec<AuditEntry> = (1..=10).map(|at| entry(at * 10, "ana", Act::LookedAt, at)).collect();
    assert_eq!(ground.records.append_audit(&looks).await.unwrap(), AuditNo(10));
}

pub async fn listed_by_time_user_and_customer(ground: Ground) {
    assert_eq!(numbers(&ground, everything()).await, [0_i64; 0]);
    let whole = AuditCheck::Whole { first: AuditNo(1), end: AuditEnd { no: AuditNo(0), hash: ChainHash::default() } };
    assert_eq!(ground.records.check_audit(None).await.unwrap(), whole);
    let twice = entry(20, "ben", Act::Merged, 7).about(CustomerId(7)).about(CustomerId(8)).with("rows", 3_usize);
    ground.records.append_audit(&[entry(10, "ana", Act::LookedAt, 7), twice]).await.unwrap();
    ground.records.append_audit(&[entry(30, "ana", Act::Searched, 8)]).await.unwrap();

    let ana = PersonId::new("ana").unwrap();
    assert_eq!(numbers(&ground, everything()).await, [1, 2, 3]);
    assert_eq!(numbers(&ground, AuditQuestion { since: Timestamp(20), ..everything() }).await, [2, 3]);
    assert_eq!(numbers(&ground, AuditQuestion { since: Timestamp(31), ..everything() }).await, [0_i64; 0]);
    assert_eq!(numbers(&ground, AuditQuestion { by: Some(ana.clone()), ..everything() }).await, [1, 3]);
    assert_eq!(numbers(&ground, AuditQuestion { customer: Some(CustomerId(7)), ..everything() }).await, [1, 2]);
    let both = AuditQuestion { by: Some(ana), customer: Some(CustomerId(8)), ..everything() };
    assert_eq!(numbers(&ground, both).await, [3]);
    assert_eq!(numbers(&ground, AuditQuestion { after: AuditNo(1), limit: 1, ..everything() }).await, [2]);
    let row = ground.records.audit_rows(&everything()).await.unwrap().remove(1);
    assert_eq!((row.by.as_str(), row.act.as_str(), row.at), ("ben", "merged", Timestamp(20)));
    assert_eq!(row.subjects, r#"["customer:7","contact:9","customer:7","customer:8"]"#);
    assert_eq!(row.detail, r#"{"rows":3}"#);
}

pub async fn written_by_many_at_once(ground: Ground) {
    let writers = (0..20).map(|writer| {
        let records = ground.records.clone();
        tokio::spawn(async move {
            for at in 0..5 {
                records.append_audit(&[entry(at, "ana", Act::LookedAt, writer)]).await.unwrap();
            }
        })
    });
    for writer in futures_util::future::join_all(writers).await {
        writer.unwrap();
    }
    let checked = ground.records.check_audit(None).await.unwrap();
    assert!(matches!(checked, AuditCheck::Whole { first: AuditNo(1), end: AuditEnd { no: AuditNo(100), .. } }));
}

/// Lets anything be done to the rows.
async fn unguarded(ground: &Ground) {
    let triggers = match &ground.place {
        usher::records::RecordsPlace::Sqlite(_) => {
            "drop trigger audit_is_not_changed; drop trigger audit_is_only_pruned;"
        }
        usher::records::RecordsPlace::Postgres(_) => "drop trigger audit_is_only_added_to on audit;",
    };
    ground.run(triggers).await.unwrap();
}

async fn assert_broken(ground: &Ground, no: i64, why: BrokenWhy) {
    let checked = ground.records.check_audit(None).await.unwrap();
    assert_eq!(checked, AuditCheck::Broken { no: AuditNo(no), why });
}

pub async fn what_does_not_fit_is_found(ground: Ground) {
    ten_looks(&ground).await;
    let AuditCheck::Whole { end, .. } = ground.records.check_audit(None).await.unwrap() else { panic!("broken") };
    assert!(matches!(ground.records.check_audit(Some(&end)).await.unwrap(), AuditCheck::Whole { .. }));
    unguarded(&ground).await;
    for (broken, no, why, mended) in [
        (
            "update audit set made_by = 'ben' where no = 4",
            4,
            BrokenWhy::Changed,
            "update audit set made_by = 'ana' where no = 4",
        ),
        (
            "update audit set detail = '{\"a\":1}' where no = 7",
            7,
            BrokenWhy::Changed,
            "update audit set detail = '{}' where no = 7",
        ),
        ("update audit set no = 99 where no = 10", 10, BrokenWhy::Missing, "update audit set no = 10 where no = 99"),
        ("update audit set no = 0 where no = 5", 5, BrokenWhy::Missing, "update audit set no = 5 where no = 0"),
        ("update audit_chain set last_no = 8", 9, BrokenWhy::BehindTheEnd, "update audit_chain set last_no = 10"),
        ("update audit_chain set last_no = 12", 11, BrokenWhy::Missing, "update audit_chain set last_no = 10"),
        (
            "update audit_chain set pruned_no = 3, pruned_hash = (select hash from audit where no = 3)",
            4,
            BrokenWhy::OtherBeginning,
            "update audit_chain set pruned_no = 0, pruned_hash = ''",
        ),
    ] {
        // References to a row that moves go with it elsewhere.
        ground.run("delete from audit_customer").await.unwrap();
        ground.run(broken).await.unwrap();
        assert_broken(&ground, no, why).await;
        ground.run(mended).await.unwrap();
        assert!(matches!(ground.records.check_audit(None).await.unwrap(), AuditCheck::Whole { .. }), "{mended}");
    }
    let other = AuditEnd { no: AuditNo(6), hash: end.hash.clone() };
    let noted = ground.records.check_audit(Some(&other)).await.unwrap();
    assert_eq!(noted, AuditCheck::Broken { no: AuditNo(6), why: BrokenWhy::NotAsNoted });
    let later = AuditEnd { no: AuditNo(11), hash: end.hash };
    let noted = ground.records.check_audit(Some(&later)).await.unwrap();
    assert_eq!(noted, AuditCheck::Broken { no: AuditNo(11), why: BrokenWhy::Missing });
}

pub async fn rows_cannot_be_changed(ground: Ground) {
    ten_looks(&ground).await;
    for refused in
        ["update audit set made_by = 'ben' where no = 4", "delete from audit where no = 1", "delete from audit"]
    {
        let error = ground.run(refused).await.unwrap_err().to_string();
        assert!(error.contains("only added to"), "{refused}: {error}");
    }
    assert_eq!(numbers(&ground, everything()).await.len(), 10);
}

pub async fn pruned_from_the_front(ground: Ground) {
    ten_looks(&ground).await;
    let records = &ground.records;
    assert_eq!(records.older_than(RetentionKind::Audit, Timestamp(45)).await.unwrap(), 4);
    assert_eq!(records.prune_audit(Timestamp(5), 100, &stamp(100)).await.unwrap(), AuditPruned { rows: 0 });
    assert_eq!(records.prune_audit(Timestamp(45), 3, &stamp(100)).await.unwrap(), AuditPruned { rows: 3 });
    assert_eq!(records.prune_audit(Timestamp(45), 3, &stamp(101)).await.unwrap(), AuditPruned { rows: 1 });
    let checked = records.check_audit(None).await.unwrap();
    let AuditCheck::Whole { first: AuditNo(5), end } = &checked else { panic!("{checked:?}") };
    assert_eq!(end.no, AuditNo(12), "each pruning stands in it");
    assert_eq!(numbers(&ground, everything()).await, [5, 6, 7, 8, 9, 10, 11, 12]);
    let gone = AuditQuestion { customer: Some(CustomerId(2)), ..everything() };
    assert_eq!(numbers(&ground, gone).await, [0_i64; 0]);
    records.append_audit(&[entry(200, "ana", Act::LookedAt, 1)]).await.unwrap();
    assert!(matches!(records.check_audit(None).await.unwrap(), AuditCheck::Whole { .. }));
    ground.run("update audit_chain set pruned_no = 7").await.unwrap();
    ground.run("delete from audit where no <= 7").await.unwrap();
    assert_broken(&ground, 8, BrokenWhy::Changed).await;
}
