import { parseRevision, readRevisions } from "../../../migrator/adopt/alembic-versions";
import { fixture } from "./support";

test("reads the files that Alembic writes", async () => {
  expect(await readRevisions(fixture("alembic-heads-versions"))).toEqual([
    { id: "c2c7a8dc4ba8", description: "create customers", parents: [] },
    {
      id: "c2d99d56b420",
      description: "merge orders and invoices",
      parents: ["d475433288e7", "ffc7bd927781"],
    },
    { id: "d475433288e7", description: "create orders", parents: ["c2c7a8dc4ba8"] },
    { id: "ffc7bd927781", description: "create invoices", parents: ["c2c7a8dc4ba8"] },
  ]);
});

test.each([
  ["single quotes", "revision = 'a'\ndown_revision = 'b'", { id: "a", parents: ["b"] }],
  ["annotations", 'revision: str = "a"\ndown_revision: Union[str, None] = "b"', { id: "a", parents: ["b"] }],
  ["no spaces", 'revision="a"\ndown_revision=None', { id: "a", parents: [] }],
  [
    "a tuple over lines",
    'revision = "a"\ndown_revision = (\n    "b",  # "x"\n    "c",\n)',
    { id: "a", parents: ["b", "c"] },
  ],
  ["a list", 'revision = "a"\ndown_revision = ["b", "c"]', { id: "a", parents: ["b", "c"] }],
  ["a comment", 'revision = "a"  # was "z"\ndown_revision = None # "b"', { id: "a", parents: [] }],
  ["depends_on", 'revision = "a"\ndown_revision = "b"\ndepends_on = ("c",)', { id: "a", parents: ["b", "c"] }],
  ["Windows line ends", 'revision = "a"\r\ndown_revision = "b"\r\n', { id: "a", parents: ["b"] }],
])("reads %s", (_, text, revision) => {
  expect(parseRevision(text)).toMatchObject(revision);
});

test.each([
  ["behind comments", '# -*- coding: utf-8 -*-\n\n"""add orders\n\nRevision ID: a\n"""\nrevision = "a"'],
  ["on its second line", '"""\nadd orders\n"""\nrevision = "a"'],
  ["on one line", `'''add orders'''\nrevision = "a"`],
])("takes the message from a docstring %s", (_, text) => {
  expect(parseRevision(text)?.description).toBe("add orders");
});

test("takes no function's docstring for the message", () => {
  expect(parseRevision('revision = "a"\n\ndef upgrade():\n    """Upgrade schema."""\n')?.description).toBeUndefined();
});

test("a file without a revision is none", () => {
  expect(parseRevision('"""helpers"""\n\ndef revision_of(x):\n    revision = "a"\n')).toBeUndefined();
});
