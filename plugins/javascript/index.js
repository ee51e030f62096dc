// A world of the sandbox, and what a test controls in it.

import { randomUUID } from "node:crypto";

import { Server } from "./server.js";
import { Webhook } from "./webhook.js";

export { Server, Webhook };

/** A world of its own in a running sandbox: users, posts, rate limits, clock, faults and journal. */
export class Sandbox {
  #server;

  constructor(server, world = `test-${randomUUID()}`) {
    this.#server = server;
    this.world = world;
    this.url = `${server.url}/_worlds/${world}`;
    const control = (...request) => this.control(...request);
    this.clock = new Clock(control);
    this.faults = new Faults(control);
    this.journal = new Journal(control);
  }

  /** Sends a request to the control API and returns the JSON of the response. */
  async control(method, path, body) {
    const response = await fetch(`${this.url}/_chirrup/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#server.controlToken}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Sets the world to its state at the start. */
  reset() {
    return this.control("POST", "reset");
  }

  /** Removes the world from the server. */
  remove() {
    return this.control("DELETE", `worlds/${this.world}`);
  }

  /** Returns a user with its tokens. */
  async user(username) {
    return (await this.control("GET", `users?username=${username}`)).users[0];
  }

  /** Returns an OAuth 2.0 access token of a user with all scopes. */
  async token(username) {
    return (await this.user(username)).tokens.oauth2_access_token;
  }

  /** Returns the keys of the world's app. */
  async app() {
    return (await this.control("GET", "apps")).apps[0];
  }

  /** Calls the API as a user, without credentials, rate limits and costs. */
  act(username, method, path, body) {
    return this.control(method, `as/${username}${path}`, body);
  }

  /** Registers a webhook for the account activity of a user. Returns its ID. */
  async subscribe(url, username) {
    const { data } = await this.act(username, "POST", "/2/webhooks", { url });
    await this.act(username, "POST", `/2/account_activity/webhooks/${data.id}/subscriptions/all`);
    return data.id;
  }

  /** Returns the costs of all calls. */
  bill() {
    return this.control("GET", "bill");
  }
}

/** The clock of a world. */
class Clock {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Returns the time of the world. */
  async now() {
    return new Date((await this.#control("GET", "clock")).now);
  }

  /** Moves the clock forward. */
  advance({ hours = 0, minutes = 0, seconds = 0 }) {
    return this.#control("POST", "clock/advance", { seconds: hours * 3600 + minutes * 60 + seconds });
  }

  /** Stops the clock. */
  freeze() {
    return this.#control("PUT", "clock", { frozen: true });
  }

  /** Lets the clock run again. */
  resume() {
    return this.#control("PUT", "clock", { frozen: false });
  }
}

/** Faults that the sandbox injects into the requests of clients. */
class Faults {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Adds a rule, such as `{ fault: "response", status: 503, endpoint: "create_post", times: 1 }`. */
  add(rule) {
    return this.#control("POST", "faults", rule);
  }

  /** Answers the next requests with an error, without processing them. */
  respond(status, { endpoint, times = 1 } = {}) {
    return this.add({ fault: "response", status, endpoint, times });
  }

  /** Processes the next requests, and closes the connection without an answer. */
  loseAnswer({ endpoint, times = 1 } = {}) {
    return this.add({ fault: "close_after_processing", endpoint, times });
  }

  /** Removes all rules. */
  clear() {
    return this.#control("DELETE", "faults");
  }
}

/** The requests that the sandbox received. */
class Journal {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Returns the requests, oldest first. Filters are those of the control API, such as `{ endpoint: "create_post" }`. */
  async entries(filters = {}) {
    return (await this.#control("GET", `journal?${new URLSearchParams(filters)}`)).entries;
  }

  /** Returns the first request that the filters select, and waits for it: at most `timeout` milliseconds. */
  wait(filters = {}, timeout = 10_000) {
    return this.#control("GET", `journal/wait?${new URLSearchParams({ ...filters, timeout_ms: timeout })}`);
  }
}
