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
# Each unit names a page that a package brings.
gebracht=$(daar dpkg --listfiles inbreng inbreng-adapter)
for unit in inbreng.service inbreng-adapter@.service; do
    pagina=$(sed -n 's/^Documentation=file://p' "$wortel"/usr/lib/systemd/system/$unit "$wortel"/lib/systemd/system/$unit 2>/dev/null | head -n 1 || true)
    grep -qxF "$pagina" <<<"$gebracht" || fout "$unit names $pagina, which is in no package"
done
# An adapter as docs/partners/adapter.md sets one up: it reads its configuration, and writes in the folder that systemd gives it alone.
map=/etc/inbreng/adapters/proef staat=/var/lib/inbreng-adapter/proef
daar inbreng-adapter init $map --staat $staat --oin 00000001000000000010 --naam "Politie Voorbeeldregio" --partnertype politie >/dev/null
daar chown -R inbreng: $map
daar chown root:inbreng $map
daar chmod 750 $map
nagekeken() { daar runuser -u inbreng -- inbreng-adapter check --zonder-netwerk --json --config $map/adapter.toml || true; }
grep -q '"opslag-niet-schrijfbaar"' <<<"$(nagekeken)" || fout "without its folder an adapter can write"
daar install -d -o inbreng -g inbreng -m 700 $staat
gezegd=$(nagekeken)
grep -q '"mapping-ontbreekt"' <<<"$gezegd" || fout "the check of an adapter says nothing: $gezegd"
if grep -qE 'niet-schrijfbaar|geheim-|sleutel-voor-anderen|configuratie-' <<<"$gezegd"; then fout "an adapter cannot read or write its own: $gezegd"; fi
daar dpkg --remove inbreng inbreng-adapter
[ ! -e "$wortel/usr/bin/inbreng" ] && [ -d "$wortel/etc/inbreng" ] || fout "taken off, the program stays or the configuration does not"
echo "deb: installed, checked, taken off"
