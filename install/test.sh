#!/usr/bin/env bash
# Installs an archive of a release in each way that this machine has the tools for, and runs the installed program.
# Usage: install/test.sh target/archives/chirrup-vVERSION-TARGET.tar.gz
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=install/archive.sh
source "$here/archive.sh"
read_name "$@"
make_work_folder
cp "$archive" "$archive.sha256" "$work/"
archive="$work/$name.tar.gz"

# Fails unless the output of a command has the version.
expect_version() {
    local printed
    printed=$("$@") || { echo "error: $* fails" >&2; exit 1; }
    case $printed in *"$version"*) ;; *) echo "error: $* prints $printed" >&2; exit 1 ;; esac
}

echo "-- shell installer"
if command -v curl > /dev/null; then
    export CHIRRUP_RELEASES="file://$work" CHIRRUP_VERSION="$version" CHIRRUP_INSTALL="$work/bin"
    export CHIRRUP_TARGET="${name#chirrup-v"$version"-}"
    sh "$here/install.sh" > /dev/null
    expect_version "$work/bin/chirrup" --version
    echo "0000  $name.tar.gz" > "$work/$name.tar.gz.sha256"
    if sh "$here/install.sh" > /dev/null 2>&1; then
        echo "error: an archive with a wrong checksum was installed" >&2
        exit 1
    fi
    (cd "$work" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
else
    echo "SKIPPED: curl is missing"
fi

echo "-- Debian package in an empty root"
if command -v dpkg-deb > /dev/null && [ "$(id -u)" = 0 ]; then
    package=$("$here/deb.sh" "$archive")
    root="$work/root"
    mkdir "$root"
    # `chroot` is not in the PATH of every root user.
    PATH="$PATH:/usr/sbin:/sbin"
    dpkg-deb --extract "$package" "$root"
    # A static program needs nothing else.
    { ldd "$root/usr/bin/chirrup" 2> /dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
        install -D "$library" "$root$library"
    done
    expect_version chroot "$root" /usr/bin/chirrup --version
    mkdir "$root/tmp"
    chroot "$root" /usr/bin/chirrup --sandbox search rust -n 10 --jsonl | grep -q '"data"'
    gunzip --test "$root"/usr/share/man/man1/chirrup.1.gz
else
    echo "SKIPPED: dpkg-deb is missing, or the user is not root"
fi

echo "-- npm packages"
if command -v npm > /dev/null; then
    "$here/npm.sh" "$archive" > /dev/null
    mkdir "$work/app"
    npm install --silent --offline --no-audit --no-fund --prefix "$work/app" "$work"/chirrup-[a-z]*.tgz "$work/chirrup-$version.tgz"
    expect_version "$work/app/node_modules/.bin/chirrup" --version
    code=0
    "$work/app/node_modules/.bin/chirrup" show x 2> /dev/null || code=$?
    [ "$code" = 2 ] || { echo "error: the npm package changes the exit code to $code" >&2; exit 1; }
else
    echo "SKIPPED: npm is missing"
fi

echo "-- GitHub Action"
if command -v jq > /dev/null && command -v curl > /dev/null; then
    mkdir "$work/runner"
    # The runner sets these variables; the archive stands for the download.
    env RELEASES="file://$work" VERSION="$version" PORT=0 OPTIONS="--users 20 --posts 50" PATH="/usr/bin:/bin" \
        RUNNER_TEMP="$work/runner" GITHUB_PATH="$work/path" GITHUB_ENV="$work/env" GITHUB_OUTPUT="$work/output" \
        "$here/action.sh" > "$work/log"
    # shellcheck disable=SC1091
    status=$(. "$work/env" && curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $X_OAUTH2_ACCESS_TOKEN" \
        "$CHIRRUP_BASE_URL/2/users/me")
    kill "$(cat "$work/runner/chirrup-sandbox.pid")"
    [ "$status" = 200 ] || { echo "error: the sandbox of the action returns $status" >&2; exit 1; }
    grep -q '^url=http://127.0.0.1:' "$work/output" && grep -q "$work/runner/chirrup" "$work/path"
else
    echo "SKIPPED: jq or curl is missing"
fi

echo "-- Homebrew formula"
"$here/homebrew.sh" https://example.com "$archive" > "$work/chirrup.rb"
grep -q "sha256 \"$(cut -d' ' -f1 "$archive.sha256")\"" "$work/chirrup.rb"
if command -v ruby > /dev/null; then ruby -c "$work/chirrup.rb" > /dev/null; else echo "SKIPPED: ruby is missing"; fi

echo "the archive can be installed"
