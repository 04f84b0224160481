//! Finding customers, the same on SQLite and on a real PostgreSQL: by address, by part of a name in any script, by the
//! words of a note. It measures nothing.

use secrecy::SecretString;
use usher::customers::change::Stamp;
use usher::customers::customer::{AddressKey, Consent, CustomerFields, NameKind, NewAddress, NewCustomer, NewName};
use usher::customers::ids::CustomerId;
use usher::customers::note::NoteSubject;
use usher::customers::phone::Region;
use usher::customers::redaction::{Hidable, Sight};
use usher::customers::text::{AddressKindWord, AddressText, CustomerName, NoteText};
use usher::records::{Records, RecordsPlace};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;
use usher::screen_pop::search::{FoundBy, search};

use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

#[tokio::test]
async fn sqlite_finds_customers() {
    let folder = temp_dir();
    check(&RecordsPlace::Sqlite(folder.path().join("usher.db"))).await;
}

#[tokio::test]
async fn postgres_finds_customers() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let database = server.new_database().await;
    check(&RecordsPlace::Postgres(SecretString::from(server.url(&database)))).await;
}

struct Centre {
    records: Records,
}

impl Centre {
    fn stamp(at_ms: i64) -> Stamp {
        Stamp { at: Timestamp(at_ms), by: PersonId::new("ana").unwrap() }
    }

    async fn add(&self, name: &str, other: Option<&str>, number: &str) -> CustomerId {
        let key = AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(number).unwrap() };
        let shown = AddressText::new(number).unwrap();
        let address = NewAddress { key, extension: None, shown, label: None, consent: Consent::Unknown };
        let name_of = |name: &str| CustomerName::new(name).unwrap();
        let other = other.map(|other| NewName { kind: NameKind::OtherScript, name: name_of(other) });
        let new = NewCustomer {
            fields: CustomerFields { name: name_of(name), ..CustomerFields::default() },
            addresses: vec![address],
            names: other.into_iter().collect(),
            ..NewCustomer::default()
        };
        self.records.add_customer(&new, &Centre::stamp(1)).await.unwrap()
    }

    async fn note(&self, customer: CustomerId, text: &str, at_ms: i64) {
        let (subject, text) = (NoteSubject::Customer(customer), NoteText::new(text).unwrap());
        self.records.add_note(subject, &text, &Centre::stamp(at_ms)).await.unwrap();
    }

    async fn found(&self, query: &str) -> Vec<CustomerId> {
        self.found_by(&Sight::of_everything(), query).await
    }

    async fn found_by(&self, sight: &Sight, query: &str) -> Vec<CustomerId> {
        let home = Some(Region::new("FR").unwrap());
        let found = search(&self.records, query, home, 10, sight).await.unwrap();
        found.into_iter().map(|found| found.customer.id).collect()
    }
}

async fn check(place: &RecordsPlace) {
    let centre = Centre { records: Records::open(place).await.unwrap() };
    let li = centre.add("李伟", Some("Li Wei"), "+33612345601").await;
    let wang = centre.add("王小明", None, "+33612345602").await;
    let mueller = centre.add("Jürgen Müller", None, "+33612345603").await;
    let muellerin = centre.add("Anna Müllerin", None, "+33612345604").await;
    let o_brien = centre.add("Conan O'Brien", None, "+33612345605").await;
    let odd = centre.add("Robert'); drop table customer; --", None, "+33612345606").await;
    let twin = centre.add("李伟", None, "+33612345601").await;

    for (query, expected) in [
        ("李伟", vec![li, twin]),
        ("李", vec![li, twin]),
        ("伟", vec![li, twin]),
        ("小明", vec![wang]),
        ("明", vec![wang]),
        ("li wei", vec![li]),
        ("muller", vec![mueller, muellerin]),
        ("MÜLLER jürgen", vec![mueller]),
        ("ulleri", vec![muellerin]),
        ("obrien", vec![o_brien]),
        ("'); drop table", vec![odd]),
        ("06 12 34 56 02", vec![wang]),
        ("+33612345601", vec![li, twin]),
        ("nobody", vec![]),
        ("%", vec![]),
        ("", vec![]),
        ("   ", vec![]),
    ] {
        assert_eq!(centre.found(query).await, expected, "{query}");
    }

    centre.note(wang, "Refund promised, invoice 4711; 顾客很生气", 10).await;
    centre.note(mueller, "asked for the invoice", 20).await;
    centre.note(mueller, "nothing about that", 30).await;
    assert_eq!(centre.found("invoice").await, [mueller, wang], "the newest first");
    assert_eq!(centre.found("refund invo").await, [wang], "words by their beginnings, all of them");
    assert_eq!(centre.found("生气").await, [wang]);
    assert_eq!(centre.found("voice").await, [], "not the end of a word");
    let both = search(&centre.records, "muller", None, 1, &Sight::of_everything()).await.unwrap();
    assert_eq!((both.len(), &both[0].by), (1, &FoundBy::Name), "no more than asked for");

    for (hidden, query) in [
        (Hidable::Phone, "06 12 34 56 02"),
        (Hidable::Phone, "+33612345601"),
        (Hidable::Names, "李伟"),
        (Hidable::Names, "muller"),
        (Hidable::Notes, "invoice"),
    ] {
        assert_ne!(centre.found(query).await, []);
        assert_eq!(centre.found_by(&Sight::without([hidden]), query).await, [], "{query} tells what is hidden");
    }
    let without_names = Sight::without([Hidable::Names]);
    assert_eq!(centre.found_by(&without_names, "06 12 34 56 02").await, [wang], "by what is not hidden");

    details(&centre, &[li, wang]).await;
    centre.records.merge_customers(li, twin, &Centre::stamp(50)).await.unwrap();
    assert_eq!(centre.found("李伟").await, [li], "one customer now");
    assert_eq!(
        centre.records.prepare_every_statement().await.map_err(|(name, _)| name).map(|count| count > 80),
        Ok(true)
    );
    centre.records.close().await;
}

async fn details(centre: &Centre, customers: &[CustomerId]) {
    let mut found = centre.records.details_of_matches(customers).await.unwrap();
    found.sort_by_key(|details| details.customer);
    assert_eq!(found.iter().map(|details| details.customer).collect::<Vec<_>>(), customers);
    assert!(
        found.iter().all(|details| details.main_address.is_some() && details.open_work == 0 && details.tags.is_empty())
    );
}
