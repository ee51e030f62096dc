#!/usr/bin/env bash
# Packs the program of one target with its completions and man pages into target/archives, with a checksum.
# Usage: install/package.sh TARGET [PROGRAM]
set -euo pipefail

target=${1:?target triple is missing}
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name="chirrup-v$version-$target"
suffix=
case $target in *windows*) suffix=.exe ;; esac
program=${2:-target/$target/release/chirrup$suffix}

archives=target/archives
folder="$archives/$name"
rm -rf "$folder"
mkdir -p "$folder/completions" "$folder/man"
cp "$program" "$folder/chirrup$suffix"
cp README.md LICENSE-MIT LICENSE-APACHE "$folder/"

for shell in bash zsh fish powershell elvish; do
    "$program" completions "$shell" > "$folder/completions/chirrup.$shell"
done
"$program" man --dir "$folder/man"

cd "$archives"
case $target in
    *windows*) archive="$name.zip"; 7z a -bd "$archive" "$name" > /dev/null ;;
    *) archive="$name.tar.gz"; tar -czf "$archive" "$name" ;;
esac
if command -v sha256sum > /dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi > "$archive.sha256"
rm -rf "$name"
echo "$archives/$archive"
