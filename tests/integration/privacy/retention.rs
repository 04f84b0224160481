//! What was kept long enough goes, by kind; what is younger, open, or counted stays.

use usher::config::RetentionSettings;
use usher::customers::change::Stamp;
use usher::customers::note::NoteSubject;
use usher::journal::SqlJournal;
use usher::privacy::{Outdated, apply, outdated};
use usher::records::{Act, AuditCheck, AuditEntry, AuditNo, AuditQuestion, RetentionKind};
use usher::routing::ids::ContactId;
use usher::routing::time::Timestamp;

use super::erasure::{CANARIES, Seeded, all_rows, count, erased_in, seeded, text};
use super::{Ground, stamp};

const DAY: i64 = 24 * 3_600_000;
/// Everything in the ground is seeded in the first second of 1970.
const LATER: i64 = 10 * DAY;

/// Do-not-call entries and attempts as long as leads.
fn kept_for(days: [Option<u32>; 5]) -> RetentionSettings {
    let [contact_detail_days, closed_work_days, change_history_days, audit_days, expired_leads_days] = days;
    RetentionSettings {
        contact_detail_days,
        closed_work_days,
        change_history_days,
        audit_days,
        expired_leads_days,
        expired_do_not_call_days: expired_leads_days,
        attempts_days: expired_leads_days,
    }
}

fn rows(kinds: &[Outdated]) -> Vec<(RetentionKind, u64)> {
    kinds.iter().map(|gone| (gone.kind, gone.rows)).collect()
}

async fn run(ground: &Ground, journal: &SqlJournal, days: [Option<u32>; 5], at: i64) -> Vec<(RetentionKind, u64)> {
    let settings = kept_for(days);
    let told = outdated(&ground.records, &settings, Timestamp(at)).await.unwrap();
    let removed = apply(&ground.records, journal, &settings, &Stamp { at: Timestamp(at), ..stamp(0) }).await.unwrap();
    assert_eq!(removed, told, "a dry run says what a run does");
    let again = outdated(&ground.records, &settings, Timestamp(at)).await.unwrap();
    assert!(again.iter().all(|kind| kind.rows == 0), "nothing is found twice: {again:?}");
    rows(&removed)
}

async fn with_interactions(ground: &Ground) -> Seeded {
    let seeded = seeded(ground).await;
    // Writes what the journal tells of contacts 1 to 3, none of which is over.
    usher::privacy::export(&ground.records, &seeded.journal, seeded.other, &stamp(9)).await.unwrap();
    seeded
}

pub async fn nothing_young_or_open_goes(ground: Ground) {
    let seeded = with_interactions(&ground).await;
    let before = all_rows(&ground).await;
    let none = vec![
        (RetentionKind::ContactDetail, 0),
        (RetentionKind::ClosedWork, 0),
        (RetentionKind::ChangeHistory, 0),
        (RetentionKind::Audit, 0),
        (RetentionKind::ExpiredLeads, 0),
        (RetentionKind::ExpiredDoNotCall, 0),
        (RetentionKind::Attempts, 0),
    ];
    assert_eq!(run(&ground, &seeded.journal, [Some(11); 5], LATER).await, none);
    assert_eq!(run(&ground, &seeded.journal, [None; 5], 36_500 * DAY).await, none);
    assert_eq!(all_rows(&ground).await, before);
}

