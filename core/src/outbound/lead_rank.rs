//! In which order leads of a list go that nobody has tried: a rank for each, the smallest first. Compares no two leads.

use super::call_list::LeadOrder;
use super::lead_standing::OpenLead;
use crate::customers::custom_fields::{FieldDeclarations, FieldType, FieldValue};

/// Of leads that do not say what they are ordered by.
const LAST: i64 = i64::MAX;
/// Bytes of a text that its order is told by.
const TEXT_BYTES: usize = 7;

/// Of equals the one that was added first goes first.
#[must_use]
pub fn rank(order: &LeadOrder, fields: &FieldDeclarations, lead: &OpenLead) -> i64 {
    match order {
        LeadOrder::Priority => -lead.priority,
        LeadOrder::Oldest => 0,
        LeadOrder::Random { seed } => shuffled(*seed, lead.lead.0),
        LeadOrder::Field { name, largest_first } => {
            let value = lead.fields.as_ref().and_then(|held| fields.check(name, held.0.get(name)?).ok()?);
            match value.as_ref().and_then(|value| of_value(fields, name, value)) {
                Some(rank) if *largest_first => -rank,
                Some(rank) => rank,
                None => LAST,
            }
        }
    }
}

/// From 1 - `LAST` to `LAST` - 1, so that its negative is one too.
fn of_value(fields: &FieldDeclarations, name: &str, value: &FieldValue) -> Option<i64> {
    let rank = match value {
        FieldValue::Integer(number) => *number,
        FieldValue::Boolean(yes) => i64::from(*yes),
        FieldValue::Decimal(text) => of_decimal(text.parse().ok()?),
        FieldValue::Date(date) => i64::from(date.year()) * 1_000 + i64::from(date.day_of_year()),
        FieldValue::Text(text) => of_text(text),
        FieldValue::Choice(chosen) => {
            let FieldType::Choice { options } = &fields.get(name)?.field_type else { return None };
            i64::try_from(options.iter().position(|option| option == chosen)?).ok()?
        }
    };
    Some(rank.clamp(1 - LAST, LAST - 1))
}

/// Binary floating point, read as whole numbers, keeps its order; from the sixteenth digit on decimals are equals.
fn of_decimal(value: f64) -> i64 {
    let bits = value.abs().to_bits().cast_signed();
    if value < 0.0 { -bits } else { bits }
}

/// By its first bytes.
fn of_text(text: &str) -> i64 {
    let bytes = text.bytes().chain(std::iter::repeat(0)).take(TEXT_BYTES);
    bytes.fold(0, |rank, byte| (rank << 8) | i64::from(byte))
}

/// A permutation of all numbers for each seed: the last steps of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn shuffled(seed: u32, lead: i64) -> i64 {
    let mut mixed = lead.cast_unsigned().wrapping_add(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)).cast_signed()
}
