//! Interactions: written by the reader of the journal, read for the pop, completed by people.

use std::sync::Arc;

use usher::customers::change::ChangedField as Field;
use usher::customers::ids::CustomerId;
use usher::customers::interaction::{Interaction, InteractionSegment, InteractionVisit, Satisfaction};
use usher::customers::note::NoteSubject;
use usher::customers::text::ReaderName;
use usher::records::{BATCH_ROWS_MAX, CustomerError, InteractionBatch, InteractionError, InteractionsError, Records};
use usher::routing::command::{Direction, Disposition, EndedBy};
use usher::routing::ids::{AgentId, ContactId, EventNo, QueueId, SegmentId, VisitId};
use usher::routing::rule_set::Channel;
use usher::routing::time::{Millis, Timestamp};

use super::{customer, phone, stamp, text, told};

pub fn interaction(contact: u64, customer: Option<CustomerId>, arrived_at_ms: i64) -> Interaction {
    Interaction {
        contact: ContactId(contact),
        customer,
        channel: Channel::Voice,
        direction: Direction::Inbound,
        from: Some(phone("+33140000001")),
        to: Some(phone("+33800000000")),
        arrived_at: Timestamp(arrived_at_ms),
        ended_at: None,
        ended_by: None,
        disposition: None,
        satisfaction: None,
        recording: None,
        transcript: None,
        visits: vec![InteractionVisit {
            visit: VisitId(contact * 10),
            queue: QueueId::new("billing").unwrap(),
            entered_at: Timestamp(arrived_at_ms),
            ended_at: None,
            end: None,
        }],
        segments: vec![],
    }
}

fn ended(mut interaction: Interaction) -> Interaction {
    let at = |ms: i64| Some(Timestamp(interaction.arrived_at.0 + ms));
    interaction.visits[0].ended_at = at(50);
    interaction.visits[0].end = Some(text("accepted"));
    interaction.segments = vec![InteractionSegment {
        segment: SegmentId(interaction.contact.0 * 10 + 1),
        queue: Some(QueueId::new("billing").unwrap()),
        agent: AgentId::new("a1").unwrap(),
        started_at: Timestamp(interaction.arrived_at.0 + 40),
        connected_at: at(50),
        ended_at: at(90),
        wrapped_up_at: at(99),
        disposition: Some(disposition("sold")),
    }];
    interaction.ended_at = at(90);
    interaction.ended_by = Some(EndedBy::Customer);
    interaction.disposition = Some(disposition("sold"));
    interaction.recording = Some(text("s3://recordings/1"));
    interaction.transcript = Some(text("transcripts/1"));
    interaction.satisfaction = Some(Satisfaction::new(4).unwrap());
    interaction
}

fn disposition(word: &str) -> Disposition {
    Disposition(Arc::from(word))
}

fn reader() -> ReaderName {
    ReaderName::new("interactions").unwrap()
}

async fn write(records: &Records, after: u64, up_to: u64, rows: &[Interaction]) -> Result<bool, InteractionsError> {
    records
        .write_interactions(
            &reader(),
            EventNo(after),
            EventNo(up_to),
            &InteractionBatch { interactions: rows, ..InteractionBatch::default() },
        )
        .await
}

pub async fn read_back(records: Records) {
    let id = records.add_customer(&customer("Ana", &["+33140000001"]), &stamp(1)).await.unwrap();
    let stranger = interaction(7, None, 5_000);
    let done = ended(interaction(u64::from(u32::MAX) + 5, Some(id), 4_000));
    let mut rows = vec![stranger.clone(), done.clone()];
    rows.extend((10..16).map(|no| interaction(no, Some(id), 1_000 + 100 * i64::try_from(no).unwrap() / 2)));
    assert!(write(&records, 0, 40, &rows).await.unwrap());
    assert_eq!(records.interaction(ContactId(7)).await.unwrap(), Some(stranger));
    assert_eq!(records.interaction(done.contact).await.unwrap(), Some(done.clone()));
    assert_eq!(records.interaction(ContactId(8)).await.unwrap(), None);

    let last = records.interactions_of_customer(id, None, 5).await.unwrap();
    assert_eq!(last.iter().map(|one| one.contact.0).collect::<Vec<_>>(), [done.contact.0, 15, 14, 13, 12]);
    assert_eq!(last[0], done, "with visits and segments");
    let older =
        records.interactions_of_customer(id, last.last().map(|past| (past.arrived_at, past.contact)), 5).await.unwrap();
    assert_eq!(older.iter().map(|one| one.contact.0).collect::<Vec<_>>(), [11, 10]);
    let found = records.customers_at(&[phone("+33140000001")]).await.unwrap();
    assert_eq!(found[0].last_contact_at, Some(Timestamp(4_000)));
}

