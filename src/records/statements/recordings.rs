//! Recordings of calls: ordered, told of, erased. Binds nothing.

use super::{Statement, statements};

statements! {
    ADD_RECORDING = Statement::same("
        insert into recording (id, contact, gateway, ordered_at_ms) values ($1, $2, $3, $4) on conflict (id) do nothing");
    /// What it does not say stays as it was said before.
    TELL_RECORDING = Statement::same("
        update recording set state = $2, file = coalesce($3, file), duration_ms = coalesce($4, duration_ms), failure = $5
        where id = $1");
    /// What is told after the contact's person was erased goes as well.
    ERASE_RECORDING_OF_ERASED = Statement::same("
        update recording set erase_asked_at_ms = $2 where id = $1 and erase_asked_at_ms is null and exists (
            select 1 from interaction i where i.contact = recording.contact and i.person_erased_at_ms is not null)");
    RECORDINGS_OF_CONTACTS = Statement {
        sqlite: "
            select id, contact, gateway, ordered_at_ms, state, file, duration_ms, failure, erase_asked_at_ms, erased_at_ms
            from recording where contact in (select value from json_each($1)) order by id",
        postgres: "
            select id, contact, gateway, ordered_at_ms, state, file, duration_ms, failure, erase_asked_at_ms, erased_at_ms
            from recording where contact in (select jsonb_array_elements_text($1::jsonb)::bigint) order by id",
    };
    RECORDING = Statement::same("
        select id, contact, gateway, ordered_at_ms, state, file, duration_ms, failure, erase_asked_at_ms, erased_at_ms
        from recording where id = $1");
    ASK_TO_ERASE = Statement::same("
        update recording set erase_asked_at_ms = $2 where id = $1 and erase_asked_at_ms is null");
    ASK_TO_ERASE_OF_CONTACTS = Statement {
        sqlite: "
            update recording set erase_asked_at_ms = $2
            where erase_asked_at_ms is null and contact in (select value from json_each($1))",
        postgres: "
            update recording set erase_asked_at_ms = $2
            where erase_asked_at_ms is null and contact in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
    /// Not before the gateway has said the last word of it, or a day has gone.
    RECORDINGS_TO_ERASE = Statement::same("
        select id, contact, gateway, ordered_at_ms, state, file, duration_ms, failure, erase_asked_at_ms, erased_at_ms
        from recording where erase_asked_at_ms is not null and erased_at_ms is null and id > $1
        and (state in ('finished', 'failed') or ordered_at_ms < $2) order by id limit $3");
    SET_RECORDING_ERASED = Statement::same("
        update recording set erased_at_ms = $3, file = null
        where id = $1 and gateway = $2 and erase_asked_at_ms is not null and erased_at_ms is null");
}
