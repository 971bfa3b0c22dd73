ALTER TABLE reactions ADD COLUMN IF NOT EXISTS channelid VARCHAR(26) NOT NULL DEFAULT '';

UPDATE reactions SET channelid = coalesce(posts.channelid, '')
  FROM posts
 WHERE posts.id = reactions.postid AND reactions.channelid = '';

DO $$BEGIN
    IF NOT EXISTS (
        SELECT FROM information_schema.key_column_usage
         WHERE constraint_name = 'reactions_pkey' AND column_name = 'channelid'
    ) THEN
        ALTER TABLE reactions DROP CONSTRAINT reactions_pkey,
            ADD CONSTRAINT reactions_pkey PRIMARY KEY (channelid, postid, userid, emojiname);
    END IF;
END$$;
