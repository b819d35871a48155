#!/bin/sh
# Builds mediasoup-worker from the sources in the installed npm package against
# the distribution's libraries, downloading nothing.
#
#   build.sh <node_modules/mediasoup> <output file>
set -eu

overlay=$(cd "$(dirname "$0")" && pwd)
package=$(cd "$1" && pwd)
output=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -R "$package/worker/." "$work"
rm -f "$work"/subprojects/*.wrap
cp -R "$overlay/subprojects/." "$work/subprojects"
for patch in "$overlay"/patches/*.patch; do
	patch --directory="$work" --strip=1 --fuzz=0 --input="$patch"
done

meson setup --wrap-mode=nodownload --buildtype=release -Db_ndebug=true "$work/build" "$work"
# In the background, so that a signal ends the compilers at once.
ninja -j"$(nproc)" -C "$work/build" mediasoup-worker &
compiling=$!
trap 'kill "$compiling" 2>/dev/null; wait "$compiling"; exit 1' INT TERM HUP
wait "$compiling"

# Under another name first: what has the right name is whole.
install -D --strip --mode=755 "$work/build/mediasoup-worker" "$output.new"
mv "$output.new" "$output"
