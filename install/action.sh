#!/usr/bin/env bash
# Script of the GitHub Action: installs the program if it is missing, starts a sandbox, and gives its address and keys to the
# following steps as environment variables. The inputs are in VERSION, RELEASES, PORT and OPTIONS.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
if ! command -v chirrup > /dev/null; then
    repository=${GITHUB_ACTION_REPOSITORY:-}
    [ -n "$RELEASES" ] || [ -n "$repository" ] || { echo "error: the input \`releases\` is not set" >&2; exit 1; }
    export CHIRRUP_RELEASES=${RELEASES:-$GITHUB_SERVER_URL/$repository/releases/download/v$VERSION}
    export CHIRRUP_VERSION=$VERSION CHIRRUP_INSTALL=$RUNNER_TEMP/chirrup
    sh "$here/install.sh"
    echo "$CHIRRUP_INSTALL" >> "$GITHUB_PATH"
    PATH=$CHIRRUP_INSTALL:$PATH
fi

started=$RUNNER_TEMP/chirrup-sandbox.json
# The options are words.
# shellcheck disable=SC2086
nohup chirrup --json sandbox --port "$PORT" $OPTIONS > "$started" 2> "$started.log" < /dev/null &
echo $! > "$RUNNER_TEMP/chirrup-sandbox.pid"
for _ in $(seq 300); do
    [ -s "$started" ] && break
    kill -0 $! 2> /dev/null || { cat "$started.log" >&2; exit 1; }
    sleep 0.2
done
[ -s "$started" ] || { echo "error: the sandbox did not start within a minute" >&2; exit 1; }

# Keys are hidden in the log, and the address is not.
jq -r '.environment | to_entries[] | select(.key != "CHIRRUP_BASE_URL") | "::add-mask::\(.value)"' "$started"
jq -r '.environment | to_entries[] | "\(.key)=\(.value)"' "$started" >> "$GITHUB_ENV"
jq -r '"url=\(.url)"' "$started" >> "$GITHUB_OUTPUT"
jq -r '"The sandbox listens on \(.url)"' "$started"
