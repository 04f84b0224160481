//! Finds and removes all that is held about one person. Binds nothing.
//!
//! `$1` is the customers, the erased one and those merged into it, as a JSON array; of contacts likewise.

use super::{Statement, statements};

/// The same with the numbers of `$1`, or of `$2`, in each database's words.
macro_rules! with_ids {
    ($before:expr, $array:literal, $after:expr) => {
        Statement {
            sqlite: concat!($before, "(select value from json_each(", $array, "))", $after),
            postgres: concat!($before, "(select jsonb_array_elements_text(", $array, "::jsonb)::bigint)", $after),
        }
    };
}

statements! {
    NAMES_OF_PERSON = Statement {
        sqlite: "
            select id, name from customer where id in (select value from json_each($1))
            union all select customer, name from customer_name where customer in (select value from json_each($1))",
        postgres: "
            select id, name from customer where id in (select jsonb_array_elements_text($1::jsonb)::bigint)
            union all select customer, name from customer_name
            where customer in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
    /// Whether it is not to be contacted there: by the address's consent, or by the customer's own wish.
    ADDRESSES_OF_PERSON = with_ids!(
        "select a.kind, a.value, case when a.consent = 'no' or exists (
            select 1 from customer c where c.do_not_contact = 1 and (c.id = a.customer or c.merged_into = a.customer)
        ) then cast(1 as bigint) else cast(0 as bigint) end from customer_address a where a.customer in ", "$1", ""
    );
    /// Of these addresses, JSON objects, those that somebody else has.
    ADDRESSES_OF_OTHERS = Statement {
        sqlite: "
            select distinct a.kind, a.value from json_each($1) k cross join customer_address a
                on a.kind = k.value ->> 'kind' and a.value = k.value ->> 'value'
            where a.customer not in (select value from json_each($2))",
        postgres: "
            select distinct a.kind, a.value from jsonb_to_recordset($1::jsonb) as k (kind text, value text)
            join customer_address a on a.kind = k.kind and a.value = k.value
            where a.customer not in (select jsonb_array_elements_text($2::jsonb)::bigint)",
    };
    /// Contacts of strangers from or to addresses of this person that nobody else has.
    STRANGERS_FROM = Statement {
        sqlite: "
            select i.contact from customer_address a
            cross join interaction i on i.from_kind = a.kind and i.from_value = a.value and i.customer is null
                and i.from_value is not null
            where a.customer in (select value from json_each($1)) and not exists (
                select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select value from json_each($1)))",
        postgres: "
            select i.contact from customer_address a
            join interaction i on i.from_kind = a.kind and i.from_value = a.value and i.customer is null
                and i.from_value is not null
            where a.customer in (select jsonb_array_elements_text($1::jsonb)::bigint) and not exists (
                select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select jsonb_array_elements_text($1::jsonb)::bigint))",
    };
    STRANGERS_TO = Statement {
        sqlite: "
            select i.contact from customer_address a
            cross join interaction i on i.to_kind = a.kind and i.to_value = a.value and i.customer is null
                and i.to_value is not null
            where a.customer in (select value from json_each($1)) and not exists (
                select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select value from json_each($1)))",
        postgres: "
            select i.contact from customer_address a
            join interaction i on i.to_kind = a.kind and i.to_value = a.value and i.customer is null
                and i.to_value is not null
            where a.customer in (select jsonb_array_elements_text($1::jsonb)::bigint) and not exists (
                select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select jsonb_array_elements_text($1::jsonb)::bigint))",
    };
    CONTACTS_OF_PERSON = with_ids!("select contact from interaction where customer in ", "$1", "");
    /// Contacts that work of this person became, and those of notes whose interaction is not written yet.
    CONTACTS_OF_WORK = with_ids!(
        "select task_contact from work where task_contact is not null and customer in ", "$1", ""
    );
    CONTACTS_OF_NOTES = with_ids!("select contact from note where contact is not null and customer in ", "$1", "");
    WORK_OF_PERSON = with_ids!("select id from work where customer in ", "$1", "");
    /// Recordings and transcripts lie elsewhere: whoever erases must be told of them.
    REFERENCES_OF_CONTACTS = with_ids!(
        "select recording, transcript from interaction
        where (recording is not null or transcript is not null) and contact in ", "$1", ""
    );
    NOTES_OF_CUSTOMERS = with_ids!("select id, body from note where customer in ", "$1", "");
    NOTES_OF_CONTACTS = with_ids!("select id, body from note where contact in ", "$1", "");
    NOTES_OF_WORKS = with_ids!("select id, body from note where work in ", "$1", "");
    DROP_NOTE_TERMS = Statement {
        sqlite: "
            delete from note_term where (term, note) in (
                select term.value, subject.value ->> 'subject'
                from jsonb_each($1) subject, jsonb_each(subject.value, '$.terms') term)",
        postgres: "
            delete from note_term where (term, note) in (
                select term, subject
                from jsonb_to_recordset($1::jsonb) as r (subject bigint, terms jsonb),
                    jsonb_array_elements_text(terms) term)",
    };
    DROP_NOTES = with_ids!("delete from note where id in ", "$1", "");
    DROP_MESSAGES_OF_CONTACTS = with_ids!("delete from message where contact in ", "$1", "");
    DROP_DRAFTS_OF_CONTACTS = with_ids!("delete from note_draft where contact in ", "$1", "");
    DROP_CHANGES_OF_CONTACTS = with_ids!("delete from customer_change where contact in ", "$1", "");
    DROP_CHANGES_OF_WORK = with_ids!("delete from customer_change where work in ", "$1", "");
    /// Work without its person says only that there was some; nobody can go on with it.
    STRIP_WORK = with_ids!(
        "update work set customer = null, title = '', body = '', escalation_reason = null, state = 'closed',
            outcome = '', version = version + 1, changed_at_ms = $2, changed_by = $3 where id in ", "$1", ""
    );
    /// Times, queues, agents, dispositions and scores stay: they are counted.
    STRIP_INTERACTIONS = with_ids!(
        "update interaction set customer = null, recording = null, transcript = null, external_id = null,
            person_erased_at_ms = $2,
            from_kind = case when direction = 'outbound' then from_kind end,
            from_value = case when direction = 'outbound' then from_value end,
            to_kind = case when direction = 'inbound' then to_kind end,
            to_value = case when direction = 'inbound' then to_value end
        where contact in ", "$1", ""
    );
    DROP_CUSTOMERS = with_ids!("delete from customer where id in ", "$1", "");
    ADD_ERASURE = Statement::same("
        insert into erasure (customer, erased_at_ms, erased_by, contacts) values ($1, $2, $3, $4) returning id");
    PENDING_ERASURES = Statement::same("
        select id, contacts from erasure where contacts is not null order by id limit $1");
    FINISH_ERASURE = Statement::same("update erasure set contacts = null where id = $1");
    ERASURES_AFTER = Statement::same("select id, customer from erasure where id > $1 order by id limit $2");
    LAST_ERASURE = Statement::same("select coalesce(max(id), 0) from erasure");

    SITE_KEY = Statement::same("select key_hash from site_key where id = 1");
    SET_SITE_KEY = Statement::same("
        insert into site_key (id, key_hash) values (1, $1) on conflict (id) do nothing");
    ADD_DO_NOT_CONTACT = Statement {
        sqlite: "
            insert into do_not_contact (address_hash, noted_at_ms) select value, $2 from json_each($1) where true
            on conflict (address_hash) do nothing",
        postgres: "
            insert into do_not_contact (address_hash, noted_at_ms)
            select value, $2 from jsonb_array_elements_text($1::jsonb) as v (value)
            on conflict (address_hash) do nothing",
    };
    /// Under which key the hashes are, and whether there are any of either kind.
    HASHES_KEPT = Statement::same("
        select (select key_hash from site_key where id = 1),
            case when exists (select 1 from do_not_contact) then cast(1 as bigint) else cast(0 as bigint) end,
            case when exists (select 1 from erased_address) then cast(1 as bigint) else cast(0 as bigint) end");
    ADD_ERASED_ADDRESSES = Statement {
        sqlite: "
            insert into erased_address (address_hash, erased_at_ms) select value, $2 from json_each($1) where true
            on conflict (address_hash) do update set erased_at_ms = excluded.erased_at_ms",
        postgres: "
            insert into erased_address (address_hash, erased_at_ms)
            select value, $2 from jsonb_array_elements_text($1::jsonb) as v (value)
            on conflict (address_hash) do update set erased_at_ms = excluded.erased_at_ms",
    };
    ERASED_AMONG = Statement {
        sqlite: "
            select address_hash, erased_at_ms from erased_address
            where address_hash in (select value from json_each($1))",
        postgres: "
            select address_hash, erased_at_ms from erased_address
            where address_hash in (select jsonb_array_elements_text($1::jsonb))",
    };
    DO_NOT_CONTACT_AMONG = Statement {
        sqlite: "
            select address_hash from do_not_contact where address_hash in (select value from json_each($1))",
        postgres: "
            select address_hash from do_not_contact
            where address_hash in (select jsonb_array_elements_text($1::jsonb))",
    };
}
