// First programs for an app, ready to copy.

/** Returns the snippet of each language for a base URL and a user's OAuth 2.0 access token. */
export const snippets = (url, token) => ({
  curl: `curl ${url}/2/tweets \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"text": "Hello from curl"}'`,
  Python: `import requests

response = requests.post(
    "${url}/2/tweets",
    headers={"Authorization": "Bearer ${token}"},
    json={"text": "Hello from Python"},
)
print(response.json())`,
  JavaScript: `const response = await fetch("${url}/2/tweets", {
  method: "POST",
  headers: {
    "Authorization": "Bearer ${token}",
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ text: "Hello from JavaScript" }),
});
console.log(await response.json());`,
  Rust: `use chirrup::{Client, Credentials};

let client = Client::builder()
    .base_url("${url}")
    .credentials(Credentials::oauth2("${token}"))
    .build()?;
let post = client.create_post().text("Hello from Rust").await?;
println!("{post:?}");`,
});
