//! The gate with the packs that are shipped and real records: each reason by what is written down, and what changes while
//! a lead waits.

use std::num::NonZeroU32;
use std::sync::Arc;

use serde_json::json;
use usher::campaigns::gate::{Gate, GateRules, LeadOfCampaign, ProposedCall};
use usher::customers::custom_fields::FieldDeclarations;
use usher::customers::customer::{AddressKey, Consent, CustomerFields, NewAddress, NewCustomer};
use usher::customers::ids::CustomerId;
use usher::customers::phone::PhoneNumber;
use usher::customers::text::{AddressKindWord, AddressText, CustomerName};
use usher::imports::import_batch::{FileFormat, ImportPlace, ImportSettings, ImportedRows, NewImport};
use usher::outbound::call_list::{CallListSettings, DuplicateScope};
use usher::outbound::do_not_call::{DoNotCallEntry, DoNotCallScope, DoNotCallWhat};
use usher::outbound::gate::{Judgment, OwnWish, Refused, RefusedBy};
use usher::outbound::ids::LeadId;
use usher::outbound::jurisdiction::Purpose;
use usher::outbound::kept_attempt::KeptAttempt;
use usher::outbound::lead::{LeadNumber, NewLead, NumberConsent};
use usher::outbound::lead_columns::LeadMapping;
use usher::outbound::lead_rows::LeadDraft;
use usher::outbound::limits::{AttemptEnd, LimitScope, Period, RollingCap};
use usher::records::{ImportChunk, KnownLeads, Records};
use usher::routing::attempt::NotPlaced;
use usher::routing::time::{Millis, Timestamp};
use usher::rule_files::load_packs;

use super::{attempt, campaign, digits};
use crate::call_lists::list_of;
use crate::privacy::{Ground, stamp};
use crate::support::surroundings::repository_root;

const FLORIDA: &str = "+13055550123";
const FRANCE: &str = "+33142685300";

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// Monday, noon in Florida.
fn noon() -> Timestamp {
    at("2026-11-23T17:00:00Z")
}

fn rules() -> GateRules {
    GateRules {
        purpose: Purpose::Sales,
        account: Some(Arc::from("acme")),
        hours: None,
        caps: Vec::new(),
        asks_consent: false,
    }
}

fn settings() -> CallListSettings {
    serde_json::from_value(json!({ "campaign": "winback" })).unwrap()
}

struct Floor<'g> {
    records: &'g Records,
    gate: Gate,
    lead: LeadId,
}

