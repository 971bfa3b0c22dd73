CREATE TABLE clients (id integer CONSTRAINT clients_pkey PRIMARY KEY, code integer CONSTRAINT clients_code_key UNIQUE);
