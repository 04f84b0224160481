-- Terms are compared byte by byte, as SQLite does: the beginning of a word is a range of the index in no other order.
alter table name_term alter column term type text collate "C";
alter table note_term alter column term type text collate "C";
