//! A person in every table and in the journal, taken out whole and then erased: what is left tells nothing of him. The
//! tables are read from the schema, so that one that is added later is missed here.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::{Column, Row, TypeInfo};
use usher::customers::change::Stamp;
use usher::customers::custom_fields::FieldDeclarations;
use usher::customers::customer::{
    AddressKey, Consent, CustomFields, CustomerFields, NameKind, NewAddress, NewCustomer, NewName,
};
use usher::customers::ids::{CustomerId, Version};
use usher::customers::interaction::{Interaction, InteractionSegment, InteractionVisit, Satisfaction};
use usher::customers::message::{MessageBy, MessageStatus};
use usher::customers::note::NoteSubject;
use usher::customers::recording::RecordingNews;
use usher::customers::text::{AddressKindWord, AddressText, CustomerName, Tag};
use usher::customers::work::{NewWork, WorkFields, WorkKind, WorkState};
use usher::imports::import_batch::{FileFormat, ImportPlace, ImportSettings, ImportedRows, NewImport};
use usher::journal::{Journal, Place, SqlJournal};
use usher::outbound::call_list::{CallListSettings, DuplicateScope};
use usher::outbound::do_not_call::{DoNotCallEntry, DoNotCallScope, DoNotCallWhat, NumberDigits};
use usher::outbound::ids::{CallListId, LeadId};
use usher::outbound::kept_attempt::{CalledLead, KeptAttempt};
use usher::outbound::lead::{LeadNumber, NewLead, NumberConsent};
use usher::outbound::lead_columns::LeadMapping;
use usher::outbound::lead_rows::LeadDraft;
use usher::outbound::limits::AttemptEnd;
use usher::privacy::{PrivacyError, erase, export};
use usher::records::{
    Act, AuditEntry, EraseCustomerError, Erased, ImportChunk, InteractionBatch, KnownLeads, NewMessage, Records,
    RecordsPlace, SiteKey,
};
use usher::routing::command::{Direction, Disposition};
use usher::routing::event::{Event, Fact};
use usher::routing::ids::{
    AgentId, AttemptId, CampaignId, ContactId, ContactRef, EventNo, GatewayId, QueueId, RecordingId, SegmentId, TeamId,
    VisitId,
};
use usher::routing::personal::{Address, Attributes, Details, Note, Personal};
use usher::routing::rule_set::Channel;
use usher::routing::time::{Millis, Timestamp};

use super::{Ground, stamp};
use crate::call_lists::list_of;

const NUMBER: &str = "+33612345678";
/// A number that somebody else has too.
const SHARED: &str = "+33155667788";
/// What must be nowhere in the end. Each is seeded in one place or more.
pub const CANARIES: [&str; 17] = [
    "Canary",
    "Canarin",
    "Kanarie",
    "+33612345678",
    "33612345678",
    "tweety@example.com",
    "Lyon",
    "FR7630006",
    "owes a cage",
    "sings at night",
    "call the aviary",
    "tape-4711",
    "seed for winter",
    "+33755555555",
    "perch 9",
    "sings in a chat",
    "half a note of her",
];
/// Tables with a column of a customer, a contact, work or a note that the export leaves out, and why.
const NOT_EXPORTED: [(&str, &str); 8] = [
    ("callback_call", "where a callback that goes on is folded to: gone with its end, and its row says the same"),
    ("lead_stay", "where an attempt that goes on is folded to: gone with its end, and its row says the same"),
    ("name_term", "made of names, which are exported"),
    ("note_term", "made of notes, which are exported"),
    ("audit_customer", "in the rows of the audit"),
    ("erasure", "numbers of who is erased already"),
    ("journal_key", "a key, and what it opens is exported"),
    ("customer_import", "numbers of rows of files"),
];
/// Columns by which a table refers to a person.
const REFERENCES: [&str; 8] = ["customer", "kept", "merged", "merged_into", "contact", "work", "note", "lead"];
/// Tables whose rows are people.
const PEOPLE: [&str; 2] = ["customer", "lead"];

