CREATE TABLE logs (message text NOT NULL);
