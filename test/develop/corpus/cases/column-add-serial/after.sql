CREATE TABLE logs (message text NOT NULL, id serial);
