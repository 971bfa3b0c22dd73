/** The package as npm installs it, and the projects that it makes: `npm run test:package`. @type {import("jest").Config} */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  testMatch: ["<rootDir>/test/package/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
