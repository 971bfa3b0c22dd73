ALTER TABLE reactions DROP CONSTRAINT reactions_pkey;
ALTER TABLE reactions DROP COLUMN channelid;
ALTER TABLE reactions ADD CONSTRAINT reactions_pkey PRIMARY KEY (userid, postid, emojiname);