pub async fn detail_of_contacts_goes_and_counts_stay(ground: Ground) {
    let seeded = with_interactions(&ground).await;
    let records = &ground.records;
    let untouched = records.customer_card(seeded.zoe).await.unwrap().unwrap();
    let removed = run(&ground, &seeded.journal, [Some(9), None, None, None, None], LATER).await;
    assert_eq!(removed[0], (RetentionKind::ContactDetail, 2), "100 and 101 are over; 1, 2 and 3 are not");
    for contact in [100, 101] {
        let kept = records.interaction(ContactId(contact)).await.unwrap().unwrap();
        assert_eq!((kept.customer, &kept.from, &kept.recording), (None, &None, &None));
        assert_eq!((kept.visits.len(), kept.segments.len(), kept.satisfaction.is_some()), (1, 1, true));
    }
    let open = records.interaction(ContactId(1)).await.unwrap().unwrap();
    assert_eq!(open.customer, Some(seeded.zoe));
    assert_eq!(count(&ground, "select count(*) from note where contact = 100").await, 0);
    assert_eq!(count(&ground, "select count(*) from note_term where note not in (select id from note)").await, 0);
    let customer = records.customer_card(seeded.zoe).await.unwrap().unwrap();
    assert_eq!((&customer.addresses, &customer.names), (&untouched.addresses, &untouched.names), "the customer stays");
    let asked = AuditQuestion { since: Timestamp(LATER), by: None, customer: None, after: AuditNo(0), limit: 10 };
    let audit = records.audit_rows(&asked).await.unwrap();
    assert_eq!(audit.len(), 1);
    assert_eq!((audit[0].act.as_str(), audit[0].detail.as_str()), ("retention_applied", r#"{"contact_detail":2}"#));
}

/// As the server's reader does, late.
pub async fn keys_of_old_contacts_are_destroyed(ground: Ground) {
    let seeded = with_interactions(&ground).await;
    ground.run("update interaction set ended_at_ms = 50 where contact in (1, 2)").await.unwrap();
    let erased =
        async || erased_in(&seeded.journal).await.into_iter().map(|(_, is_erased)| is_erased).collect::<Vec<_>>();
    assert_eq!(erased().await, [false; 5]);
    let removed = run(&ground, &seeded.journal, [Some(9), None, None, None, None], LATER).await;
    assert_eq!(removed[0].1, 4);
    assert_eq!(erased().await, [true, true, true, true, false]);
}

pub async fn each_kind_goes_by_itself(ground: Ground) {
    let seeded = with_interactions(&ground).await;
    let records = &ground.records;
    records.add_note(NoteSubject::Customer(seeded.other), &text("sings at night"), &stamp(7)).await.unwrap();
    let open = count(&ground, "select count(*) from work where state <> 'closed'").await;
    let removed = run(&ground, &seeded.journal, [None, Some(9), None, None, None], LATER).await;
    assert_eq!(removed[1], (RetentionKind::ClosedWork, 1));
    let left = count(&ground, "select count(*) from work").await;
    assert_eq!((left, count(&ground, "select count(*) from note where work is not null").await), (open, 0));

    let history = count(&ground, "select count(*) from customer_change").await;
    assert!(history > 3, "{history}");
    let removed = run(&ground, &seeded.journal, [None, None, Some(9), None, None], LATER).await;
    assert_eq!(removed[2], (RetentionKind::ChangeHistory, history.unsigned_abs()));

    let looked = AuditEntry::new(Timestamp(LATER - DAY), stamp(0).by, Act::LookedAt).about(seeded.zoe);
    records.append_audit(&[looked]).await.unwrap();
    let removed = run(&ground, &seeded.journal, [None, None, None, Some(9), None], LATER).await;
    assert_eq!(removed[3], (RetentionKind::Audit, 7));
    assert!(matches!(records.check_audit(None).await.unwrap(), AuditCheck::Whole { .. }));
    ground.run("update call_list set expires_at_ms = null").await.unwrap();
    let removed = run(&ground, &seeded.journal, [None, None, None, None, Some(9)], LATER).await;
    assert_eq!(removed[4], (RetentionKind::ExpiredLeads, 0), "a list that does not expire keeps its leads");
    assert_eq!(removed[6], (RetentionKind::Attempts, 2));
    ground.run("update call_list set expires_at_ms = 1000").await.unwrap();
    let removed = run(&ground, &seeded.journal, [None, None, None, None, Some(9)], LATER).await;
    assert_eq!(removed[4], (RetentionKind::ExpiredLeads, 2));
    assert_eq!(removed[5], (RetentionKind::ExpiredDoNotCall, 0), "an entry without an expiry stays");
    assert_eq!(count(&ground, "select count(*) from lead_number").await, 0);
    let card = records.customer_card(seeded.other).await.unwrap().unwrap();
    assert_eq!(card.addresses.len(), 1);
    let texts: Vec<String> = all_rows(&ground).await.into_iter().map(|(_, row)| row).collect();
    assert!(texts.iter().any(|row| row.contains(CANARIES[8])), "a customer's own notes stay with the customer");
}

/// More than one batch, some of which was done before.
pub async fn many_batches_are_gone_through(ground: Ground) {
    let seeded = seeded(&ground).await;
    let template = ground.records.interaction(ContactId(100)).await.unwrap().unwrap();
    let numbered = |no| {
        let mut interaction = template.clone();
        interaction.contact = ContactId(no);
        interaction
    };
    let many: Vec<_> = (1_000..2_700).map(numbered).collect();
    ground.records.import_interactions(&many).await.unwrap();
    let some: Vec<ContactId> = (1_100..1_800).map(ContactId).collect();
    ground.records.strip_contacts(&some, Timestamp(LATER)).await.unwrap();
    let removed = run(&ground, &seeded.journal, [Some(9), None, None, None, None], LATER).await;
    assert_eq!(removed[0], (RetentionKind::ContactDetail, 1_002));
    let with_detail = "select count(*) from interaction where customer is not null and contact >= 100";
    assert_eq!(count(&ground, with_detail).await, 0);
}
