#!/bin/sh
# Installs the program from an archive of a release, after it has checked the checksum.
#
# CHIRRUP_RELEASES  URL of the folder with the archives (required)
# CHIRRUP_VERSION   version to install, such as 0.1.0 (required)
# CHIRRUP_TARGET    target triple of the archive [default: that of this machine]
# CHIRRUP_INSTALL   folder of the program [default: ~/.local/bin]
set -eu

fail() {
    echo "error: $1" >&2
    exit 1
}

releases=${CHIRRUP_RELEASES:-}
version=${CHIRRUP_VERSION:-}
[ -n "$releases" ] || fail "CHIRRUP_RELEASES is not set: set it to the URL of the folder with the archives"
[ -n "$version" ] || fail "CHIRRUP_VERSION is not set: set it to a version such as 0.1.0"
folder=${CHIRRUP_INSTALL:-$HOME/.local/bin}

detect_target() {
    case $(uname -m) in
        x86_64 | amd64) machine=x86_64 ;;
        aarch64 | arm64) machine=aarch64 ;;
        *) fail "there is no archive for the machine $(uname -m)" ;;
    esac
    case $(uname -s) in
        Linux) system=unknown-linux-musl ;;
        Darwin) system=apple-darwin ;;
        *) fail "there is no archive for the system $(uname -s)" ;;
    esac
    target="$machine-$system"
}

target=${CHIRRUP_TARGET:-}
[ -n "$target" ] || detect_target
name="chirrup-v$version-$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for file in "$name.tar.gz" "$name.tar.gz.sha256"; do
    curl -fsSL "$releases/$file" -o "$file" || fail "cannot download $releases/$file"
done
if command -v sha256sum > /dev/null; then
    sha256sum -c "$name.tar.gz.sha256" > /dev/null || fail "the checksum of $name.tar.gz is wrong"
else
    shasum -a 256 -c "$name.tar.gz.sha256" > /dev/null || fail "the checksum of $name.tar.gz is wrong"
fi
tar -xzf "$name.tar.gz"
mkdir -p "$folder"
# A rename replaces a program that runs.
cp "$name/chirrup" "$folder/.chirrup.new"
chmod 755 "$folder/.chirrup.new"
mv "$folder/.chirrup.new" "$folder/chirrup"
echo "installed $folder/chirrup"
case :$PATH: in
    *":$folder:"*) ;;
    *) echo "hint: add $folder to PATH" ;;
esac
