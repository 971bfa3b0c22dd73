DROP INDEX IF EXISTS idx_teams_deleteat;
DROP INDEX IF EXISTS idx_teams_createat;
DROP TABLE IF EXISTS teams;
