CREATE TABLE IF NOT EXISTS posts (
    id VARCHAR(26) PRIMARY KEY,
    createat bigint NOT NULL,
    channelid VARCHAR(26),
    userid VARCHAR(26),
    rootid VARCHAR(26) NOT NULL DEFAULT '',
    message VARCHAR(65535),
    ispinned boolean DEFAULT false
);

CREATE TABLE IF NOT EXISTS reactions (
    userid VARCHAR(26) NOT NULL,
    postid VARCHAR(26) NOT NULL,
    emojiname VARCHAR(64) NOT NULL,
    CONSTRAINT reactions_pkey PRIMARY KEY (userid, postid, emojiname)
);

CREATE INDEX idx_posts_message_txt ON posts USING gin (to_tsvector('english', message));
CREATE INDEX idx_posts_pinned ON posts (channelid, createat DESC) WHERE ispinned;
CREATE INDEX idx_posts_root ON posts (rootid, createat) WHERE rootid <> '';
