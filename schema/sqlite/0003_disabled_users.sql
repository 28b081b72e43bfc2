-- Since when an account may not sign in; NULL where it may.

ALTER TABLE users ADD COLUMN disabled_at INTEGER;
