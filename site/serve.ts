import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** Serves a directory's files on loopback, as any static host does; what is not there is answered with 404.html. */
export function serve(directory: string, port = 0): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(({ url = "/" }, response) => {
    const file = find(directory, url);
    response.writeHead(file ? 200 : 404, {
      "content-type": types[extname(file ?? ".html")] ?? "application/octet-stream",
    });
    createReadStream(file ?? join(directory, "404.html")).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve({ server, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}` });
    });
  });
}

function find(directory: string, url: string): string | undefined {
  const path = normalize(decodeURI(url.replace(/[?#].*$/, "")));
  const file = join(directory, path.endsWith("/") ? `${path}index.html` : path);
  const isFile = file.startsWith(directory) && statSync(file, { throwIfNoEntry: false })?.isFile();
  return isFile ? file : undefined;
}
