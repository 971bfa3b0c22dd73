"""An HTTP API over the table books: GET and POST /books, /health/live, /health/ready."""

import json
import os
import re
import signal
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
from psycopg.rows import dict_row

MAX_BODY_BYTES = 64 * 1024


class InvalidRequest(Exception):
    """What the client sent cannot be used."""


def connect():
    """Connects where DATABASE_URL says, or the PG* variables when it is not set."""
    return psycopg.connect(
        os.environ.get("DATABASE_URL", ""), autocommit=True, connect_timeout=5, row_factory=dict_row
    )


def list_books():
    with connect() as connection:
        return connection.execute("SELECT id, title, author FROM books ORDER BY sort_title, id LIMIT 100").fetchall()


def create_book(body):
    title, author = (read_text(body, name) for name in ("title", "author"))
    with connect() as connection:
        return connection.execute(
            "INSERT INTO books (title, author, sort_title) VALUES (%s, %s, %s) RETURNING id, title, author",
            (title, author, sort_title(title)),
        ).fetchone()


def read_text(body, name):
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise InvalidRequest(f"'{name}' ({value!r}) must be text. Send {{\"title\": \"…\", \"author\": \"…\"}}")
    return value.strip()


def sort_title(title):
    """What the migration backfill_books_sort_title computes for older rows."""
    return re.sub(r"^(the|an?) ", "", title, flags=re.IGNORECASE).lower()


def check_ready():
    """Asks for the columns this code needs."""
    with connect() as connection:
        connection.execute("SELECT id, title, author, sort_title FROM books LIMIT 0")
    return {"status": "ready"}


ROUTES = {
    ("GET", "/books"): lambda _: (HTTPStatus.OK, list_books()),
    ("POST", "/books"): lambda body: (HTTPStatus.CREATED, create_book(body)),
    ("GET", "/health/live"): lambda _: (HTTPStatus.OK, {"status": "live"}),
    ("GET", "/health/ready"): lambda _: (HTTPStatus.OK, check_ready()),
}


class Handler(BaseHTTPRequestHandler):
    # Seconds; a client that goes silent must not hold up a stop.
    timeout = 10

    def do_GET(self):
        self.answer(None)

    def do_POST(self):
        try:
            body = self.read_body()
        except ValueError as error:
            return self.send(HTTPStatus.BAD_REQUEST, {"error": f"the body is not JSON of at most 64 KiB: {error}"})
        self.answer(body)

    def read_body(self):
        length = int(self.headers.get("content-length", 0))
        if not 0 <= length <= MAX_BODY_BYTES:
            raise ValueError(f"content-length {length}")
        return json.loads(self.rfile.read(length))

    def answer(self, body):
        route = ROUTES.get((self.command, self.path))
        if not route:
            return self.send(HTTPStatus.NOT_FOUND, {"error": f"there is no {self.command} {self.path}"})
        try:
            self.send(*route(body))
        except InvalidRequest as error:
            self.send(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        except psycopg.Error as error:
            print(f"{self.command} {self.path}: {error}", file=sys.stderr, flush=True)
            self.send(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "the database does not answer as it should"})

    def send(self, status, body):
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    # server_close() then waits for the requests under way.
    daemon_threads = False


def main():
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))
    with Server((host, port), Handler) as server:
        # shutdown() waits for serve_forever(), which this handler interrupts: it needs a thread of its own.
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"listening on http://{host}:{port}", flush=True)
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
