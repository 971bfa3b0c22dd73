CREATE TABLE countries (code char(3) PRIMARY KEY);
