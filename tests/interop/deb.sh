#!/usr/bin/env bash
# Installs the Debian packages of `cargo xtask dist` as an administrator would, and takes them off again: on this machine as it is, with
# everything that is written going to memory and thrown away. Only root may do that.
#
#   deb.sh MAP    MAP holds inbreng.deb and inbreng-adapter.deb
set -euo pipefail
if [ "$1" != binnen ]; then exec unshare --mount --propagation private "$0" binnen "$1"; fi
deb=$(cd "$2" && pwd)
fout() { echo "deb: $*" >&2; exit 1; }

boven=$(mktemp -d)
trap 'umount --recursive --lazy "$boven"; rmdir "$boven"' EXIT
mount -t tmpfs tmpfs "$boven"
mkdir "$boven/erin" "$boven/werk" "$boven/wortel"
wortel=$boven/wortel
mount -t overlay overlay -o "lowerdir=/,upperdir=$boven/erin,workdir=$boven/werk" "$wortel"
mount --bind /proc "$wortel/proc"
mount --bind /dev "$wortel/dev"
mount -t tmpfs tmpfs "$wortel/tmp"
cp "$deb/inbreng.deb" "$deb/inbreng-adapter.deb" "$wortel/tmp"
daar() { chroot "$wortel" env -i DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

daar dpkg --install /tmp/inbreng.deb /tmp/inbreng-adapter.deb
daar dpkg --verify inbreng inbreng-adapter
daar getent passwd inbreng | grep -q nologin || fout "no account inbreng, or one that may log in"
for map in /etc/inbreng /etc/inbreng/adapters; do
    [ "$(daar stat -c '%a %U:%G' "$map")" = "750 root:inbreng" ] || fout "$map: $(daar stat -c '%a %U:%G' "$map")"
done
for unit in inbreng.service inbreng-adapter@.service; do
    [ -f "$wortel/usr/lib/systemd/system/$unit" ] || [ -f "$wortel/lib/systemd/system/$unit" ] || fout "no $unit"
    [ ! -e "$wortel/etc/systemd/system/multi-user.target.wants/$unit" ] || fout "$unit starts before it is configured"
done
daar runuser -u inbreng -- inbreng --version
daar runuser -u inbreng -- inbreng-adapter --version
if gezegd=$(daar runuser -u inbreng -- inbreng check --config /etc/inbreng/knooppunt.toml 2>&1); then
    fout "without configuration there is nothing to say: $gezegd"
fi
grep -q knooppunt.toml <<<"$gezegd" || fout "it does not say what is missing: $gezegd"
daar dpkg --remove inbreng inbreng-adapter
[ ! -e "$wortel/usr/bin/inbreng" ] && [ -d "$wortel/etc/inbreng" ] || fout "taken off, the program stays or the configuration does not"
echo "deb: installed, checked, taken off"
