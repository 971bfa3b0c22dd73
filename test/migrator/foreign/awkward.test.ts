import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../support/migrator";
import { nothingLeft, setDirectory, travelAlone } from "./support";

const big = "0045_many_rows";

/** The set and a file of more than a megabyte: one INSERT, and many. */
function withManyRows(): string {
  const dir = makeDirectory();
  cpSync(setDirectory("awkward"), dir, { recursive: true });
  const rows = Array.from({ length: 15_000 }, (_, id) => `(${id + 1_000}, 'row ${id}; it''s ${"long ".repeat(8)}')`);
  const single = Array.from({ length: 5_000 }, (_, id) => `INSERT INTO notes VALUES (${id + 50_000}, $$;${id}; ' $$);`);
  const text = `-- migrate:up\nINSERT INTO notes (id, body) VALUES\n${rows.join(",\n")};\n${single.join("\n")}\n`;
  writeFileSync(join(dir, `${big}.sql`), `${text}-- migrate:down\nDELETE FROM notes WHERE id >= 1000;\n`);
  return dir;
}

const facts = {
  notes: "SELECT id, body FROM notes WHERE id < 1000 ORDER BY id",
  many: `SELECT count(*)::integer AS rows, max(body) FILTER (WHERE id = 1007) AS eighth,
                max(body) FILTER (WHERE id = 54999) AS last FROM notes WHERE id >= 1000`,
  beyondAscii: `SELECT "größe", таблица, "a.b" FROM "Überschriften"`,
  shout: "SELECT prosrc ~ E'\\r' AS returns FROM pg_proc WHERE proname = 'shout'",
  marks: "SELECT id, note FROM more_marks ORDER BY id",
  counted: "SELECT count_marks()::integer AS marks",
  paths: `SELECT to_regclass('hidden.secrets') IS NOT NULL AS secrets,
                 to_regclass('public.not_there_yet') IS NOT NULL AS next,
                 to_regclass('hidden.left_open') IS NOT NULL AS "leftOpen",
                 (SELECT schema FROM public.behind_the_small_numbers) AS last`,
  defaults: `SELECT pg_get_expr(adbin, adrelid) AS value FROM pg_attrdef
              WHERE adrelid = 'hidden."back\\slash"'::regclass ORDER BY adnum`,
};

test("files as editors and dumps leave them go up, down and up again, and leave nothing behind", async () => {
  const set = { dir: withManyRows(), facts };
  const { facts: found, ...trip } = await travelAlone(set);

  expect(trip).toEqual(nothingLeft(set));
  expect(found).toEqual({
    notes: [
      { id: 1, body: "FIRST\nSECOND!\n" },
      { id: 2, body: "two" },
      { id: 61, body: "public on" },
    ],
    many: [{ rows: 20_000, eighth: `row 7; it's ${"long ".repeat(8)}`, last: ";4999; ' " }],
    beyondAscii: [{ größe: "📏; sehr groß", таблица: "да", "a.b": { ß: "ß" } }],
    shout: [{ returns: false }],
    marks: [
      { id: 1, note: ";; $$;$$ ';" },
      { id: 2, note: ";; $$;$$ ';" },
    ],
    counted: [{ marks: 1 }],
    paths: [{ secrets: true, next: true, leftOpen: true, last: "public" }],
    defaults: [{ value: "'2026-01-02'::date" }, { value: "'2026-01-02 00:00:00+00'::timestamp with time zone" }],
  });
});

test("the files are still awkward: no tool has tidied them", () => {
  const read = (name: string) => readFileSync(join(setDirectory("awkward"), `${name}.sql`));

  expect(read("0001_byte_order_mark").subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(read("0002_windows_line_ends").toString()).not.toMatch(/[^\r]\n/);
  expect(read("0006_no_newline_at_the_end").at(-1)).not.toBe(0x0a);
});
