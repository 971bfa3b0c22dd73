/** The stacks under CDK Terrain: `npm run test:cdktn`. @type {import("jest").Config} */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  testMatch: ["<rootDir>/test/cdktn/*.cdktn.ts"],
  // Installs CDK Terrain where it is missing; none of these tests asks for a database.
  globalSetup: "<rootDir>/test/cdktn/support/global-setup.ts",
  globalTeardown: undefined,
  testTimeout: 600_000,
};
