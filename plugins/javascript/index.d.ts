/** A sandbox in a process of its own. */
export class Server {
  readonly url: string;
  readonly controlToken: string;
  /** Starts the program and waits until it accepts connections. Options are those of `chirrup sandbox`. */
  static start(options?: string[]): Promise<Server>;
  /** Stops the server and everything in it. */
  stop(): Promise<void>;
}

/** A webhook of the test: it answers the challenges of the sandbox and collects the events. */
export class Webhook {
  readonly url: string;
  /** Starts an HTTP server on the loopback address. */
  static start(consumerSecret: string): Promise<Webhook>;
  /** Returns the next event, and waits for it: at most `timeout` milliseconds, 10,000 by default. */
  wait(timeout?: number): Promise<Record<string, any>>;
  /** Stops the server. */
  close(): Promise<void>;
}

export interface User {
  id: string;
  username: string;
  name: string;
  tokens: { access_token: string; access_token_secret: string; oauth2_access_token: string };
}

export interface App {
  consumer_key: string;
  consumer_secret: string;
  bearer_token: string;
}

/** A request that the sandbox received. */
export interface JournalEntry {
  number: number;
  at: string;
  method: string;
  path: string;
  endpoint: string | null;
  status: number | null;
  fault: string | null;
  [name: string]: unknown;
}

/** Selects requests by a fault. Without an endpoint, all requests are meant. */
export interface FaultTarget {
  endpoint?: string;
  /** Number of requests. The default is 1. */
  times?: number;
}

export interface Clock {
  now(): Promise<Date>;
  /** Moves the clock forward. */
  advance(time: { hours?: number; minutes?: number; seconds?: number }): Promise<unknown>;
  /** Stops the clock. */
  freeze(): Promise<unknown>;
  /** Lets the clock run again. */
  resume(): Promise<unknown>;
}

export interface Faults {
  /** Adds a rule, such as `{ fault: "response", status: 503, endpoint: "create_post", times: 1 }`. */
  add(rule: { fault: string; [name: string]: unknown }): Promise<unknown>;
  /** Answers the next requests with an error, without processing them. */
  respond(status: number, target?: FaultTarget): Promise<unknown>;
  /** Processes the next requests, and closes the connection without an answer. */
  loseAnswer(target?: FaultTarget): Promise<unknown>;
  /** Removes all rules. */
  clear(): Promise<unknown>;
}

export interface Journal {
  /** Returns the requests, oldest first. */
  entries(filters?: Record<string, string>): Promise<JournalEntry[]>;
  /** Returns the first request that the filters select, and waits for it: at most `timeout` milliseconds, 10,000 by default. */
  wait(filters?: Record<string, string>, timeout?: number): Promise<JournalEntry>;
}

/** A world of its own in a running sandbox: users, posts, rate limits, clock, faults and journal. */
export class Sandbox {
  constructor(server: Server, world?: string);
  /** Base URL for clients of this world. */
  readonly url: string;
  readonly world: string;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Sends a request to the control API and returns the JSON of the response. */
  control(method: string, path: string, body?: unknown): Promise<any>;
  /** Sets the world to its state at the start. */
  reset(): Promise<void>;
  /** Removes the world from the server. */
  remove(): Promise<void>;
  user(username: string): Promise<User>;
  /** Returns an OAuth 2.0 access token of a user with all scopes. */
  token(username: string): Promise<string>;
  /** Returns the keys of the world's app. */
  app(): Promise<App>;
  /** Calls the API as a user, without credentials, rate limits and costs. */
  act(username: string, method: string, path: string, body?: unknown): Promise<any>;
  /** Registers a webhook for the account activity of a user. Returns its ID. */
  subscribe(url: string, username: string): Promise<string>;
  /** Returns the costs of all calls. */
  bill(): Promise<{ total: string; by_endpoint: Record<string, string>; credits: string | null }>;
}
