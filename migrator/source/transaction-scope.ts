/** Why a statement cannot do where it stands what it says, and what to write instead. */
export interface Misplaced {
  readonly code: string;
  readonly why: string;
  readonly hint: string;
}

/** The part of PostgreSQL's syntax tree that is looked at here. */
interface SetStatement {
  readonly kind?: string;
  readonly name?: string;
  readonly is_local?: boolean;
  readonly args?: readonly { readonly DefElem?: { readonly defname?: string; readonly arg?: Value } & object }[];
}

interface Value {
  readonly A_Const?: { readonly sval?: { readonly sval?: string }; readonly ival?: { readonly ival?: number } };
}

/** Finds what SET says of a transaction and cannot be in the one that a migration and its ledger row share. */
export function misplacedInTransaction(statement: object): Misplaced | undefined {
  const set = setStatement(statement);
  if (set?.name === "SESSION CHARACTERISTICS" || set?.name === "default_transaction_isolation") {
    return {
      code: "transaction-setting",
      why: "is for later transactions, and this migration's has begun",
      hint: "Write SET TRANSACTION ISOLATION LEVEL … as its first statement.",
    };
  }
  if (set && !set.kind?.startsWith("VAR_RESET") && asksReadOnly(set)) {
    return {
      code: "transaction-setting",
      why: "would keep the migration from being recorded: its row in the ledger is part of the transaction",
      hint: "Leave READ ONLY out.",
    };
  }
  return undefined;
}

/** Finds what lasts to the end of a transaction, where there is none: PostgreSQL would only warn, or not even that. */
export function misplacedOutside(statement: object): Misplaced | undefined {
  const set = setStatement(statement);
  const isOfTransaction = /^TRANSACTION\b|^transaction_(isolation|read_only|deferrable)$/.test(set?.name ?? "");
  if (!set?.is_local && !isOfTransaction && !("ConstraintsSetStmt" in statement) && !("LockStmt" in statement)) {
    return undefined;
  }
  return {
    code: "needs-transaction",
    why: "lasts to the end of a transaction, and this migration runs without one: it would do nothing",
    hint: isOfTransaction
      ? "Write BEGIN ISOLATION LEVEL … and COMMIT around what it is for, or leave out `transaction:false`."
      : "Write BEGIN and COMMIT around what it is for; a setting may also be SET, and RESET behind that.",
  };
}

function setStatement(statement: object): SetStatement | undefined {
  return "VariableSetStmt" in statement ? (statement.VariableSetStmt as SetStatement) : undefined;
}

function asksReadOnly({ name, args = [] }: SetStatement): boolean {
  const values =
    name === "TRANSACTION"
      ? args.filter(({ DefElem }) => DefElem?.defname === "transaction_read_only").map(({ DefElem }) => DefElem?.arg)
      : name === "transaction_read_only"
        ? (args as readonly Value[])
        : [];
  return values.some((value) => {
    const { sval, ival } = value?.A_Const ?? {};
    return ival ? ival.ival === 1 : /^(on|t|tr|tru|true|y|ye|yes|1)$/i.test(sval?.sval ?? "");
  });
}
