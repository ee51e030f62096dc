// A webhook of the test: it answers the challenges of the sandbox and collects the events.

import { createHmac } from "node:crypto";
import { createServer } from "node:http";

export class Webhook {
  #events = [];
  #waiting = [];
  #server;

  /** Starts an HTTP server on the loopback address. */
  static async start(consumerSecret) {
    const webhook = new Webhook();
    webhook.#server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      response.setHeader("content-type", "application/json");
      if (request.method === "POST") {
        webhook.#receive(JSON.parse(body));
        return response.end("{}");
      }
      const token = new URL(request.url, "http://127.0.0.1").searchParams.get("crc_token") ?? "";
      const digest = createHmac("sha256", consumerSecret).update(token).digest("base64");
      return response.end(JSON.stringify({ response_token: `sha256=${digest}` }));
    });
    await new Promise((resolve) => webhook.#server.listen(0, "127.0.0.1", resolve));
    webhook.#server.unref();
    webhook.url = `http://127.0.0.1:${webhook.#server.address().port}/webhook`;
    return webhook;
  }

  #receive(event) {
    const next = this.#waiting.shift();
    if (next) next(event);
    else this.#events.push(event);
  }

  /** Returns the next event, and waits for it: at most `timeout` milliseconds. */
  wait(timeout = 10_000) {
    if (this.#events.length) return Promise.resolve(this.#events.shift());
    return new Promise((resolve, reject) => {
      const receive = (event) => {
        clearTimeout(timer);
        resolve(event);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(receive), 1);
        reject(new Error(`no event arrived at ${this.url} within ${timeout} ms`));
      }, timeout);
      this.#waiting.push(receive);
    });
  }

  /** Stops the server. */
  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}
