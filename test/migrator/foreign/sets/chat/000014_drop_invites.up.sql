ALTER TABLE teams DROP COLUMN IF EXISTS allowopeninvite;
DROP INDEX IF EXISTS idx_teams_deleteat;
CREATE UNIQUE INDEX idx_teams_name_alive ON teams (lower(name)) WHERE deleteat = 0;
ALTER INDEX idx_teams_createat RENAME TO idx_teams_created;
