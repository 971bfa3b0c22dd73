CREATE TABLE members (team integer, person integer, CONSTRAINT members_team_person_pk PRIMARY KEY (team, person));
