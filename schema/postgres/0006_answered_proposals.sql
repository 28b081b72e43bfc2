-- Up to which message of the AI its proposals have been answered, by this version or one before it.

ALTER TABLE rubric_versions ADD COLUMN answered bigint NOT NULL DEFAULT 0;
