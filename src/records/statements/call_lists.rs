//! Call lists and their leads. Binds nothing.
//!
//! Leads go in by thousands: rows and numbers are JSON arrays, and what is known is asked for once a batch.

use super::{Statement, statements};

macro_rules! list_columns {
    () => {
        "id, name, settings, version, created_at_ms, created_by, changed_at_ms, changed_by"
    };
}

macro_rules! lead_columns {
    () => {
        "id, list, import_batch, added_at_ms, priority, attempts, name, language, zone, region, postcode, external_id,
            custom"
    };
}

/// Those of the numbers of `$1` that a lead has for which the rest holds. The lead is a question inside the question: joined,
/// SQLite goes through all leads of the list for each number.
macro_rules! known_numbers {
    ($rest:expr) => {
        Statement {
            sqlite: concat!(
                "select k.value from json_each($1) k where exists (
                    select 1 from lead_number n where n.value = k.value",
                $rest,
                ")"
            ),
            postgres: concat!(
                "select k.value from jsonb_array_elements_text($1::jsonb) k where exists (
                    select 1 from lead_number n where n.value = k.value",
                $rest,
                ")"
            ),
        }
    };
}

/// The same with the numbers of `$1`, in each database's words.
macro_rules! with_ids {
    ($before:expr, $after:expr) => {
        Statement {
            sqlite: concat!($before, "(select value from json_each($1))", $after),
            postgres: concat!($before, "(select jsonb_array_elements_text($1::jsonb)::bigint)", $after),
        }
    };
}

