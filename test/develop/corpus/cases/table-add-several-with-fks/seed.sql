INSERT INTO zones VALUES (1, 'north'), (2, 'south');