pub fn text<T: TryFrom<String>>(text: &str) -> T
where
    T::Error: std::fmt::Debug,
{
    T::try_from(text.to_owned()).unwrap()
}

fn key(kind: &str, value: &str) -> AddressKey {
    AddressKey { kind: AddressKindWord::new(kind).unwrap(), value: AddressText::new(value).unwrap() }
}

fn address(kind: &str, value: &str, consent: Consent) -> NewAddress {
    NewAddress { key: key(kind, value), extension: None, shown: text(value), label: None, consent }
}

fn customer(name: &str, addresses: Vec<NewAddress>) -> NewCustomer {
    let custom = CustomFields([("iban".to_owned(), Value::from("FR7630006"))].into());
    NewCustomer {
        fields: CustomerFields { name: CustomerName::new(name).unwrap(), custom, ..CustomerFields::default() },
        addresses,
        names: vec![NewName { kind: NameKind::Alias, name: text(name) }],
        tags: [Tag::new("vip").unwrap()].into(),
    }
}

fn site_key() -> SiteKey {
    SiteKey::from_bytes([7; 32])
}

async fn journal_of(ground: &Ground) -> SqlJournal {
    let place = match &ground.place {
        RecordsPlace::Sqlite(file) => Place::Sqlite { folder: file.parent().unwrap().to_owned() },
        RecordsPlace::Postgres(url) => {
            Place::Postgres(Box::new(secrecy::ExposeSecret::expose_secret(url).parse().unwrap()))
        }
    };
    SqlJournal::open(&place).await.unwrap()
}

fn event(ms: i64, fact: Fact) -> Event {
    Event { at: Timestamp(ms), request: None, by: None, fact }
}

fn arrived(contact: u64, from: &str, customer: Option<CustomerId>) -> Event {
    let look_up = customer.map(|customer| json!({ "state": "known", "customer": customer.to_string() }));
    let mut attributes = json!({ "name": "Canary Zoë" }).as_object().unwrap().clone();
    attributes.extend(look_up.map(|look_up| ("customer_lookup".to_owned(), look_up)));
    let details =
        Details { from: Some(Address(Arc::from(from))), attributes: Attributes(attributes), ..Details::default() };
    event(
        contact as i64 * 10,
        Fact::ContactArrived {
            contact: ContactId(contact),
            gateway: GatewayId::new("gw").unwrap(),
            reference: ContactRef::new(&contact.to_string()).unwrap(),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            to: Some(Address(Arc::from("+33800000001"))),
            details: Personal::Plain(Arc::new(details)),
            gateway_event: contact,
        },
    )
}

fn closed(contact: u64, note: &str) -> Event {
    event(
        contact as i64 * 10 + 5,
        Fact::SegmentClosed {
            contact: ContactId(contact),
            segment: SegmentId(900 + contact),
            agent: AgentId::new("ana").unwrap(),
            queue: QueueId::new("sales").unwrap(),
            connected: true,
            talk: Millis(1),
            hold: Millis(2),
            wrap_up: Millis(3),
            disposition: Some(Disposition(Arc::from("sold"))),
            details: Personal::Plain(Arc::new(Details { note: Some(Note(Arc::from(note))), ..Details::default() })),
        },
    )
}

fn interaction(contact: u64, customer: CustomerId, from: &str) -> Interaction {
    Interaction {
        contact: ContactId(contact),
        customer: Some(customer),
        channel: Channel::Voice,
        direction: Direction::Inbound,
        from: Some(key("phone", from)),
        to: Some(key("phone", "+33800000001")),
        arrived_at: Timestamp(1_000),
        ended_at: Some(Timestamp(2_000)),
        ended_by: None,
        disposition: Some(Disposition(Arc::from("sold"))),
        satisfaction: Some(Satisfaction::new(5).unwrap()),
        recording: Some(text("tape-4711")),
        transcript: None,
        visits: vec![InteractionVisit {
            visit: VisitId(1),
            queue: QueueId::new("sales").unwrap(),
            entered_at: Timestamp(1_000),
            ended_at: Some(Timestamp(1_500)),
            end: Some(Tag::new("answered").unwrap()),
        }],
        segments: vec![InteractionSegment {
            segment: SegmentId(1),
            queue: Some(QueueId::new("sales").unwrap()),
            agent: AgentId::new("ana").unwrap(),
            started_at: Timestamp(1_500),
            connected_at: Some(Timestamp(1_510)),
            ended_at: Some(Timestamp(2_000)),
            wrapped_up_at: Some(Timestamp(2_100)),
            disposition: Some(Disposition(Arc::from("sold"))),
        }],
    }
}

