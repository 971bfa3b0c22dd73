SELECT setval('numbers', 17);
