import { TestEnvironment } from "jest-environment-node";
import { LastingConnection } from "./lasting-connection";

declare global {
  /** Node's own `require`, outside of a test file's sandbox. */
  var nodeRequire: NodeJS.Require;
  /** Runs a statement on the tests' server, over one connection for all test files of a worker. */
  var askServer: (url: string, sql: string) => Promise<Record<string, unknown>[]>;
}

/**
 * What test files share, outside of their sandboxes. The program: loaded once for all of a worker, by Node itself, whose
 * errors are instances of `Error` there. And the connection that makes and drops their databases: to log in takes longer.
 */
export default class Environment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.nodeRequire = require;
    this.global.askServer = ask;
  }
}

let admin: LastingConnection | undefined;

function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  admin ??= new LastingConnection(url);
  return admin.query(sql);
}
