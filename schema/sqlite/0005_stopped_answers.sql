-- Somebody wants no more of an answer that is being written.

ALTER TABLE ai_jobs ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;
