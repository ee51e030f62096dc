#!/usr/bin/env bash
# Tests the plugins as their users use them: the packages are made, installed into empty projects, and used there.
# Usage: plugins/run_tests.sh target/debug/chirrup
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
CHIRRUP=$(realpath "$1")
export CHIRRUP
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "-- pytest-chirrup"
if python3 -m venv "$work/venv" && timeout 120 "$work/venv/bin/pip" install --quiet "$here/pytest-chirrup" pytest-xdist; then
    cp -r "$here/pytest-chirrup/tests" "$work/python"
    (cd "$work/python" && timeout 120 "$work/venv/bin/python" -m pytest --quiet)
    (cd "$work/python" && timeout 120 "$work/venv/bin/python" -m pytest --quiet -n 2)
else
    echo "SKIPPED: Python, or a package of pytest, is missing"
fi

echo "-- @chirrup/sandbox"
if command -v npm > /dev/null && package=$(cd "$here/javascript" && npm pack --silent --pack-destination "$work"); then
    mkdir "$work/javascript"
    cp "$here"/javascript/tests/* "$work/javascript/"
    cd "$work/javascript"
    echo '{"private": true}' > package.json
    if timeout 180 npm install --silent --no-audit --no-fund "$work/$package" vitest typescript; then
        timeout 120 npx --no-install vitest run example.test.js
        timeout 120 node --test node.test.mjs
        timeout 120 npx --no-install tsc --noEmit --strict --skipLibCheck --module nodenext --target es2022 types.test.ts
    else
        echo "SKIPPED: vitest is missing"
    fi
else
    echo "SKIPPED: npm is missing"
fi
