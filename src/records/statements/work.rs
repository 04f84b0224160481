//! Work that is to be done. Binds nothing.

use super::{Statement, statements};

macro_rules! work_columns {
    () => {
        "id, kind, category, title, body, due_ms, owner, owner_team, queue, state, outcome, escalated_to,
        escalated_at_ms, escalation_reason, customer, contact, task_contact, version, created_at_ms, created_by,
        changed_at_ms, changed_by"
    };
}

statements! {
    ADD_WORK = Statement::same("
        insert into work (kind, category, title, body, due_ms, owner, owner_team, queue, state, customer, contact,
            version, created_at_ms, created_by, changed_at_ms, changed_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, 1, $11, $12, $11, $12) returning id");
    WORK = Statement::same(concat!("select ", work_columns!(), " from work where id = $1"));
    LOCK_WORK = Statement {
        sqlite: concat!("select ", work_columns!(), " from work where id = $1"),
        postgres: concat!("select ", work_columns!(), " from work where id = $1 for update"),
    };
    CHANGE_WORK = Statement::same("
        update work set kind = $2, category = $3, title = $4, body = $5, due_ms = $6, owner = $7, owner_team = $8,
            queue = $9, state = $10, outcome = $11, escalated_to = $12, escalated_at_ms = $13,
            escalation_reason = $14, task_contact = $15, version = version + 1, changed_at_ms = $16, changed_by = $17
        where id = $1");
    WORK_OF_OWNER = Statement::same(concat!(
        "select ",
        work_columns!(),
        " from work where owner = $1 and state <> 'closed' order by due_ms, id limit $2"
    ));
    WORK_OF_TEAM = Statement::same(concat!(
        "select ",
        work_columns!(),
        " from work where owner_team = $1 and state <> 'closed' order by due_ms, id limit $2"
    ));
    OPEN_WORK_OF_CUSTOMER = Statement::same(concat!(
        "select ",
        work_columns!(),
        " from work where customer = $1 and state <> 'closed' order by due_ms, id limit $2"
    ));
    WORK_OF_CUSTOMER = Statement::same(concat!(
        "select ",
        work_columns!(),
        " from work where customer = $1 and id < $2 order by id desc limit $3"
    ));
    NEXT_WORK_DUE = Statement::same("
        select due_ms from work
        where due_ms < $1 and state <> 'closed' and task_contact is null and queue is not null
        order by due_ms, id limit 1");
    WORK_WITH_TASK = Statement::same(concat!(
        "select ",
        work_columns!(),
        " from work where id > $1 and state <> 'closed' and task_contact is not null order by id limit $2"
    ));
    WORK_DUE = Statement::same(concat!(
        "select ",
        work_columns!(),
        " from work where due_ms <= $1 and state <> 'closed' and task_contact is null and queue is not null
        order by due_ms, id limit $2"
    ));
}
