# shellcheck shell=bash
# shellcheck disable=SC2034 # The scripts that source it use the variables.
# Reads archives of a release, for the scripts that make packages of them. It is sourced.

# Sets the name and the version of an archive.
read_name() {
    archive=${1:?archive is missing}
    name=$(basename "$archive" .tar.gz)
    version=$(echo "$name" | sed -E 's/^chirrup-v([0-9][^-]*)-.*/\1/')
}

# Creates a work folder that is removed at the end.
make_work_folder() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
}
