import type { Facts } from "./catalog";

/** An object as a query returns it. */
export interface ObjectRow {
  readonly kind: string;
  readonly identity: string;
  readonly address: string;
  readonly of: string | null;
  readonly hidden: boolean;
  readonly facts: Facts;
}

/** What is attached to an object: it is told as an object of its own, called after the one it is attached to. */
export interface AnnotationRow {
  readonly kind: "comment" | "security label" | "grant" | "extension dependency";
  readonly address: string;
  /** Name of the column, where it is on a column. */
  readonly column: string | null;
  /** Distinguishes several of its kind on one object: the grantee, for instance. */
  readonly name: string | null;
  readonly facts: Facts;
}

/** An object that is no user's own: an extension's, or a range type's constructor. */
export interface MemberRow {
  readonly address: string;
}
