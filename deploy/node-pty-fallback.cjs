// Loaded before cdktf-cli (node --require), which runs Terraform through a pseudo terminal. Its native module comes with
// binaries for Node 18 to 22 on some platforms only; elsewhere it would have to be compiled at install time, and without
// it cdktf-cli does not even start. Where it cannot be loaded, pipes take its place: Terraform then prints without colour.
const { spawn } = require("node:child_process");
const { dirname, join } = require("node:path");

const moduleName = "@cdktf/node-pty-prebuilt-multiarch";
const main = require.resolve(moduleName, { paths: [dirname(require.resolve("cdktf-cli/package.json"))] });

// The addon is tried by itself: the module around it prints a stack trace when it fails to load.
const { ptyPath, winPtyPath } = require(join(dirname(main), "prebuild-file-path.js"));
const compiled = join(dirname(main), "..", "build", "Release", "pty.node");

if (!canLoad(ptyPath ?? winPtyPath ?? compiled)) {
  require.cache[main] = { id: main, filename: main, loaded: true, exports: { spawn: spawnWithPipes } };
}

/** Whether there is an addon, and it was made for this version of Node. */
function canLoad(addon) {
  try {
    require(addon);
    return true;
  } catch {
    return false;
  }
}

/** What cdktf-cli uses of node-pty's `spawn`: onData, onExit and write. */
function spawnWithPipes(file, args, options) {
  const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  // A write that comes after the end of the program is no failure, as with a terminal.
  child.stdin.on("error", () => {});
  return {
    onData(listener) {
      child.stdout.on("data", listener);
      child.stderr.on("data", listener);
      child.on("error", (error) => listener(`${error.message}\n`));
    },
    onExit(listener) {
      child.on("error", () => listener({ exitCode: 127 }));
      child.on("close", (code) => listener({ exitCode: code ?? 1 }));
    },
    write(data) {
      // A terminal turns Ctrl-C into a signal; a pipe does not.
      if (data === "\x03") child.kill("SIGINT");
      else child.stdin.write(data);
    },
  };
}