pub async fn written_once(records: Records) {
    let id = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let (one, two) = (interaction(1, Some(id), 100), interaction(2, None, 200));
    assert_eq!(records.reader_cursor(&reader()).await.unwrap(), EventNo::ZERO);
    assert!(write(&records, 0, 10, &[one.clone(), two.clone()]).await.unwrap());
    assert_eq!(records.reader_cursor(&reader()).await.unwrap(), EventNo(10));
    assert!(!write(&records, 0, 10, &[ended(one.clone())]).await.unwrap(), "the same events were written before");
    assert_eq!(records.interaction(ContactId(1)).await.unwrap(), Some(one.clone()), "and are not written again");

    let ahead = write(&records, 12, 15, &[]).await;
    assert!(matches!(ahead, Err(InteractionsError::Elsewhere { expected: EventNo(12), found: EventNo(10) })));
    let across = write(&records, 5, 15, &[ended(two.clone())]).await;
    assert!(matches!(across, Err(InteractionsError::Elsewhere { expected: EventNo(5), found: EventNo(10) })));
    assert_eq!(records.interaction(ContactId(2)).await.unwrap(), Some(two.clone()));
    assert!(matches!(write(&records, 9, 8, &[]).await, Err(InteractionsError::Backwards { .. })));
    let many = vec![interaction(1, None, 1); BATCH_ROWS_MAX + 1];
    assert!(matches!(write(&records, 10, 11, &many).await, Err(InteractionsError::TooMany { count: 5_001, .. })));
    assert_eq!(records.reader_cursor(&reader()).await.unwrap(), EventNo(10), "refused, nothing moved");

    let nobody = Interaction { customer: Some(CustomerId(404)), ..interaction(3, None, 300) };
    let rows = [two.clone(), nobody, ended(two.clone())];
    assert!(write(&records, 10, 20, &rows).await.unwrap());
    assert_eq!(records.interaction(ContactId(2)).await.unwrap(), Some(ended(two)), "the later row counts");
    assert_eq!(records.interaction(ContactId(3)).await.unwrap().unwrap().customer, None, "nobody is there");

    let again = [ended(one.clone())];
    let (first, second) = tokio::join!(write(&records, 20, 30, &again), write(&records, 20, 30, &again));
    assert!(first.unwrap() != second.unwrap(), "two readers at once: one writes");
    assert_eq!(records.interaction(ContactId(1)).await.unwrap(), Some(ended(one)));
    let other = ReaderName::new("reports").unwrap();
    assert_eq!(records.reader_cursor(&other).await.unwrap(), EventNo::ZERO, "each reader has its place");
}

