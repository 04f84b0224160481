//! What the columns of strangers' tables are usually called. Never binds one: a person confirms the guess.

use super::custom_fields::FieldDeclarations;
use super::import_columns::{ColumnMapping, CustomerColumn, HEADING_CHARACTERS_MAX, guessed_columns};
use super::phone::Region;

impl ColumnMapping {
    /// A mapping by what the headings are usually called, in English and Chinese, and by the names and labels of the
    /// declared fields. What is not recognised is ignored; of several columns for one target, the first is taken.
    #[must_use]
    pub fn guessed(headings: &[&str], fields: &FieldDeclarations, home: Option<Region>) -> Self {
        Self { columns: guessed_columns(headings, |heading| guess(heading, fields)), home }
    }
}

/// What columns are usually called: lower-cased, only letters and digits kept.
const USUAL_HEADINGS: &[(CustomerColumn, &[&str])] = &[
    (
        CustomerColumn::Name,
        &[
            "name",
            "fullname",
            "customer",
            "customername",
            "displayname",
            "contactname",
            "contact",
            "company",
            "companyname",
            "account",
            "accountname",
            "姓名",
            "名字",
            "名称",
            "客户",
            "客户名称",
            "客户姓名",
            "联系人",
            "全名",
            "公司",
            "公司名称",
        ],
    ),
    (CustomerColumn::GivenName, &["givenname", "firstname", "forename", "given", "first", "名"]),
    (CustomerColumn::FamilyName, &["familyname", "lastname", "surname", "family", "last", "姓", "姓氏"]),
    (CustomerColumn::Language, &["language", "lang", "locale", "preferredlanguage", "语言", "首选语言"]),
    (
        CustomerColumn::Tier,
        &[
            "tier",
            "segment",
            "customertier",
            "valuesegment",
            "level",
            "class",
            "等级",
            "级别",
            "客户等级",
            "客户级别",
            "会员等级",
        ],
    ),
    (
        CustomerColumn::Owner,
        &[
            "owner",
            "accountowner",
            "accountmanager",
            "agent",
            "salesrep",
            "assignedto",
            "负责人",
            "客户经理",
            "归属人",
            "所有者",
        ],
    ),
    (
        CustomerColumn::Phone,
        &[
            "phone",
            "phonenumber",
            "telephone",
            "tel",
            "telno",
            "mobile",
            "mobilephone",
            "mobilenumber",
            "cell",
            "cellphone",
            "homephone",
            "workphone",
            "businessphone",
            "officephone",
            "otherphone",
            "fax",
            "msisdn",
            "phoneno",
            "电话",
            "电话号码",
            "手机",
            "手机号",
            "手机号码",
            "移动电话",
            "联系电话",
            "座机",
            "固定电话",
            "办公电话",
            "家庭电话",
            "传真",
        ],
    ),
    (
        CustomerColumn::Email,
        &[
            "email",
            "emailaddress",
            "mail",
            "homeemail",
            "workemail",
            "邮箱",
            "电子邮箱",
            "电子邮件",
            "邮件",
            "邮箱地址",
            "邮件地址",
        ],
    ),
    (CustomerColumn::Tags, &["tags", "tag", "labels", "label", "groups", "标签", "分组"]),
    (
        CustomerColumn::DoNotContact,
        &[
            "donotcontact",
            "donotcall",
            "dnc",
            "dnd",
            "optout",
            "optedout",
            "请勿联系",
            "禁止联系",
            "勿扰",
            "免打扰",
            "谢绝来电",
        ],
    ),
    (CustomerColumn::Note, &["note", "notes", "comment", "comments", "remark", "remarks", "备注", "说明", "注释"]),
];

/// Chat networks whose name alone is a heading.
const NETWORKS: &[(&str, &[&str])] = &[
    ("wechat", &["wechat", "wechatid", "weixin", "微信", "微信号"]),
    ("whatsapp", &["whatsapp"]),
    ("telegram", &["telegram", "telegramhandle", "telegramusername"]),
    ("line", &["lineid"]),
    ("qq", &["qq", "qq号", "qq号码"]),
    ("twitter", &["twitter", "twitterhandle"]),
    ("skype", &["skype", "skypename", "skypeid"]),
];

/// The customer's id in a system that a heading names only so.
const OTHER_SYSTEM: &str = "import";
const OTHER_SYSTEM_HEADINGS: &[&str] = &[
    "id",
    "customerid",
    "externalid",
    "customerno",
    "customernumber",
    "accountnumber",
    "crmid",
    "客户编号",
    "客户号",
    "编号",
    "客户id",
];

fn guess(heading: &str, fields: &FieldDeclarations) -> Option<CustomerColumn> {
    let plain = plain_heading(heading);
    if plain.is_empty() {
        return None;
    }
    let declared =
        fields.iter().find(|field| plain_heading(&field.name) == plain || plain_heading(&field.label) == plain);
    if let Some(field) = declared {
        return Some(CustomerColumn::Field { name: field.name.clone() });
    }
    let numbered = plain.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let named = |names: &[&str]| names.contains(&plain.as_str()) || names.contains(&numbered);
    if let Some((column, _)) = USUAL_HEADINGS.iter().find(|(_, names)| named(names)) {
        return Some(column.clone());
    }
    if let Some((network, _)) = NETWORKS.iter().find(|(_, names)| named(names)) {
        return Some(CustomerColumn::Handle { network: (*network).to_owned() });
    }
    named(OTHER_SYSTEM_HEADINGS).then(|| CustomerColumn::External { system: OTHER_SYSTEM.to_owned() })
}

pub(crate) fn plain_heading(heading: &str) -> String {
    heading
        .chars()
        .take(HEADING_CHARACTERS_MAX)
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
