//! Attempts: written, found again, removed. Binds nothing.

use super::{Statement, statements};

macro_rules! attempt_columns {
    () => {
        "id, contact, campaign, list, lead, number, customer, proposed_at_ms, placed_at_ms, ended_at_ms, refused,
        outcome, legal_end, agent, disposition"
    };
}

/// What is known by now stays where nothing better is said; whose it is does not change.
macro_rules! known_better {
    () => {
        " on conflict (id) do update set
            placed_at_ms = coalesce(excluded.placed_at_ms, attempt.placed_at_ms),
            ended_at_ms = coalesce(excluded.ended_at_ms, attempt.ended_at_ms),
            refused = coalesce(excluded.refused, attempt.refused),
            outcome = coalesce(excluded.outcome, attempt.outcome),
            legal_end = coalesce(excluded.legal_end, attempt.legal_end),
            agent = coalesce(excluded.agent, attempt.agent),
            disposition = coalesce(excluded.disposition, attempt.disposition)"
    };
}

statements! {
    /// Of a campaign, proposed at `$2` or later: those that ended alike, by list and agent.
    COUNT_ATTEMPTS = Statement::same("
        select list, agent, refused, outcome, count(*), count(placed_at_ms),
            count(*) filter (where placed_at_ms is not null and ended_at_ms is not null)
        from attempt where campaign = $1 and proposed_at_ms >= $2
        group by list, agent, refused, outcome order by list, agent, refused, outcome");
    /// Of a campaign, proposed from `$2` on and before `$3`; of those at `$2` only the ones after `$4`.
    ATTEMPTS_TO_TELL = Statement::same("
        select t.id, t.contact, t.campaign, t.list, t.lead, t.number, t.customer, t.proposed_at_ms, t.placed_at_ms,
            t.ended_at_ms, t.refused, t.outcome, t.legal_end, t.agent, t.disposition, c.name as list_name, l.zone,
            l.region, l.postcode, n.consent, n.consent_kind, n.consent_at_ms, n.consent_source
        from attempt t left join call_list c on c.id = t.list left join lead l on l.id = t.lead
            left join lead_number n on n.lead = t.lead and n.value = '+' || cast(t.number as text)
        where t.campaign = $1 and t.proposed_at_ms >= $2 and t.proposed_at_ms < $3
            and (t.proposed_at_ms > $2 or t.id > $4)
        order by t.proposed_at_ms, t.id limit $5");
    ATTEMPT_PROPOSED_AT = Statement::same("select proposed_at_ms from attempt where id = $1");
    /// The same by the minute in which they were placed, from `$3` on.
    COUNT_BY_MINUTE = Statement::same("
        select list, agent, placed_at_ms / 60000, case when ended_at_ms is not null then outcome end, count(*)
        from attempt where campaign = $1 and proposed_at_ms >= $2 and placed_at_ms >= $3
        group by 1, 2, 3, 4 order by 3, 1, 2, 4");
    WRITE_ATTEMPTS = Statement {
        sqlite: concat!(
            "insert into attempt (", attempt_columns!(), ")
            select value ->> 'id', value ->> 'contact', value ->> 'campaign', value ->> 'list', value ->> 'lead',
                value ->> 'number', value ->> 'customer', value ->> 'proposed_at_ms', value ->> 'placed_at_ms',
                value ->> 'ended_at_ms', value ->> 'refused', value ->> 'outcome', value ->> 'legal_end',
                value ->> 'agent', value ->> 'disposition'
            from jsonb_each($1) where true",
            known_better!()
        ),
        postgres: concat!(
            "insert into attempt (", attempt_columns!(), ")
            select ", attempt_columns!(), " from jsonb_to_recordset($1::jsonb) as r (id bigint, contact bigint,
                campaign text, list bigint, lead bigint, number bigint, customer bigint, proposed_at_ms bigint,
                placed_at_ms bigint, ended_at_ms bigint, refused text, outcome text, legal_end text, agent text,
                disposition text)",
            known_better!()
        ),
    };
    /// Those placed from `$4` on to the number `$1`, the customer `$2` or one that was merged into it, or for the lead `$3`.
    ATTEMPTS_BESIDE = Statement::same(concat!(
        "select ", attempt_columns!(), " from attempt where number = $1 and placed_at_ms >= $4
        union select ", attempt_columns!(), " from attempt where customer = $2 and placed_at_ms >= $4
        union select ", attempt_columns!(), " from attempt
            where customer in (select c.id from customer c where c.merged_into = $2) and placed_at_ms >= $4
        union select ", attempt_columns!(), " from attempt where lead = $3 and placed_at_ms >= $4
        order by placed_at_ms desc, id desc limit $5"
    ));
    ATTEMPTS_OF_LEAD = Statement::same(concat!(
        "select ", attempt_columns!(), " from attempt where lead = $1 order by id desc limit $2"
    ));

    COUNT_OLD_ATTEMPTS = Statement::same("select count(*) from attempt where proposed_at_ms < $1");
    DROP_OLD_ATTEMPTS = Statement::same("
        delete from attempt where id in (
            select o.id from attempt o where o.proposed_at_ms < $1 order by o.proposed_at_ms limit $2)");

    /// Of these customers, and at numbers of theirs that nobody else has.
    ATTEMPTS_OF_PERSON = Statement {
        sqlite: "
            select id from attempt where customer in (select value from json_each($1))
            union select t.id from customer_address a
            cross join attempt t on t.number = cast(substr(a.value, 2) as integer)
            where a.kind = 'phone' and a.value like '+%' and a.customer in (select value from json_each($1))
            and not exists (select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select value from json_each($1)))",
        postgres: "
            select id from attempt where customer in (select jsonb_array_elements_text($1::jsonb)::bigint)
            union select t.id from customer_address a join attempt t on t.number = cast(substr(a.value, 2) as bigint)
            where a.kind = 'phone' and a.value like '+%'
            and a.customer in (select jsonb_array_elements_text($1::jsonb)::bigint)
            and not exists (select 1 from customer_address o where o.kind = a.kind and o.value = a.value
                and o.customer not in (select jsonb_array_elements_text($1::jsonb)::bigint))",
    };
    ATTEMPTS_OF_LEADS = Statement {
        sqlite: "select id from attempt where lead in (select value from json_each($1))",
        postgres: "select id from attempt where lead in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
    /// That there was a call stays.
    STRIP_ATTEMPTS = Statement {
        sqlite: "
            update attempt set number = null, customer = null where id in (select value from json_each($1))",
        postgres: "
            update attempt set number = null, customer = null
            where id in (select jsonb_array_elements_text($1::jsonb)::bigint)",
    };
}
