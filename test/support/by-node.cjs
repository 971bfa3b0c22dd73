// A transform for Jest: packages that nearly every test of the constructs loads, and that are most of its time, come from
// Node itself, once for all test files of a worker, instead of being read anew into each file's sandbox.
module.exports = {
  process: () => ({ code: "module.exports = nodeRequire(__filename);" }),
  getCacheKey: (_, path) => `by-node ${path}`,
};
