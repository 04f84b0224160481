//! What is asked while a customer waits: the screen pop, and what people type into the search. Changes nothing.

use std::time::Instant;

use hdrhistogram::Histogram;
use usher::clock::wall_time;
use usher::customers::ids::CustomerId;
use usher::customers::phone::Region;
use usher::customers::redaction::Sight;
use usher::records::Records;
use usher::screen_pop::card;
use usher::screen_pop::search::search;

use super::figures::Spread;
use super::generator::{Draws, Generator, email_of, number_of, phone};

/// A look-up longer than this counts as this long: 60 s.
const LONGEST_US: u64 = 60_000_000;
/// As many as a console lists.
const SHOWN_MAX: usize = 10;

#[derive(Clone, Copy)]
pub enum SearchKind {
    Number,
    Email,
    WholeName,
    FamilyName,
    FamilyNameBegun,
    CommonGivenName,
    TwoNamesBegun,
    InsideAFamilyName,
    NamesOfTwo,
    ChineseName,
    OneIdeograph,
    TwoNoteWords,
}

impl SearchKind {
    pub const ALL: [SearchKind; 12] = [
        SearchKind::Number,
        SearchKind::Email,
        SearchKind::WholeName,
        SearchKind::FamilyName,
        SearchKind::FamilyNameBegun,
        SearchKind::CommonGivenName,
        SearchKind::TwoNamesBegun,
        SearchKind::InsideAFamilyName,
        SearchKind::NamesOfTwo,
        SearchKind::ChineseName,
        SearchKind::OneIdeograph,
        SearchKind::TwoNoteWords,
    ];

    fn shown(self) -> &'static str {
        match self {
            SearchKind::Number => "search, a number",
            SearchKind::Email => "search, an email address",
            SearchKind::WholeName => "search, given and family name",
            SearchKind::FamilyName => "search, a family name",
            SearchKind::FamilyNameBegun => "search, four letters of a family name",
            SearchKind::CommonGivenName => "search, a common given name",
            SearchKind::TwoNamesBegun => "search, three letters of both names",
            SearchKind::InsideAFamilyName => "search, four letters inside a family name",
            SearchKind::NamesOfTwo => "search, names that few have together",
            SearchKind::ChineseName => "search, a Chinese name",
            SearchKind::OneIdeograph => "search, one ideograph",
            SearchKind::TwoNoteWords => "search, two words of a note",
        }
    }

    /// What is typed; None when this customer has no such thing.
    fn query(self, generator: &Generator, customer: u64) -> Option<String> {
        let name = generator.name(customer);
        let begun = |text: &str, count| text.chars().take(count).collect::<String>();
        match self {
            SearchKind::Number => Some(number_of(customer).replacen("+33", "0", 1)),
            SearchKind::Email => Some(email_of(customer)),
            SearchKind::WholeName => (!name.is_chinese).then(|| name.whole()),
            SearchKind::FamilyName => (!name.is_chinese).then_some(name.family),
            SearchKind::FamilyNameBegun => (!name.is_chinese).then(|| begun(&name.family, 4)),
            SearchKind::CommonGivenName => (!name.is_chinese).then_some(name.given),
            SearchKind::TwoNamesBegun => {
                (!name.is_chinese).then(|| format!("{} {}", begun(&name.given, 3), begun(&name.family, 3)))
            }
            SearchKind::InsideAFamilyName => (!name.is_chinese && name.family.chars().count() > 5)
                .then(|| name.family.chars().skip(1).take(4).collect()),
            SearchKind::NamesOfTwo => {
                let other = generator.name((customer + 1) % generator.customers);
                (!name.is_chinese && !other.is_chinese).then(|| format!("{} {}", name.given, other.family))
            }
            SearchKind::ChineseName => name.is_chinese.then(|| name.whole()),
            SearchKind::OneIdeograph => name.is_chinese.then(|| begun(&name.given, 1)),
            SearchKind::TwoNoteWords => {
                let note = generator.note(customer)?;
                let words: Vec<&str> = note.split(' ').take(2).collect();
                Some(words.join(" "))
            }
        }
    }
}

/// Who calls from this number, and the card: what stands on the screen.
pub async fn pops(name: &str, records: &Records, generator: &Generator, count: u64) -> Spread {
    let mut draws = generator.draws(5, 0);
    let mut histogram = histogram();
    let mut shown = 0;
    for _ in 0..count {
        let customer = draws.below(generator.customers);
        let number = phone(&number_of(customer));
        let began = Instant::now();
        let found = records.customers_at(std::slice::from_ref(&number)).await.expect("the records answer");
        assert_eq!(found.len(), 1, "each number is one customer's");
        let id = found[0].customer.id;
        let card =
            card::read(records, id, wall_time()).await.expect("the records answer").expect("the customer is there");
        record(&mut histogram, began);
        assert_eq!(id, CustomerId(i64::try_from(customer + 1).expect("few customers")));
        assert_eq!(card.customer.addresses.len(), 3);
        shown += card.interactions.len() as u64;
    }
    Spread::of(name, &histogram, shown, 0)
}

pub async fn searches(kind: SearchKind, records: &Records, generator: &Generator, count: u64) -> Spread {
    let home = Some(Region::new("FR").expect("a country"));
    let mut draws = generator.draws(6, kind as u64);
    let mut histogram = histogram();
    let (mut found, mut empty) = (0, 0);
    for _ in 0..count {
        let query = typed(kind, generator, &mut draws);
        let began = Instant::now();
        let answer =
            search(records, &query, home, SHOWN_MAX, &Sight::of_everything()).await.expect("the records answer");
        record(&mut histogram, began);
        empty += u64::from(answer.is_empty());
        found += answer.len() as u64;
    }
    Spread::of(kind.shown(), &histogram, found, empty)
}

fn typed(kind: SearchKind, generator: &Generator, draws: &mut Draws) -> String {
    loop {
        if let Some(query) = kind.query(generator, draws.below(generator.customers)) {
            return query;
        }
    }
}

pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_US, 3).expect("constant bounds")
}

pub fn record(histogram: &mut Histogram<u64>, began: Instant) {
    let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(LONGEST_US);
    histogram.saturating_record(took.max(1));
}
