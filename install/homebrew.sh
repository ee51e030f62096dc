#!/usr/bin/env bash
# Prints the Homebrew formula of a release, from the checksums of its archives.
# Usage: install/homebrew.sh URL target/archives/chirrup-vVERSION-*.tar.gz
set -euo pipefail

url=${1:?URL of the folder with the archives is missing}
shift
[ $# -gt 0 ] || { echo "error: no archive is given" >&2; exit 1; }
# shellcheck source=install/archive.sh
source "$(dirname "$0")/archive.sh"
read_name "$1"

cat << FORMULA
class Chirrup < Formula
  desc "X (Twitter) API from the command line, with a local sandbox"
  homepage "$url"
  version "$version"
  license any_of: ["MIT", "Apache-2.0"]
FORMULA
for archive in "$@"; do
    case $archive in
        *x86_64*linux*) system=on_linux cpu=on_intel ;;
        *aarch64*linux*) system=on_linux cpu=on_arm ;;
        *x86_64*darwin*) system=on_macos cpu=on_intel ;;
        *aarch64*darwin*) system=on_macos cpu=on_arm ;;
        *) continue ;;
    esac
    cat << FORMULA

  $system do
    $cpu do
      url "$url/$(basename "$archive")"
      sha256 "$(cut -d' ' -f1 "$archive.sha256")"
    end
  end
FORMULA
done
cat << 'FORMULA'

  def install
    bin.install "chirrup"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/chirrup.bash" => "chirrup"
    zsh_completion.install "completions/chirrup.zsh" => "_chirrup"
    fish_completion.install "completions/chirrup.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/chirrup --version")
  end
end
FORMULA
