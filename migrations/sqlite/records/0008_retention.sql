-- What is kept for a while goes the oldest first: each kind is found by a range of an index.
create index interaction_with_detail on interaction (arrived_at_ms, contact) where person_erased_at_ms is null;
create index work_closed on work (changed_at_ms, id) where state = 'closed';
create index customer_change_at on customer_change (at_ms, id);
