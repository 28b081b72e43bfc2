-- While processes are replaced one by one, those of before go on with a schema that a newer program has made,
-- where it says that they may: the newest version that the oldest of them knows.

ALTER TABLE schema_migrations ADD COLUMN usable_since integer;
