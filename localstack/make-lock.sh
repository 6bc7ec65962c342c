#!/bin/sh
# Writes requirements.lock and build-requirements.lock from requirements.in. Needs uv.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pyproject.toml" <<TOML
[project]
name = "lock"
version = "0"
requires-python = ">=3.11,<3.14"
dependencies = ["$(grep -v '^#' requirements.in)"]
[tool.uv]
environments = ["sys_platform != 'win32'"]
TOML
uv lock --quiet --directory "$work" --exclude-newer 2026-02-27
uv export --quiet --frozen --directory "$work" --no-emit-project --no-annotate --no-header > "$work/marked"
# All versions take the same packages, so the markers only repeat the line above 113 times.
if grep -E 'python_(full_)?version' "$work/marked"; then exit 1; fi
sed -E 's/ ; [^\\]*\\/ \\/' "$work/marked" > "$work/all"

{
    echo '# What LocalStack 4.14.0 needs on CPython 3.11 to 3.13 (Linux with glibc, macOS), as of its release.'
    echo '# Made by make-lock.sh from requirements.in; do not edit.'
    echo '--require-hashes'
    echo '--only-binary :all:'
    echo '--no-binary airspeed-ext,crontab,jsonpath-ng,jsonpath-rw'
    echo
    cat "$work/all"
} > requirements.lock
{
    echo '# Builds the few packages that have no wheel; the same release as in requirements.lock.'
    echo '--require-hashes'
    sed -n '/^setuptools==/,/[^\\]$/p' "$work/all"
} > build-requirements.lock
