//! Notes. Binds nothing.

use super::{Statement, statements};

statements! {
    ADD_NOTE = Statement::same("
        insert into note (customer, contact, work, body, at_ms, made_by) values ($1, $2, $3, $4, $5, $6)
        returning id");
    NOTES_OF_CUSTOMER = Statement::same("
        select id, customer, contact, work, body, at_ms, made_by from note
        where customer = $1 and id < $2 order by id desc limit $3");
    NOTES_OF_CONTACT = Statement::same("
        select id, customer, contact, work, body, at_ms, made_by from note
        where contact = $1 order by id desc limit $2");
    NOTES_OF_WORK = Statement::same("
        select id, customer, contact, work, body, at_ms, made_by from note
        where work = $1 order by id desc limit $2");
}
