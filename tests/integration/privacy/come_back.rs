//! After an erasure: whoever asked not to be contacted stays so at his address, however it is added again, and no old
//! file brings anybody back.

use std::path::Path;

use usher::customer_import::error::ImportFailure;
use usher::customer_import::file::TableFile;
use usher::customer_import::run::{ImportOrder, ImportReport, dry_run, import};
use usher::customers::custom_fields::FieldDeclarations;
use usher::customers::customer::{AddressKey, Consent, CustomerFields, NewAddress, NewCustomer};
use usher::customers::edit::{AddressEdit, CustomerEdit};
use usher::customers::ids::{CustomerId, Version};
use usher::customers::import_columns::ColumnMapping;
use usher::customers::import_matching::IfKnown;
use usher::customers::interaction_columns::InteractionMapping;
use usher::customers::phone::Region;
use usher::customers::text::{AddressKindWord, AddressText, CustomerName, Tag};
use usher::imports::import_batch::{ImportSettings, ImportedRows};
use usher::outbound::call_list::DuplicateScope;
use usher::outbound::lead_columns::LeadMapping;
use usher::records::{CustomerError, FoundOrAdded, Records, RecordsError, RecordsPlace, SiteKey};
use usher::routing::ids::PersonId;
use usher::routing::time::Timestamp;

use super::{Ground, stamp};
use crate::call_lists::list_of;
use crate::support::surroundings::temp_dir;

const REFUSED: &str = "+33612345678";
const SHARED: &str = "+33155667788";
/// 2026-03-01T14:05:09Z, after the first call of the file and before its second.
const ERASED_AT: i64 = 1_772_373_909_000;
const PEOPLE: &str = "id,name,phone,do not contact\n\
    7,Zoe Canary,+33612345678,yes\n\
    8,Otto Nobody,+33155667788,\n\
    9,Eve,+33155667788,\n";
const CALLS: &str = "call id,caller,start,note\n\
    c-1,+33612345678,2026-02-28T10:00:00Z,owes a cage\n\
    c-2,+33612345678,2026-04-01T10:00:00Z,again a customer\n\
    c-3,+33155667788,2026-02-28T10:00:00Z,of two\n";

fn site_key() -> SiteKey {
    SiteKey::from_bytes([7; 32])
}

fn key(number: &str) -> AddressKey {
    AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(number).unwrap() }
}

fn address(number: &str, consent: Consent) -> NewAddress {
    let shown = AddressText::new(number).unwrap();
    NewAddress { key: key(number), extension: None, shown, label: None, consent }
}

fn customer(name: &str, addresses: Vec<NewAddress>) -> NewCustomer {
    let fields = CustomerFields { name: CustomerName::new(name).unwrap(), ..CustomerFields::default() };
    NewCustomer { fields, addresses, ..NewCustomer::default() }
}

async fn erase(records: &Records, customer: CustomerId) {
    let reason = Tag::new("asked for it").unwrap();
    records.erase_customer(customer, &reason, &site_key(), &stamp(ERASED_AT)).await.unwrap();
}

async fn consents(records: &Records, customer: CustomerId) -> Vec<(String, Consent)> {
    let card = records.customer_card(customer).await.unwrap().unwrap();
    let of =
        |address: &usher::customers::customer::KnownAddress| (address.key.value.as_str().to_owned(), address.consent);
    card.addresses.iter().map(of).collect()
}

/// With somebody erased who asked not to be contacted at one number, and said nothing of the other.
async fn after_an_erasure(records: &Records) {
    let zoe = customer("Zoe", vec![address(REFUSED, Consent::No), address(SHARED, Consent::Unknown)]);
    let zoe = records.add_customer(&zoe, &stamp(1)).await.unwrap();
    erase(records, zoe).await;
}

