CREATE TABLE documents (id integer PRIMARY KEY, body text);
CREATE TEXT SEARCH DICTIONARY english_words (TEMPLATE = snowball, Language = english, StopWords = english);
