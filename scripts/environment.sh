# Sourced by the scripts beside it: finds a Python, makes .venv in the checkout and installs the package into it.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
python="$root/.venv/bin/python"
export PIP_DISABLE_PIP_VERSION_CHECK=1

# Prints the first Python that is new enough and can make virtual environments; PYTHON, if set, is the only candidate.
find_python() {
  local candidate version tried="" candidates=(python3.13 python3.12 python3.11 python3)
  [ -z "${PYTHON:-}" ] || candidates=("$PYTHON")
  for candidate in "${candidates[@]}"; do
    # A version manager's shim can exist without the Python behind it: only one that runs counts.
    if ! version="$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)"; then
      tried+="; $candidate does not run"
    elif ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      tried+="; $candidate is $version"
    elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
      tried+="; $candidate ($version) has no venv (Debian, Ubuntu: apt-get install python$version-venv)"
    else
      echo "$candidate"
      return
    fi
  done
  echo "Error: no Python 3.11 or newer with venv$tried; set PYTHON to one" >&2
  return 1
}

# install [EXTRAS]: makes .venv ready with these extras of pyproject.toml; does nothing while that file is unchanged.
install() {
  local extras="${1:-}" stamp found
  stamp="$root/.venv/.installed${extras:+-${extras//,/-}}"
  if "$python" -c '' 2>/dev/null && cmp -s "$root/pyproject.toml" "$stamp"; then
    return
  fi
  if ! "$python" -m pip --version >/dev/null 2>&1; then
    found="$(find_python)" || return 1
    echo "Making $root/.venv with $("$found" --version)" >&2
    "$found" -m venv --clear "$root/.venv" || return 1
  fi
  echo "Installing whitesignal${extras:+ with its extras $extras}" >&2
  "$python" -m pip install -qq --editable "$root${extras:+[$extras]}" || return 1
  cp "$root/pyproject.toml" "$stamp"
}
