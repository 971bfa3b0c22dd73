import { isRead, reference, role, type Scope, selectObjects, words, yesNo } from "../sql";

/** Functions, procedures, aggregates. */
export function functionQueries(scope: Scope): string[] {
  return [functions(scope), aggregates(scope)];
}

function functions(scope: Scope): string {
  return selectObjects({
    kind: words("p.prokind", { f: "function", w: "function", p: "procedure" }),
    identity: "p.oid::regprocedure::text",
    address: ["pg_proc", "p.oid"],
    facts: { owner: role("p.proowner"), definition: "pg_get_functiondef(p.oid)" },
    from: `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prokind <> 'a' AND ${isRead(scope, "n.nspname")}`,
  });
}

const modifies = { r: "read only", s: "shareable", w: "read write" };

function aggregates(scope: Scope): string {
  const procedure = (column: string) => reference(`a.${column}::oid`, "regprocedure");
  return selectObjects({
    kind: "'aggregate'",
    identity: "p.oid::regprocedure::text",
    address: ["pg_proc", "p.oid"],
    facts: {
      owner: role("p.proowner"),
      arguments: "pg_get_function_arguments(p.oid)",
      result: "pg_get_function_result(p.oid)",
      kind: words("a.aggkind", { n: "normal", o: "ordered set", h: "hypothetical set" }),
      parallel: words("p.proparallel", { s: "safe", r: "restricted", u: "unsafe" }),
      "transition function": procedure("aggtransfn"),
      "state type": "format_type(a.aggtranstype, NULL)",
      "state space": "a.aggtransspace",
      "initial value": "a.agginitval",
      "final function": procedure("aggfinalfn"),
      "final function gets extra arguments": yesNo("a.aggfinalextra"),
      "final function modifies": words("a.aggfinalmodify", modifies),
      "combine function": procedure("aggcombinefn"),
      "serial function": procedure("aggserialfn"),
      "deserial function": procedure("aggdeserialfn"),
      "moving transition function": procedure("aggmtransfn"),
      "moving inverse function": procedure("aggminvtransfn"),
      "moving state type": "CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END",
      "moving state space": "a.aggmtransspace",
      "moving initial value": "a.aggminitval",
      "moving final function": procedure("aggmfinalfn"),
      "moving final function gets extra arguments": yesNo("a.aggmfinalextra"),
      "moving final function modifies": words("a.aggmfinalmodify", modifies),
      "sort operator": reference("a.aggsortop", "regoperator"),
    },
    from: `FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${isRead(scope, "n.nspname")}`,
  });
}
