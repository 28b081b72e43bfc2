-- What is stored, in PostgreSQL's spelling. Ids are UUIDv7s, times whole milliseconds. Every row of
-- a message's path is paid for on each post, so they are few and narrow: rows that only ever follow
-- a locked chat have no foreign key to it.

CREATE TABLE users (
  id            uuid PRIMARY KEY,
  email         text NOT NULL UNIQUE,  -- lower case
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('teacher', 'admin')),
  locale        text NOT NULL,
  password_hash text NOT NULL,
  epoch         bigint NOT NULL DEFAULT 1,  -- of the user's stream, as is last_seq
  last_seq      bigint NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL,
  disabled_at   timestamptz  -- since when it may not sign in
);

-- A refresh family: one sign-in on one device.
CREATE TABLE sessions (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at DESC);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_expires ON sessions (expires_at);

-- The current token of a family has no successor; the others are kept to recognise their reuse.
CREATE TABLE refresh_tokens (
  hash        bytea PRIMARY KEY CHECK (length(hash) = 32),
  session_id  uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  successor   bytea,
  replaced_at timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE chats (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users (id),
  title      text NOT NULL,
  context    text NOT NULL,
  epoch      bigint NOT NULL DEFAULT 1,
  last_seq   bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,  -- time of the newest event; the next one is not earlier
  deleted_at timestamptz
);
CREATE INDEX chats_by_user ON chats (user_id, updated_at DESC, id DESC);

-- Terms of domain/search_terms.hpp, as in messages. Not columns of chats, which every post updates.
CREATE TABLE chat_titles (
  chat_id uuid PRIMARY KEY REFERENCES chats (id),
  terms   tsvector NOT NULL
);
CREATE INDEX chat_titles_by_term ON chat_titles USING gin (terms);

-- `shared` where the chat is somebody else's: a user's own chats are listed from chats_by_user,
-- the shared ones from here.
CREATE TABLE chat_members (
  chat_id       uuid NOT NULL REFERENCES chats (id),
  user_id       uuid NOT NULL REFERENCES users (id),
  shared        boolean NOT NULL,
  role          text NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  last_read_seq bigint NOT NULL DEFAULT 0,
  pinned        boolean NOT NULL DEFAULT false,
  folder        text,
  PRIMARY KEY (chat_id, user_id)
);
CREATE INDEX chat_members_by_user ON chat_members (user_id, pinned, shared);

-- Partitioned by quarter (ensure_partitions below). That (chat_id, seq) is unique across partitions
-- rests on the chat's lock. A message is found by its id through its time, which the id carries.
CREATE TABLE messages (
  chat_id    uuid NOT NULL,
  seq        bigint NOT NULL,
  id         uuid NOT NULL,
  role       text NOT NULL CHECK (role IN ('USER', 'AI')),
  user_id    uuid,
  content    text NOT NULL,
  reply_to   bigint,
  client_id  text,
  meta       text,
  created_at timestamptz NOT NULL,
  edited_at  timestamptz,
  terms      tsvector,
  PRIMARY KEY (chat_id, seq, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX messages_by_time ON messages (chat_id, created_at DESC, seq DESC);
CREATE INDEX messages_by_term ON messages USING gin (terms);

-- The log: the outbox's source, the replay for clients, the audit trail. `stream` is the id of a
-- chat or of a user; `audience` the members at commit, sorted; `created_at` the event's time.
CREATE TABLE events (
  stream     uuid NOT NULL,
  seq        bigint NOT NULL,
  epoch      bigint NOT NULL,
  type       text NOT NULL,
  created_at timestamptz NOT NULL,
  data       text NOT NULL,
  audience   uuid[],
  trace      text,
  PRIMARY KEY (stream, seq, created_at)
) PARTITION BY RANGE (created_at);

-- What no relay has handed to the broker yet: names of events. `at` is the event's time, which finds
-- its partition. Rows live for milliseconds: room to claim them in place, and a vacuum that comes
-- by count.
CREATE TABLE outbox (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream        uuid NOT NULL,
  kind          smallint NOT NULL,  -- 0 a chat's stream, 1 a user's
  seq           bigint NOT NULL,
  job           uuid,
  at            timestamptz NOT NULL,
  created_at    timestamptz NOT NULL,
  claimed_until timestamptz
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE idempotency (
  user_id      uuid NOT NULL,
  route        text NOT NULL,
  key          text NOT NULL,
  request_hash bytea NOT NULL,
  response     text NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (user_id, route, key)
);
-- Rows come in the order in which they expire.
CREATE INDEX idempotency_expires ON idempotency USING brin (expires_at);

CREATE TABLE ai_jobs (
  chat_id     uuid NOT NULL,
  prompt_seq  bigint NOT NULL,
  variant     integer NOT NULL,
  id          uuid NOT NULL UNIQUE,
  state       text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempt     integer NOT NULL DEFAULT 0,
  fence       bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  answer_seq  bigint,
  queued_at   timestamptz NOT NULL,
  PRIMARY KEY (chat_id, prompt_seq, variant)
);
CREATE INDEX ai_jobs_open ON ai_jobs (chat_id, prompt_seq, variant)
  WHERE state IN ('queued', 'running');

CREATE TABLE rubrics (
  chat_id uuid PRIMARY KEY REFERENCES chats (id),
  version bigint NOT NULL
);

CREATE TABLE rubric_versions (
  chat_id    uuid NOT NULL REFERENCES chats (id),
  version    bigint NOT NULL,
  document   text NOT NULL,
  made_by    text NOT NULL CHECK (made_by IN ('USER', 'AI')),
  user_id    uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (chat_id, version)
);

-- Makes the partitions of the quarter (UTC) that `moment` is in, of the one before, and of `ahead`
-- more. Returns how many were missing. Attaching, unlike PARTITION OF, lets others read and write
-- meanwhile; whoever comes second waits and finds them made.
CREATE FUNCTION ensure_partitions(moment timestamptz, ahead integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  made   integer := 0;
  first  timestamp;
  parent text;
  child  text;
BEGIN
  FOR i IN -1..ahead LOOP
    first := date_trunc('quarter', moment AT TIME ZONE 'UTC') + make_interval(months => 3 * i);
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
