//! Imports: their place in the file, whom and what they know, what they added. Binds nothing.

use super::{Statement, statements};

macro_rules! import_columns {
    () => {
        "id, file_name, file_hash, settings, state, position, row_no, errors_bytes, rows_read, rows_added,
        rows_updated, rows_skipped, rows_refused, rows_removed, rows_kept, begun_at_ms, begun_by,
        changed_at_ms, changed_by, upload, rows_bytes, halted, halted_why"
    };
}

statements! {
    ADD_IMPORT = Statement::same("
        insert into import_batch (file_name, file_hash, settings, state, position, row_no, errors_bytes, rows_read,
            rows_added, rows_updated, rows_skipped, rows_refused, rows_removed, rows_kept, begun_at_ms,
            begun_by, changed_at_ms, changed_by, upload, rows_bytes)
        values ($1, $2, $3, 'running', $4, $5, 0, 0, 0, 0, 0, 0, 0, 0, $6, $7, $6, $7, $8, $9) returning id");
    IMPORT = Statement::same(concat!("select ", import_columns!(), " from import_batch where id = $1"));
    LOCK_IMPORT = Statement {
        sqlite: concat!("select ", import_columns!(), " from import_batch where id = $1"),
        postgres: concat!("select ", import_columns!(), " from import_batch where id = $1 for update"),
    };
    IMPORTS_OF_FILE = Statement::same(concat!(
        "select ",
        import_columns!(),
        " from import_batch where file_hash = $1 order by id desc"
    ));
    IMPORTS = Statement::same(concat!(
        "select ",
        import_columns!(),
        " from import_batch order by id desc limit $1"
    ));
    IMPORTS_BEFORE = Statement::same(concat!(
        "select ",
        import_columns!(),
        " from import_batch where id < $1 order by id desc limit $2"
    ));
    IMPORTS_OF_LIST = Statement {
        sqlite: concat!(
            "select ",
            import_columns!(),
            " from import_batch where id < $1 and settings ->> '$.rows.leads.list' = $3 order by id desc limit $2"
        ),
        postgres: concat!(
            "select ",
            import_columns!(),
            " from import_batch where id < $1 and (settings::jsonb #>> '{rows,leads,list}')::bigint = $3
            order by id desc limit $2"
        ),
    };
    /// Nobody stopped them, and they did not fail.
    INTERRUPTED_IMPORTS = Statement::same(concat!(
        "select ",
        import_columns!(),
        " from import_batch where state = 'running' and upload is not null and halted is null order by id"
    ));
    GO_ON_WITH_IMPORT = Statement::same("
        update import_batch set upload = $2, rows_bytes = $3, halted = null, halted_why = null
        where id = $1 and state = 'running'");
    HALT_IMPORT = Statement::same("
        update import_batch set halted = $2, halted_why = $3, changed_at_ms = $4, changed_by = $5
        where id = $1 and state = 'running'");
    ADD_REFUSALS = Statement {
        sqlite: "
            insert into import_refusal (import, row_no, field, why)
            select $1, value ->> 'row_no', value ->> 'field', value ->> 'why' from jsonb_each($2)",
        postgres: "
            insert into import_refusal (import, row_no, field, why)
            select $1, row_no, field, why
            from jsonb_to_recordset($2::jsonb) as r (row_no bigint, field text, why text)",
    };
    REFUSALS = Statement::same("
        select row_no, field, why from import_refusal where import = $1 and row_no > $2 order by row_no limit $3");
    DROP_REFUSALS = Statement::same("
        delete from import_refusal where import in (select id from import_batch where changed_at_ms < $1)");
    CHANGE_IMPORT = Statement::same("
        update import_batch set state = $2, position = $3, row_no = $4, errors_bytes = $5, rows_read = $6,
            rows_added = $7, rows_updated = $8, rows_skipped = $9, rows_refused = $10, rows_removed = $11,
            rows_kept = $12, changed_at_ms = $13, changed_by = $14
        where id = $1");

    /// Who has these addresses; merged customers have none.
    OWNERS = Statement {
        sqlite: "
            select a.kind, a.value, a.extension, a.customer
            from jsonb_each($1) k cross join customer_address a
                on a.kind = k.value ->> 'kind' and a.value = k.value ->> 'value'",
        postgres: "
            select a.kind, a.value, a.extension, a.customer
            from jsonb_to_recordset($1::jsonb) as k (kind text, value text)
            join customer_address a on a.kind = k.kind and a.value = k.value",
    };
    EXTERNAL_IDS = Statement {
        sqlite: "
            select a.customer, a.value from json_each($1) k cross join customer_address a
                on a.customer = k.value and a.kind = 'external'",
        postgres: "
            select a.customer, a.value from jsonb_array_elements_text($1::jsonb) k
            join customer_address a on a.customer = k.value::bigint and a.kind = 'external'",
    };

    RESERVE_NOTES = Statement {
        sqlite: "
            with recursive place (no) as (select 1 union all select no + 1 from place where no < $1)
            select seq + no from place cross join sqlite_sequence where name = 'note' order by no",
        postgres: "
            select nextval(pg_get_serial_sequence('note', 'id'))::bigint as id
            from generate_series(1, $1) order by id",
    };
    ADD_NOTES = Statement {
        sqlite: "
            insert into note (id, customer, contact, body, at_ms, made_by, import_batch)
            select value ->> 'id', value ->> 'customer', value ->> 'contact', value ->> 'body', value ->> 'at_ms',
                value ->> 'made_by', $2
            from jsonb_each($1)",
        postgres: "
            insert into note (id, customer, contact, body, at_ms, made_by, import_batch)
            select id, customer, contact, body, at_ms, made_by, $2
            from jsonb_to_recordset($1::jsonb) as r (id bigint, customer bigint, contact bigint, body text,
                at_ms bigint, made_by text)",
    };
    NOTE_TEXTS = Statement::same("select body from note where customer = $1");

    CUSTOMERS_OF_IMPORT = Statement::same("
        select id from customer where import_batch = $1 and id > $2 order by id limit $3");
    /// With what has come of each since.
    IMPORTED = Statement {
        sqlite: "
            select c.id, c.name, c.version, c.merged_into,
                (select count(*) from customer_merge m where m.kept = c.id or m.merged = c.id) as merges,
                exists (select 1 from interaction i where i.customer = c.id) as interactions,
                exists (select 1 from work w where w.customer = c.id) as work,
                exists (select 1 from note n where n.customer = c.id
                    and n.import_batch is distinct from c.import_batch) as notes
            from customer c where c.import_batch = $1 and c.id > $2 order by c.id limit $3",
        postgres: "
            select c.id, c.name, c.version, c.merged_into,
                (select count(*) from customer_merge m where m.kept = c.id or m.merged = c.id) as merges,
                exists (select 1 from interaction i where i.customer = c.id)::int::bigint as interactions,
                exists (select 1 from work w where w.customer = c.id)::int::bigint as work,
                exists (select 1 from note n where n.customer = c.id
                    and n.import_batch is distinct from c.import_batch)::int::bigint as notes
            from customer c where c.import_batch = $1 and c.id > $2 order by c.id limit $3 for update of c",
    };
    NOTES_OF_CUSTOMERS = Statement {
        sqlite: "
            select n.id, n.body from json_each($1) k cross join note n on n.customer = k.value",
        postgres: "
            select n.id, n.body from jsonb_array_elements_text($1::jsonb) k join note n on n.customer = k.value::bigint",
    };
    REMOVE_ALL_NAME_TERMS = Statement {
        sqlite: "
            delete from name_term where (term, customer) in (
                select term.value, subject.value ->> 'subject'
                from jsonb_each($1) subject, jsonb_each(subject.value, '$.terms') term)",
        postgres: "
            delete from name_term t
            using jsonb_to_recordset($1::jsonb) as r (subject bigint, terms jsonb),
                jsonb_array_elements_text(r.terms) as gone (term)
            where t.term = gone.term and t.customer = r.subject",
    };
    REMOVE_ALL_NOTE_TERMS = Statement {
        sqlite: "
            delete from note_term where (term, note) in (
                select term.value, subject.value ->> 'subject'
                from jsonb_each($1) subject, jsonb_each(subject.value, '$.terms') term)",
        postgres: "
            delete from note_term t
            using jsonb_to_recordset($1::jsonb) as r (subject bigint, terms jsonb),
                jsonb_array_elements_text(r.terms) as gone (term)
            where t.term = gone.term and t.note = r.subject",
    };
    REMOVE_NOTES_OF_CUSTOMERS = Statement {
        sqlite: "delete from note where customer in (select value from json_each($1))",
        postgres: "
            delete from note where customer in (select value::bigint from jsonb_array_elements_text($1::jsonb))",
    };
    /// Addresses, names, tags and history go with them.
    REMOVE_CUSTOMERS = Statement {
        sqlite: "delete from customer where id in (select value from json_each($1))",
        postgres: "
            delete from customer where id in (select value::bigint from jsonb_array_elements_text($1::jsonb))",
    };

    /// Customers that only have to be there, for a dry run.
    ADD_STAND_INS = Statement {
        sqlite: "
            insert into customer (id, name, do_not_contact, custom, version, created_at_ms, created_by, changed_at_ms,
                changed_by)
            select value, '', 0, '{}', 1, 0, '', 0, '' from json_each($1) where true on conflict (id) do nothing",
        postgres: "
            insert into customer (id, name, do_not_contact, custom, version, created_at_ms, created_by, changed_at_ms,
                changed_by)
            select value::bigint, '', 0, '{}', 1, 0, '', 0, '' from jsonb_array_elements_text($1::jsonb)
            on conflict (id) do nothing",
    };
    INTERACTION_IDS = Statement {
        sqlite: "
            select i.external_id from json_each($1) k cross join interaction i on i.external_id = k.value",
        postgres: "
            select i.external_id from jsonb_array_elements_text($1::jsonb) k join interaction i on i.external_id = k.value",
    };
    /// Of these customers at these times, one row an agent.
    INTERACTIONS_ALIKE = Statement {
        sqlite: "
            select i.customer, i.arrived_at_ms, i.channel, i.direction, i.external_id, s.agent
            from jsonb_each($1) k cross join interaction i
                on i.customer = k.value ->> 'customer' and i.arrived_at_ms = k.value ->> 'at_ms'
            left join interaction_segment s on s.contact = i.contact",
        postgres: "
            select i.customer, i.arrived_at_ms, i.channel, i.direction, i.external_id, s.agent
            from jsonb_to_recordset($1::jsonb) as k (customer bigint, at_ms bigint)
            join interaction i on i.customer = k.customer and i.arrived_at_ms = k.at_ms
            left join interaction_segment s on s.contact = i.contact",
    };
    /// The last of the next `$1` numbers.
    RESERVE_CONTACTS = Statement::same("update imported_contact set last = last + $1 where id = 1 returning last");
    ADD_INTERACTIONS = Statement {
        sqlite: "
            insert into interaction (contact, customer, channel, direction, from_kind, from_value, to_kind, to_value,
                arrived_at_ms, ended_at_ms, disposition, satisfaction, recording, transcript, external_id,
                import_batch)
            select value ->> 'contact', value ->> 'customer', value ->> 'channel', value ->> 'direction',
                value ->> 'from_kind', value ->> 'from_value', value ->> 'to_kind', value ->> 'to_value',
                value ->> 'arrived_at_ms', value ->> 'ended_at_ms', value ->> 'disposition',
                value ->> 'satisfaction', value ->> 'recording', value ->> 'transcript', value ->> 'external_id', $2
            from jsonb_each($1)",
        postgres: "
            insert into interaction (contact, customer, channel, direction, from_kind, from_value, to_kind, to_value,
                arrived_at_ms, ended_at_ms, disposition, satisfaction, recording, transcript, external_id,
                import_batch)
            select contact, customer, channel, direction, from_kind, from_value, to_kind, to_value, arrived_at_ms,
                ended_at_ms, disposition, satisfaction, recording, transcript, external_id, $2
            from jsonb_to_recordset($1::jsonb) as r (contact bigint, customer bigint, channel text, direction text,
                from_kind text, from_value text, to_kind text, to_value text, arrived_at_ms bigint,
                ended_at_ms bigint, disposition text, satisfaction bigint, recording text, transcript text,
                external_id text)",
    };

    INTERACTIONS_OF_IMPORT = Statement::same("
        select contact from interaction where import_batch = $1 and contact > $2 order by contact limit $3");
    /// With what has come of each since.
    IMPORTED_INTERACTIONS = Statement {
        sqlite: "
            select i.contact, exists (select 1 from customer_change c where c.contact = i.contact) as changes,
                exists (select 1 from work w where w.contact = i.contact) as work,
                exists (select 1 from note n where n.contact = i.contact
                    and n.import_batch is distinct from i.import_batch) as notes
            from interaction i where i.import_batch = $1 and i.contact > $2 order by i.contact limit $3",
        postgres: "
            select i.contact,
                exists (select 1 from customer_change c where c.contact = i.contact)::int::bigint as changes,
                exists (select 1 from work w where w.contact = i.contact)::int::bigint as work,
                exists (select 1 from note n where n.contact = i.contact
                    and n.import_batch is distinct from i.import_batch)::int::bigint as notes
            from interaction i where i.import_batch = $1 and i.contact > $2 order by i.contact limit $3
            for update of i",
    };
    NOTES_OF_CONTACTS = Statement {
        sqlite: "
            select n.id, n.body from json_each($1) k cross join note n on n.contact = k.value",
        postgres: "
            select n.id, n.body from jsonb_array_elements_text($1::jsonb) k join note n on n.contact = k.value::bigint",
    };
    REMOVE_NOTES_OF_CONTACTS = Statement {
        sqlite: "delete from note where contact in (select value from json_each($1))",
        postgres: "
            delete from note where contact in (select value::bigint from jsonb_array_elements_text($1::jsonb))",
    };
    /// Visits and segments go with them.
    REMOVE_INTERACTIONS = Statement {
        sqlite: "delete from interaction where contact in (select value from json_each($1))",
        postgres: "
            delete from interaction where contact in (select value::bigint from jsonb_array_elements_text($1::jsonb))",
    };
}
