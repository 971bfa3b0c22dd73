DO $migration$
DECLARE
    col record;
BEGIN
    FOR col IN
        SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = current_schema() AND data_type <> 'jsonb'
           AND (table_name, column_name) IN (('users', 'props'), ('channelmembers', 'notifyprops'))
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %2$I TYPE jsonb USING coalesce(nullif(%2$I, ''''), ''{}'')::jsonb',
            col.table_name, col.column_name);
    END LOOP;
END
$migration$;

ALTER TABLE users ALTER COLUMN props SET DEFAULT '{}'::jsonb;
