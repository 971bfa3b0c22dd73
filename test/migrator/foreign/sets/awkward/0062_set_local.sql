-- migrate:up
SET LOCAL statement_timeout = '20s';
SET LOCAL search_path = hidden;
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL timezone = 'Asia/Kathmandu';
CREATE TABLE "back\slash" (day date DEFAULT '02/01/2026', at timestamptz DEFAULT '02/01/2026 05:45:00'::timestamptz);

-- migrate:down
SET LOCAL search_path = hidden;
DROP TABLE "back\slash";
