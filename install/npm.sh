#!/usr/bin/env bash
# Makes npm packages of archives of a release, next to them: one per platform, and `chirrup`, which depends on them.
# Usage: install/npm.sh target/archives/chirrup-vVERSION-*.tar.gz
set -euo pipefail

[ $# -gt 0 ] || { echo "error: no archive is given" >&2; exit 1; }
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=install/archive.sh
source "$here/archive.sh"
archives=$(cd "$(dirname "$1")" && pwd)
make_work_folder

platforms=()
for archive in "$@"; do
    read_name "$archive"
    case $name in
        *x86_64*linux*) system=linux cpu=x64 ;;
        *aarch64*linux*) system=linux cpu=arm64 ;;
        *x86_64*darwin*) system=darwin cpu=x64 ;;
        *aarch64*darwin*) system=darwin cpu=arm64 ;;
        *) echo "error: $name is for no platform of npm" >&2; exit 1 ;;
    esac
    package="chirrup-$system-$cpu"
    tar -xzf "$archive" -C "$work"
    install -D -m 755 "$work/$name/chirrup" "$work/$package/chirrup"
    cp "$work/$name"/LICENSE-* "$work/$package/"
    cat > "$work/$package/package.json" << JSON
{
  "name": "$package",
  "version": "$version",
  "description": "The program chirrup for $system on $cpu",
  "license": "MIT OR Apache-2.0",
  "os": ["$system"],
  "cpu": ["$cpu"],
  "files": ["chirrup", "LICENSE-MIT", "LICENSE-APACHE"]
}
JSON
    (cd "$work/$package" && npm pack --silent --pack-destination "$archives")
    platforms+=("    \"$package\": \"$version\"")
done

install -D -m 755 "$here/npm/chirrup.js" "$work/chirrup/chirrup.js"
cp "$here"/../LICENSE-* "$here/../README.md" "$work/chirrup/"
cat > "$work/chirrup/package.json" << JSON
{
  "name": "chirrup",
  "version": "$version",
  "description": "The X (Twitter) API from the command line, with a local sandbox",
  "license": "MIT OR Apache-2.0",
  "bin": {"chirrup": "chirrup.js"},
  "engines": {"node": ">=18"},
  "optionalDependencies": {
$(printf '%s\n' "${platforms[@]}" | sed '$!s/$/,/')
  },
  "files": ["chirrup.js", "README.md", "LICENSE-MIT", "LICENSE-APACHE"]
}
JSON
(cd "$work/chirrup" && npm pack --silent --pack-destination "$archives")