pub async fn after_the_call(records: Records) {
    let ana = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let ben = records.add_customer(&customer("Ben", &[]), &stamp(1)).await.unwrap();
    let contact = ContactId(1);
    let note = NoteSubject::Interaction(contact);
    records.add_note(note, &text("promised a call"), &stamp(2)).await.unwrap();
    let early = records.attach_interaction(contact, Some(ana), &stamp(3)).await;
    assert!(matches!(early, Err(InteractionError::Unknown(ContactId(1)))), "the reader has not come so far");
    let row = interaction(1, None, 100);
    write(&records, 0, 5, std::slice::from_ref(&row)).await.unwrap();

    assert!(records.attach_interaction(contact, Some(ana), &stamp(4)).await.unwrap());
    assert!(!records.attach_interaction(contact, Some(ana), &stamp(5)).await.unwrap(), "it is hers already");
    assert_eq!(records.notes_of_customer(ana, 9).await.unwrap()[0].text.as_str(), "promised a call");
    assert!(records.attach_interaction(contact, Some(ben), &stamp(6)).await.unwrap());
    assert!(records.notes_of_customer(ana, 9).await.unwrap().is_empty());
    let nobody = records.attach_interaction(contact, Some(CustomerId(99)), &stamp(7)).await;
    assert!(matches!(nobody, Err(InteractionError::Customer(CustomerError::Unknown(CustomerId(99))))));

    let segment = ended(row.clone()).segments[0].segment;
    let unknown = records.set_disposition(contact, Some(segment), &disposition("complaint"), &stamp(8)).await;
    assert!(matches!(unknown, Err(InteractionError::UnknownSegment { .. })));
    assert!(records.set_disposition(contact, None, &disposition("complaint"), &stamp(8)).await.unwrap());
    assert!(!records.set_disposition(contact, None, &disposition("complaint"), &stamp(9)).await.unwrap());
    let score = Satisfaction::new(2).unwrap();
    assert!(records.set_satisfaction(contact, score, &stamp(10)).await.unwrap());
    let blank = Interaction { ended_at: Some(Timestamp(500)), customer: Some(ana), ..row.clone() };
    write(&records, 5, 9, &[blank]).await.unwrap();
    let kept = records.interaction(contact).await.unwrap().unwrap();
    assert_eq!((kept.customer, kept.ended_at), (Some(ben), Some(Timestamp(500))), "put right by hand, it stays right");
    assert_eq!((kept.disposition, kept.satisfaction), (Some(disposition("complaint")), Some(score)));
    write(&records, 9, 12, &[ended(row)]).await.unwrap();
    assert!(records.set_disposition(contact, Some(segment), &disposition("refund"), &stamp(11)).await.unwrap());
    let kept = records.interaction(contact).await.unwrap().unwrap();
    assert_eq!(kept.segments[0].disposition, Some(disposition("refund")));
    assert_eq!(kept.disposition, Some(disposition("refund")));

    let (ana_no, ben_no) = (ana.to_string(), ben.to_string());
    let history = records.changes_of_contact(contact, 20).await.unwrap();
    let moved = (Field::Customer, Some(ana_no.as_str()), Some(ben_no.as_str()));
    assert_eq!(told(&history)[..3], [(Field::Customer, None, Some(ana_no.as_str())), moved.clone(), moved.clone()]);
    assert_eq!(told(&records.changes_of_customer(ana, 20).await.unwrap()).last(), Some(&moved), "she lost it");
    let of_ben = records.changes_of_customer(ben, 20).await.unwrap();
    assert_eq!(
        told(&of_ben)[1..],
        [
            moved,
            (Field::Disposition, None, Some("complaint")),
            (Field::Satisfaction, None, Some("2")),
            (Field::Disposition, Some("sold"), Some("refund")),
        ]
    );
    assert!(records.attach_interaction(contact, None, &stamp(12)).await.unwrap(), "nobody's after all");
    assert_eq!(records.notes_of_contact(contact, 9).await.unwrap()[0].customer, None);
}

pub async fn who_came_again(records: Records) {
    let ana = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let ben = records.add_customer(&customer("Ben", &[]), &stamp(1)).await.unwrap();
    // Each ends 90 ms after it came. Ana comes again in time, and once more too late; Ben only gets a task.
    let task = Interaction { channel: Channel::Task, ..ended(interaction(5, Some(ben), 1_200)) };
    let unanswered = interaction(6, Some(ana), 1_000);
    let all = [
        ended(interaction(1, Some(ana), 1_000)),
        ended(interaction(2, Some(ana), 1_500)),
        ended(interaction(3, Some(ana), 3_000)),
        ended(interaction(4, Some(ben), 1_100)),
        task,
        unanswered,
        ended(interaction(7, None, 1_000)),
    ];
    let reader = ReaderName::new("interactions").unwrap();
    let batch = InteractionBatch { interactions: &all, ..InteractionBatch::default() };
    records.write_interactions(&reader, EventNo(0), EventNo(9), &batch).await.unwrap();

    let counted = async |from, to, now| {
        let counted = records.repeats(Timestamp(from), Timestamp(to), Millis(1_000), Timestamp(now)).await.unwrap();
        counted.iter().map(|row| (row.queue.to_string(), row.answered, row.came_again)).collect::<Vec<_>>()
    };
    assert_eq!(counted(0, 9_000, 9_000).await, [("billing".to_owned(), 4, 1)]);
    assert_eq!(counted(0, 9_000, 2_590).await, [("billing".to_owned(), 3, 1)], "for one the time is not over");
    assert_eq!(counted(1_001, 1_400, 9_000).await, [("billing".to_owned(), 1, 0)]);
    assert_eq!(counted(5_000, 9_000, 9_000).await, []);
    let row = &records.repeats(Timestamp(0), Timestamp(9_000), Millis(1_000), Timestamp(9_000)).await.unwrap()[0];
    assert!((row.resolved_at_first_percent() - 75.0).abs() < 1e-9);
}
