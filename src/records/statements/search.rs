//! What the screen pop and the search ask of many customers at once. Binds nothing.

use super::{Statement, statements};

/// The last agent who talked to customer `k.id`, of his latest contacts: further back nobody is missed.
macro_rules! last_agent {
    () => {
        "(select s.agent from
            (select contact, arrived_at_ms from interaction where customer = k.id
                order by arrived_at_ms desc, contact desc limit 20) i
            join interaction_segment s on s.contact = i.contact
            where s.connected_at_ms is not null order by i.arrived_at_ms desc, i.contact desc, s.segment desc limit 1)"
    };
}

macro_rules! details {
    ($tags:literal, $ids:literal) => {
        concat!(
            "select k.id, (select min(a.id) from customer_address a where a.customer = k.id) as main_address,
            (select count(*) from work w where w.customer = k.id and w.state <> 'closed') as open_work, ",
            last_agent!(),
            " as last_agent, ",
            $tags,
            " as tags from ",
            $ids
        )
    };
}

macro_rules! found {
    ($names:literal, $ids:literal) => {
        concat!(
            "select c.id, c.name, c.tier, c.language,
            (select max(i.arrived_at_ms) from interaction i where i.customer = c.id) as last_contact_at_ms, ",
            $names,
            " as names from ",
            $ids,
            " join customer c on c.id = k.id where c.merged_into is null"
        )
    };
}

statements! {
    DETAILS_OF_MATCHES = Statement {
        sqlite: details!(
            "(select json_group_array(tag) from
                (select distinct tag from customer_tag t where t.customer = k.id order by tag))",
            "(select value as id from json_each($1)) k"
        ),
        postgres: details!(
            "(select coalesce(jsonb_agg(tag order by tag), '[]')::text from
                (select distinct tag from customer_tag t where t.customer = k.id) t)",
            "(select jsonb_array_elements_text($1::jsonb)::bigint as id) k"
        ),
    };

    /// How often a term of a name occurs, counted no further than `$2`.
    NAME_TERM_COUNT = Statement::same("
        select count(*) from (select 1 from name_term where term = $1 limit $2) t");
    /// Customers with a term from `$1` to `$2` and all of `$3`, in the order of the terms; at most `$4` rows of the
    /// range are looked at. Nothing sorts outside, so that the walk ends with the last that is wanted.
    CUSTOMERS_BEGINNING_SO = Statement {
        sqlite: "
            select t.customer from
                (select customer from name_term where term >= $1 and term <= $2 order by term, customer limit $4) t
            where not exists (select 1 from json_each($3) o where not exists (
                select 1 from name_term x where x.term = o.value and x.customer = t.customer))
            limit $5",
        postgres: "
            select t.customer from
                (select customer from name_term where term >= $1 and term <= $2 order by term, customer limit $4) t
            where not exists (select 1 from jsonb_array_elements_text($3::jsonb) o (value) where not exists (
                select 1 from name_term x where x.term = o.value and x.customer = t.customer))
            limit $5",
    };
    /// Customers after `$2` up to `$3` with term `$1` and all of `$4`.
    CUSTOMERS_WITH_NAME_TERMS = Statement {
        sqlite: "
            select t.customer from name_term t where t.term = $1 and t.customer > $2 and t.customer <= $3
            and not exists (select 1 from json_each($4) o where not exists (
                select 1 from name_term x where x.term = o.value and x.customer = t.customer))
            order by t.customer limit $5",
        postgres: "
            select t.customer from name_term t where t.term = $1 and t.customer > $2 and t.customer <= $3
            and not exists (select 1 from jsonb_array_elements_text($4::jsonb) o (value) where not exists (
                select 1 from name_term x where x.term = o.value and x.customer = t.customer))
            order by t.customer limit $5",
    };
    /// How far a walk of `$3` rows of term `$1` from customer `$2` on comes; none when there are not so many.
    NAME_TERM_WALKED_TO = Statement::same("
        select customer from name_term where term = $1 and customer > $2 order by customer limit 1 offset $3");
    /// Up to which customer the terms of names were made; no row: of all.
    NAME_TERMS_BEING_MADE = Statement::same("select up_to_customer from name_terms_being_made");
    /// The same. Who has it makes the next.
    LOCK_NAME_TERMS_BEING_MADE = Statement {
        sqlite: "select up_to_customer from name_terms_being_made",
        postgres: "select up_to_customer from name_terms_being_made for update",
    };
    NAME_TERMS_MADE_UP_TO = Statement::same("update name_terms_being_made set up_to_customer = $1");
    ALL_NAME_TERMS_MADE = Statement::same("delete from name_terms_being_made");
    NOTE_TERM_COUNT = Statement::same("
        select count(*) from (select 1 from note_term where term >= $1 and term <= $2 limit $3) t");
    /// The newest notes with term `$1` and all of `$2`; at most `$3` of the first term's are looked at.
    NOTES_WITH_TERM = Statement {
        sqlite: "
            select n.id, n.customer, n.body, n.at_ms from
                (select note from note_term where term = $1 order by note desc limit $3) t
            join note n on n.id = t.note
            where n.customer is not null and not exists (select 1 from json_each($2) o where not exists (
                select 1 from note_term x where x.term = o.value and x.note = t.note))
            order by n.id desc limit $4",
        postgres: "
            select n.id, n.customer, n.body, n.at_ms from
                (select note from note_term where term = $1 order by note desc limit $3) t
            join note n on n.id = t.note
            where n.customer is not null and not exists (
                select 1 from jsonb_array_elements_text($2::jsonb) o (value) where not exists (
                    select 1 from note_term x where x.term = o.value and x.note = t.note))
            order by n.id desc limit $4",
    };
    /// The newest notes with a term from `$1` to `$2` and all of `$3`, of the first `$4` rows there are.
    NOTES_BEGINNING_SO = Statement {
        sqlite: "
            select n.id, n.customer, n.body, n.at_ms from
                (select distinct note from
                    (select note from note_term where term >= $1 and term <= $2 limit $4) r
                where not exists (select 1 from json_each($3) o where not exists (
                    select 1 from note_term x where x.term = o.value and x.note = r.note))
                order by note desc limit $5) t
            join note n on n.id = t.note where n.customer is not null order by n.id desc",
        postgres: "
            select n.id, n.customer, n.body, n.at_ms from
                (select distinct note from
                    (select note from note_term where term >= $1 and term <= $2 limit $4) r
                where not exists (select 1 from jsonb_array_elements_text($3::jsonb) o (value) where not exists (
                    select 1 from note_term x where x.term = o.value and x.note = r.note))
                order by note desc limit $5) t
            join note n on n.id = t.note where n.customer is not null order by n.id desc",
    };
    /// What a found customer is shown by, with all that it is called.
    FOUND_CUSTOMERS = Statement {
        sqlite: found!(
            "(select json_group_array(name) from (
                select m.name from customer m where m.merged_into = c.id
                union all select n.name from customer_name n where n.customer = c.id))",
            "(select value as id from json_each($1)) k"
        ),
        postgres: found!(
            "(select coalesce(jsonb_agg(name), '[]')::text from (
                select m.name from customer m where m.merged_into = c.id
                union all select n.name from customer_name n where n.customer = c.id) a)",
            "(select jsonb_array_elements_text($1::jsonb)::bigint as id) k"
        ),
    };
}
