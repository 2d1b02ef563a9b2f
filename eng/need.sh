# Sourced by the scripts at the top: finds or installs what they need beyond the .NET SDK and Node.

# need_tool PROGRAM DEBIAN-PACKAGE: makes sure that a program is there.
need_tool() {
  command -v "$1" >/dev/null 2>&1 && return
  install_package "$2"
  command -v "$1" >/dev/null 2>&1 || { echo "error: $1 is needed; please install it (Debian package $2)" >&2; exit 1; }
}

install_package() {
  if command -v apt-get >/dev/null 2>&1 && [[ $(id -u) -eq 0 ]]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
  fi
}

# Tests start PostgreSQL servers of their own from its binaries, which Debian keeps out of PATH.
need_postgresql() {
  command -v initdb >/dev/null 2>&1 && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
  install_package postgresql
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || { echo "error: PostgreSQL's initdb is needed; please install it (Debian package postgresql)" >&2; exit 1; }
}

# The tests of poolers start PgBouncer from where Debian keeps it, which only administrators have in PATH.
need_pgbouncer() {
  PATH="$PATH:/usr/sbin" need_tool pgbouncer pgbouncer
}

# Native AOT links with clang or gcc and zlib.
need_native_toolchain() {
  case "$(uname -s)" in
    Linux)
      command -v clang >/dev/null 2>&1 || need_tool gcc gcc
      [[ -e /usr/include/zlib.h || -e /usr/lib64/libz.so ]] || install_package zlib1g-dev
      ;;
    Darwin) command -v clang >/dev/null 2>&1 || { echo "error: run xcode-select --install first" >&2; exit 1; } ;;
  esac
}

# The runtime identifier of this machine.
runtime_id() {
  local os arch
  case "$(uname -s)" in Linux) os=linux ;; Darwin) os=osx ;; *) os=win ;; esac
  case "$(uname -m)" in x86_64 | amd64) arch=x64 ;; *) arch=arm64 ;; esac
  echo "$os-$arch"
}