pub struct Seeded {
    pub zoe: CustomerId,
    merged: CustomerId,
    pub other: CustomerId,
    pub journal: SqlJournal,
    last: EventNo,
    epoch: usher::journal::Epoch,
}

/// A customer that is two, with all that there can be, and another one beside.
pub async fn seeded(ground: &Ground) -> Seeded {
    let records = &ground.records;
    let add = async |new: NewCustomer| records.add_customer(&new, &stamp(1)).await.unwrap();
    let numbers = vec![address("phone", NUMBER, Consent::No), address("phone", SHARED, Consent::Yes)];
    let zoe = add(customer("Zoë Canary", numbers)).await;
    let merged = add(customer("Zoe Canarin", vec![address("email", "tweety@example.com", Consent::Yes)])).await;
    let mut other = customer("Otto Nobody", vec![address("phone", SHARED, Consent::Unknown)]);
    other.fields.custom = CustomFields::default();
    let other = add(other).await;
    let mut fields = customer("Zoë Kanarie", Vec::new()).fields;
    fields.custom = CustomFields::default();
    records.change_customer(zoe, Version(1), &fields, &stamp(2)).await.unwrap();
    records.merge_customers(zoe, merged, &stamp(3)).await.unwrap();

    let journal = journal_of(ground).await;
    let (epoch, last) = journal.acquire().await.unwrap();
    let events = [
        arrived(1, NUMBER, Some(zoe)),
        closed(1, "owes a cage"),
        // A stranger's, from a number of hers; and from one that is not hers alone.
        arrived(2, NUMBER, None),
        closed(2, "sings at night"),
        arrived(3, SHARED, None),
    ];
    let last = journal.append(epoch, last, &events).await.unwrap();
    let theirs = Interaction { recording: None, ..interaction(101, other, SHARED) };
    records.import_interactions(&[interaction(100, zoe, NUMBER), theirs]).await.unwrap();

    let title = text("call the aviary");
    let (kind, owner_team) = (WorkKind::Task, Some(TeamId::new("sales").unwrap()));
    let fields = WorkFields {
        kind,
        category: None,
        title,
        text: text("about Lyon"),
        due: None,
        owner: None,
        owner_team,
        queue: None,
    };
    let new = NewWork { fields, customer: Some(zoe), contact: Some(ContactId(100)) };
    let work = records.add_work(&new, &stamp(4)).await.unwrap();
    let leads = TeamId::new("leads").unwrap();
    let escalated = records.escalate_work(work, Version(1), &leads, &text("seed for winter"), &stamp(5)).await.unwrap();
    records.close_work(work, escalated.version, &text("moved to Lyon"), &stamp(6)).await.unwrap();
    for (subject, note) in [
        (NoteSubject::Customer(zoe), "moved to Lyon"),
        (NoteSubject::Work(work), "seed for winter"),
        (NoteSubject::Interaction(ContactId(100)), "sings at night"),
    ] {
        records.add_note(subject, &text(note), &stamp(7)).await.unwrap();
    }
    records.set_satisfaction(ContactId(100), Satisfaction::new(4).unwrap(), &stamp(8)).await.unwrap();
    let looked = AuditEntry::new(Timestamp(9), stamp(9).by, Act::LookedAt).about(zoe);
    records.append_audit(&[looked]).await.unwrap();
    add_words(records).await;
    add_leads(records).await;
    add_calls(records, zoe, other).await;
    Seeded { zoe, merged, other, journal, last, epoch }
}

