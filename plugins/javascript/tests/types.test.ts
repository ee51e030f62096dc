// The types of the package, which the compiler checks.

import { Sandbox, Server, type JournalEntry } from "@chirrup/sandbox";

export async function lastStatus(): Promise<number | null> {
  const server = await Server.start(["--users", "20"]);
  const sandbox = new Sandbox(server);
  await sandbox.clock.advance({ hours: 2 });
  await sandbox.faults.respond(503, { endpoint: "create_post" });
  // @ts-expect-error: the status is a number.
  await sandbox.faults.respond("503");
  const entries: JournalEntry[] = await sandbox.journal.entries();
  await server.stop();
  return entries.at(-1)?.status ?? null;
}
