-- What is stored, in SQLite's spelling. Ids are 16-byte UUIDv7s, times whole milliseconds
-- UTC. Every row of a message's path is paid for on each post, so they are few and narrow.

CREATE TABLE users (
  id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name          TEXT NOT NULL,
  role          TEXT NOT NULL CHECK (role IN ('teacher', 'admin')),
  locale        TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  epoch         INTEGER NOT NULL DEFAULT 1,  -- of the user's stream, as is last_seq
  last_seq      INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A refresh family: one sign-in on one device.
CREATE TABLE sessions (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  user_id    BLOB NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_expires ON sessions (expires_at);

-- The current token of a family has no successor; the others are kept to recognise their reuse.
CREATE TABLE refresh_tokens (
  hash        BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
  session_id  BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  successor   BLOB,
  replaced_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- `number` is a chat's short name inside this file: the search index stores number << 24 | seq.
CREATE TABLE chats (
  number     INTEGER PRIMARY KEY,
  id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  user_id    BLOB NOT NULL REFERENCES users (id),
  title      TEXT NOT NULL,
  context    TEXT NOT NULL,
  epoch      INTEGER NOT NULL DEFAULT 1,
  last_seq   INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,  -- time of the newest event; the next one is not earlier
  deleted_at INTEGER
) STRICT;
CREATE INDEX chats_by_user ON chats (user_id, updated_at DESC, id DESC);

-- `shared` is 1 where the chat is somebody else's: a user's own chats are listed from chats_by_user,
-- the shared ones from here.
CREATE TABLE chat_members (
  chat_id       BLOB NOT NULL REFERENCES chats (id),
  user_id       BLOB NOT NULL REFERENCES users (id),
  shared        INTEGER NOT NULL,
  role          TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  last_read_seq INTEGER NOT NULL DEFAULT 0,
  pinned        INTEGER NOT NULL DEFAULT 0,
  folder        TEXT,
  PRIMARY KEY (chat_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_members_by_user ON chat_members (user_id, pinned, shared);

-- Clustered by chat and seq. A message is found by its id through its time, which the id carries.
CREATE TABLE messages (
  chat_id    BLOB NOT NULL REFERENCES chats (id),
  seq        INTEGER NOT NULL,
  id         BLOB NOT NULL,
  role       TEXT NOT NULL CHECK (role IN ('USER', 'AI')),
  user_id    BLOB,
  content    TEXT NOT NULL,
  reply_to   INTEGER,
  client_id  TEXT,
  meta       TEXT,
  created_at INTEGER NOT NULL,
  edited_at  INTEGER,
  PRIMARY KEY (chat_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_by_time ON messages (chat_id, created_at DESC, seq DESC);

-- The log: the outbox's source, the replay for clients, the audit trail. `stream` is the id of a
-- chat or of a user; `audience` the members at commit, 16 bytes each, sorted.
CREATE TABLE events (
  stream   BLOB NOT NULL,
  seq      INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,
  type     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  data     TEXT NOT NULL,
  audience BLOB,
  trace    TEXT,
  PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;

-- What the relay has not yet handed to the broker: only names of events. Ids are never used twice
-- while the file is open, which the writer sees to.
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY,
  stream     BLOB NOT NULL,
  kind       INTEGER NOT NULL,  -- 0 a chat's stream, 1 a user's
  seq        INTEGER NOT NULL,
  job        BLOB,
  created_at INTEGER NOT NULL
) STRICT;

-- In order of insertion, which is the order of expiry, so that cleaning up reads only the front.
CREATE TABLE idempotency (
  number       INTEGER PRIMARY KEY,
  user_id      BLOB NOT NULL,
  route        TEXT NOT NULL,
  key          TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  response     TEXT NOT NULL,
  expires_at   INTEGER NOT NULL,
  UNIQUE (user_id, route, key)
) STRICT;

CREATE TABLE ai_jobs (
  chat_id     BLOB NOT NULL REFERENCES chats (id),
  prompt_seq  INTEGER NOT NULL,
  variant     INTEGER NOT NULL,
  id          BLOB NOT NULL UNIQUE,
  state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempt     INTEGER NOT NULL DEFAULT 0,
  fence       INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  answer_seq  INTEGER,
  queued_at   INTEGER NOT NULL,
  PRIMARY KEY (chat_id, prompt_seq, variant)
) STRICT, WITHOUT ROWID;
CREATE INDEX ai_jobs_open ON ai_jobs (chat_id, prompt_seq, variant)
  WHERE state IN ('queued', 'running');

CREATE TABLE rubrics (
  chat_id BLOB NOT NULL PRIMARY KEY REFERENCES chats (id),
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rubric_versions (
  chat_id    BLOB NOT NULL REFERENCES chats (id),
  version    INTEGER NOT NULL,
  document   TEXT NOT NULL,
  made_by    TEXT NOT NULL CHECK (made_by IN ('USER', 'AI')),
  user_id    BLOB,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, version)
) STRICT;

-- Terms of domain/search_terms.hpp, made in C++ and separated by spaces. Document 0 of a chat is
-- its title, document n the message with seq n.
CREATE VIRTUAL TABLE search USING fts5 (terms, content = '', columnsize = 0, tokenize = 'ascii');