/// What she wrote, and what an agent is writing about her.
async fn add_words(records: &Records) {
    let written = NewMessage {
        contact: ContactId(100),
        name: &text("m-1@tweety@example.com"),
        by: MessageBy::Customer,
        agent: None,
        text: &text("sings in a chat"),
        at: Timestamp(8),
        status: MessageStatus::Delivered,
        not_after: None,
    };
    let added = records.add_messages(&[written]).await.unwrap();
    records.messages_passed(&[(added[0].place, EventNo(1))]).await.unwrap();
    let (place, agent) = ((ContactId(100), SegmentId(2)), AgentId::new("ana").unwrap());
    let (reader, note) = (text("interactions"), text("half a note of her"));
    let kept = records.keep_note_draft(&reader, place, &agent, &note, Timestamp(8));
    assert!(kept.await.unwrap());
    let (contact, gateway) = (ContactId(100), GatewayId::new("gw").unwrap());
    let taped = [RecordingNews::Ordered { recording: RecordingId(7), contact, gateway, at: Timestamp(8) }];
    let batch = InteractionBatch { recordings: &taped, ..InteractionBatch::default() };
    records.write_interactions(&text("tapes"), EventNo::ZERO, EventNo(1), &batch).await.unwrap();
}

/// Two leads: one at a number that is hers alone, and one at a number that somebody else has too.
async fn add_leads(records: &Records) {
    let settings = json!({ "campaign": "winback", "expires_at": "1970-01-01T00:00:01Z" });
    let settings: CallListSettings = serde_json::from_value(settings).unwrap();
    let list = list_of(records, "spring", &settings, &stamp(8)).await;
    let number = |value| LeadNumber {
        value: text(value),
        extension: None,
        label: None,
        consent: NumberConsent { state: Consent::No, ..NumberConsent::default() },
    };
    let draft = |name: &str, numbers: Vec<LeadNumber>| LeadDraft {
        columns: vec![0; numbers.len()],
        lead: NewLead { name: text(name), numbers, postcode: Some(text("Lyon")), ..NewLead::default() },
    };
    let mut zoe = draft("Canary", vec![number(NUMBER), number("+33755555555")]);
    zoe.lead.external_id = Some(text("perch 9"));
    let mut otto = draft("Otto", vec![number(SHARED)]);
    otto.lead.postcode = None;
    let rows = ImportedRows::Leads {
        list,
        mapping: LeadMapping::default(),
        fields: FieldDeclarations::default(),
        duplicates: DuplicateScope::List,
    };
    let settings = ImportSettings { rows, format: FileFormat::Csv { delimiter: ',' }, errors: None };
    let new = NewImport {
        file_name: "leads.csv".to_owned(),
        file_hash: "0".to_owned(),
        settings,
        place: ImportPlace::default(),
        upload: None,
    };
    let import = records.begin_import(&new, &stamp(8)).await.unwrap().id;
    let place = ImportPlace::default();
    let chunk = ImportChunk { rows: &[zoe, otto], refused: 0, from: place, to: place, ends: true };
    let open = records.import_leads_chunk(import, &chunk, KnownLeads::default(), &stamp(8)).await.unwrap();
    assert_eq!(open.commit(0).await.unwrap().counts.added, 2);
}

/// One to a number of hers, and one to somebody else; an entry by which she is not called.
async fn add_calls(records: &Records, zoe: CustomerId, other: CustomerId) {
    let attempt = |no, number: &str, customer, lead| KeptAttempt {
        id: AttemptId(no),
        contact: ContactId(200 + no),
        lead: Some(CalledLead {
            campaign: CampaignId::new("winback").unwrap(),
            list: CallListId(1),
            lead: LeadId(lead),
        }),
        number: Some(NumberDigits::new(number).unwrap()),
        customer: Some(customer),
        proposed_at: Timestamp(9),
        placed_at: Some(Timestamp(9)),
        ended_at: None,
        refused: None,
        outcome: None,
        end: AttemptEnd::Open,
        agent: None,
        disposition: None,
    };
    records.write_attempts(&[attempt(1, NUMBER, zoe, 1), attempt(2, SHARED, other, 2)]).await.unwrap();
    let what = DoNotCallWhat::Number(NumberDigits::new(NUMBER).unwrap());
    let entry = DoNotCallEntry { scope: DoNotCallScope::Everyone, what, expires_at: None };
    records.add_do_not_call(&entry, None, &stamp(9)).await.unwrap();
}

