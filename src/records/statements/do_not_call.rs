//! Do-not-call entries and where they are from. Binds nothing.
//!
//! Entries are bound as JSON arrays: of keys, or of pairs with when each expires or with its origin. The question about a
//! number is one range of the key for each beginning of it, however many entries there are.

use super::{Statement, statements};

macro_rules! listed_columns {
    () => {
        "d.entry, d.expires_at_ms, o.id, o.scope, o.scope_of, o.source, o.import_batch, o.added_at_ms, o.added_by"
    };
}

statements! {
    ADD_ORIGIN = Statement::same("
        insert into do_not_call_origin (scope, scope_of, source, import_batch, entries, added_at_ms, added_by)
        values ($1, $2, $3, $4, 0, $5, $6) returning id");
    ORIGIN_OF_IMPORT = Statement::same("select id from do_not_call_origin where import_batch = $1");
    /// `$2` more.
    COUNT_ENTRIES_IN = Statement::same("update do_not_call_origin set entries = entries + $2 where id = $1");
    REMOVE_ORIGIN = Statement::same("delete from do_not_call_origin where id = $1");

    /// In the order of the table, so that neighbours are written together.
    ADD_ENTRIES = Statement {
        sqlite: "
            insert into do_not_call (entry, origin, expires_at_ms)
            select value ->> 0, $2, value ->> 1 from jsonb_each($1) where true
            on conflict (entry, origin) do nothing",
        postgres: "
            insert into do_not_call (entry, origin, expires_at_ms)
            select (value ->> 0)::bigint, $2, (value ->> 1)::bigint from jsonb_array_elements($1::jsonb) as v (value)
            on conflict (entry, origin) do nothing",
    };
    /// Entries of this origin that these hold longer than.
    LENGTHEN_ENTRIES = Statement {
        sqlite: "
            update do_not_call as d set expires_at_ms = n.value ->> 1 from jsonb_each($1) n
            where d.entry = n.value ->> 0 and d.origin = $2 and d.expires_at_ms is not null
                and (n.value ->> 1 is null or n.value ->> 1 > d.expires_at_ms)",
        postgres: "
            update do_not_call as d set expires_at_ms = (n.value ->> 1)::bigint
            from jsonb_array_elements($1::jsonb) as n (value)
            where d.entry = (n.value ->> 0)::bigint and d.origin = $2 and d.expires_at_ms is not null
                and (n.value ->> 1 is null or (n.value ->> 1)::bigint > d.expires_at_ms)",
    };
    /// Expired or not.
    ENTRIES_AMONG = Statement {
        sqlite: concat!(
            "select ", listed_columns!(), " from json_each($1) k cross join do_not_call d on d.entry = k.value
                cross join do_not_call_origin o on o.id = d.origin"
        ),
        postgres: concat!(
            "select ", listed_columns!(), " from do_not_call d join do_not_call_origin o on o.id = d.origin
            where d.entry in (select jsonb_array_elements_text($1::jsonb)::bigint)"
        ),
    };
    /// `$1` is pairs of entry and origin.
    REMOVE_ENTRIES = Statement {
        sqlite: "
            delete from do_not_call where (entry, origin) in (
                select value ->> 0, value ->> 1 from jsonb_each($1))",
        postgres: "
            delete from do_not_call where (entry, origin) in (
                select (value ->> 0)::bigint, (value ->> 1)::bigint
                from jsonb_array_elements($1::jsonb) as v (value))",
    };
    DO_NOT_CALL_COUNTS = Statement::same("
        select scope, scope_of, cast(sum(entries) as bigint) from do_not_call_origin group by scope, scope_of");
    EXPIRED_COUNTS = Statement::same("
        select o.scope, o.scope_of, cast(sum(d.entries) as bigint) from (
            select origin, count(*) as entries from do_not_call where expires_at_ms <= $1 group by origin) d
        join do_not_call_origin o on o.id = d.origin group by o.scope, o.scope_of");

    /// The last of the next `$2` keys after `$1`, whose ever they are: an undo walks the table, which has no other order.
    WALKED_TO = Statement::same("
        select max(entry) from (select entry from do_not_call where entry > $1 order by entry limit $2) w");
    REMOVE_WALKED = Statement::same("delete from do_not_call where entry > $1 and entry <= $2 and origin = $3");

    COUNT_EXPIRED_ENTRIES = Statement::same("select count(*) from do_not_call where expires_at_ms < $1");
    EXPIRED_ENTRIES = Statement::same("
        select entry, origin from do_not_call where expires_at_ms < $1 order by expires_at_ms limit $2");
    /// Of these, a JSON array, those of entries that were added by hand.
    REMOVE_ORIGINS_BY_HAND = Statement {
        sqlite: "
            delete from do_not_call_origin where import_batch is null and id in (select value from json_each($1))",
        postgres: "
            delete from do_not_call_origin
            where import_batch is null and id in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
}
