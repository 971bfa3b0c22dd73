CREATE TABLE clients (id integer PRIMARY KEY, mail text);
CREATE INDEX clients_mail_idx ON clients (mail);
