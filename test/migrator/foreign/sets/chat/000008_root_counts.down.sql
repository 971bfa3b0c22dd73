ALTER TABLE channelmembers DROP COLUMN IF EXISTS msgcountroot;
ALTER TABLE channels DROP COLUMN IF EXISTS totalmsgcountroot;
