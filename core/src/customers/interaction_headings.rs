//! What the columns of strangers' tables of contacts are usually called. Never binds one: a person confirms the guess.

use crate::routing::command::Direction;
use crate::routing::rule_set::Channel;

use super::import_columns::guessed_columns;
use super::import_headings::plain_heading;
use super::interaction_columns::{InteractionColumn, InteractionMapping};
use super::phone::Region;

/// The system of ids that a heading names only so.
const OTHER_SYSTEM: &str = "import";

/// What columns are usually called: lower-cased, only letters and digits kept.
const USUAL_HEADINGS: &[(InteractionColumn, &[&str])] = &[
    (
        InteractionColumn::Phone,
        &[
            "phone",
            "phonenumber",
            "callerid",
            "caller",
            "callernumber",
            "customernumber",
            "customerphone",
            "ani",
            "cli",
            "msisdn",
            "number",
            "from",
            "telephone",
            "tel",
            "mobile",
            "电话",
            "电话号码",
            "手机",
            "手机号",
            "主叫号码",
            "来电号码",
            "客户电话",
            "客户号码",
        ],
    ),
    (
        InteractionColumn::Email,
        &["email", "emailaddress", "mail", "sender", "customeremail", "邮箱", "电子邮箱", "邮件地址", "发件人"],
    ),
    (
        InteractionColumn::ArrivedAt,
        &[
            "arrivedat",
            "arrival",
            "datetime",
            "timestamp",
            "startedat",
            "starttime",
            "start",
            "begin",
            "begintime",
            "createdat",
            "created",
            "calltime",
            "calldate",
            "receivedat",
            "when",
            "开始时间",
            "来电时间",
            "通话时间",
            "接入时间",
            "创建时间",
            "日期时间",
        ],
    ),
    (InteractionColumn::Date, &["date", "day", "日期"]),
    (InteractionColumn::Time, &["time", "clock", "时间"]),
    (InteractionColumn::EndedAt, &["endedat", "endtime", "end", "closedat", "completedat", "结束时间", "挂断时间"]),
    (
        InteractionColumn::Duration,
        &["duration", "durations", "durationseconds", "callduration", "totaltime", "length", "时长", "总时长"],
    ),
    (
        InteractionColumn::Wait,
        &[
            "wait",
            "waits",
            "waittime",
            "waitseconds",
            "queuetime",
            "ringtime",
            "timetoanswer",
            "等待时长",
            "等待时间",
            "排队时长",
        ],
    ),
    (InteractionColumn::Talk, &["talk", "talktime", "talkseconds", "billsec", "handletime", "通话时长", "处理时长"]),
    (InteractionColumn::Channel, &["channel", "media", "mediatype", "type", "渠道", "媒体", "媒体类型"]),
    (InteractionColumn::Direction, &["direction", "calldirection", "inout", "方向", "呼叫方向", "呼叫类型"]),
    (InteractionColumn::Queue, &["queue", "queuename", "skill", "skillgroup", "department", "队列", "技能组"]),
    (
        InteractionColumn::Agent,
        &["agent", "agentid", "agentname", "user", "handledby", "operator", "坐席", "座席", "客服", "坐席工号", "工号"],
    ),
    (
        InteractionColumn::Disposition,
        &["disposition", "outcome", "result", "wrapup", "wrapupcode", "code", "resolution", "处理结果", "结果", "小结"],
    ),
    (
        InteractionColumn::Satisfaction,
        &["satisfaction", "satisfactionscore", "csat", "score", "rating", "满意度", "评分"],
    ),
    (InteractionColumn::Note, &["note", "notes", "comment", "comments", "remark", "remarks", "备注", "说明"]),
    (InteractionColumn::Recording, &["recording", "recordingurl", "recordingfile", "录音", "录音地址"]),
    (InteractionColumn::Transcript, &["transcript", "transcripturl", "转写", "聊天记录"]),
];

const OWN_IDS: &[&str] = &[
    "id",
    "callid",
    "contactid",
    "interactionid",
    "ticketid",
    "ticketnumber",
    "uniqueid",
    "conversationid",
    "caseid",
    "通话id",
    "流水号",
    "工单号",
];
const CUSTOMER_IDS: &[&str] = &[
    "customerid",
    "externalid",
    "customerno",
    "accountnumber",
    "accountid",
    "crmid",
    "crm",
    "客户编号",
    "客户号",
    "客户id",
];

impl InteractionMapping {
    /// A mapping by what the headings are usually called, in English and Chinese. What is not recognised is ignored; of
    /// several columns for one target, the first is taken. Without a column for them, inbound calls are supposed.
    #[must_use]
    pub fn guessed(headings: &[&str], home: Option<Region>) -> Self {
        let columns = guessed_columns(headings, guess);
        Self { columns, home, channel: Some(Channel::Voice), direction: Some(Direction::Inbound), ..Self::default() }
    }
}

fn guess(heading: &str) -> Option<InteractionColumn> {
    let plain = plain_heading(heading);
    let named = |names: &[&str]| names.contains(&plain.as_str());
    if let Some((column, _)) = USUAL_HEADINGS.iter().find(|(_, names)| named(names)) {
        return Some(column.clone());
    }
    let system = OTHER_SYSTEM.to_owned();
    if named(OWN_IDS) {
        return Some(InteractionColumn::Id { system });
    }
    named(CUSTOMER_IDS).then_some(InteractionColumn::External { system })
}