impl<'g> Floor<'g> {
    /// One list with one lead, who said yes at both numbers.
    async fn new(ground: &'g Ground) -> Floor<'g> {
        let records = &ground.records;
        let list = list_of(records, "spring", &settings(), &stamp(1)).await;
        let number = |value: &str| LeadNumber {
            value: AddressText::new(value).unwrap(),
            extension: None,
            label: None,
            consent: NumberConsent { state: Consent::Yes, ..NumberConsent::default() },
        };
        let lead = NewLead { numbers: vec![number(FLORIDA), number(FRANCE)], ..NewLead::default() };
        let draft = LeadDraft { lead, columns: vec![0, 0] };
        let rows = ImportedRows::Leads {
            list,
            mapping: LeadMapping::default(),
            fields: FieldDeclarations::default(),
            duplicates: DuplicateScope::List,
        };
        let place = ImportPlace::default();
        let settings = ImportSettings { rows, format: FileFormat::Csv { delimiter: ',' }, errors: None };
        let new =
            NewImport { file_name: "leads.csv".to_owned(), file_hash: "0".to_owned(), settings, place, upload: None };
        let import = records.begin_import(&new, &stamp(1)).await.unwrap().id;
        let chunk = ImportChunk { rows: &[draft], refused: 0, from: place, to: place, ends: true };
        let open = records.import_leads_chunk(import, &chunk, KnownLeads::default(), &stamp(1)).await.unwrap();
        open.commit(0).await.unwrap();
        let lead = records.leads_of_import(list, import, LeadId(0), 1).await.unwrap()[0].id;
        let packs = load_packs(&repository_root().join("routing-rules")).unwrap();
        Floor { records, gate: Gate::new(records.clone(), packs), lead }
    }

    fn call(&self, number: &str) -> ProposedCall {
        ProposedCall {
            lead: Some(LeadOfCampaign { campaign: campaign("winback"), lead: self.lead }),
            rules: Arc::new(rules()),
            number: PhoneNumber::read(number, None).unwrap().unwrap(),
            customer: None,
            is_automatic: true,
            agent_reserved: true,
            wish: None,
        }
    }

    async fn judged(&self, number: &str, now: Timestamp) -> Judgment {
        self.gate.judge(&self.call(number), now).await
    }

    async fn refused(&self, call: &ProposedCall, now: Timestamp) -> Refused {
        match self.gate.judge(call, now).await {
            Judgment::Refused(refused) => refused,
            Judgment::Cleared { until } => panic!("cleared until {until:?}"),
        }
    }
}

pub async fn clears_and_refuses(ground: Ground) {
    let floor = Floor::new(&ground).await;
    let closing = at("2026-11-24T01:00:00Z");
    assert_eq!(
        floor.judged(FLORIDA, noon()).await,
        Judgment::Cleared { until: Some(closing) },
        "till 20 o'clock there"
    );
    let call = floor.call(FLORIDA);
    let late = floor.refused(&call, closing).await;
    assert_eq!((late.why, late.until), (NotPlaced::OutOfWindow, Some(at("2026-11-24T13:00:00Z"))));
    let RefusedBy::Hours(reason) = late.by else { panic!("{late:?}") };
    assert_eq!(reason.hours_of, usher::outbound::calling_window::HoursOf::Jurisdiction(pack("us-florida")));

    let calls = [1_u64, 2, 3].map(|no| attempt(no, FLORIDA, None, 77, noon().0 - no as i64 * 3_600_000));
    floor.records.write_attempts(&calls).await.unwrap();
    let capped = floor.refused(&call, noon()).await;
    assert_eq!((capped.why, capped.until), (NotPlaced::Cap, Some(at("2026-11-24T14:00:00Z"))), "3 in 24 h");
    assert!(matches!(&capped.by, RefusedBy::Limit(held) if held.until == at("2026-11-24T14:00:00Z")));

    let nobody = LeadOfCampaign { campaign: campaign("winback"), lead: LeadId(99) };
    let unknown = ProposedCall { lead: Some(nobody), ..call.clone() };
    let none = Refused { why: NotPlaced::LeadClosed, until: None, by: RefusedBy::NoLead };
    assert_eq!(floor.refused(&unknown, noon()).await, none);
    assert_eq!(floor.refused(&floor.call("+33155667788"), noon()).await, none, "a number of somebody else");
    assert!(floor.records.close_lead(floor.lead, &stamp(9)).await.unwrap());
    assert_eq!(floor.refused(&call, noon()).await, none, "it was closed meanwhile");
}

fn pack(name: &str) -> usher::outbound::jurisdiction::PackId {
    usher::outbound::jurisdiction::PackId::new(name).unwrap()
}

fn customer_with(number: &str, do_not_contact: bool) -> NewCustomer {
    let address = NewAddress {
        key: AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(number).unwrap() },
        extension: None,
        shown: AddressText::new(number).unwrap(),
        label: None,
        consent: Consent::Unknown,
    };
    let fields =
        CustomerFields { name: CustomerName::new("Zoe").unwrap(), do_not_contact, ..CustomerFields::default() };
    NewCustomer { fields, addresses: vec![address], ..NewCustomer::default() }
}

