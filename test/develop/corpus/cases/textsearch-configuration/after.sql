CREATE TABLE documents (id integer PRIMARY KEY, body text);
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING FOR word, asciiword WITH english_stem;
