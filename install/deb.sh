#!/usr/bin/env bash
# Makes a Debian package of an archive of a release, next to it.
# Usage: install/deb.sh target/archives/chirrup-vVERSION-TARGET.tar.gz
set -euo pipefail

# shellcheck source=install/archive.sh
source "$(dirname "$0")/archive.sh"
read_name "$@"
case $name in
    *x86_64*linux*) machine=amd64 ;;
    *aarch64*linux*) machine=arm64 ;;
    *) echo "error: $name is not an archive for Linux" >&2; exit 1 ;;
esac
# A program that is not static needs the C library of the system that it was built on.
depends=
case $name in *gnu) depends="Depends: libc6" ;; esac

make_work_folder
tar -xzf "$archive" -C "$work"
root="$work/root"
install -D -m 755 "$work/$name/chirrup" "$root/usr/bin/chirrup"
install -D -m 644 "$work/$name/completions/chirrup.bash" "$root/usr/share/bash-completion/completions/chirrup"
install -D -m 644 "$work/$name/completions/chirrup.zsh" "$root/usr/share/zsh/vendor-completions/_chirrup"
install -D -m 644 "$work/$name/completions/chirrup.fish" "$root/usr/share/fish/vendor_completions.d/chirrup.fish"
for page in "$work/$name"/man/*.1; do
    install -D -m 644 "$page" "$root/usr/share/man/man1/$(basename "$page")"
done
gzip -9n "$root"/usr/share/man/man1/*.1
for license in MIT APACHE; do
    install -D -m 644 "$work/$name/LICENSE-$license" "$root/usr/share/doc/chirrup/LICENSE-$license"
done
size=$(du -sk "$root" | cut -f1)
mkdir -p "$root/DEBIAN"
grep -v '^$' > "$root/DEBIAN/control" << CONTROL
Package: chirrup
Version: $version
Architecture: $machine
Maintainer: The Chirrup developers <chirrup@localhost>
Section: net
Priority: optional
Installed-Size: $size
$depends
Description: The X (Twitter) API from the command line
 Searches, posts, streams, webhooks, rate limits and costs, and a local
 sandbox of the API.
CONTROL
package="$(dirname "$archive")/chirrup_${version}_$machine.deb"
dpkg-deb --root-owner-group --build "$root" "$package" > /dev/null
echo "$package"