pub async fn what_changes_meanwhile_counts(ground: Ground) {
    let floor = Floor::new(&ground).await;
    let records = floor.records;
    let now = at("2026-11-23T10:00:00Z");
    let call = floor.call(FRANCE);
    let closing = Some(at("2026-11-23T12:00:00Z"));
    assert_eq!(floor.gate.judge(&call, now).await, Judgment::Cleared { until: closing }, "till 13 o'clock there");

    let what = DoNotCallWhat::prefix(digits("+3314")).unwrap();
    let entry = DoNotCallEntry { scope: DoNotCallScope::Account(Arc::from("acme")), what, expires_at: None };
    records.add_do_not_call(&entry, None, &stamp(2)).await.unwrap();
    let listed = Refused { why: NotPlaced::Dnc, until: None, by: RefusedBy::DoNotCall(entry.scope.clone()) };
    assert_eq!(floor.refused(&call, now).await, listed);
    let wished = ProposedCall { wish: Some(OwnWish { chosen: None }), ..call.clone() };
    assert_eq!(floor.gate.judge(&wished, now).await, Judgment::Cleared { until: closing });
    let others = ProposedCall { rules: Arc::new(GateRules { account: None, ..rules() }), ..call.clone() };
    assert_eq!(floor.gate.judge(&others, now).await, Judgment::Cleared { until: closing }, "for another client");
    records.remove_do_not_call(what, &entry.scope, &stamp(3)).await.unwrap();

    let zoe = records.add_customer(&customer_with(FRANCE, true), &stamp(4)).await.unwrap();
    let said_no = Refused { why: NotPlaced::NoConsent, until: None, by: RefusedBy::SaidNo };
    assert_eq!(floor.refused(&call, now).await, said_no, "whoever has the number");
    let of_customer = ProposedCall { customer: Some(zoe), ..floor.call(FLORIDA) };
    assert_eq!(floor.refused(&of_customer, noon()).await, said_no, "at every number of his");
    ground.run("update customer set do_not_contact = 0").await.unwrap();
    ground.run("update lead_number set consent = 'unknown'").await.unwrap();
    let asked = floor.refused(&call, now).await;
    assert_eq!((asked.why, asked.by), (NotPlaced::NoConsent, RefusedBy::ConsentOfLaw(pack("france"))));
    ground.run("update lead_number set consent = 'yes'").await.unwrap();

    let own =
        RollingCap { calls: NonZeroU32::MIN, within: Period::Elapsed(Millis::days(2)), per: LimitScope::Customer };
    let capped = ProposedCall {
        customer: Some(CustomerId(zoe.0)),
        rules: Arc::new(GateRules { caps: vec![own], ..rules() }),
        ..call.clone()
    };
    assert_eq!(floor.gate.judge(&capped, now).await, Judgment::Cleared { until: closing });
    let yesterday =
        KeptAttempt { end: AttemptEnd::NotReached, ..attempt(1, FLORIDA, Some(zoe.0), 77, now.0 - 86_400_000) };
    records.write_attempts(&[yesterday]).await.unwrap();
    assert_eq!(floor.refused(&capped, now).await.why, NotPlaced::Cap, "by the campaign's own cap, at another number");

    let list = records.call_lists().await.unwrap().remove(0);
    let inactive = CallListSettings { active: false, ..list.settings.clone() };
    records.change_call_list(list.id, list.version, &inactive, &stamp(5)).await.unwrap();
    let refused = Refused { why: NotPlaced::ListInactive, until: None, by: RefusedBy::List };
    assert_eq!(floor.refused(&call, now).await, refused);
    records.close().await;
    let unreached = Refused { why: NotPlaced::NotChecked, until: None, by: RefusedBy::NotLookedUp };
    assert_eq!(floor.refused(&call, now).await, unreached, "what cannot be looked up is not called");
}

pub async fn callbacks_are_calls_too(ground: Ground) {
    let floor = Floor::new(&ground).await;
    let records = &floor.records;
    let promised = |number| ProposedCall {
        lead: None,
        rules: Arc::new(GateRules::of_callbacks()),
        is_automatic: false,
        ..floor.call(number)
    };
    let wished = |number| ProposedCall { wish: Some(OwnWish { chosen: None }), ..promised(number) };
    let night = at("2026-11-24T03:00:00Z");
    for call in [promised(FLORIDA), wished(FLORIDA)] {
        let closing = Some(at("2026-11-24T02:00:00Z"));
        assert_eq!(floor.gate.judge(&call, noon()).await, Judgment::Cleared { until: closing }, "federal hours alone");
        let late = floor.refused(&call, night).await;
        assert_eq!((late.why, late.until), (NotPlaced::OutOfWindow, Some(at("2026-11-24T13:00:00Z"))));
    }
    let open = Judgment::Cleared { until: None };
    assert_eq!(floor.gate.judge(&promised("+493012345678"), night).await, open, "where no law keeps service to hours");

    let what = DoNotCallWhat::Number(digits(FLORIDA));
    let entry = DoNotCallEntry { scope: DoNotCallScope::Everyone, what, expires_at: None };
    records.add_do_not_call(&entry, None, &stamp(2)).await.unwrap();
    assert_eq!(floor.refused(&promised(FLORIDA), noon()).await.why, NotPlaced::Dnc);
    assert!(matches!(floor.gate.judge(&wished(FLORIDA), noon()).await, Judgment::Cleared { .. }), "he asked for it");
}
