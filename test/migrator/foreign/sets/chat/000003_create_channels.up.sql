CREATE TABLE IF NOT EXISTS channels (
    id VARCHAR(26) PRIMARY KEY,
    teamid VARCHAR(26) REFERENCES teams (id),
    type VARCHAR(1),
    name VARCHAR(64),
    header text,
    totalmsgcount bigint NOT NULL DEFAULT 0,
    UNIQUE (name, teamid)
);

CREATE TABLE IF NOT EXISTS channelmembers (
    channelid VARCHAR(26) NOT NULL,
    userid VARCHAR(26) NOT NULL,
    msgcount bigint,
    notifyprops VARCHAR(2000),
    PRIMARY KEY (channelid, userid)
);

CREATE INDEX IF NOT EXISTS idx_channels_displayname_lower ON channels ((lower(name) || ':' || coalesce(header, '')));