statements! {
    ADD_CALL_LIST = Statement::same("
        insert into call_list (name, campaign, expires_at_ms, settings, version, created_at_ms, created_by,
            changed_at_ms, changed_by)
        values ($1, $2, $3, $4, 1, $5, $6, $5, $6) on conflict (name) do nothing returning id");
    CALL_LIST = Statement::same(concat!("select ", list_columns!(), " from call_list where id = $1 and deleted_at_ms is null"));
    LOCK_CALL_LIST = Statement {
        sqlite: concat!("select ", list_columns!(), " from call_list where id = $1 and deleted_at_ms is null"),
        postgres: concat!(
            "select ", list_columns!(), " from call_list where id = $1 and deleted_at_ms is null for no key update"
        ),
    };
    CALL_LIST_NAMED = Statement::same(concat!(
        "select ", list_columns!(), " from call_list where name = $1 and deleted_at_ms is null"
    ));
    CALL_LISTS_AFTER = Statement::same(concat!(
        "select ", list_columns!(), " from call_list where name > $1 and deleted_at_ms is null order by name limit $2"
    ));
    CHANGE_CALL_LIST = Statement::same("
        update call_list set campaign = $2, expires_at_ms = $3, settings = $4, version = version + 1,
            changed_at_ms = $5, changed_by = $6
        where id = $1");
    /// A list that only has to be there, for a dry run.
    ADD_STAND_IN_LIST = Statement::same("
        insert into call_list (id, name, campaign, settings, version, created_at_ms, created_by, changed_at_ms,
            changed_by)
        values ($1, $2, $3, '{}', 1, 0, '', 0, '') on conflict (id) do nothing");
    /// Nobody else adds leads to it until the transaction ends. SQLite has one writer anyhow.
    LOCK_LIST_FOR_LEADS = Statement {
        sqlite: "select id from call_list where id = $1 and deleted_at_ms is null",
        postgres: "select id from call_list where id = $1 and deleted_at_ms is null for no key update",
    };
    /// Nobody else adds leads to any list.
    LOCK_LISTS_FOR_LEADS = Statement {
        sqlite: "select id from call_list where id = $1 and deleted_at_ms is null",
        postgres: "
            select id from call_list where $1::bigint is not null and deleted_at_ms is null order by id
            for no key update",
    };

    KNOWN_IN_FILE = known_numbers!(" and (select l.import_batch from lead l where l.id = n.lead) = $2");
    KNOWN_IN_LIST = known_numbers!(" and (select l.list from lead l where l.id = n.lead) = $2");
    KNOWN_IN_CAMPAIGN = known_numbers!("
        and (select c.campaign from call_list c where c.id = (select l.list from lead l where l.id = n.lead))
            = (select own.campaign from call_list own where own.id = $2)");
    KNOWN_ANYWHERE = known_numbers!("");
    /// Also those of the import `$3`, however long it took.
    KNOWN_SINCE = known_numbers!("
        and (select case when l.added_at_ms >= $2 or l.import_batch = $3 then 1 end from lead l where l.id = n.lead)
            is not null");

    /// The next `$1` numbers. Rows added with them push SQLite's own count on; only one transaction writes there.
    RESERVE_LEADS = Statement {
        sqlite: "
            with recursive place (no) as (select 1 union all select no + 1 from place where no < $1)
            select seq + no from place cross join sqlite_sequence where name = 'lead' order by no",
        postgres: "
            select nextval(pg_get_serial_sequence('lead', 'id'))::bigint as id
            from generate_series(1, $1) order by id",
    };
    ADD_LEADS = Statement {
        sqlite: "
            insert into lead (id, list, import_batch, added_at_ms, priority, attempts, name, language, zone, region,
                postcode, external_id, custom)
            select value ->> 'id', $2, $3, $4, value ->> 'priority', 0, value ->> 'name', value ->> 'language',
                value ->> 'zone', value ->> 'region', value ->> 'postcode', value ->> 'external_id',
                value ->> 'custom'
            from jsonb_each($1)",
        postgres: "
            insert into lead (id, list, import_batch, added_at_ms, priority, attempts, name, language, zone, region,
                postcode, external_id, custom)
            select id, $2, $3, $4, priority, 0, name, language, zone, region, postcode, external_id, custom
            from jsonb_to_recordset($1::jsonb) as r (id bigint, priority bigint, name text, language text,
                zone text, region text, postcode text, external_id text, custom text)",
    };
    ADD_LEAD_NUMBERS = Statement {
        sqlite: "
            insert into lead_number (lead, place, value, extension, label, consent, consent_kind, consent_at_ms,
                consent_source)
            select value ->> 'lead', value ->> 'place', value ->> 'value', value ->> 'extension', value ->> 'label',
                value ->> 'consent', value ->> 'consent_kind', value ->> 'consent_at_ms', value ->> 'consent_source'
            from jsonb_each($1)",
        postgres: "
            insert into lead_number (lead, place, value, extension, label, consent, consent_kind, consent_at_ms,
                consent_source)
            select lead, place, value, extension, label, consent, consent_kind, consent_at_ms, consent_source
            from jsonb_to_recordset($1::jsonb) as r (lead bigint, place bigint, value text, extension text,
                label text, consent text, consent_kind text, consent_at_ms bigint, consent_source text)",
    };

    LEAD = Statement::same(concat!("select ", lead_columns!(), " from lead where id = $1"));
    LEADS_OF_IMPORT = Statement::same(concat!("select ", lead_columns!(), "
        from lead where list = $1 and import_batch = $2 and id > $3 order by id limit $4"));
    NUMBERS_OF_LEADS = with_ids!("
        select lead, value, extension, label, consent, consent_kind, consent_at_ms, consent_source
        from lead_number where lead in ", " order by lead, place");
    /// None of a lead that is over.
    LEAD_TO_CALL = Statement::same("
        select c.settings, l.zone, l.region, l.postcode, n.consent
        from lead l join lead_number n on n.lead = l.id and n.value = $2 join call_list c on c.id = l.list
        where l.id = $1 and l.ended is null");
    COUNT_LEADS = Statement::same("select count(*) from lead where list = $1");
    /// With what has come of each since.
    IMPORTED_LEADS = Statement {
        sqlite: "
            select id, attempts from lead where list = $1 and import_batch = $2 and id > $3 order by id limit $4",
        postgres: "
            select id, attempts from lead where list = $1 and import_batch = $2 and id > $3 order by id limit $4
            for update",
    };
    /// Their numbers go with them.
    REMOVE_LEADS = with_ids!("delete from lead where id in ", "");

    /// Of lists that expired before `$1`, or were deleted before.
    COUNT_EXPIRED_LEADS = Statement::same("
        select count(*) from call_list c join lead l on l.list = c.id
        where c.expires_at_ms < $1 or c.deleted_at_ms < $1");
    DROP_EXPIRED_LEADS = Statement::same("
        delete from lead where id in (
            select l.id from call_list c join lead l on l.list = c.id
            where c.expires_at_ms < $1 or c.deleted_at_ms < $1 limit $2)");

    /// Who has a number of this person that no other customer has. `$1` is the customers.
    LEADS_OF_PERSON = Statement {
        sqlite: "
            select distinct n.lead from customer_address a cross join lead_number n on n.value = a.value
            where a.kind = 'phone' and a.customer in (select value from json_each($1)) and not exists (
                select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select value from json_each($1)))",
        postgres: "
            select distinct n.lead from customer_address a join lead_number n on n.value = a.value
            where a.kind = 'phone' and a.customer in (select jsonb_array_elements_text($1::jsonb)::bigint)
            and not exists (
                select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select jsonb_array_elements_text($1::jsonb)::bigint))",
    };
    /// Those that have the number, the first that came first.
    LEADS_KNOWN_AT = Statement::same("
        select l.id, l.list, c.campaign, l.added_at_ms
        from lead_number n join lead l on l.id = n.lead join call_list c on c.id = l.list
        where n.value = $1 order by l.id");
    LEADS_AT = Statement::same("select lead from lead_number where value = $1");
    /// Names and numbers; whether the number is not to be called.
    WHO_LEADS_ARE = with_ids!("
        select l.name, n.value, case when n.consent = 'no' then cast(1 as bigint) else cast(0 as bigint) end
        from lead l join lead_number n on n.lead = l.id where l.id in ", "");
}