pub async fn not_to_contact_however_added(ground: Ground) {
    let records = &ground.records;
    records.hold_site_key(site_key());
    after_an_erasure(records).await;
    let expected = [(REFUSED.to_owned(), Consent::No), (SHARED.to_owned(), Consent::Yes)];
    let both = || vec![address(REFUSED, Consent::Yes), address(SHARED, Consent::Yes)];

    let added = records.add_customer(&customer("added", both()), &stamp(2)).await.unwrap();
    assert_eq!(consents(records, added).await, expected);
    let changes = records.changes_of_customer(added, 9).await.unwrap();
    let told = |change: &usher::customers::change::Change| change.after.as_ref().map(|after| after.as_str().to_owned());
    assert!(changes.iter().any(|change| told(change) == Some(format!("no: {REFUSED}"))), "{changes:?}");

    let bare = records.add_customer(&customer("address by address", Vec::new()), &stamp(2)).await.unwrap();
    for new in both() {
        records.add_address(bare, &new, &stamp(3)).await.unwrap();
    }
    assert_eq!(consents(records, bare).await, expected);

    let edited = records.add_customer(&customer("edited", Vec::new()), &stamp(2)).await.unwrap();
    let edit =
        CustomerEdit { addresses: both().into_iter().map(AddressEdit::Add).collect(), ..CustomerEdit::default() };
    records.edit_customer(edited, Some(Version(1)), &edit, &stamp(3)).await.unwrap();
    assert_eq!(consents(records, edited).await, expected);

    let other = key("+33100000000");
    let found = records.find_or_add_customer(&other, &customer("by id", both()), &stamp(2)).await.unwrap();
    let FoundOrAdded::Added(upserted) = found else { panic!("{found:?}") };
    assert_eq!(consents(records, upserted).await, expected);

    let card = records.customer_card(upserted).await.unwrap().unwrap();
    let refused = card.addresses.iter().find(|address| address.key.value.as_str() == REFUSED).unwrap().id;
    records.set_consent(upserted, refused, Consent::Yes, &stamp(4)).await.unwrap();
    assert_eq!(consents(records, upserted).await[0].1, Consent::Yes, "who learns better says so");
}

/// Nothing is added that cannot be compared.
pub async fn only_under_the_key_of_the_hashes(ground: Ground) {
    let without = &ground.records;
    let known = without.add_customer(&customer("before", Vec::new()), &stamp(1)).await.unwrap();
    without.add_address(known, &address("+33100000001", Consent::Yes), &stamp(1)).await.unwrap();
    ground.records.bind_site_key(&site_key()).await.unwrap();
    after_an_erasure(without).await;
    let with_another = Records::open(&ground.place).await.unwrap();
    with_another.hold_site_key(SiteKey::from_bytes([8; 32]));
    for records in [without, &with_another] {
        let refused = records.add_address(known, &address(REFUSED, Consent::Yes), &stamp(2)).await;
        assert!(matches!(refused, Err(CustomerError::Records(RecordsError::NoSiteKey))), "{refused:?}");
        let refused = records.add_customer(&customer("after", vec![address(REFUSED, Consent::Yes)]), &stamp(2)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("site.key"), "{refused}");
    }
    assert!(without.check_site_key(&site_key()).await.is_ok());
    assert!(without.check_site_key(&SiteKey::from_bytes([8; 32])).await.unwrap_err().to_string().contains("site.key"));
    assert!(without.customers_at(&[key(REFUSED)]).await.unwrap().is_empty(), "nothing was added");
    without.hold_site_key(site_key());
    without.add_address(known, &address(REFUSED, Consent::Yes), &stamp(3)).await.unwrap();
    with_another.close().await;
}

struct Imported {
    report: ImportReport,
    would: ImportReport,
}

/// First a dry run, then the import.
async fn imported(records: &Records, path: &Path, rows: impl Fn(&[&str]) -> ImportedRows) -> Imported {
    let file = TableFile::open(path, None).unwrap();
    let headings: Vec<&str> = file.headings.iter().map(String::as_str).collect();
    let settings = ImportSettings { rows: rows(&headings), format: file.format.clone(), errors: None };
    let by = PersonId::new("ana").unwrap();
    let order = ImportOrder { file: &file, settings, by, again: true, now: || Timestamp(5) };
    let folder = temp_dir();
    let scratch = Records::open(&RecordsPlace::Sqlite(folder.path().join("scratch.db"))).await.unwrap();
    let would: Result<ImportReport, ImportFailure> = dry_run(records, &scratch, &order, &mut |_| {}).await;
    scratch.close().await;
    let report = import(records, &order, &mut |_| {}).await.unwrap();
    Imported { report, would: would.unwrap() }
}

