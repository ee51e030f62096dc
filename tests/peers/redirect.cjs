// Leads HTTPS requests of Node.js through HTTPS_PROXY, and those of `fetch` to the sandbox: versions before 22.21 and 24.5
// ignore the variable. Use: node --require redirect.cjs
"use strict";
const http = require("node:http"), https = require("node:https"), tls = require("node:tls");
const proxy = new URL(process.env.HTTPS_PROXY);

class ProxyAgent extends https.Agent {
  createConnection(options, done) {
    const tunnel = http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path: `${options.host}:443`, agent: false });
    tunnel.once("connect", (response, socket) => {
      if (response.statusCode !== 200) return done(new Error(`the proxy refuses: ${response.statusMessage}`));
      done(null, tls.connect({ ...options, socket, servername: options.host }));
    });
    tunnel.once("error", done).end();
  }
}
https.globalAgent = new ProxyAgent({ keepAlive: true });

const original = globalThis.fetch;
globalThis.fetch = (url, options) =>
  original(typeof url === "string" ? url.replace(/^https:\/\/(api|upload)\.(x|twitter)\.com/, process.env.CHIRRUP_BASE_URL) : url, options);
