/** Containers: `npm run test:e2e`. @type {import("jest").Config} */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  testMatch: ["<rootDir>/test/e2e/*.e2e.ts"],
  // Installs what is missing, builds the images, and starts the PostgreSQL that the other tests have as well.
  globalSetup: "<rootDir>/test/e2e/support/global-setup.ts",
};
