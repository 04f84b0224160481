//! Interactions and how far the reader of the journal is. Binds nothing.

use super::{Statement, statements};

macro_rules! interaction_columns {
    () => {
        "contact, customer, channel, direction, from_kind, from_value, to_kind, to_value, arrived_at_ms, ended_at_ms,
        ended_by, disposition, satisfaction, recording, transcript"
    };
}

statements! {
    CURSOR = Statement::same("select event_no from reader_cursor where reader = $1");
    ADD_CURSOR = Statement::same("
        insert into reader_cursor (reader, event_no) values ($1, 0) on conflict (reader) do nothing");
    FURTHEST_CURSOR = Statement::same("select coalesce(max(event_no), 0) from reader_cursor");
    MOVE_CURSOR = Statement::same("update reader_cursor set event_no = $3 where reader = $1 and event_no = $2");

    /// Which of these customers there are, and what each is part of now; they cannot be merged until the end.
    CURRENT_CUSTOMERS = Statement {
        sqlite: "
            select id, coalesce(merged_into, id) from customer where id in (select value from json_each($1))",
        postgres: "
            select id, coalesce(merged_into, id) from customer
            where id in (select jsonb_array_elements_text($1::jsonb)::bigint) order by id for share",
    };

    REPEATS = Statement::same("
        select s.queue, count(*), sum(case when exists (
                select 1 from interaction n
                where n.customer = i.customer and n.arrived_at_ms > i.ended_at_ms
                    and n.arrived_at_ms <= i.ended_at_ms + $3 and n.direction = 'inbound' and n.channel <> 'task'
            ) then 1 else 0 end)
        from interaction i join interaction_segment s on s.contact = i.contact and s.segment = (
            select min(f.segment) from interaction_segment f
            where f.contact = i.contact and f.connected_at_ms is not null)
        where i.arrived_at_ms >= $1 and i.arrived_at_ms < $2 and i.direction = 'inbound' and i.channel <> 'task'
            and i.customer is not null and i.ended_at_ms + $3 <= $4 and s.queue is not null
        group by s.queue order by s.queue");
    INTERACTION = Statement::same(concat!("select ", interaction_columns!(), " from interaction where contact = $1"));
    LOCK_INTERACTION = Statement {
        sqlite: concat!("select ", interaction_columns!(), " from interaction where contact = $1"),
        postgres: concat!("select ", interaction_columns!(), " from interaction where contact = $1 for update"),
    };
    /// Older than the one at `$2`, `$3`.
    INTERACTIONS_OF_CUSTOMER = Statement::same(concat!(
        "select ",
        interaction_columns!(),
        " from interaction where customer = $1 and (arrived_at_ms, contact) < ($2, $3)
        order by arrived_at_ms desc, contact desc limit $4"
    ));
    /// Of every customer and of none, in the order of their numbers.
    INTERACTIONS_AFTER = Statement::same(concat!(
        "select ",
        interaction_columns!(),
        " from interaction where contact > $1 order by contact limit $2"
    ));
    VISITS_OF_CONTACTS = Statement {
        sqlite: "
            select contact, visit, queue, entered_at_ms, ended_at_ms, ended_how from interaction_visit
            where contact in (select value from json_each($1)) order by contact, visit",
        postgres: "
            select contact, visit, queue, entered_at_ms, ended_at_ms, ended_how from interaction_visit
            where contact in (select jsonb_array_elements_text($1::jsonb)::bigint) order by contact, visit",
    };
    SEGMENTS_OF_CONTACTS = Statement {
        sqlite: "
            select contact, segment, queue, agent, started_at_ms, connected_at_ms, ended_at_ms, wrapped_up_at_ms,
                disposition from interaction_segment
            where contact in (select value from json_each($1)) order by contact, segment",
        postgres: "
            select contact, segment, queue, agent, started_at_ms, connected_at_ms, ended_at_ms, wrapped_up_at_ms,
                disposition from interaction_segment
            where contact in (select jsonb_array_elements_text($1::jsonb)::bigint) order by contact, segment",
    };

    ATTACH_CUSTOMER = Statement::same("update interaction set customer = $2 where contact = $1");
    ATTACH_NOTES = Statement::same("update note set customer = $2 where contact = $1");
    ATTACH_WORK = Statement::same("update work set customer = $2 where contact = $1 and customer is not distinct from $3");
    SET_DISPOSITION = Statement::same("update interaction set disposition = $2 where contact = $1");
    SET_SEGMENT_DISPOSITION = Statement::same("
        update interaction_segment set disposition = $3 where contact = $1 and segment = $2");
    SET_REFERENCES = Statement::same("
        update interaction set satisfaction = $2, recording = $3, transcript = $4 where contact = $1");
    SET_SATISFACTION = Statement::same("update interaction set satisfaction = $2 where contact = $1");
}
