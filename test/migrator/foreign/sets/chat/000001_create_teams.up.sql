CREATE TABLE IF NOT EXISTS teams (
    id VARCHAR(26) PRIMARY KEY,
    createat bigint,
    updateat bigint,
    deleteat bigint NOT NULL DEFAULT 0,
    name VARCHAR(64) UNIQUE,
    email VARCHAR(128),
    allowopeninvite boolean
);

CREATE INDEX IF NOT EXISTS idx_teams_createat ON teams (createat);
CREATE INDEX IF NOT EXISTS idx_teams_deleteat ON teams (deleteat);
