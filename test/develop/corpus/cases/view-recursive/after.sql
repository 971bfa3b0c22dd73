CREATE TABLE nodes (id integer PRIMARY KEY, parent_id integer);
CREATE RECURSIVE VIEW paths (id, path) AS
  SELECT id, id::text FROM nodes WHERE parent_id IS NULL
  UNION ALL
  SELECT nodes.id, paths.path || '/' || nodes.id FROM nodes JOIN paths ON nodes.parent_id = paths.id;
