//! Work: added, taken, changed, handed up, closed, and listed by who is to do it.

use usher::customers::change::ChangedField as Field;
use usher::customers::ids::{CustomerId, Version, WorkId};
use usher::customers::note::NoteSubject;
use usher::customers::work::{NewWork, WorkFields, WorkKind, WorkState};
use usher::records::{CustomerError, Records, WorkError};
use usher::routing::ids::{AgentId, ContactId, QueueId, TeamId};
use usher::routing::time::Timestamp;

use super::{customer, stamp, text, told};

fn agent(name: &str) -> AgentId {
    AgentId::new(name).unwrap()
}

fn team(name: &str) -> TeamId {
    TeamId::new(name).unwrap()
}

pub fn task(title: &str, due_ms: Option<i64>) -> WorkFields {
    WorkFields {
        kind: WorkKind::Task,
        category: Some(text("contract")),
        title: text(title),
        text: text("as agreed"),
        due: due_ms.map(Timestamp),
        owner: None,
        owner_team: Some(team("sales")),
        queue: None,
    }
}

pub async fn from_added_to_closed(records: Records) {
    let ana = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let new = NewWork { fields: task("send offer", Some(500)), customer: Some(ana), contact: Some(ContactId(7)) };
    let id = records.add_work(&new, &stamp(2)).await.unwrap();
    let work = records.work(id).await.unwrap().unwrap();
    assert_eq!((&work.fields, work.customer, work.contact), (&new.fields, Some(ana), Some(ContactId(7))));
    assert_eq!((work.state, work.version, &work.created), (WorkState::Open, Version(1), &stamp(2)));
    assert_eq!((&work.outcome, &work.escalation, work.task_contact), (&None, &None, None));
    let lost = NewWork { customer: Some(CustomerId(99)), ..new.clone() };
    let refused = records.add_work(&lost, &stamp(2)).await;
    assert!(matches!(refused, Err(WorkError::Customer(CustomerError::Unknown(CustomerId(99))))));

    let (a1, a2) = (agent("a1"), agent("a2"));
    let (stamp_3, stamp_4) = (stamp(3), stamp(3));
    let (first, second) = tokio::join!(
        records.take_work(id, Version(1), &a1, &stamp_3),
        records.take_work(id, Version(1), &a2, &stamp_4)
    );
    let (won, lost) = match (first, second) {
        (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
        (Ok(_), Ok(_)) | (Err(_), Err(_)) => panic!("expected one of two to get it"),
    };
    assert!(matches!(lost, WorkError::Conflict { expected: Version(1), found: Version(2), .. }), "one gets it");
    assert_eq!((won.state, won.version), (WorkState::Taken, Version(2)));
    assert_eq!(records.work(id).await.unwrap().unwrap(), won);

    let fields = WorkFields { kind: WorkKind::Complaint, due: None, owner: Some(agent("a3")), ..won.fields.clone() };
    let updated = records.update_work(id, Version(2), &fields, &stamp(4)).await.unwrap();
    assert_eq!((updated.state, updated.version, &updated.fields), (WorkState::Open, Version(3), &fields));
    assert_eq!(records.update_work(id, Version(3), &fields, &stamp(5)).await.unwrap(), updated, "no change");
    let up = records.escalate_work(id, Version(3), &team("leads"), &text("angry"), &stamp(6)).await.unwrap();
    let escalation = up.escalation.clone().unwrap();
    assert_eq!((escalation.to.as_str(), escalation.at, escalation.reason.as_str()), ("leads", Timestamp(6), "angry"));
    assert_eq!((up.fields.owner.clone(), up.fields.owner_team.clone()), (None, Some(team("leads"))));
    let late = records.close_work(id, Version(3), &text("done"), &stamp(7)).await;
    assert!(matches!(late, Err(WorkError::Conflict { .. })));
    let closed = records.close_work(id, Version(4), &text("refunded"), &stamp(8)).await.unwrap();
    assert_eq!((closed.state, closed.outcome.as_ref().unwrap().as_str()), (WorkState::Closed, "refunded"));
    assert_eq!(records.work(id).await.unwrap().unwrap(), closed);
    let again = records.take_work(id, Version(5), &a1, &stamp(9)).await;
    assert!(matches!(again, Err(WorkError::Closed(work)) if work == id));
    let nothing = records.take_work(WorkId(99), Version(1), &a1, &stamp(9)).await;
    assert!(matches!(nothing, Err(WorkError::Unknown(WorkId(99)))));

    let history = records.changes_of_work(id, 50).await.unwrap();
    let history = told(&history);
    assert_eq!(history[0], (Field::Added, None, Some("send offer")));
    assert!(history.contains(&(Field::WorkKind, Some("task"), Some("complaint"))));
    assert!(history.contains(&(Field::Due, Some("500"), None)));
    assert!(history.contains(&(Field::EscalatedTo, None, Some("leads: angry"))));
    assert_eq!(history.last(), Some(&(Field::Outcome, None, Some("refunded"))));
    let of_customer = records.changes_of_customer(ana, 50).await.unwrap();
    assert_eq!(of_customer.len(), history.len() + 1, "the customer's history has them too");

    records.add_note(NoteSubject::Work(id), &text("called back"), &stamp(10)).await.unwrap();
    assert_eq!(records.notes_of_work(id, 5).await.unwrap(), records.notes_of_customer(ana, 5).await.unwrap());
    let lost = records.add_note(NoteSubject::Work(WorkId(99)), &text("x"), &stamp(10)).await;
    assert!(matches!(lost, Err(CustomerError::UnknownWork(WorkId(99)))));
}

pub async fn lists(records: Records) {
    let ana = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let queue = Some(QueueId::new("tasks").unwrap());
    let add = async |title: &str, due_ms, owner: Option<&str>, of: Option<&str>| {
        let fields = WorkFields {
            owner: owner.map(agent),
            owner_team: of.map(team),
            queue: queue.clone(),
            ..task(title, due_ms)
        };
        records.add_work(&NewWork { fields, customer: Some(ana), contact: None }, &stamp(2)).await.unwrap()
    };
    let undated = add("undated", None, Some("a1"), None).await;
    let late = add("late", Some(900), Some("a1"), Some("sales")).await;
    let soon = add("soon", Some(100), None, Some("sales")).await;
    let care = add("care", Some(200), Some("a2"), Some("care")).await;
    let other = add("other", Some(50), Some("a2"), Some("other")).await;

    let teams = [team("sales"), team("care")];
    let list = async |owner: &str, limit| {
        let list = records.work_list(Some(&agent(owner)), &teams, limit).await.unwrap();
        list.iter().map(|work| work.id).collect::<Vec<_>>()
    };
    assert_eq!(list("a1", 10).await, [soon, care, late, undated], "each once, by due time, without one last");
    assert_eq!(list("a1", 2).await, [soon, care]);
    assert_eq!(list("a2", 10).await, [other, soon, care, late]);
    assert!(records.work_list(None, &[], 10).await.unwrap().is_empty());
    let open = records.open_work_of_customer(ana, 10).await.unwrap();
    assert_eq!(open.iter().map(|work| work.id).collect::<Vec<_>>(), [other, soon, care, late, undated]);

    let due = async |until_ms| {
        let due = records.work_due(Timestamp(until_ms), 10).await.unwrap();
        due.iter().map(|work| work.id).collect::<Vec<_>>()
    };
    assert_eq!(due(200).await, [other, soon, care]);
    let became = records.work_became_contact(soon, ContactId(70), None, &stamp(3)).await.unwrap();
    assert_eq!((became.task_contact, became.version), (Some(ContactId(70)), Version(2)));
    assert_eq!(records.work_became_contact(soon, ContactId(70), None, &stamp(4)).await.unwrap(), became, "said twice");
    let twice = records.work_became_contact(soon, ContactId(71), None, &stamp(5)).await;
    assert!(matches!(twice, Err(WorkError::ContactThere { contact: ContactId(70), .. })));
    let anew = records.work_became_contact(soon, ContactId(72), Some(ContactId(70)), &stamp(5)).await.unwrap();
    assert_eq!(anew.task_contact, Some(ContactId(72)));
    let with_task = records.work_with_task(WorkId(0), 10).await.unwrap();
    assert_eq!(with_task.iter().map(|work| work.id).collect::<Vec<_>>(), [soon]);
    assert_eq!(records.next_work_due().await.unwrap(), Some(Timestamp(50)));
    assert_eq!(due(i64::MAX).await, [other, care, late], "what has no date never falls due");
    records.close_work(other, Version(1), &text("done"), &stamp(6)).await.unwrap();
    assert_eq!(due(200).await, [care]);
    assert_eq!(list("a2", 10).await, [soon, care, late]);
    assert_eq!(records.work_of_customer(ana, 10).await.unwrap().len(), 5, "closed work too");
}
