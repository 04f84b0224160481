//! What the columns of strangers' tables of leads are usually called. Never binds one: a person confirms the guess.

use super::lead_columns::{LeadColumn, LeadMapping};
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::import_columns::guessed_columns;
use crate::customers::import_headings::plain_heading;
use crate::customers::phone::Region;
use crate::customers::text::Tag;

/// What columns are usually called: lower-cased, only letters and digits kept, digits at the end left out.
const USUAL_HEADINGS: &[(LeadColumn, &[&str])] = &[
    (
        LeadColumn::Number,
        &[
            "phone",
            "phonenumber",
            "number",
            "telephone",
            "tel",
            "msisdn",
            "dial",
            "destination",
            "电话",
            "电话号码",
            "号码",
        ],
    ),
    (LeadColumn::Consent, &["consent", "optin", "permission", "同意"]),
    (LeadColumn::ConsentKind, &["consentkind", "consenttype", "同意类型"]),
    (LeadColumn::ConsentAt, &["consentat", "consentdate", "consenttime", "optindate", "同意时间"]),
    (LeadColumn::ConsentSource, &["consentsource", "optinsource", "source", "leadsource", "来源"]),
    (
        LeadColumn::Name,
        &[
            "name",
            "fullname",
            "lead",
            "leadname",
            "contactname",
            "contact",
            "customer",
            "company",
            "姓名",
            "客户",
            "联系人",
        ],
    ),
    (LeadColumn::GivenName, &["givenname", "firstname", "forename", "名"]),
    (LeadColumn::FamilyName, &["familyname", "lastname", "surname", "姓"]),
    (LeadColumn::Language, &["language", "lang", "locale", "语言"]),
    (LeadColumn::Zone, &["zone", "timezone", "tz", "时区"]),
    (LeadColumn::Region, &["region", "state", "province", "county", "地区", "省份"]),
    (LeadColumn::Postcode, &["postcode", "postalcode", "zip", "zipcode", "邮编"]),
    (LeadColumn::Priority, &["priority", "rank", "优先级"]),
    (LeadColumn::Id, &["id", "leadid", "externalid", "reference", "ref", "编号"]),
];

/// Numbers whose heading says what they are of.
const LABELLED: &[(&str, &[&str])] = &[
    ("mobile", &["mobile", "mobilephone", "mobilenumber", "cell", "cellphone", "手机", "手机号"]),
    ("home", &["home", "homephone", "homenumber", "landline", "家庭电话"]),
    ("work", &["work", "workphone", "office", "officephone", "businessphone", "办公电话"]),
];

impl LeadMapping {
    /// A mapping by what the headings are usually called, in English and Chinese, and by the names and labels of the
    /// declared fields. What is not recognised is ignored; of several columns for one target, the first is taken.
    #[must_use]
    pub fn guessed(headings: &[&str], fields: &FieldDeclarations, home: Option<Region>) -> Self {
        let columns = guessed_columns(headings, |heading| guess(heading, fields));
        Self { home, columns, ..Self::default() }
    }
}

fn guess(heading: &str, fields: &FieldDeclarations) -> Option<LeadColumn> {
    let plain = plain_heading(heading);
    let declared =
        fields.iter().find(|field| plain_heading(&field.name) == plain || plain_heading(&field.label) == plain);
    if let Some(field) = declared.filter(|_| !plain.is_empty()) {
        return Some(LeadColumn::Field { name: field.name.clone() });
    }
    let unnumbered = plain.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let named = |names: &[&str]| names.contains(&unnumbered);
    if let Some((column, _)) = USUAL_HEADINGS.iter().find(|(_, names)| named(names)) {
        return Some(column.clone());
    }
    let (label, _) = LABELLED.iter().find(|(_, names)| named(names))?;
    Some(LeadColumn::NumberOf { label: Tag::new(*label).expect("the labels are short words") })
}
