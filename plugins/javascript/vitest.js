// Fixtures of vitest: a server per worker, and a world of its own per test.

import { test as base } from "vitest";

import { Sandbox, Server, Webhook } from "./index.js";

export const test = base.extend({
  sandboxServer: [
    async ({}, use) => {
      const server = await Server.start(["--users", "20", "--posts", "200"]);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  sandbox: async ({ sandboxServer }, use) => {
    const sandbox = new Sandbox(sandboxServer);
    await use(sandbox);
    await sandbox.remove();
  },
  webhook: async ({ sandbox }, use) => {
    const webhook = await Webhook.start((await sandbox.app()).consumer_secret);
    await use(webhook);
    await webhook.close();
  },
});
