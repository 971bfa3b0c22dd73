import { RestartBudget } from "../../app/cluster";

describe("the restart budget", () => {
  it("allows so many restarts in a window, and no more", () => {
    const budget = new RestartBudget(2, 1_000);
    expect([budget.take(0), budget.take(500), budget.take(999)]).toEqual([true, true, false]);
  });

  it("allows another one when an earlier one has left the window", () => {
    const budget = new RestartBudget(2, 1_000);
    expect([budget.take(0), budget.take(500), budget.take(1_000), budget.take(1_100)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