/// Every table of the schema with its columns.
async fn schema(ground: &Ground) -> Vec<(String, Vec<String>)> {
    let sql = match &ground.place {
        RecordsPlace::Sqlite(_) => {
            "select m.name, group_concat(c.name) from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '\\_sqlx%' escape '\\'
             group by m.name order by m.name"
        }
        RecordsPlace::Postgres(_) => {
            "select table_name::text, string_agg(column_name::text, ',') from information_schema.columns
             where table_schema = 'public' and table_name not like '\\_sqlx%' group by 1 order by 1"
        }
    };
    let columns = |columns: String| columns.split(',').map(str::to_owned).collect();
    ground.texts(sql).await.into_iter().map(|mut row| (row.remove(0), columns(row.remove(0)))).collect()
}

/// Every row of a table, as text.
async fn rows(ground: &Ground, table: &str, columns: &[String]) -> Vec<String> {
    let sql = format!("select concat_ws('|', {}) from {table}", columns.join(", "));
    ground.texts(&sql).await.into_iter().map(|mut row| row.remove(0)).collect()
}

pub async fn count(ground: &Ground, sql: &str) -> i64 {
    ground.texts(&format!("select cast(({sql}) as text)")).await[0][0].parse().unwrap()
}

fn is_personal(columns: &[String]) -> bool {
    columns.iter().any(|column| REFERENCES.contains(&column.as_str()))
}

pub async fn all_is_exported(ground: Ground) {
    let seeded = seeded(&ground).await;
    let exported = export(&ground.records, &seeded.journal, seeded.zoe, &stamp(20)).await.unwrap();
    for (table, columns) in schema(&ground).await {
        // The journal's own tables are in another file, or hold what is exported as events.
        if !is_personal(&columns) && !PEOPLE.contains(&table.as_str()) || table.starts_with("journal") {
            continue;
        }
        if NOT_EXPORTED.iter().any(|(left_out, _)| *left_out == table) {
            continue;
        }
        let held = exported.tables.get(&table).and_then(Value::as_array);
        let held = held.unwrap_or_else(|| panic!("{table} refers to a person and is not exported"));
        let first = held.first().unwrap_or_else(|| panic!("nothing of {table} was exported: is it seeded?"));
        let names: BTreeSet<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, columns.iter().map(String::as_str).collect(), "every column of {table}");
    }
    let text = serde_json::to_string(&exported).unwrap();
    for canary in CANARIES {
        assert!(text.contains(canary), "{canary} is not exported");
    }
    let journal = serde_json::to_string(&exported.journal).unwrap();
    assert!(journal.contains("owes a cage") && journal.contains(NUMBER) && journal.contains("Canary Zoë"), "{journal}");
    assert!(!text.contains("Otto"), "another's name is exported");
    assert!(text.contains("looked_at") && text.contains("person_exported"), "who looked");
    let refused = export(&ground.records, &seeded.journal, CustomerId(999), &stamp(21)).await.unwrap_err();
    assert_eq!(refused.to_string(), "there is no customer 999");
}

async fn erased(ground: &Ground, seeded: &Seeded, reason: &str) -> Result<Erased, PrivacyError> {
    let reason = Tag::new(reason).unwrap();
    erase(&ground.records, &seeded.journal, &site_key(), seeded.zoe, &reason, &stamp(30)).await
}

pub async fn all_rows(ground: &Ground) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (table, columns) in schema(ground).await {
        all.extend(rows(ground, &table, &columns).await.into_iter().map(|row| (table.clone(), row)));
    }
    all
}

