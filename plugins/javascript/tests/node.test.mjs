// The package with node:test, which has no fixtures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Sandbox, Server } from "@chirrup/sandbox";

let server;
before(async () => { server = await Server.start(["--users", "20", "--posts", "200"]); });
after(() => server.stop());

test("two worlds do not see each other", async () => {
  const [first, second] = [new Sandbox(server), new Sandbox(server)];
  const { data } = await first.act("ada", "POST", "/2/tweets", { text: "only here" });
  assert.equal((await first.act("robin", "GET", `/2/tweets/${data.id}`)).data.text, "only here");
  assert.equal((await second.act("robin", "GET", `/2/tweets/${data.id}`)).data, undefined);
  await Promise.all([first.remove(), second.remove()]);
});
