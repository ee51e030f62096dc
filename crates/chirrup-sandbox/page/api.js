// Calls of the control API, with the token that the page was served with.

const token = document.querySelector('meta[name="control-token"]').content;

/** Whether the server has a control API. */
export const hasControl = token !== "";

/** Sends a request to the control API. Returns the JSON of the response, or throws an error with the server's explanation. */
export async function control(method, path, body) {
  const headers = { authorization: `Bearer ${token}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(`_chirrup/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  let json = null;
  try { json = text ? JSON.parse(text) : null; } catch { /* An error of a proxy, as text. */ }
  if (!response.ok) throw new Error(json?.errors?.[0]?.message ?? json?.detail ?? `${method} ${path}: status ${response.status}`);
  return json;
}

/** Reads the API as a user, outside of the journal, the rate limits and the bill. */
export const readAs = (user, path) => control("GET", `as/${user.username}${path}`);

/** Sends a write to the API as a user, outside of the journal, the rate limits and the bill. */
export const actAs = (user, method, path, body) => control(method, `as/${user.username}${path}`, body);

/** Calls `receive` with each event of a stream of server-sent events, and connects again when the stream ends. */
export async function listen(path, receive) {
  for (;;) {
    try {
      const response = await fetch(`_chirrup/${path}`, { headers: { authorization: `Bearer ${token}` } });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        const events = text.split("\n\n");
        text = events.pop();
        for (const event of events) {
          const lines = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
          if (lines.length) receive(JSON.parse(lines.join("\n")));
        }
      }
    } catch { /* The server restarts. */ }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
