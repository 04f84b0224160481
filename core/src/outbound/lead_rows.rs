//! A row of a table to a lead, or a refusal that names row, column and reason. Never repeats a cell, never stores.

use super::lead::{
    ForeignId, LeadNumber, NUMBERS_MAX, NewLead, NumberConsent, PRIORITY_MAX, PlaceText, SourceText, ZoneName,
};
use super::lead_columns::{BoundLeads, LeadColumn};
use crate::customers::customer::Consent;
use crate::customers::import_rows::{NameParts, RowRefusal, WhyRefused, language, name, phone_parts, yes_or_no};
use crate::customers::phone::PhoneNumber;
use crate::customers::text::{AddressText, CustomerName, Language, Tag};

/// A lead as a row gives it.
#[derive(Clone, PartialEq, Debug)]
pub struct LeadDraft {
    pub lead: NewLead,
    /// The column of each of its numbers, by place in the row.
    pub columns: Vec<usize>,
}

/// What the cells of one row say, one after the other.
#[derive(Default)]
struct Cells {
    lead: NewLead,
    columns: Vec<usize>,
    names: NameParts,
    consent: NumberConsent,
}

impl BoundLeads {
    /// The lead of a row. `row` is only told in the refusal.
    ///
    /// # Errors
    /// When a cell cannot be what its column is, or there is no number. The first such cell from the left is named.
    pub fn read(&self, row: u64, texts: &[&str]) -> Result<LeadDraft, RowRefusal> {
        let mut cells = Cells::default();
        self.columns.each_cell(row, texts, |place, column, cell| self.take(&mut cells, place, column, cell))?;
        finish(cells).map_err(|reason| RowRefusal { row, column: None, reason })
    }

    fn take(&self, cells: &mut Cells, place: usize, column: &LeadColumn, cell: &str) -> Result<(), WhyRefused> {
        let lead = &mut cells.lead;
        match column {
            LeadColumn::Number => self.take_numbers(cells, place, None, cell)?,
            LeadColumn::NumberOf { label } => self.take_numbers(cells, place, Some(label), cell)?,
            LeadColumn::Consent => cells.consent.state = consent(cell)?,
            LeadColumn::ConsentKind => cells.consent.kind = Some(Tag::new(cell)?),
            LeadColumn::ConsentAt => cells.consent.at = Some(self.times.moment(cell)?),
            LeadColumn::ConsentSource => cells.consent.source = Some(SourceText::new(cell)?),
            LeadColumn::Name => cells.names.whole = Some(name(cell)?),
            LeadColumn::GivenName => cells.names.given = Some(name(cell)?),
            LeadColumn::FamilyName => cells.names.family = Some(name(cell)?),
            LeadColumn::Language => lead.language = Some(Language::new(language(cell)?)?),
            LeadColumn::Zone => lead.zone = Some(ZoneName::new(cell)?),
            LeadColumn::Region => lead.region = Some(PlaceText::new(cell)?),
            LeadColumn::Postcode => lead.postcode = Some(PlaceText::new(cell)?),
            LeadColumn::Priority => lead.priority = priority(cell)?,
            LeadColumn::Id => lead.external_id = Some(ForeignId::new(cell)?),
            LeadColumn::Field { name } => {
                if let Some(value) = self.fields.read(name, cell)? {
                    lead.fields.0.insert(name.clone(), value.to_json());
                }
            }
            LeadColumn::Ignored => {}
        }
        Ok(())
    }

    /// A number that the row has already is not taken again.
    fn take_numbers(&self, cells: &mut Cells, place: usize, label: Option<&Tag>, cell: &str) -> Result<(), WhyRefused> {
        for part in phone_parts(cell) {
            let Some(number) = PhoneNumber::read(part, self.home)? else { continue };
            let numbers = &mut cells.lead.numbers;
            if numbers.iter().any(|held| held.value.as_str() == number.e164()) {
                continue;
            }
            if numbers.len() == NUMBERS_MAX {
                return Err(WhyRefused::TooManyNumbers(NUMBERS_MAX));
            }
            let consent = NumberConsent::default();
            numbers.push(LeadNumber {
                value: AddressText::new(number.e164())?,
                extension: number.extension().map(AddressText::new).transpose()?,
                label: label.cloned(),
                consent,
            });
            cells.columns.push(place);
        }
        Ok(())
    }
}

fn finish(cells: Cells) -> Result<LeadDraft, WhyRefused> {
    let Cells { mut lead, columns, names, consent } = cells;
    if lead.numbers.is_empty() {
        return Err(WhyRefused::NoNumber);
    }
    lead.name = CustomerName::new(names.joined())?;
    for number in &mut lead.numbers {
        number.consent = consent.clone();
    }
    Ok(LeadDraft { lead, columns })
}

fn consent(cell: &str) -> Result<Consent, WhyRefused> {
    match cell.to_lowercase().as_str() {
        "unknown" | "?" | "未知" => Ok(Consent::Unknown),
        word => match yes_or_no(word) {
            Ok(true) => Ok(Consent::Yes),
            Ok(false) => Ok(Consent::No),
            Err(_) => Err(WhyRefused::Consent),
        },
    }
}

/// Spreadsheets write a whole number as `4` or `4.0`.
fn priority(cell: &str) -> Result<i64, WhyRefused> {
    let whole = cell.strip_suffix(".0").unwrap_or(cell);
    let priority: i64 = whole.parse().map_err(|_| WhyRefused::Priority(PRIORITY_MAX))?;
    let fits = (-PRIORITY_MAX..=PRIORITY_MAX).contains(&priority);
    fits.then_some(priority).ok_or(WhyRefused::Priority(PRIORITY_MAX))
}
