#!/usr/bin/env bash
# Makes a Python wheel that carries the program of an archive of a release, next to it.
# Usage: install/wheel.sh target/archives/chirrup-vVERSION-TARGET.tar.gz
# It needs the Python package `wheel`.
set -euo pipefail

# shellcheck source=install/archive.sh
source "$(dirname "$0")/archive.sh"
read_name "$@"
case $name in
    *x86_64-unknown-linux-musl) platform=manylinux_2_17_x86_64.musllinux_1_1_x86_64 ;;
    *aarch64-unknown-linux-musl) platform=manylinux_2_17_aarch64.musllinux_1_1_aarch64 ;;
    # Only for systems with the same C library.
    *-unknown-linux-gnu) platform=linux_$(uname -m) ;;
    *x86_64-apple-darwin) platform=macosx_10_12_x86_64 ;;
    *aarch64-apple-darwin) platform=macosx_11_0_arm64 ;;
    *) echo "error: there is no wheel for $name" >&2; exit 1 ;;
esac

make_work_folder
tar -xzf "$archive" -C "$work"
root="$work/wheel"
info="$root/chirrup_cli-$version.dist-info"
install -D -m 755 "$work/$name/chirrup" "$root/chirrup_cli-$version.data/scripts/chirrup"
install -D -m 644 "$work/$name/LICENSE-MIT" "$info/licenses/LICENSE-MIT"
install -D -m 644 "$work/$name/LICENSE-APACHE" "$info/licenses/LICENSE-APACHE"
cat > "$info/METADATA" << METADATA
Metadata-Version: 2.4
Name: chirrup-cli
Version: $version
Summary: The X (Twitter) API from the command line
License-Expression: MIT OR Apache-2.0
License-File: LICENSE-MIT
License-File: LICENSE-APACHE
METADATA
{
    echo "Wheel-Version: 1.0"
    echo "Generator: chirrup"
    echo "Root-Is-Purelib: false"
    for tag in ${platform//./ }; do echo "Tag: py3-none-$tag"; done
} > "$info/WHEEL"
python3 -m wheel pack --dest-dir "$(dirname "$archive")" "$root"
