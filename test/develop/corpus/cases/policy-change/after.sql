CREATE TABLE notes (id integer PRIMARY KEY, owner text, public boolean);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_notes ON notes USING (public OR owner = CURRENT_USER);
