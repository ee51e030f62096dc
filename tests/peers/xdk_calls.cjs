// Every public method of X's own TypeScript SDK, with the arguments of xdk_values.py.
"use strict";
const { spawn } = require("node:child_process");
const readline = require("node:readline");
const { Client, OAuth1 } = require("@xdevplatform/xdk");

const env = process.env;
const TIMEOUT = 20000;
const NAME = "xdk for TypeScript";
const oauth1 = new OAuth1({
  apiKey: env.X_CONSUMER_KEY, apiSecret: env.X_CONSUMER_SECRET, callback: "http://127.0.0.1:8080/callback",
  accessToken: env.X_ACCESS_TOKEN, accessTokenSecret: env.X_ACCESS_TOKEN_SECRET,
});
const app = new Client({ bearerToken: env.X_BEARER_TOKEN });
const clients = [new Client({ oauth1 }), new Client({ accessToken: env.X_OAUTH2_ACCESS_TOKEN }), app];

const values = spawn(env.PEERS_PYTHON, ["xdk_values.py"], { cwd: __dirname, stdio: ["pipe", "pipe", "inherit"] });
const lines = readline.createInterface({ input: values.stdout })[Symbol.asyncIterator]();
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

function line(method, result, note = "") {
  console.log(JSON.stringify({ client: NAME, method, result, note: String(note).slice(0, 300).replaceAll("\n", " ") }));
}

/** Returns the arguments of a method by the names of its parameters. */
async function ask(name, params) {
  values.stdin.write(`${JSON.stringify({ name, params })}\n`);
  const answer = JSON.parse((await lines.next()).value);
  if (answer.error) throw new Error(answer.error);
  return answer;
}

/** Returns the names of the parameters of a method that are required. */
function required(method) {
  const list = method.toString().match(/^async \w+\(([^)]*)\)/)[1];
  return list.split(",").map((param) => param.trim()).filter((param) => param && !param.includes("="));
}

async function read(stream, silent) {
  try {
    if (silent) return;
    // The first item is the client's own, and says that it is connected.
    for await (const item of stream) if (item.message !== "Stream connected") return;
  } finally { stream.close(); }
}

async function run(area, method) {
  const name = `${snake(area)}.${snake(method)}`;
  const params = required(app[area][method]);
  const { arguments: named, silent } = await ask(name, params.map(snake));
  const args = params.map((param) => named[snake(param)]);
  const options = Object.entries(named).filter(([key]) => !params.includes(camel(key))).map(([key, value]) => [camel(key), value]);
  if (options.length) args.push(Object.fromEntries(options));
  const isStream = area === "stream" && !/rule/i.test(method);
  let denied;
  for (const client of isStream ? [app] : clients) {
    try {
      const result = await client[area][method](...args);
      if (isStream) await read(result, silent);
      const missing = result?.errors && !result.data;
      if (missing) throw new Error(JSON.stringify(result.errors));
      return;
    } catch (error) {
      if (![401, 403].includes(error.status) && !/uthentication|credentials/.test(error.message)) throw error;
      denied ??= error;
    }
  }
  throw denied;
}

async function main() {
  for (const area of Object.keys(app).filter((key) => app[key]?.constructor?.name.endsWith("Client") && key !== "httpClient")) {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(app[area]));
    for (const method of methods.filter((method) => method !== "constructor" && !method.startsWith("_")).sort()) {
      let timer;
      const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error("the call takes too long")), TIMEOUT); });
      try {
        await Promise.race([run(area, method), late]);
        line(`${area}.${method}`, "works");
      } catch (error) {
        line(`${area}.${method}`, "fails", `${error.message} ${JSON.stringify(error.data ?? "")}`);
      } finally { clearTimeout(timer); }
      if (area === "stream" && !/rule/i.test(method)) values.stdin.write("\n");
    }
  }
}

main().finally(() => { values.kill(); process.exit(0); });
