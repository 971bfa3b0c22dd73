import { nothingLeft, setDirectory, travelAlone } from "./support";

const set = {
  dir: setDirectory("chat"),
  seeds: [
    {
      behind: "000004",
      sql: `
        INSERT INTO teams (id, name) VALUES ('t1', 'makers');
        INSERT INTO users (id, username, props) VALUES ('u1', 'ada', '{"theme":"dark"}'), ('u2', 'plato', '');
        INSERT INTO channels (id, teamid, type, name) VALUES ('c1', 't1', 'O', 'town'), ('c2', 't1', 'P', 'empty');
        INSERT INTO channelmembers VALUES
          ('c1', 'u1', 1, NULL), ('c1', 'u2', 9, '{"push":"all"}'), ('c2', 'u1', NULL, '');
        INSERT INTO posts (id, createat, channelid, userid, rootid, message) VALUES
          ('p1', 1700000000000, 'c1', 'u1', '', 'hello ;'), ('p2', 1700000001500, 'c1', 'u2', 'p1', 'hi; there'),
          ('p3', 1700090000000, 'c1', 'u2', '', 'news;');
        INSERT INTO reactions VALUES ('u2', 'p1', 'wave'), ('u1', 'gone', 'cry')`,
    },
  ],
  facts: {
    users: "SELECT id, props FROM users ORDER BY id",
    channels: `SELECT id, type, totalmsgcount::integer AS counted, totalmsgcountroot::integer AS roots
                 FROM channels ORDER BY id`,
    members: "SELECT channelid, userid, msgcountroot::integer AS roots, notifyprops FROM channelmembers ORDER BY 1, 2",
    reactions: "SELECT postid, channelid FROM reactions ORDER BY postid",
    posts: "SELECT id, createat AT TIME ZONE 'UTC' || '' AS at, message FROM posts ORDER BY id",
    stats: "SELECT userid, day::text, posts::integer FROM poststats ORDER BY userid, day",
  },
};

test("a chat server in golang-migrate's pairs goes up, down and up again, and leaves nothing behind", async () => {
  const { facts, ...trip } = await travelAlone(set);

  expect(trip).toEqual(nothingLeft(set));
  expect(facts).toEqual({
    users: [
      { id: "u1", props: { theme: "dark" } },
      { id: "u2", props: {} },
    ],
    channels: [
      { id: "c1", type: "O", counted: 1, roots: 3 },
      { id: "c2", type: "P", counted: 1, roots: 1 },
    ],
    members: [
      { channelid: "c1", userid: "u1", roots: 1, notifyprops: {} },
      { channelid: "c1", userid: "u2", roots: 2, notifyprops: { push: "all" } },
      { channelid: "c2", userid: "u1", roots: 0, notifyprops: {} },
    ],
    reactions: [
      { postid: "gone", channelid: "" },
      { postid: "p1", channelid: "c1" },
    ],
    posts: [
      { id: "p1", at: "2023-11-14 22:13:20", message: "hello" },
      { id: "p2", at: "2023-11-14 22:13:21.5", message: "hi; there" },
      { id: "p3", at: "2023-11-15 23:13:20", message: "news" },
      { id: "welcome-c1", at: "2023-11-14 22:13:20", message: "Welcome; say hello" },
      { id: "welcome-c2", at: "2023-11-14 22:13:20", message: "Welcome; say hello" },
    ],
    stats: [
      { userid: "system", day: "2023-11-14", posts: 2 },
      { userid: "u1", day: "2023-11-14", posts: 1 },
      { userid: "u2", day: "2023-11-14", posts: 1 },
      { userid: "u2", day: "2023-11-15", posts: 1 },
    ],
  });
});