impl Imported {
    /// Read, added, updated, skipped, refused; the same in the dry run.
    fn counted(&self) -> [u64; 5] {
        let of = |report: &ImportReport| {
            let counts = &report.counts;
            [counts.read, counts.added, counts.updated, counts.skipped, counts.refused]
        };
        assert_eq!(of(&self.report), of(&self.would), "the dry run said so");
        of(&self.report)
    }

    fn told(&self) -> Vec<String> {
        let told = |report: &ImportReport| report.refused.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(told(&self.report), told(&self.would));
        told(&self.report)
    }
}

fn home() -> Option<Region> {
    Some(Region::new("FR").unwrap())
}

async fn people(records: &Records, path: &Path, if_known: IfKnown) -> Imported {
    let fields = FieldDeclarations::default();
    let rows = |headings: &[&str]| {
        let mapping = ColumnMapping::guessed(headings, &fields, home());
        ImportedRows::Customers { mapping, fields: fields.clone(), if_known }
    };
    imported(records, path, rows).await
}

async fn calls(records: &Records, path: &Path) -> Imported {
    let rows =
        |headings: &[&str]| ImportedRows::Interactions { mapping: InteractionMapping::guessed(headings, home()) };
    imported(records, path, rows).await
}

async fn leads(records: &Records, path: &Path) -> Imported {
    let list = records.call_lists().await.unwrap()[0].id;
    let rows = |headings: &[&str]| ImportedRows::Leads {
        list,
        mapping: LeadMapping::guessed(headings, &FieldDeclarations::default(), home()),
        fields: FieldDeclarations::default(),
        duplicates: DuplicateScope::File,
    };
    imported(records, path, rows).await
}

pub async fn no_file_of_leads_brings_anybody_back(ground: Ground) {
    let records = &ground.records;
    records.hold_site_key(site_key());
    let settings = serde_json::from_value(serde_json::json!({ "campaign": "winback" })).unwrap();
    list_of(records, "spring", &settings, &stamp(1)).await;
    let folder = temp_dir();
    let path = folder.path().join("leads.csv");
    std::fs::write(&path, format!("phone,work\n{REFUSED},0612121212\n0613131313,\n")).unwrap();
    let zoe = customer("Zoe", vec![address(REFUSED, Consent::No)]);
    let zoe = records.add_customer(&zoe, &stamp(1)).await.unwrap();
    assert_eq!(leads(records, &path).await.counted(), [2, 2, 0, 0, 0]);
    erase(records, zoe).await;
    let left = "select value from lead_number order by value";
    assert_eq!(ground.texts(left).await, [["+33613131313"]], "with all numbers of the lead");
    let again = leads(records, &path).await;
    assert_eq!(again.counted(), [2, 1, 0, 0, 1]);
    let told = &again.told()[0];
    assert!(told.starts_with("row 2, column \"phone\": expected nobody who was erased"), "{told}");

    let back = customer("Zoe once more", vec![address(REFUSED, Consent::Unknown)]);
    records.add_customer(&back, &stamp(ERASED_AT + 1)).await.unwrap();
    assert_eq!(leads(records, &path).await.counted(), [2, 2, 0, 0, 0], "who is known again is");
    let consents = ground.texts("select value, consent from lead_number where consent <> 'unknown'").await;
    assert_eq!(consents, [[REFUSED, "no"]], "and is not to be called there");
}

