DO $$
DECLARE
    found text;
BEGIN
    SELECT data_type INTO found FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'channels' AND column_name = 'type';
    IF found = 'character varying' THEN
        ALTER TABLE channels ALTER COLUMN type TYPE channel_type USING type::channel_type;
    END IF;
END $$;
