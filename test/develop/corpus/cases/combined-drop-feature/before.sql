CREATE TYPE badge AS ENUM ('gold', 'silver');
CREATE TABLE users (id integer PRIMARY KEY, best badge);
CREATE TABLE awards (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users, badge badge NOT NULL);
CREATE VIEW medals AS SELECT badge, count(*) AS number FROM awards GROUP BY badge;
CREATE FUNCTION award_best() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE users SET best = NEW.badge WHERE id = NEW.user_id; RETURN NEW; END';
CREATE TRIGGER award_best AFTER INSERT ON awards FOR EACH ROW EXECUTE FUNCTION award_best();
