// A small API over the migrated table: GET and POST /notes. Replace it with yours.
import { createServer } from "node:http";
import pg from "pg";
import { connectionConfig } from "schemagate";

// Where the database is, and how to sign in, comes from the same variables as the migrator's.
const pool = new pg.Pool({ ...connectionConfig(process.env), max: 5 });
pool.on("error", (error) => console.error(`connection lost: ${error.message}`));

const routes = {
  "GET /health/live": async () => ({ status: "ok" }),
  "GET /health/ready": async () => {
    await pool.query("SELECT 1 FROM notes LIMIT 1");
    return { status: "ok" };
  },
  "GET /notes": async () => (await pool.query("SELECT id, text FROM notes ORDER BY id DESC LIMIT 100")).rows,
  "POST /notes": async (body) =>
    (await pool.query("INSERT INTO notes (text) VALUES ($1) RETURNING id, text", [body])).rows[0],
};

const server = createServer(async (request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(value)}\n`);
  };
  const route = routes[`${request.method} ${request.url}`];
  if (!route) {
    return answer(404, { error: "not found" });
  }
  try {
    answer(200, await route(await readText(request)));
  } catch (error) {
    console.error(error.message);
    answer(503, { error: "not available" });
  }
});

/** At most 64 KiB: what is longer is cut off. */
async function readText(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text = (text + chunk).slice(0, 65_536);
  }
  return text;
}

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 8080);
server.listen(port, host, () => console.log(`listening at http://${host}:${port}`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => pool.end());
    server.closeIdleConnections();
  });
}
