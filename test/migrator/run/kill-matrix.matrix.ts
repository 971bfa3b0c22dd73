import { isLasting, KillMatrix } from "./support/kill-matrix";

let matrix: KillMatrix;

beforeAll(async () => {
  matrix = await KillMatrix.start();
});

afterAll(() => matrix.drop());

describe("INV-4, INV-5: a run that is killed ends, run again, in the state of an undisturbed run:", () => {
  test.each(["before", "after"] as const)(
    "killed when the server is %s a message, whichever it is, and the client does not know",
    async (moment) => {
      // One connection asks one thing after the other, so that no point lies between those of the matrix.
      expect(new Set(matrix.units.map(({ connection }) => connection)).size).toBe(1);
      expect(await matrix.run(matrix.units, moment)).toEqual({ kills: matrix.units.length, wrong: [] });
    },
  );

  test("killed while the server works on what lasts, and run again at once", async () => {
    const chosen = matrix.units.filter(isLasting);

    expect(chosen.length).toBeGreaterThan(20);
    expect(await matrix.run(chosen, "during")).toEqual({ kills: chosen.length, wrong: [] });
  });
});
