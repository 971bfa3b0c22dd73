/** The documentation's site in a browser: `npm run test:site`. @type {import("jest").Config} */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  testMatch: ["<rootDir>/test/site/*.site.ts"],
  moduleNameMapper: { "^playwright-core$": "<rootDir>/site/node_modules/playwright-core" },
  // Installs what is missing, builds the site and serves it.
  globalSetup: "<rootDir>/test/site/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/site/support/global-teardown.ts",
  testTimeout: 600_000,
};
