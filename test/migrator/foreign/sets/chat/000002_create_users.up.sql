CREATE TABLE IF NOT EXISTS users (
    id VARCHAR(26) PRIMARY KEY,
    username VARCHAR(64) UNIQUE,
    email VARCHAR(128) UNIQUE,
    nickname VARCHAR(64),
    roles VARCHAR(256),
    props VARCHAR(4000),
    deleteat bigint
);

CREATE INDEX IF NOT EXISTS idx_users_email_lower ON users (lower(email) text_pattern_ops);
CREATE INDEX IF NOT EXISTS idx_users_names_txt ON users
    USING gin (to_tsvector('english'::regconfig, username || ' ' || coalesce(nickname, '')));

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'channel_type') THEN
        CREATE TYPE channel_type AS ENUM ('O', 'P', 'D');
    END IF;
END;
$$ LANGUAGE plpgsql;