pub async fn nothing_is_left_but_counts(ground: Ground) {
    let seeded = seeded(&ground).await;
    let before = all_rows(&ground).await;
    for canary in CANARIES {
        let is_seeded = before.iter().any(|(_, row)| row.contains(canary)) || canary == "owes a cage";
        assert!(is_seeded, "{canary}");
    }
    for reason in ["asked by Canary", "Zoë", NUMBER, "tweety@example.com"] {
        let refused = erased(&ground, &seeded, reason).await.unwrap_err();
        assert!(matches!(refused, PrivacyError::Customer(EraseCustomerError::ReasonNames)), "{reason}: {refused}");
    }
    let done = erased(&ground, &seeded, "asked for it, case 77").await.unwrap();
    assert_eq!(done.customers, [seeded.zoe, seeded.merged]);
    assert_eq!(done.contacts, [ContactId(1), ContactId(2), ContactId(100)]);
    assert_eq!((done.notes, done.work, done.leads, done.not_to_contact), (5, 1, 1, 2));
    assert_eq!(done.references, ["tape-4711"]);

    for (table, row) in all_rows(&ground).await {
        for canary in CANARIES {
            assert!(!row.contains(canary), "{canary} is left in {table}: {row}");
        }
    }
    let ids = format!("{}, {}", seeded.zoe, seeded.merged);
    assert_eq!(count(&ground, &format!("select count(*) from name_term where customer in ({ids})")).await, 0);
    assert_eq!(count(&ground, "select count(*) from note_term where note not in (select id from note)").await, 0);
    for (table, columns) in schema(&ground).await {
        for column in
            columns.iter().filter(|column| ["customer", "kept", "merged", "merged_into"].contains(&column.as_str()))
        {
            let left = count(&ground, &format!("select count(*) from {table} where {column} in ({ids})")).await;
            // Numbers that lead nowhere, and say who looked and that he was erased.
            assert_eq!(left > 0, ["audit_customer", "erasure"].contains(&table.as_str()), "{table}.{column}: {left}");
        }
    }
    counts_are_kept(&ground).await;
    the_other_is_whole(&ground, &seeded).await;
    the_journal_has_forgotten(&ground, &seeded).await;
    let again = erased(&ground, &seeded, "again").await.unwrap_err();
    assert_eq!(again.to_string(), format!("there is no customer {}", seeded.zoe));
}

async fn counts_are_kept(ground: &Ground) {
    let kept = ground.records.interaction(ContactId(100)).await.unwrap().unwrap();
    assert_eq!((kept.customer, &kept.from, &kept.recording), (None, &None, &None));
    assert_eq!(kept.to.unwrap().value.as_str(), "+33800000001", "the centre's own number is nobody's");
    assert_eq!((kept.disposition.unwrap().0.as_ref(), kept.satisfaction.unwrap().score()), ("sold", 4));
    assert_eq!((kept.visits.len(), kept.segments.len()), (1, 1));
    assert_eq!(count(ground, "select count(*) from interaction where person_erased_at_ms is not null").await, 3);
    let work = count(ground, "select count(*) from work where state = 'closed' and title = ''").await;
    assert_eq!(work, 1, "that there was work stays");
}

async fn the_other_is_whole(ground: &Ground, seeded: &Seeded) {
    let other = ground.records.customer_card(seeded.other).await.unwrap().unwrap();
    assert_eq!((other.addresses.len(), other.names.len(), other.tags.len()), (1, 1, 1));
    let theirs = ground.records.interaction(ContactId(101)).await.unwrap().unwrap();
    assert_eq!((theirs.customer, theirs.from.is_some()), (Some(seeded.other), true));
    assert_eq!(ground.texts("select name from lead").await, [["Otto"]], "a lead at a number of others stays");
    assert_eq!(ground.texts("select value from lead_number").await, [[SHARED]]);
    let attempts = ground.texts("select concat_ws('|', id, number, customer) from attempt order by id").await;
    assert_eq!(
        attempts,
        [["1".to_owned()], [format!("2|33155667788|{}", seeded.other)]],
        "that there was a call stays"
    );
    let shared = ground.records.interaction(ContactId(3)).await.unwrap().unwrap();
    assert!(shared.from.is_some(), "a number that others have too says nothing of her");
}

