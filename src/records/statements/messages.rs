//! Messages and drafts of notes: written, sent, read. Binds nothing.

use super::{Statement, statements};

macro_rules! message_columns {
    () => {
        "contact, no, name, spoken_by, agent, body, at_ms, status"
    };
}

statements! {
    MESSAGE_NAMED = Statement::same("select no, at_ms, event_no from message where contact = $1 and name = $2");
    ADD_MESSAGE = Statement::same("
        insert into message (contact, no, name, spoken_by, agent, body, at_ms, status, not_after_ms)
        values ($1, (select coalesce(max(m.no), 0) + 1 from message m where m.contact = $1), $2, $3, $4, $5, $6, $7, $8)
        returning no");
    /// Only one that has not passed.
    DROP_MESSAGE = Statement::same("delete from message where contact = $1 and no = $2 and event_no is null");
    SET_MESSAGE_EVENT = Statement::same("update message set event_no = $3 where contact = $1 and no = $2");
    /// What is not shown yet is not counted either.
    COUNT_MESSAGES = Statement::same("select count(*) from message where contact = $1 and event_no is not null");
    MESSAGES_OF_CONTACT = Statement::same(concat!(
        "select ", message_columns!(), " from message where contact = $1 and event_no is not null
        order by no desc limit $2"
    ));
    /// By the order that sends it. What is delivered stays so.
    SET_MESSAGE_STATUS = Statement::same(concat!(
        "update message set status = $2
        where event_no = $1 and not_after_ms is not null and status <> 'delivered' and status <> $2
        returning ", message_columns!()
    ));
    MESSAGES_TO_SEND = Statement::same(concat!(
        "select event_no, not_after_ms, ", message_columns!(), " from message
        where status = 'sent' and not_after_ms > $1 and event_no is not null order by event_no limit $2"
    ));
    OVERDUE_MESSAGES = Statement::same("
        select event_no from message where status = 'sent' and not_after_ms <= $1 and event_no is not null
        order by event_no limit $2");

    /// Of these contacts, what came after their people were erased.
    DROP_MESSAGES_OF_ERASED = Statement {
        sqlite: "
            delete from message where contact in (
                select i.contact from json_each($1) k join interaction i on i.contact = k.value
                where i.person_erased_at_ms is not null)",
        postgres: "
            delete from message where contact in (
                select i.contact from jsonb_array_elements_text($1::jsonb) as k (value)
                join interaction i on i.contact = k.value::bigint where i.person_erased_at_ms is not null)",
    };
    CONTACT_IS_ERASED = Statement::same("
        select contact from interaction where contact = $1 and person_erased_at_ms is not null");
    /// Held until the end against whoever files drafts.
    LOCK_CURSOR = Statement {
        sqlite: "select event_no from reader_cursor where reader = $1",
        postgres: "select event_no from reader_cursor where reader = $1 for share",
    };
    SEGMENT_IS_CLOSED = Statement::same("
        select segment from interaction_segment
        where contact = $1 and segment = $2 and wrapped_up_at_ms is not null");
    KEEP_DRAFT = Statement::same("
        insert into note_draft (segment, contact, agent, body, at_ms) values ($1, $2, $3, $4, $5)
        on conflict (segment) do update set body = excluded.body, at_ms = excluded.at_ms");
    TAKE_DRAFT = Statement::same("delete from note_draft where segment = $1 returning agent, body");
    DRAFTS_OF_AGENT = Statement::same("select segment, body from note_draft where agent = $1");
}
