-- A user sees the own sessions and ends them, all but one with a new password.

CREATE INDEX sessions_by_user ON sessions (user_id, created_at DESC);
