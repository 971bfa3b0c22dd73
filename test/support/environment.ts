import { TestEnvironment } from "jest-environment-node";

declare global {
  /** Node's own `require`, outside of a test file's sandbox. */
  var nodeRequire: NodeJS.Require;
}

/**
 * Lets tests run the program in their own process, yet outside of their sandbox: loaded once for all test files of a
 * worker, by Node itself, whose errors are instances of `Error` there.
 */
export default class Environment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.nodeRequire = require;
  }
}
