//! Every column of every row about one person, by the numbers of customers, contacts, work, notes or leads. Binds nothing.

use super::{Statement, statements};

/// Whole rows of a table whose column is among the numbers of `$1`.
macro_rules! rows_of {
    ($table:literal, $column:literal) => {
        Statement {
            sqlite: concat!(
                "select t.* from ",
                $table,
                " t where t.",
                $column,
                " in (select value from json_each($1)) order by 1, 2"
            ),
            postgres: concat!(
                "select t.* from ",
                $table,
                " t where t.",
                $column,
                " in (select jsonb_array_elements_text($1::jsonb)::bigint) order by 1, 2"
            ),
        }
    };
}

statements! {
    PERSON_CUSTOMERS = rows_of!("customer", "id");
    PERSON_TAGS = rows_of!("customer_tag", "customer");
    PERSON_ADDRESSES = rows_of!("customer_address", "customer");
    PERSON_NAMES = rows_of!("customer_name", "customer");
    PERSON_INTERACTIONS = rows_of!("interaction", "contact");
    PERSON_VISITS = rows_of!("interaction_visit", "contact");
    PERSON_SEGMENTS = rows_of!("interaction_segment", "contact");
    PERSON_WORK = rows_of!("work", "id");
    PERSON_MESSAGES = rows_of!("message", "contact");
    PERSON_DRAFTS = rows_of!("note_draft", "contact");
    PERSON_RECORDINGS = rows_of!("recording", "contact");
    PERSON_NOTES = rows_of!("note", "id");
    PERSON_LEADS = rows_of!("lead", "id");
    PERSON_LEAD_NUMBERS = rows_of!("lead_number", "lead");
    PERSON_ATTEMPTS = rows_of!("attempt", "id");
    /// Entries for numbers of the person, with where they are from.
    PERSON_DO_NOT_CALL = Statement {
        sqlite: "
            select d.entry, d.expires_at_ms, o.* from customer_address a
            cross join do_not_call d on d.entry = cast(substr(a.value, 2) as integer)
            cross join do_not_call_origin o on o.id = d.origin
            where a.kind = 'phone' and a.value like '+%' and a.customer in (select value from json_each($1))
            order by 1, 3",
        postgres: "
            select d.entry, d.expires_at_ms, o.* from customer_address a
            join do_not_call d on d.entry = cast(substr(a.value, 2) as bigint)
            join do_not_call_origin o on o.id = d.origin
            where a.kind = 'phone' and a.value like '+%'
            and a.customer in (select jsonb_array_elements_text($1::jsonb)::bigint) order by 1, 3",
    };
    PERSON_MERGES = Statement {
        sqlite: "
            select * from customer_merge where kept in (select value from json_each($1)) union
            select * from customer_merge where merged in (select value from json_each($1)) order by 1",
        postgres: "
            select * from customer_merge where kept in (select jsonb_array_elements_text($1::jsonb)::bigint) union
            select * from customer_merge where merged in (select jsonb_array_elements_text($1::jsonb)::bigint)
            order by 1",
    };
    PERSON_CHANGES = Statement {
        sqlite: "
            select * from customer_change where customer in (select value from json_each($1)) union
            select * from customer_change where contact in (select value from json_each($2)) union
            select * from customer_change where work in (select value from json_each($3)) order by 1",
        postgres: "
            select * from customer_change where customer in (select jsonb_array_elements_text($1::jsonb)::bigint)
            union
            select * from customer_change where contact in (select jsonb_array_elements_text($2::jsonb)::bigint)
            union
            select * from customer_change where work in (select jsonb_array_elements_text($3::jsonb)::bigint)
            order by 1",
    };
    PERSON_AUDIT = Statement {
        sqlite: "
            select * from audit where no in
                (select audit from audit_customer where customer in (select value from json_each($1))) order by no",
        postgres: "
            select * from audit where no in (select audit from audit_customer
                where customer in (select jsonb_array_elements_text($1::jsonb)::bigint)) order by no",
    };
}
