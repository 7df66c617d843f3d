# Sourced by the build scripts to determine whether a folder of programs was built from the current sources. $root is the checkout.
# A build records two lines in FOLDER/built. The first identifies the files (path, size, inode, times), which costs one find. If it differs,
# the second, a digest of their contents, decides: a checkout that was copied or touched is not built again.
# The SDK does not start without ICU, which may be missing if the SDK was unpacked from its archive; nothing here depends on a culture.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}"

list_sources() {
    cd "$root" && find Coordinator Worker Shared deploy/local deploy/release/build deploy/slurm Directory.Build.props Directory.Build.targets \
        Directory.Packages.props global.json -type f "$@"
}

identify_sources() { list_sources -printf '%p %s %i %T@ %C@\n' | LC_ALL=C sort | md5sum; }

digest_sources() { list_sources -print0 | LC_ALL=C sort -z | (cd "$root" && xargs -0 sha256sum) | sha256sum; }

# is_built FOLDER
is_built() {
    [ -e "$1/built" ] || return 1
    { read -r identity && read -r digest; } <"$1/built" || return 1
    now=$(identify_sources)
    [ "$now" != "$identity" ] || return 0
    [ "$(digest_sources)" = "$digest" ] || return 1
    # In a read-only checkout, contents are compared every time.
    { printf '%s\n%s\n' "$now" "$digest" >"$1/built.new" && mv -f "$1/built.new" "$1/built"; } 2>/dev/null || true
}
