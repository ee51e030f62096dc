// A test of a client, as a project writes it.

import { expect } from "vitest";
import { test } from "@chirrup/sandbox/vitest";

/** The client under test: it repeats a post that X surely did not process. */
async function post(url, token, text) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = () => fetch(`${url}/2/tweets`, { method: "POST", headers, body: JSON.stringify({ text }) });
  const response = await send();
  return (await (response.status === 503 ? await send() : response).json()).data.id;
}

test("a client survives a bad evening", async ({ sandbox, webhook }) => {
  await sandbox.reset();
  await sandbox.subscribe(webhook.url, "ada");
  const [token, before] = [await sandbox.token("ada"), await sandbox.clock.now()];
  await sandbox.clock.advance({ hours: 2 });
  expect(await sandbox.clock.now() - before).toBeGreaterThanOrEqual(7_200_000);

  await sandbox.faults.respond(503, { endpoint: "create_post" });
  const written = await post(sandbox.url, token, "Good evening");
  expect((await webhook.wait()).tweet_create_events[0].id_str).toBe(written);

  await sandbox.faults.loseAnswer({ endpoint: "create_post" });
  await expect(post(sandbox.url, token, "Good night")).rejects.toThrow();
  const [first, second, third] = await sandbox.journal.entries({ endpoint: "create_post" });
  expect([first.fault, second.created_id]).toEqual(["response", written]);
  // The post exists, although its answer is lost.
  expect(third).toMatchObject({ created_id: expect.any(String), response_intact: false });
});
