CREATE TYPE point_of_sale AS (id integer, city text);
CREATE TABLE shops OF point_of_sale (PRIMARY KEY (id));
