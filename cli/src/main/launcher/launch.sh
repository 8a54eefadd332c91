# Finds a Java and starts nibble in it. Read by ./nibble and by the distribution's bin/nibble.

# First line of every message, so that a reader of a log knows who speaks.
say() { printf 'nibble: %s\n' "$*" >&2; }

# The version of the Java home $1, as its own release file states it; nothing when it has none.
java_version() {
  [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release"
}

# Is $1 a Java home that nibble runs on: 25.0.3 or a later 25, with the Vector API and, where $2 is
# "compiler", with javac? Earlier builds of 25 have a bug around pinned objects (JDK-8377811).
is_suitable() {
  [ -x "$1/bin/java" ] || return 1
  [ "$2" != compiler ] || [ -x "$1/bin/javac" ] || return 1
  local version update
  version=$(java_version "$1")
  case $version in
    25.0.*) update=${version#25.0.} ;;
    25.*) update=3 ;;
    *) return 1 ;;
  esac
  update=${update%%[!0-9]*}
  [ "${update:-0}" -ge 3 ] && grep -qs 'jdk\.incubator\.vector' "$1/release"
}

# The home of the java command on the PATH, links resolved.
java_home_on_path() {
  local java
  java=$(command -v java) || return 0
  java=$(resolve "$java")
  dirname "$(dirname "$java")"
}

# The file that the chain of links $1 ends at.
resolve() {
  local file=$1 link
  while [ -L "$file" ]; do
    link=$(readlink "$file")
    case $link in
      /*) file=$link ;;
      *) file=$(dirname "$file")/$link ;;
    esac
  done
  printf '%s/%s\n' "$(cd -P "$(dirname "$file")" && pwd)" "$(basename "$file")"
}

# Sets java_home to the first suitable Java, or explains what to do and ends with 1.
find_java() {
  local need=$1 candidate
  for candidate in "${JAVA_HOME:-}" "$(java_home_on_path)" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/jdk* \
    /opt/java/* /opt/jdk* /opt/*jdk* /opt/*/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* "$HOME"/.jabba/jdk/* \
    "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.gradle/jdks/*/Contents/Home "$HOME"/.jdks/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$candidate" ] && is_suitable "$candidate" "$need"; then
      java_home=$candidate
      return
    fi
  done
  say "needs JDK 25 (25.0.3 or a later 25) and found none in JAVA_HOME (${JAVA_HOME:-not set}), on"
  say "the PATH or in the usual folders. Install one, for example from https://adoptium.net/, or with"
  say "'sdk install java 25-tem' or 'apt install temurin-25-jdk', or set JAVA_HOME to one you have."
  exit 1
}

# Replaces this shell by nibble: run_nibble JAR [JVM OPTION...] -- [ARGUMENT...]
#
# The virtual machine announces the Vector API as incubating on every start and has no option not
# to. That one line is filtered out of standard error. The command itself writes to descriptor 3,
# the real standard error, so that its progress is neither delayed nor taken for a pipe.
run_nibble() {
  local jar=$1 options=() terminal=false
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  case " $* " in
    # Over before the slower compiler has paid for itself.
    "  " | *" --help "* | *" -h "* | *" --version "* | *" -V "*) options+=(-XX:TieredStopAtLevel=1) ;;
  esac
  [ -t 2 ] && terminal=true
  # ONNX Runtime frees what a session took; glibc would keep it, in an arena for each thread.
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
  exec 3>&2
  exec 2> >(
    trap '' INT TERM HUP
    exec grep --line-buffered -v -x -F 'WARNING: Using incubator modules: jdk.incubator.vector' >&3 3>&-
  )
  # shellcheck disable=SC2086 # NIBBLE_JAVA_OPTS is a list of words.
  exec "$java_home/bin/java" "@$launcher_dir/jvm.options" ${options[@]+"${options[@]}"} \
    -Dnibble.stderr=3 -Dnibble.terminal=$terminal ${NIBBLE_JAVA_OPTS:-} -jar "$jar" "$@"
}
