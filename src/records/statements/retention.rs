//! Finds and removes what is older than it may be. Binds nothing.
//!
//! `$1` is the time before which something goes; of the statements that take numbers, a JSON array of them.

use super::{Statement, statements};

/// What is open is not old, whenever it came; what was imported is over.
macro_rules! old_contacts {
    () => {
        "from interaction where person_erased_at_ms is null and arrived_at_ms < $1
            and (ended_at_ms < $1 or import_batch is not null)"
    };
}

macro_rules! old_work {
    () => {
        "from work where state = 'closed' and changed_at_ms < $1"
    };
}

statements! {
    OLD_CONTACTS = Statement::same(concat!(
        "select contact ", old_contacts!(), " order by arrived_at_ms, contact limit $2"
    ));
    COUNT_OLD_CONTACTS = Statement::same(concat!("select count(*) ", old_contacts!()));
    OLD_WORK = Statement::same(concat!("select id ", old_work!(), " order by changed_at_ms, id limit $2"));
    COUNT_OLD_WORK = Statement::same(concat!("select count(*) ", old_work!()));
    /// What was changed of it goes with it.
    DROP_WORK = Statement {
        sqlite: "delete from work where id in (select value from json_each($1))",
        postgres: "delete from work where id in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
    DROP_OLD_CHANGES = Statement::same("
        delete from customer_change where id in (
            select o.id from customer_change o where o.at_ms < $1 order by o.at_ms, o.id limit $2)");
    COUNT_OLD_CHANGES = Statement::same("select count(*) from customer_change where at_ms < $1");
    COUNT_OLD_AUDIT = Statement::same("select count(*) from audit where at_ms < $1");
}
