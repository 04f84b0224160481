//! Up to 5,000 rows at a time, bound as one JSON array: a row bound at a time is five times slower. Binds nothing.
//!
//! The two texts differ only in how the array becomes rows: `jsonb_to_recordset`, and `jsonb_each`, because with
//! `json_each` SQLite writes a row's text and parses it again for every column (interactions are written 2.4 times as fast so).

use super::{Statement, statements};

statements! {
    /// The next `$1` numbers. Rows added with them push SQLite's own count on; only one transaction writes there.
    RESERVE_CUSTOMERS = Statement {
        sqlite: "
            with recursive place (no) as (select 1 union all select no + 1 from place where no < $1)
            select seq + no from place cross join sqlite_sequence where name = 'customer' order by no",
        postgres: "
            select nextval(pg_get_serial_sequence('customer', 'id'))::bigint as id
            from generate_series(1, $1) order by id",
    };
    ADD_CUSTOMERS = Statement {
        sqlite: "
            insert into customer (id, name, language, tier, owner, do_not_contact, custom, version,
                created_at_ms, created_by, changed_at_ms, changed_by, import_batch)
            select value ->> 'id', value ->> 'name', value ->> 'language', value ->> 'tier', value ->> 'owner',
                value ->> 'do_not_contact', value ->> 'custom', 1, $2, $3, $2, $3, $4
            from jsonb_each($1)",
        postgres: "
            insert into customer (id, name, language, tier, owner, do_not_contact, custom, version,
                created_at_ms, created_by, changed_at_ms, changed_by, import_batch)
            select id, name, language, tier, owner, do_not_contact, custom, 1, $2, $3, $2, $3, $4
            from jsonb_to_recordset($1::jsonb) as r (id bigint, name text, language text, tier text, owner text,
                do_not_contact bigint, custom text)",
    };
    ADD_ADDRESSES = Statement {
        sqlite: "
            insert into customer_address
                (customer, kind, value, extension, shown, label, consent, consent_at_ms, consent_by)
            select value ->> 'customer', value ->> 'kind', value ->> 'value', value ->> 'extension',
                value ->> 'shown', value ->> 'label', value ->> 'consent', value ->> 'consent_at_ms',
                value ->> 'consent_by'
            from jsonb_each($1)",
        postgres: "
            insert into customer_address
                (customer, kind, value, extension, shown, label, consent, consent_at_ms, consent_by)
            select customer, kind, value, extension, shown, label, consent, consent_at_ms, consent_by
            from jsonb_to_recordset($1::jsonb) as r (customer bigint, kind text, value text, extension text,
                shown text, label text, consent text, consent_at_ms bigint, consent_by text)",
    };
    ADD_NAMES = Statement {
        sqlite: "
            insert into customer_name (customer, kind, name)
            select value ->> 'customer', value ->> 'kind', value ->> 'name' from jsonb_each($1)",
        postgres: "
            insert into customer_name (customer, kind, name)
            select customer, kind, name
            from jsonb_to_recordset($1::jsonb) as r (customer bigint, kind text, name text)",
    };
    ADD_TAGS = Statement {
        sqlite: "
            insert into customer_tag (customer, tag, origin)
            select value ->> 'customer', value ->> 'tag', value ->> 'customer' from jsonb_each($1)",
        postgres: "
            insert into customer_tag (customer, tag, origin)
            select customer, tag, customer from jsonb_to_recordset($1::jsonb) as r (customer bigint, tag text)",
    };
    /// In the order of the table, so that neighbours are written together.
    ADD_NAME_TERMS = Statement {
        sqlite: "
            insert into name_term (term, customer)
            select term.value, subject.value ->> 'subject'
            from jsonb_each($1) subject, jsonb_each(subject.value, '$.terms') term order by 1, 2",
        postgres: "
            insert into name_term (term, customer)
            select term, subject
            from jsonb_to_recordset($1::jsonb) as r (subject bigint, terms jsonb), jsonb_array_elements_text(terms) term
            order by 1, 2",
    };
    REMOVE_NAME_TERMS = Statement {
        sqlite: "delete from name_term where customer = $1 and term in (select value from jsonb_each($2))",
        postgres: "
            delete from name_term
            where customer = $1 and term in (select jsonb_array_elements_text($2::jsonb))",
    };
    ADD_NOTE_TERMS = Statement {
        sqlite: "
            insert into note_term (term, note)
            select term.value, subject.value ->> 'subject'
            from jsonb_each($1) subject, jsonb_each(subject.value, '$.terms') term order by 1, 2",
        postgres: "
            insert into note_term (term, note)
            select term, subject
            from jsonb_to_recordset($1::jsonb) as r (subject bigint, terms jsonb), jsonb_array_elements_text(terms) term
            order by 1, 2",
    };
    ADD_CHANGES = Statement {
        sqlite: "
            insert into customer_change (customer, work, contact, field, value_before, value_after, at_ms, made_by)
            select value ->> 'customer', value ->> 'work', value ->> 'contact', value ->> 'field',
                value ->> 'before', value ->> 'after', $2, $3
            from jsonb_each($1)",
        postgres: "
            insert into customer_change (customer, work, contact, field, value_before, value_after, at_ms, made_by)
            select customer, work, contact, field, before, after, $2, $3
            from jsonb_to_recordset($1::jsonb) as r (customer bigint, work bigint, contact bigint, field text,
                before text, after text)",
    };

    /// What is known by the agents' own hand stays where the journal knows nothing better; a customer once known
    /// stays, because it may have been put right by hand. Whose person was erased is nobody's again.
    WRITE_INTERACTIONS = Statement {
        sqlite: "
            insert into interaction (contact, customer, channel, direction, from_kind, from_value, to_kind, to_value,
                arrived_at_ms, ended_at_ms, ended_by, disposition, satisfaction, recording, transcript)
            select value ->> 'contact', value ->> 'customer', value ->> 'channel', value ->> 'direction',
                value ->> 'from_kind', value ->> 'from_value', value ->> 'to_kind', value ->> 'to_value',
                value ->> 'arrived_at_ms', value ->> 'ended_at_ms', value ->> 'ended_by', value ->> 'disposition',
                value ->> 'satisfaction', value ->> 'recording', value ->> 'transcript'
            from jsonb_each($1) where true
            on conflict (contact) do update set
                customer = coalesce(interaction.customer, case
                    when interaction.person_erased_at_ms is null then excluded.customer end),
                channel = excluded.channel, direction = excluded.direction,
                from_kind = case when interaction.person_erased_at_ms is null
                    then excluded.from_kind else interaction.from_kind end,
                from_value = case when interaction.person_erased_at_ms is null
                    then excluded.from_value else interaction.from_value end,
                to_kind = case when interaction.person_erased_at_ms is null
                    then excluded.to_kind else interaction.to_kind end,
                to_value = case when interaction.person_erased_at_ms is null
                    then excluded.to_value else interaction.to_value end,
                arrived_at_ms = excluded.arrived_at_ms, ended_at_ms = excluded.ended_at_ms,
                ended_by = excluded.ended_by,
                disposition = coalesce(excluded.disposition, interaction.disposition),
                satisfaction = coalesce(excluded.satisfaction, interaction.satisfaction),
                recording = case when interaction.person_erased_at_ms is null
                    then coalesce(excluded.recording, interaction.recording) end,
                transcript = case when interaction.person_erased_at_ms is null
                    then coalesce(excluded.transcript, interaction.transcript) end",
        postgres: "
            insert into interaction (contact, customer, channel, direction, from_kind, from_value, to_kind, to_value,
                arrived_at_ms, ended_at_ms, ended_by, disposition, satisfaction, recording, transcript)
            select contact, customer, channel, direction, from_kind, from_value, to_kind, to_value,
                arrived_at_ms, ended_at_ms, ended_by, disposition, satisfaction, recording, transcript
            from jsonb_to_recordset($1::jsonb) as r (contact bigint, customer bigint, channel text, direction text,
                from_kind text, from_value text, to_kind text, to_value text, arrived_at_ms bigint,
                ended_at_ms bigint, ended_by text, disposition text, satisfaction bigint, recording text,
                transcript text)
            on conflict (contact) do update set
                customer = coalesce(interaction.customer, case
                    when interaction.person_erased_at_ms is null then excluded.customer end),
                channel = excluded.channel, direction = excluded.direction,
                from_kind = case when interaction.person_erased_at_ms is null
                    then excluded.from_kind else interaction.from_kind end,
                from_value = case when interaction.person_erased_at_ms is null
                    then excluded.from_value else interaction.from_value end,
                to_kind = case when interaction.person_erased_at_ms is null
                    then excluded.to_kind else interaction.to_kind end,
                to_value = case when interaction.person_erased_at_ms is null
                    then excluded.to_value else interaction.to_value end,
                arrived_at_ms = excluded.arrived_at_ms, ended_at_ms = excluded.ended_at_ms,
                ended_by = excluded.ended_by,
                disposition = coalesce(excluded.disposition, interaction.disposition),
                satisfaction = coalesce(excluded.satisfaction, interaction.satisfaction),
                recording = case when interaction.person_erased_at_ms is null
                    then coalesce(excluded.recording, interaction.recording) end,
                transcript = case when interaction.person_erased_at_ms is null
                    then coalesce(excluded.transcript, interaction.transcript) end",
    };
    WRITE_VISITS = Statement {
        sqlite: "
            insert into interaction_visit (contact, visit, queue, entered_at_ms, ended_at_ms, ended_how)
            select value ->> 'contact', value ->> 'visit', value ->> 'queue', value ->> 'entered_at_ms',
                value ->> 'ended_at_ms', value ->> 'ended_how'
            from jsonb_each($1) where true
            on conflict (contact, visit) do update set queue = excluded.queue,
                entered_at_ms = excluded.entered_at_ms, ended_at_ms = excluded.ended_at_ms,
                ended_how = excluded.ended_how",
        postgres: "
            insert into interaction_visit (contact, visit, queue, entered_at_ms, ended_at_ms, ended_how)
            select contact, visit, queue, entered_at_ms, ended_at_ms, ended_how
            from jsonb_to_recordset($1::jsonb) as r (contact bigint, visit bigint, queue text, entered_at_ms bigint,
                ended_at_ms bigint, ended_how text)
            on conflict (contact, visit) do update set queue = excluded.queue,
                entered_at_ms = excluded.entered_at_ms, ended_at_ms = excluded.ended_at_ms,
                ended_how = excluded.ended_how",
    };
    WRITE_SEGMENTS = Statement {
        sqlite: "
            insert into interaction_segment (contact, segment, queue, agent, started_at_ms, connected_at_ms,
                ended_at_ms, wrapped_up_at_ms, disposition)
            select value ->> 'contact', value ->> 'segment', value ->> 'queue', value ->> 'agent',
                value ->> 'started_at_ms', value ->> 'connected_at_ms', value ->> 'ended_at_ms',
                value ->> 'wrapped_up_at_ms', value ->> 'disposition'
            from jsonb_each($1) where true
            on conflict (contact, segment) do update set queue = excluded.queue, agent = excluded.agent,
                started_at_ms = excluded.started_at_ms, connected_at_ms = excluded.connected_at_ms,
                ended_at_ms = excluded.ended_at_ms, wrapped_up_at_ms = excluded.wrapped_up_at_ms,
                disposition = coalesce(excluded.disposition, interaction_segment.disposition)",
        postgres: "
            insert into interaction_segment (contact, segment, queue, agent, started_at_ms, connected_at_ms,
                ended_at_ms, wrapped_up_at_ms, disposition)
            select contact, segment, queue, agent, started_at_ms, connected_at_ms, ended_at_ms, wrapped_up_at_ms,
                disposition
            from jsonb_to_recordset($1::jsonb) as r (contact bigint, segment bigint, queue text, agent text,
                started_at_ms bigint, connected_at_ms bigint, ended_at_ms bigint, wrapped_up_at_ms bigint,
                disposition text)
            on conflict (contact, segment) do update set queue = excluded.queue, agent = excluded.agent,
                started_at_ms = excluded.started_at_ms, connected_at_ms = excluded.connected_at_ms,
                ended_at_ms = excluded.ended_at_ms, wrapped_up_at_ms = excluded.wrapped_up_at_ms,
                disposition = coalesce(excluded.disposition, interaction_segment.disposition)",
    };
}
