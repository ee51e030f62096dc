// The program `chirrup`, running as a sandbox.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

/** Returns the command of the program: that in the variable CHIRRUP, of the npm package `chirrup`, or of PATH. */
function command() {
  if (process.env.CHIRRUP) return [process.env.CHIRRUP];
  try {
    return [process.execPath, createRequire(import.meta.url).resolve("chirrup/chirrup.js")];
  } catch {
    return ["chirrup"];
  }
}

/** A sandbox in a process of its own. */
export class Server {
  #process;

  constructor(process, { url, control_token: controlToken }) {
    this.#process = process;
    this.url = url;
    this.controlToken = controlToken;
  }

  /** Starts the program and waits until it accepts connections. */
  static async start(options = []) {
    const [program, ...first] = command();
    const child = spawn(program, [...first, "--jsonl", "sandbox", "--port=0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
    // A test runner that ends without `stop` ends the server too.
    const kill = () => child.kill();
    process.once("exit", kill);
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise((resolve, reject) => {
      lines.once("line", resolve);
      child.once("error", (error) => reject(new Error(
        `the program \`${program}\` did not start (${error.message}): install it with \`npm install chirrup\`, or set CHIRRUP to its path`,
      )));
      child.once("exit", (status) => reject(new Error(`the sandbox did not start: status ${status}`)));
    });
    child.once("exit", () => process.removeListener("exit", kill));
    lines.close();
    child.unref();
    child.stdout.unref();
    return new Server(child, JSON.parse(line));
  }

  /** Stops the server and everything in it. */
  stop() {
    const stopped = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.ref();
    this.#process.kill();
    return stopped;
  }
}
