/** CDKTF keeps what it knows in objects, and asks none of them which sandbox it comes from. */
const loadedByNode = "cdktf/|constructs/|@cdktf/provider-azurerm/";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/environment.ts",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // They have suites of their own, which wait for other programs more than they compute.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/deploy/", "<rootDir>/test/package/"],
  // @supabase/pg-delta is published as ECMAScript modules only.
  transformIgnorePatterns: [`/node_modules/(?!@supabase/pg-delta/|${loadedByNode})`],
  transform: {
    [`/node_modules/(?:${loadedByNode}).*\\.js$`]: "<rootDir>/test/support/by-node.cjs",
    "\\.[jt]s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  modulePathIgnorePatterns: [
    "<rootDir>/bench/node_modules",
    "<rootDir>/site/node_modules",
    "<rootDir>/cdktf.out",
    "<rootDir>/cdktn.out",
    "<rootDir>/cdktn/node_modules",
    "<rootDir>/dist",
    "<rootDir>/.data",
    "<rootDir>/templates",
  ],
  // Builds dist/ and starts one PostgreSQL for all test files; each test makes a database of its own in it.
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  // For what never ends: no promise is about this machine's speed, and a busy one is slow by the factor of its load.
  testTimeout: 600_000,
  // Tests wait for processes and databases more than they compute; Jest would leave a core idle.
  maxWorkers: "100%",
};
