//! Customers, their addresses, names and tags. Binds nothing.

use super::{Statement, statements};

/// Every column of `customer c`; a customer is not to be contacted when one that was merged into it is not.
macro_rules! customer_columns {
    () => {
        "c.id, c.name, c.language, c.tier, c.owner,
        case when c.do_not_contact = 1 or exists (
            select 1 from customer m where m.merged_into = c.id and m.do_not_contact = 1
        ) then cast(1 as bigint) else cast(0 as bigint) end as do_not_contact,
        c.custom, c.version, c.created_at_ms, c.created_by, c.changed_at_ms, c.changed_by, c.merged_into"
    };
}

macro_rules! matching {
    ($keys:literal, $join:literal) => {
        concat!(
            "select ",
            customer_columns!(),
            ", a.id as address, a.kind, a.value, a.extension, a.consent,
            (select max(i.arrived_at_ms) from interaction i where i.customer = c.id) as last_contact_at_ms
            from ",
            $keys,
            $join,
            " customer_address a on a.kind = k.kind and a.value = k.value ",
            $join,
            " customer c on c.id = a.customer
            where c.merged_into is null order by a.id limit $2"
        )
    };
}

statements! {
    CUSTOMER = Statement::same(concat!("select ", customer_columns!(), " from customer c where c.id = $1"));
    /// Nobody else changes the customer until the transaction ends; SQLite has one writer anyway.
    LOCK_CUSTOMER = Statement {
        sqlite: concat!("select ", customer_columns!(), " from customer c where c.id = $1"),
        postgres: concat!("select ", customer_columns!(), " from customer c where c.id = $1 for no key update of c"),
    };
    CHANGE_CUSTOMER = Statement::same("
        update customer set name = $2, language = $3, tier = $4, owner = $5, do_not_contact = $6, custom = $7
        where id = $1");
    TOUCH_CUSTOMER = Statement::same("
        update customer set version = version + 1, changed_at_ms = $2, changed_by = $3 where id = $1");
    ALLOW_CONTACT_OF_MERGED = Statement::same("update customer set do_not_contact = 0 where merged_into = $1");

    /// In the order the addresses were added: which is the likeliest is not decided here.
    MATCHES = Statement {
        // A cross join keeps its order: the few keys first, then a look-up for each.
        sqlite: matching!(
            "(select value ->> 'kind' as kind, value ->> 'value' as value from jsonb_each($1)) k",
            " cross join"
        ),
        postgres: matching!("jsonb_to_recordset($1::jsonb) as k (kind text, value text)", " join"),
    };

    /// At the number `$1`, and of the customer `$2` or the one that he is part of now.
    CONSENTS_AT = Statement::same("
        select a.consent, c.do_not_contact from customer_address a join customer c on c.id = a.customer
            where a.kind = 'phone' and a.value = $1
        union all select 'unknown', k.do_not_contact from customer c
            join customer k on k.id = coalesce(c.merged_into, c.id) where c.id = $2");
    /// The numbers of all who have one of these addresses, for the next page from `$2` on.
    CUSTOMERS_AT_AFTER = Statement {
        sqlite: "
            select distinct c.id from
                (select value ->> 'kind' as kind, value ->> 'value' as value from jsonb_each($1)) k
                cross join customer_address a on a.kind = k.kind and a.value = k.value
                cross join customer c on c.id = a.customer
            where c.merged_into is null and c.id > $2 order by c.id limit $3",
        postgres: "
            select distinct c.id from jsonb_to_recordset($1::jsonb) as k (kind text, value text)
                join customer_address a on a.kind = k.kind and a.value = k.value
                join customer c on c.id = a.customer
            where c.merged_into is null and c.id > $2 order by c.id limit $3",
    };

    ADDRESSES = Statement::same("
        select id, kind, value, extension, shown, label, consent, consent_at_ms, consent_by
        from customer_address where customer = $1 order by id");
    ADD_ADDRESS = Statement::same("
        insert into customer_address
            (customer, kind, value, extension, shown, label, consent, consent_at_ms, consent_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id");
    SAME_ADDRESSES = Statement::same("
        select id, kind, value, extension, shown, label, consent, consent_at_ms, consent_by
        from customer_address
        where customer = $1 and kind = $2 and value = $3 and extension is not distinct from $4 order by id");
    REMOVE_ADDRESSES = Statement::same("
        delete from customer_address
        where customer = $1 and kind = $2 and value = $3 and extension is not distinct from $4");
    SET_CONSENT = Statement::same("
        update customer_address set consent = $5, consent_at_ms = $6, consent_by = $7
        where customer = $1 and kind = $2 and value = $3 and extension is not distinct from $4");

    SET_LABEL = Statement::same("
        update customer_address set label = $5
        where customer = $1 and kind = $2 and value = $3 and extension is not distinct from $4");

    NAMES = Statement::same("select id, kind, name from customer_name where customer = $1 order by id");
    ADD_NAME = Statement::same("insert into customer_name (customer, kind, name) values ($1, $2, $3) returning id");
    REMOVE_NAME = Statement::same("delete from customer_name where customer = $1 and id = $2 returning name");
    /// All that the customer is called, those merged into it too.
    NAME_TEXTS = Statement::same("
        select name from customer where id = $1 or merged_into = $1
        union all select name from customer_name where customer = $1");
    MERGED_CUSTOMERS = Statement::same("select id, name from customer where merged_into = $1 order by id");

    /// Not those that are part of another one now.
    CUSTOMERS_AFTER = Statement::same("
        select id from customer where id > $1 and merged_into is null order by id limit $2");
    CUSTOMERS_OF = Statement {
        sqlite: concat!(
            "select ",
            customer_columns!(),
            " from customer c where c.id in (select value from json_each($1)) order by c.id"
        ),
        postgres: concat!(
            "select ",
            customer_columns!(),
            " from customer c where c.id in (select jsonb_array_elements_text($1::jsonb)::bigint) order by c.id"
        ),
    };
    ADDRESSES_OF_CUSTOMERS = Statement {
        sqlite: "
            select customer, id, kind, value, extension, shown, label, consent, consent_at_ms, consent_by
            from customer_address where customer in (select value from json_each($1)) order by customer, id",
        postgres: "
            select customer, id, kind, value, extension, shown, label, consent, consent_at_ms, consent_by
            from customer_address where customer in (select jsonb_array_elements_text($1::jsonb)::bigint)
            order by customer, id",
    };
    NAMES_OF_CUSTOMERS = Statement {
        sqlite: "
            select customer, id, kind, name from customer_name
            where customer in (select value from json_each($1)) order by customer, id",
        postgres: "
            select customer, id, kind, name from customer_name
            where customer in (select jsonb_array_elements_text($1::jsonb)::bigint) order by customer, id",
    };
    TAGS_OF_CUSTOMERS = Statement {
        sqlite: "
            select distinct customer, tag from customer_tag
            where customer in (select value from json_each($1)) order by customer, tag",
        postgres: "
            select distinct customer, tag from customer_tag
            where customer in (select jsonb_array_elements_text($1::jsonb)::bigint) order by customer, tag",
    };
    MERGED_INTO_CUSTOMERS = Statement {
        sqlite: "
            select merged_into, id, name from customer
            where merged_into in (select value from json_each($1)) order by merged_into, id",
        postgres: "
            select merged_into, id, name from customer
            where merged_into in (select jsonb_array_elements_text($1::jsonb)::bigint) order by merged_into, id",
    };
    /// Nobody else holds this text until the transaction ends; SQLite has one writer anyway.
    HOLD_TEXT = Statement {
        sqlite: "select cast(1 as bigint) as held where $1 is not null",
        postgres: "select cast(1 as bigint) as held from (select pg_advisory_xact_lock(hashtextextended($1, 0))) t",
    };

    TAGS = Statement::same("select distinct tag from customer_tag where customer = $1 order by tag");
    ADD_TAG = Statement::same("insert into customer_tag (customer, tag, origin) values ($1, $2, $1)");
    REMOVE_TAG = Statement::same("delete from customer_tag where customer = $1 and tag = $2");

    CHANGES_OF_CUSTOMER = Statement::same("
        select id, work, contact, field, value_before, value_after, at_ms, made_by from customer_change
        where customer = $1 and id < $2 order by id desc limit $3");
    CHANGES_OF_WORK = Statement::same("
        select id, work, contact, field, value_before, value_after, at_ms, made_by from customer_change
        where work = $1 order by id desc limit $2");
    CHANGES_OF_CONTACT = Statement::same("
        select id, work, contact, field, value_before, value_after, at_ms, made_by from customer_change
        where contact = $1 order by id desc limit $2");
}
