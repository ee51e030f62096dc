import type { TestAPI } from "vitest";

import type { Sandbox, Webhook } from "./index.js";

/** Test with a world of its own and, if it asks for it, a webhook. */
export const test: TestAPI<{ sandbox: Sandbox; webhook: Webhook }>;
