-- Names have more kinds of terms now. The terms of all customers are made anew when the database is opened: the row
-- says how far, and goes when all are made.
create table name_terms_being_made (
    up_to_customer integer not null
) strict;
insert into name_terms_being_made (up_to_customer) select 0 where exists (select 1 from customer);
delete from name_term;
