//! The audit: added to at the end, read, taken from the front. Binds nothing.

use super::{Statement, statements};

macro_rules! audit_columns {
    () => {
        "a.no, a.at_ms, a.made_by, a.act, a.subjects, a.detail, a.hash"
    };
}

statements! {
    CHAIN = Statement::same("select last_no, last_hash, pruned_no, pruned_hash from audit_chain where id = 1");
    LOCK_CHAIN = Statement {
        sqlite: "select last_no, last_hash, pruned_no, pruned_hash from audit_chain where id = 1",
        postgres: "select last_no, last_hash, pruned_no, pruned_hash from audit_chain where id = 1 for update",
    };
    MOVE_CHAIN_END = Statement::same("update audit_chain set last_no = $1, last_hash = $2 where id = 1");
    MOVE_CHAIN_BEGIN = Statement::same("update audit_chain set pruned_no = $1, pruned_hash = $2 where id = 1");
    ADD_AUDIT = Statement {
        sqlite: "
            insert into audit (no, at_ms, made_by, act, subjects, detail, hash)
            select value ->> 'no', value ->> 'at_ms', value ->> 'made_by', value ->> 'act', value ->> 'subjects',
                value ->> 'detail', value ->> 'hash'
            from jsonb_each($1)",
        postgres: "
            insert into audit (no, at_ms, made_by, act, subjects, detail, hash)
            select no, at_ms, made_by, act, subjects, detail, hash
            from jsonb_to_recordset($1::jsonb) as r (no bigint, at_ms bigint, made_by text, act text, subjects text,
                detail text, hash text)",
    };
    ADD_AUDIT_CUSTOMERS = Statement {
        sqlite: "
            insert into audit_customer (customer, audit)
            select value ->> 'customer', value ->> 'audit' from jsonb_each($1)",
        postgres: "
            insert into audit_customer (customer, audit)
            select customer, audit from jsonb_to_recordset($1::jsonb) as r (customer bigint, audit bigint)",
    };
    AUDIT_PAGE = Statement::same(concat!(
        "select ",
        audit_columns!(),
        " from audit a where a.no > $1 order by a.no limit $2"
    ));
    /// Pages go by number; the index of time only tells where to begin. Without the sum, SQLite would walk by number.
    AUDIT_SINCE = Statement::same(concat!(
        "select ",
        audit_columns!(),
        " from audit a where a.no > $2
        and a.no >= (select coalesce(min(f.no + 0), 9223372036854775807) from audit f where f.at_ms >= $1)
        and a.at_ms >= $1 order by a.no limit $3"
    ));
    AUDIT_BY = Statement::same(concat!(
        "select ",
        audit_columns!(),
        " from audit a where a.made_by = $1 and a.no > $3 and a.at_ms >= $2 order by a.no limit $4"
    ));
    AUDIT_OF_CUSTOMER = Statement::same(concat!(
        "select ",
        audit_columns!(),
        " from audit_customer c join audit a on a.no = c.audit
        where c.customer = $1 and c.audit > $3 and a.at_ms >= $2 and a.made_by = coalesce($5, a.made_by)
        order by c.audit limit $4"
    ));
    OLDEST_AUDIT = Statement::same("select no, at_ms, hash from audit order by no limit $1");
    DROP_AUDIT = Statement::same("delete from audit where no <= $1");
}
