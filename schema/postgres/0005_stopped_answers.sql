-- Somebody wants no more of an answer that is being written. A worker of before does not look, and
-- writes it to its end.

ALTER TABLE ai_jobs ADD COLUMN stopped boolean NOT NULL DEFAULT false;
