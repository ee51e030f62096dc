// One session with the official MCP SDK for JavaScript: over stdio, or over HTTP with a token.
//
//     node session.mjs stdio chirrup mcp --level write ...
//     node session.mjs http URL TOKEN
//
// Prints the number of tools, the size of their list in tokens, and what happened to a draft that the person approved and to one
// that the person refused.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The SDK is in the folder that NODE_PACKAGES names.
const require = createRequire(pathToFileURL(`${process.env.NODE_PACKAGES}/package.json`));
const load = (name) => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/${name}`)));

const { Client } = await load("client/index.js");
const { StdioClientTransport } = await load("client/stdio.js");
const { StreamableHTTPClientTransport } = await load("client/streamableHttp.js");
const { ElicitRequestSchema } = await load("types.js");

const [way, target, ...rest] = process.argv.slice(2);
const transport =
  way === "stdio"
    ? new StdioClientTransport({ command: target, args: rest, env: process.env })
    : new StreamableHTTPClientTransport(new URL(target), {
        requestInit: { headers: { authorization: `Bearer ${rest[0]}` } },
      });

const questions = [];
let decision = "accept";
const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: {} } });
client.setRequestHandler(ElicitRequestSchema, async (request) => {
  questions.push(request.params.message);
  return { action: decision, content: decision === "accept" ? {} : undefined };
});
await client.connect(transport);

// A token of JSON has about four bytes.
const { tools } = await client.listTools();
const tokens = Math.floor(Buffer.byteLength(JSON.stringify(tools)) / 4);

const call = async (name, args) => {
  const result = await client.callTool({ name, arguments: args });
  return { ...JSON.parse(result.content[0].text), isError: result.isError === true };
};
const publish = async (text) => {
  const draft = await call("draft", { action: "post", text });
  return call("publish", { code: draft.confirm_code, text });
};
const approved = await publish("a heron, approved");
decision = "decline";
const refused = await publish("an eagle, refused");
const found = await call("read_posts", { posts: [approved.id] });

console.log(
  JSON.stringify({
    tools: tools.length, tokens, questions, approved: !approved.isError, refused: refused.isError,
    text: found.untrusted.posts[0].text,
  }),
);
await client.close();
