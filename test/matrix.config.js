/** The whole of what `npm test` takes a part of: `npm run test:matrix`. @type {import("jest").Config} */
module.exports = {
  ...require("../jest.config.js"),
  rootDir: "..",
  testMatch: ["<rootDir>/test/**/*.matrix.ts"],
};
