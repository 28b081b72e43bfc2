-- What operators look through, newest first.

CREATE INDEX ai_jobs_failed ON ai_jobs (id) WHERE state = 'failed';
