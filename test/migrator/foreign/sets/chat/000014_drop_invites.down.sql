ALTER INDEX idx_teams_created RENAME TO idx_teams_createat;
DROP INDEX idx_teams_name_alive;
CREATE INDEX IF NOT EXISTS idx_teams_deleteat ON teams (deleteat);
ALTER TABLE teams ADD COLUMN IF NOT EXISTS allowopeninvite boolean;
