//! What a merge moves, and moves back. Binds nothing.

use super::{Statement, statements};

/// All that `$2` has goes to `$1`.
macro_rules! moved {
    ($table:literal, $key:literal) => {
        Statement::same(concat!("update ", $table, " set customer = $1 where customer = $2 returning ", $key))
    };
}

/// Of the keys in `$3`, what `$2` still has goes back to `$1`.
macro_rules! moved_back {
    ($table:literal, $key:literal) => {
        Statement {
            sqlite: concat!(
                "update ",
                $table,
                " set customer = $1 where customer = $2 and ",
                $key,
                " in (select value from json_each($3))"
            ),
            postgres: concat!(
                "update ",
                $table,
                " set customer = $1 where customer = $2 and ",
                $key,
                " in (select jsonb_array_elements_text($3::jsonb)::bigint)"
            ),
        }
    };
}

statements! {
    SET_MERGED_INTO = Statement::same("update customer set merged_into = $2 where id = $1");
    MOVE_MERGED = Statement::same("update customer set merged_into = $1 where merged_into = $2 returning id");
    MOVE_ADDRESSES = moved!("customer_address", "id");
    MOVE_NAMES = moved!("customer_name", "id");
    MOVE_INTERACTIONS = moved!("interaction", "contact");
    MOVE_WORK = moved!("work", "id");
    MOVE_NOTES = moved!("note", "id");
    MOVE_CHANGES = moved!("customer_change", "id");
    MOVE_TAGS = Statement::same("update customer_tag set customer = $1 where customer = $2 returning tag, origin");

    MOVE_MERGED_BACK = Statement {
        sqlite: "
            update customer set merged_into = $1
            where merged_into = $2 and id in (select value from json_each($3))",
        postgres: "
            update customer set merged_into = $1
            where merged_into = $2 and id in (select jsonb_array_elements_text($3::jsonb)::bigint)",
    };
    MOVE_ADDRESSES_BACK = moved_back!("customer_address", "id");
    MOVE_NAMES_BACK = moved_back!("customer_name", "id");
    MOVE_INTERACTIONS_BACK = moved_back!("interaction", "contact");
    MOVE_WORK_BACK = moved_back!("work", "id");
    MOVE_NOTES_BACK = moved_back!("note", "id");
    MOVE_CHANGES_BACK = moved_back!("customer_change", "id");
    MOVE_TAGS_BACK = Statement {
        sqlite: "
            update customer_tag set customer = $1
            where customer = $2 and (tag, origin) in
                (select value ->> 'tag', value ->> 'origin' from json_each($3))",
        postgres: "
            update customer_tag set customer = $1
            where customer = $2 and (tag, origin) in
                (select tag, origin from jsonb_to_recordset($3::jsonb) as r (tag text, origin bigint))",
    };

    ADD_MERGE = Statement::same("
        insert into customer_merge (kept, merged, moved, merged_at_ms, merged_by) values ($1, $2, $3, $4, $5)
        returning id");
    LOCK_MERGE = Statement {
        sqlite: "select kept, merged, moved, undone_at_ms from customer_merge where id = $1",
        postgres: "select kept, merged, moved, undone_at_ms from customer_merge where id = $1 for update",
    };
    UNDO_MERGE = Statement::same("update customer_merge set undone_at_ms = $2, undone_by = $3 where id = $1");
    MERGE = Statement::same("
        select id, kept, merged, merged_at_ms, merged_by, undone_at_ms, undone_by from customer_merge where id = $1");
    MERGES_OF_CUSTOMER = Statement::same("
        select id, kept, merged, merged_at_ms, merged_by, undone_at_ms, undone_by from customer_merge
        where kept = $1 union
        select id, kept, merged, merged_at_ms, merged_by, undone_at_ms, undone_by from customer_merge
        where merged = $1 order by id desc limit $2");
}
