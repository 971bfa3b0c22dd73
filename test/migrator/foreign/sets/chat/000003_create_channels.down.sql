DROP TABLE IF EXISTS channelmembers;
DROP TABLE IF EXISTS channels;