pub async fn leads_erased_by_number_stay_away(ground: Ground) {
    let records = &ground.records;
    records.hold_site_key(site_key());
    let settings = serde_json::from_value(serde_json::json!({ "campaign": "winback" })).unwrap();
    list_of(records, "spring", &settings, &stamp(1)).await;
    let folder = temp_dir();
    let path = folder.path().join("leads.csv");
    let rows = format!("phone,name,consent\n{REFUSED},Zoe Canary,no\n{SHARED},Otto,\n0613131313,Eve,\n");
    std::fs::write(&path, rows).unwrap();
    assert_eq!(leads(records, &path).await.counted(), [3, 3, 0, 0, 0]);
    let otto = customer("Otto", vec![address(SHARED, Consent::Unknown)]);
    let otto = records.add_customer(&otto, &stamp(1)).await.unwrap();
    let erased = async |number: &str, reason: &str| {
        let reason = Tag::new(reason).unwrap();
        records.erase_leads_at(&key(number), &reason, &site_key(), &stamp(ERASED_AT)).await
    };
    for (number, reason, expected) in [
        (SHARED, "asked", format!("customer {otto} has this number: erase the customer, and its leads go too")),
        ("+33699999999", "asked", "no lead has this number".to_owned()),
        (REFUSED, "asked by Canary", "the reason names the lead: ".to_owned()),
    ] {
        let refused = erased(number, reason).await.unwrap_err().to_string();
        assert!(refused.starts_with(&expected), "{refused}");
    }
    let left = "select value from lead_number order by value";
    assert_eq!(ground.texts(left).await.len(), 3, "what was refused changed nothing");
    assert_eq!(erased(REFUSED, "asked for it").await.unwrap(), 1);
    assert_eq!(ground.texts(left).await, [[SHARED], ["+33613131313"]]);
    assert!(ground.texts("select name from lead where name like '%Canary%'").await.is_empty());
    assert_eq!(leads(records, &path).await.counted(), [3, 2, 0, 0, 1]);
    assert_eq!(
        ground.texts("select detail from audit where act = 'erased'").await,
        [[r#"{"leads":1,"reason":"asked for it"}"#]]
    );
    let back = customer("Zoe", vec![address(REFUSED, Consent::Unknown)]);
    let back = records.add_customer(&back, &stamp(ERASED_AT + 1)).await.unwrap();
    assert_eq!(consents(records, back).await[0].1, Consent::No, "nor is she called as a customer");
}

pub async fn no_file_brings_anybody_back(ground: Ground) {
    let records = &ground.records;
    records.hold_site_key(site_key());
    let folder = temp_dir();
    let (people_csv, calls_csv) = (folder.path().join("people.csv"), folder.path().join("calls.csv"));
    std::fs::write(&people_csv, PEOPLE).unwrap();
    std::fs::write(&calls_csv, CALLS).unwrap();
    assert_eq!(people(records, &people_csv, IfKnown::Skip).await.counted(), [3, 3, 0, 0, 0]);
    assert_eq!(calls(records, &calls_csv).await.counted(), [3, 2, 0, 0, 1]);
    let [zoe, otto] = [REFUSED, SHARED].map(key);
    let zoe = records.customers_at(&[zoe]).await.unwrap()[0].customer.id;
    let of_two = records.customers_at(&[otto]).await.unwrap();
    assert_eq!(of_two.len(), 2);
    erase(records, zoe).await;
    let otto = of_two.iter().map(|found| found.customer.id).min().unwrap();
    erase(records, otto).await;
    for question in
        ["select external_id from interaction where external_id is not null", "select body from note where 1 = 1"]
    {
        assert!(ground.texts(question).await.is_empty(), "{question}");
    }
    let kept = ground.texts("select cast(count(*) as text) from interaction").await;
    assert_eq!(kept[0][0], "2", "the counts stay");

    for (if_known, expected) in
        [(IfKnown::Skip, [3, 0, 0, 1, 2]), (IfKnown::Update, [3, 0, 1, 0, 2]), (IfKnown::Add, [3, 1, 0, 0, 2])]
    {
        let again = people(records, &people_csv, if_known).await;
        assert_eq!(again.counted(), expected, "{if_known}: a number that Eve has too is hers");
        for (told, row) in again.told().iter().zip([2, 3]) {
            assert_eq!(
                *told,
                format!(
                    "row {row}: expected nobody who was erased, found an address of such a person: who came back is added by hand"
                )
            );
        }
    }
    let again = calls(records, &calls_csv).await;
    assert_eq!(again.counted(), [3, 0, 0, 0, 3]);
    assert!(again.told()[0].contains("expected a customer with one of these addresses, found none"));

    let back = customer("Zoe once more", vec![address(REFUSED, Consent::Unknown)]);
    let back = records.add_customer(&back, &stamp(ERASED_AT + 1)).await.unwrap();
    assert_eq!(consents(records, back).await[0].1, Consent::No);
    let later = calls(records, &calls_csv).await;
    assert_eq!(later.counted(), [3, 1, 0, 0, 2], "only what came after the erasure");
    assert!(later.told()[0].starts_with("row 2: expected nobody who was erased"), "{:?}", later.told());
    let known = people(records, &people_csv, IfKnown::Update).await;
    assert_eq!(known.counted(), [3, 0, 1, 0, 2], "who is known again is; {:?}", known.told());
}
