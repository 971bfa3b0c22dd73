import { hashText } from "../../../migrator/source/postgres-hash";
import { queryAt, serverUrl } from "../../support/database";

/** Texts of every length about the hash's blocks of twelve bytes, with bytes above 127 in some. */
const texts = Array.from({ length: 80 }, (_, length) => "20260101000001_größe €\t".repeat(4).slice(0, length));

test("it is the hash that the server computes", async () => {
  const rows = await queryAt(
    serverUrl(),
    "SELECT hashtextextended(text, 0)::text AS hash FROM unnest($1::text[]) WITH ORDINALITY t(text, n) ORDER BY n",
    [texts],
  );

  expect(texts.map((text) => String(hashText(text)))).toEqual(rows.map(({ hash }) => hash));
});