/// Of every event that holds something personal: its contact, and whether that is erased.
pub async fn erased_in(journal: &SqlJournal) -> Vec<(u64, bool)> {
    let mut events = Vec::new();
    let batches: Vec<_> =
        futures_util::TryStreamExt::try_collect::<Vec<_>>(journal.read_after(EventNo::ZERO)).await.unwrap();
    batches.into_iter().for_each(|batch| events.extend(batch.events));
    usher::journal::open_details(journal, &mut events).await.unwrap();
    let personal = |event: &mut Event| event.fact.personal_mut().map(|(contact, details)| (contact.0, details.clone()));
    events.iter_mut().filter_map(personal).map(|(contact, details)| (contact, details == Personal::Erased)).collect()
}

/// What still comes of the contacts is erased as it comes, in the journal and in the tables.
async fn the_journal_has_forgotten(ground: &Ground, seeded: &Seeded) {
    let later = [closed(1, "owes a cage"), arrived(9, NUMBER, None)];
    seeded.journal.append(seeded.epoch, seeded.last, &later).await.unwrap();
    let expected = [(1, true), (1, true), (2, true), (2, true), (3, false), (1, true), (9, false)];
    assert_eq!(erased_in(&seeded.journal).await, expected);
    let exported = export(&ground.records, &seeded.journal, seeded.other, &stamp(40)).await.unwrap();
    assert_eq!(exported.customer, seeded.other.0, "and the tables have caught up");
    let kept = ground.records.interaction(ContactId(1)).await.unwrap().unwrap();
    assert_eq!((kept.customer, kept.from), (None, None), "the reader of the journal puts nothing back");
    assert_eq!(ground.records.pending_erasures().await.unwrap().len(), 1, "until a server has seen it");
}

pub async fn refused_erasures_change_nothing(ground: Ground) {
    let seeded = seeded(&ground).await;
    let before = all_rows(&ground).await;
    let reason = Tag::new("asked for it").unwrap();
    let at = |at: i64| -> Stamp { stamp(at) };
    for (customer, why) in [
        (seeded.merged, format!("customer {} is part of customer {} now", seeded.merged, seeded.zoe)),
        (CustomerId(999), "there is no customer 999".to_owned()),
    ] {
        let refused = ground.records.erase_customer(customer, &reason, &site_key(), &at(30)).await.unwrap_err();
        assert_eq!(refused.to_string(), why);
    }
    assert_eq!(all_rows(&ground).await, before);
    let work = ground.records.work_of_customer(seeded.zoe, 5).await.unwrap();
    assert_eq!(work[0].state, WorkState::Closed);
}

pub async fn known_again_by_the_hash(ground: Ground) {
    let seeded = seeded(&ground).await;
    let records: &Records = &ground.records;
    records.hold_site_key(site_key());
    erased(&ground, &seeded, "asked for it").await.unwrap();
    let addresses = [("phone", NUMBER), ("phone", SHARED), ("email", "tweety@example.com")];
    let addresses = addresses.map(|(kind, value)| address(kind, value, Consent::Unknown));
    let added = records.add_customer(&customer("Somebody", addresses.to_vec()), &stamp(40)).await.unwrap();
    let consents: Vec<Consent> =
        records.customer_card(added).await.unwrap().unwrap().addresses.iter().map(|known| known.consent).collect();
    assert_eq!(consents, [Consent::No, Consent::Unknown, Consent::Unknown]);
    let other_key = SiteKey::from_bytes([8; 32]);
    records.bind_site_key(&site_key()).await.unwrap();
    records.bind_site_key(&site_key()).await.unwrap();
    let refused = records.bind_site_key(&other_key).await.unwrap_err().to_string();
    assert!(refused.contains("site.key"), "{refused}");
}

/// One row, whatever its types, as texts.
pub fn texts_of<R: Row>(row: &R) -> Vec<String>
where
    usize: sqlx::ColumnIndex<R>,
    for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let of = |(at, column): (usize, &<R::Database as sqlx::Database>::Column)| {
        row.try_get(at).unwrap_or_else(|error| panic!("{} ({}): {error}", column.name(), column.type_info().name()))
    };
    row.columns().iter().enumerate().map(of).collect()
}
