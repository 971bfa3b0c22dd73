/** Deployments, most of them with the real cdktf, seconds each time: `npm run test:deploy`. @type {import("jest").Config} */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  testMatch: ["<rootDir>/test/deploy/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // None of these tests asks for a database.
  globalSetup: undefined,
  globalTeardown: undefined,
};
