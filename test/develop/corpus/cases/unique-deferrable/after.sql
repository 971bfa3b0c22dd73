CREATE TABLE steps (id integer PRIMARY KEY,
  position integer CONSTRAINT steps_position UNIQUE DEFERRABLE INITIALLY DEFERRED);
