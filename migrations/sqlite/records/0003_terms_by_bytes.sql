-- SQLite compares terms byte by byte already; the number keeps both databases in step.
select 1;
