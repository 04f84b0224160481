//! How leads stand, page by page for whoever gives them out, and what is counted of them. Binds nothing.

use super::{Statement, statements};

macro_rules! open_columns {
    () => {
        "select l.id, l.list, l.import_batch, l.priority, l.due_at_ms, l.goes_first, l.zone, l.region, l.postcode,
            n.value as number,"
    };
}

statements! {
    LAST_LEAD = Statement::same("select coalesce(max(id), 0) from lead");
    /// Open leads of the lists `$1` whose numbers are over `$2`, up to `$3`; custom fields of the lists `$4` only. By the leads'
    /// own order: an index of each list would have to be sorted for every page.
    OPEN_LEADS = Statement {
        sqlite: concat!(open_columns!(), "
                case when l.list in (select value from json_each($4)) then l.custom end as custom
            from lead l left join lead_number n on n.lead = l.id and n.place = coalesce(l.next_number, 0)
            where l.id > $2 and l.id <= $3 and +l.list in (select value from json_each($1))
                and l.ended is null and +l.contact is null
            order by l.id"),
        postgres: concat!(open_columns!(), "
                case when l.list in (select jsonb_array_elements_text($4::jsonb)::bigint) then l.custom end as custom
            from lead l left join lead_number n on n.lead = l.id and n.place = coalesce(l.next_number, 0)
            where l.id > $2 and l.id <= $3
                and l.list in (select jsonb_array_elements_text($1::jsonb)::bigint)
                and l.ended is null and l.contact is null
            order by l.id"),
    };
    LEADS_OF_LIST = Statement {
        sqlite: "select id from lead where +list = $1 and id > $2 order by id limit $3",
        postgres: "select id from lead where list = $1 and id > $2 order by id limit $3",
    };
    /// The import after `$2` that has leads in the list.
    NEXT_IMPORT = Statement::same("select min(import_batch) from lead where list = $1 and import_batch > $2");
    LAST_OF_IMPORT = Statement::same("select max(id) from lead where list = $1 and import_batch = $2");
    LAST_BY_HAND = Statement::same("select max(id) from lead where list = $1 and import_batch is null");
    /// Open leads of an import that are newer than `$3`, up to `$4`.
    NEW_OF_IMPORT = Statement::same(concat!(open_columns!(), " l.custom as custom
        from lead l left join lead_number n on n.lead = l.id and n.place = coalesce(l.next_number, 0)
        where l.list = $1 and l.import_batch = $2 and l.id > $3 and l.id <= $4
            and l.ended is null and l.contact is null
        order by l.id limit $5"));
    NEW_BY_HAND = Statement::same(concat!(open_columns!(), " l.custom as custom
        from lead l left join lead_number n on n.lead = l.id and n.place = coalesce(l.next_number, 0)
        where l.list = $1 and l.import_batch is null and l.id > $2 and l.id <= $3
            and l.ended is null and l.contact is null
        order by l.id limit $4"));
    STANDING = Statement::same("
        select due_at_ms, goes_first, next_number, progress, ended, reached, contact, promised_by from lead
        where id = $1");
    /// Who was withdrawn stays so, whatever the attempt that was under way came to.
    WRITE_STANDINGS = Statement {
        sqlite: "
            update lead set due_at_ms = v.due, goes_first = v.goes_first, next_number = v.next_number,
                progress = v.progress, ended = case when lead.ended = 'withdrawn' then lead.ended else v.ended end,
                reached = v.reached, contact = v.contact, attempts = v.attempts, promised_by = v.promised_by
            from (
                select value ->> 'lead' as id, value ->> 'due' as due, value ->> 'goes_first' as goes_first,
                    value ->> 'next_number' as next_number, value ->> 'progress' as progress,
                    value ->> 'ended' as ended, value ->> 'reached' as reached, value ->> 'contact' as contact,
                    value ->> 'attempts' as attempts, value ->> 'promised_by' as promised_by
                from jsonb_each($1)) as v
            where lead.id = v.id",
        postgres: "
            update lead set due_at_ms = v.due, goes_first = v.goes_first, next_number = v.next_number,
                progress = v.progress, ended = case when lead.ended = 'withdrawn' then lead.ended else v.ended end,
                reached = v.reached, contact = v.contact, attempts = v.attempts, promised_by = v.promised_by
            from jsonb_to_recordset($1::jsonb) as v (lead bigint, due bigint, goes_first bigint, next_number bigint,
                progress text, ended text, reached text, contact bigint, attempts bigint, promised_by text)
            where lead.id = v.lead",
    };
    LEAD_STAYS = Statement::same("select stay from lead_stay order by contact");
    DROP_STAYS = Statement {
        sqlite: "delete from lead_stay where contact in (select value from json_each($1))",
        postgres: "delete from lead_stay where contact in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
    WRITE_STAYS = Statement {
        sqlite: "
            insert into lead_stay (contact, stay) select value ->> 'contact', value ->> 'folded' from jsonb_each($1)",
        postgres: "
            insert into lead_stay (contact, stay)
            select contact, folded from jsonb_to_recordset($1::jsonb) as v (contact bigint, folded text)",
    };
    CALLBACK_CALLS = Statement::same("select call from callback_call order by contact");
    DROP_CALLBACK_CALLS = Statement {
        sqlite: "delete from callback_call where contact in (select value from json_each($1))",
        postgres: "delete from callback_call where contact in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
    WRITE_CALLBACK_CALLS = Statement {
        sqlite: "
            insert into callback_call (contact, call)
            select value ->> 'contact', value ->> 'folded' from jsonb_each($1)",
        postgres: "
            insert into callback_call (contact, call)
            select contact, folded from jsonb_to_recordset($1::jsonb) as v (contact bigint, folded text)",
    };
    OPEN_LEADS_AT = Statement::same("
        select distinct l.id from lead_number n join lead l on l.id = n.lead where n.value = $1 and l.ended is null
        order by l.id");
    /// At the number `$1`, or one of the customer `$2`: open ones, and those called from `$3` on, these last.
    LEADS_SHOWN = Statement::same("
        select l.id as lead, c.name as list, c.settings, l.custom, l.attempts, l.ended, l.due_at_ms, l.promised_by, l.contact,
            a.placed_at_ms, a.outcome, a.agent, a.disposition
        from lead l join call_list c on c.id = l.list left join attempt a on a.id = (
            select max(t.id) from attempt t where t.lead = l.id and t.placed_at_ms is not null)
        where l.id in (
                select n.lead from lead_number n where n.value = $1
                union select n.lead from customer_address p join lead_number n on n.value = p.value
                    where p.customer = $2 and p.kind = 'phone')
            and ((l.ended is null and c.deleted_at_ms is null) or a.placed_at_ms >= $3)
        order by case when l.ended is null then 0 else 1 end, coalesce(a.placed_at_ms, 0) desc, l.id limit $4");
    LEADS_WITH_ROUTER = Statement::same("
        select id, list, contact from lead where list = $1 and contact is not null order by id");
    CLOSE_LEAD = Statement::same("
        update lead set ended = 'withdrawn', due_at_ms = null where id = $1 and ended is null");
    /// As they stand at `$2`. Goes through all of the list.
    COUNT_STANDINGS = Statement::same("
        select case when ended is not null then ended when contact is not null then 'with_router'
                when due_at_ms is null then 'fresh' when due_at_ms <= $2 then 'due' else 'waiting' end,
            count(*), count(*) filter (where attempts > 0), count(reached), count(*) filter (where reached = 'sale'),
            count(promised_by)
        from lead where list = $1 group by 1 order by 1");
    REACHED_LEADS = Statement::same("
        select id, reached, custom from lead where list = $1 and reached is not null and id > $2 order by id limit $3");

    RELEASE = Statement::same("
        select released, taken, tranche_began_at_ms, tranche_taken from call_list_release where list = $1");
    RELEASE_LEADS = Statement::same("
        insert into call_list_release (list, released, taken, tranche_began_at_ms, tranche_taken)
        values ($1, $2, 0, null, 0)
        on conflict (list) do update set released = call_list_release.released + excluded.released");
    /// What was released by hand is somebody else's.
    KEEP_TAKEN = Statement::same("
        insert into call_list_release (list, released, taken, tranche_began_at_ms, tranche_taken)
        values ($1, 0, $2, $3, $4)
        on conflict (list) do update set taken = excluded.taken, tranche_began_at_ms = excluded.tranche_began_at_ms,
            tranche_taken = excluded.tranche_taken");

    DELETE_CALL_LIST = Statement::same("
        update call_list set deleted_at_ms = $2, deleted_by = $3 where id = $1 and deleted_at_ms is null");
    DROP_UNTRIED_LEADS = Statement::same("
        delete from lead where id in (
            select l.id from call_list c join lead l on l.list = c.id
            where c.id = $1 and c.deleted_at_ms is not null and l.attempts = 0 and l.progress is null
                and l.due_at_ms is null and l.contact is null
            limit $2)");
    /// A list of which nothing is left: its name is free again.
    DROP_EMPTY_LIST = Statement::same("
        delete from call_list where id = $1 and deleted_at_ms is not null
            and not exists (select 1 from lead where list = $1)");
}
