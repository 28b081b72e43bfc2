-- Quarters of messages and events that `rubricon db partitions detach` has taken out of the tables,
-- oldest first: what is attached is always the newest part of every stream.
CREATE TABLE detached_quarters (
  quarter     text PRIMARY KEY,  -- '2025q4': the tables messages_2025q4 and events_2025q4
  detached_at timestamptz,       -- null while it is still attached and about to be
  archive     text,              -- the file that holds it, once its tables are gone
  sha256      text,              -- of that file
  messages    bigint,            -- rows in it
  events      bigint
);

-- Which events of which streams were in it: they are no gaps.
CREATE TABLE detached_spans (
  quarter   text NOT NULL REFERENCES detached_quarters ON DELETE CASCADE,
  stream    uuid NOT NULL,
  seq_first bigint NOT NULL,
  seq_last  bigint NOT NULL,
  PRIMARY KEY (stream, quarter)
);

-- As before, but for quarters that were detached, of which nothing is made anew.
CREATE OR REPLACE FUNCTION ensure_partitions(moment timestamptz, ahead integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  made   integer := 0;
  first  timestamp;
  parent text;
  child  text;
BEGIN
  FOR i IN -1..ahead LOOP
    first := date_trunc('quarter', moment AT TIME ZONE 'UTC') + make_interval(months => 3 * i);
    CONTINUE WHEN EXISTS (SELECT FROM detached_quarters WHERE quarter = to_char(first, 'YYYY"q"Q'));
    FOREACH parent IN ARRAY ARRAY['messages', 'events'] LOOP
      child := parent || to_char(first, '_YYYY"q"Q');
      CONTINUE WHEN to_regclass(child) IS NOT NULL;
      PERFORM pg_advisory_xact_lock(5927201144290701);
      -- Not by to_regclass, which remembers what it has not found.
      CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = child
                            AND relnamespace = current_schema()::regnamespace);
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)',
                     child, parent);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child,
                     first AT TIME ZONE 'UTC', (first + interval '3 months') AT TIME ZONE 'UTC');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
