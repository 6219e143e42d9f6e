# The start-up file of an interactive bash that runs cells: see docs/runners.md for what goes over descriptors 3 and 4.
# Interactive, because only such a shell survives its interrupts and errors. It reads its commands from a pipe of its
# own, so that a cell is `source`d at the top level: what it declares is global. After whatever has ended a cell, the
# next line of that pipe is read, and that is always __kb_next.
# Every name here starts with __kb_, but for the kb_ functions that cells may call.

unset HISTFILE MAILCHECK
PS0= PS1= PS2= PS4='+ '
set +o history +H
shopt -u checkwinsize
# Errors inside of functions have to be seen, too.
set -E
# A cell that sets it and uses it in one line is parsed before it runs.
shopt -s extglob

if [[ -v KERNELBOX_RUNNER_STATE ]]; then
  # This shell goes on where an earlier one has ended, or is a copy of one that lives: see __kb_survive and __kb_fork.
  builtin source "$KERNELBOX_RUNNER_STATE"
  unset KERNELBOX_RUNNER_STATE
  if [[ -v KERNELBOX_RUNNER_DIRECTORY ]]; then
    __kb_state=start __kb_is_copy=1 __kb_directory=$KERNELBOX_RUNNER_DIRECTORY
    unset KERNELBOX_RUNNER_DIRECTORY
    __kb_emit forked "$$"
    __kb_take_pipes
  fi
  exec 0<&"$__kb_commands" >/dev/null 2>&1
else
  # High descriptors: the low ones belong to the user's scripts.
  exec {__kb_requests}<&3 {__kb_events}>&4 3<&- 4>&- {__kb_stdin}<&0 {__kb_stdout}>&1 {__kb_stderr}>&2 {__kb_commands}<> <(:)
  # What the shell says itself (a line end at each interrupt), and the traps of the user's about our lines, are for nobody.
  exec 0<&"$__kb_commands" >/dev/null 2>&1 {__kb_printed}<"/proc/self/fd/$__kb_stderr"
  __kb_directory=$KERNELBOX_RUNNER_DIRECTORY
  unset KERNELBOX_RUNNER_DIRECTORY
  __kb_file=${BASH_SOURCE[0]}
  __kb_state=start __kb_status=0 __kb_failed='' __kb_int_trap='' __kb_cell='' __kb_at='' __kb_before=''
  __kb_is_copy='' __kb_displays=0 __kb_syncs=0 __kb_looks=0
  __kb_args=() __kb_env=() __kb_old=() __kb_fields=()
fi

# Before each command at the top level of a cell: what an earlier one wrote to stderr has to be taken before this one
# writes to stdout. Not for ever, because it makes a loop of tiny commands slow.
__kb_look='{ __kb_last=$_; [[ ${BASH_SOURCE-} != "$__kb_cell" ]] || __kb_before=$__kb_at __kb_at=$LINENO; ((++__kb_looks < 2000)) || builtin trap - DEBUG; '
__kb_look+='! builtin read -r -t 0 -u "$__kb_printed" || __kb_sync; builtin : "$__kb_last"; } 2>/dev/null'
__kb_look_trap="trap -- '$__kb_look' DEBUG"
[[ -v __kb_debug_trap ]] || __kb_debug_trap=$__kb_look_trap
# The lines that run a cell, and what comes after it however it ends. `trap` does not say in a function what holds outside.
__kb_line='builtin trap - DEBUG; __kb_begin; builtin source "$__kb_cell" "${__kb_args[@]}" <&"$__kb_stdin" >&"$__kb_stdout" 2>&"$__kb_stderr"'
__kb_after='__kb_ended=$?; builtin trap -p DEBUG >"$__kb_directory/debug"; builtin trap - DEBUG; '
__kb_after+='__kb_next "$__kb_ended"'

# __kb_emit NAME FIELD…: one frame.
__kb_emit() {
  builtin local LC_ALL=C head="$1" body='' field
  builtin shift
  for field; do
    head+=" ${#field}"
    body+=$field
  done
  builtin printf '%s\n%s' "$head" "$body" >&"$__kb_events"
}

# Reads a frame into __kb_fields, its name first.
__kb_receive() {
  builtin local IFS=' ' line lengths length field
  builtin read -r -u "$__kb_requests" line || builtin return 1
  lengths=($line)
  __kb_fields=("${lengths[0]}")
  for length in "${lengths[@]:1}"; do
    field=''
    ((length == 0)) || IFS='' LC_ALL=C builtin read -r -u "$__kb_requests" -N "$length" field
    __kb_fields+=("$field")
  done
}

# Waits until the host has taken everything that was printed.
__kb_sync() {
  [[ $BASHPID == "$$" && $__kb_state == running ]] || builtin return 0
  builtin local token=$((++__kb_syncs))
  __kb_emit sync "$token"
  while __kb_receive; do
    [[ ${__kb_fields[0]} != synced || ${__kb_fields[1]} != "$token" ]] || builtin return 0
  done
}

# Ends the cell that has run, and waits for the next one.
__kb_next() {
  builtin local status=${1:-$?} IFS=$' \t\n'
  # Until the next cell begins, interrupts are for nobody.
  builtin trap -p INT >"$__kb_directory/trap"
  builtin trap '' INT
  case $__kb_state in
    start) __kb_emit ready 1 "${BASH_VERSION%%(*}" complete inspect check variables no-nul fork ;;
    running)
      [[ ! -s $__kb_directory/trap && $__kb_int_trap == '' ]] || __kb_int_trap=$(<"$__kb_directory/trap")
      __kb_debug_trap=$(<"$__kb_directory/debug")
      [[ $__kb_debug_trap != '' ]] || __kb_debug_trap=$__kb_look_trap
      __kb_end "$status"
      ;;
    errexit) __kb_end "$__kb_status" ;;
  esac
  __kb_state=waiting __kb_args=() __kb_env=()
  while __kb_receive; do
    case ${__kb_fields[0]} in
      arg) __kb_args+=("${__kb_fields[1]}") ;;
      env) __kb_env+=("${__kb_fields[1]}" "${__kb_fields[2]}") ;;
      run)
        __kb_prepare "${__kb_fields[1]}" "${__kb_fields[2]}" && builtin return 0
        __kb_args=() __kb_env=()
        ;;
      fork)
        # At the top level, where nothing of ours hides what is the user's.
        builtin printf '__kb_fork %q\n__kb_next\n' "${__kb_fields[1]}" >&"$__kb_commands"
        builtin return 0
        ;;
      complete | inspect | check | variables) "__kb_${__kb_fields[0]}" "${__kb_fields[@]:1}" ;;
    esac
  done
  # The traps of a copy are the original's to run.
  [[ $__kb_is_copy == '' ]] || builtin kill -KILL "$$"
  builtin exit 0
}

# Makes the cell's file, and the lines that the shell reads next. Of a cell that does not parse nothing runs: under
# `set -e` it would end the shell.
__kb_prepare() {
  builtin local said
  # From an editor of Windows: a byte order mark, and line ends of two characters.
  builtin set -- "${1#$'\xEF\xBB\xBF'}" "$2"
  [[ ${1//$'\r\n'/} == *$'\n'* ]] || builtin set -- "${1//$'\r\n'/$'\n'}" "$2"
  __kb_cell=$__kb_directory/$2
  __kb_failed='' __kb_looks=0 __kb_at='' __kb_before=''
  builtin printf '%s\n' "$1" >"$__kb_cell"
  if ! said=$(LC_ALL=C "$BASH" -O extglob -n "$__kb_cell" 2>&1 >/dev/null); then
    said=${said//"$__kb_cell: "/}
    builtin local line='' message=$said
    [[ ! $said =~ 'line '([0-9]+)': '([^$'\n']*) ]] || line=${BASH_REMATCH[1]} message=${BASH_REMATCH[2]}
    __kb_status=2
    __kb_emit error SyntaxError "$message" "$line" "$said"
    builtin return 1
  fi
  # In the first line, so that all others have their numbers. A sourced file does not inherit this trap.
  builtin printf '{ builtin eval "$__kb_debug_trap"; __kb_give_status && builtin :; } >/dev/null 2>&1; %s\n' "$1" >"$__kb_cell"
  __kb_set_env
  builtin printf '%s\n%s\n' "$__kb_line" "$__kb_after" >&"$__kb_commands"
}

# The cell begins: interrupts are its own now.
__kb_begin() {
  builtin trap - INT
  [[ $__kb_int_trap == '' ]] || builtin eval "$__kb_int_trap"
  builtin trap '__kb_fail "$?" "$LINENO"' ERR
  __kb_state=running
  __kb_emit running "$$" ''
}

# The status of the last cell, as $? of this one.
__kb_give_status() { builtin return "$__kb_status"; }

# A command has failed: remembers where. Where `set -e` would end the shell, the cell ends instead.
__kb_fail() {
  [[ $BASHPID == "$$" && $__kb_state == running ]] || builtin return 0
  builtin local depth line=$2
  for ((depth = 1; depth < ${#BASH_SOURCE[@]}; depth++)); do
    [[ ${BASH_SOURCE[depth]} == "$__kb_cell" ]] || builtin continue
    ((depth == 1)) || line=${BASH_LINENO[depth - 1]}
    __kb_failed="$1 $line"
    builtin break
  done
  [[ $- == *e* ]] || builtin return 0
  builtin trap -p INT >"$__kb_directory/trap"
  __kb_int_trap=$(<"$__kb_directory/trap")
  __kb_state=errexit __kb_status=$1
  builtin trap - INT
  builtin kill -INT "$$"
  # It takes effect between two commands.
  while builtin :; do builtin :; done
}

# Gives the variables of this run, and keeps what undoes it.
__kb_set_env() {
  builtin local index name
  __kb_old=()
  for ((index = 0; index < ${#__kb_env[@]}; index += 2)); do
    name=${__kb_env[index]}
    if [[ -v $name ]]; then __kb_old+=("$(builtin declare -p "$name")"); else __kb_old+=("builtin unset $name"); fi
    builtin export "$name=${__kb_env[index + 1]}"
  done
}

# Puts the variables back. `declare` in a function makes local ones, unless it is told otherwise.
__kb_unset_env() {
  builtin local undo
  for undo in "${__kb_old[@]}"; do builtin eval "${undo/#declare /declare -g }"; done
  __kb_old=()
}

# Writes down what a shell can hand over to another one.
__kb_save() {
  {
    builtin declare -p IFS
    builtin local __kb_name IFS=$'\n'
    for __kb_name in $(builtin compgen -v); do
      case $__kb_name in
        BASH* | COMP_* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS | IFS | LINENO | PIPESTATUS | PPID | RANDOM | SECONDS) ;;
        SHELLOPTS | SRANDOM | UID | _ | __kb_name) ;;
        *) builtin declare -p "$__kb_name" ;;
      esac
    done
    builtin declare -fp
    builtin alias -p
    builtin trap -p
    builtin shopt -p
    for ((__kb_name = ${#DIRSTACK[@]} - 1; __kb_name > 0; __kb_name--)); do
      builtin printf 'builtin pushd -n %q >/dev/null\n' "${DIRSTACK[__kb_name]}"
    done
    builtin set +o
  } >"$1" 2>/dev/null
}

# Makes a copy of this shell that is a runner for another host: a fresh shell, and nobody's child.
__kb_fork() {
  if __kb_save "$1/state" && [[ -s $1/state ]]; then
    (
      builtin trap - INT
      KERNELBOX_RUNNER_STATE=$1/state KERNELBOX_RUNNER_DIRECTORY=$1 \
        builtin exec setsid --fork "$BASH" --noprofile --noediting --rcfile "$__kb_file" -i
    ) 2>/dev/null && builtin return 0
  fi
  __kb_emit error Error 'no shell can be made' '' ''
}

# Puts the pipes in our directory in the place of those that were there, wherever they are open.
__kb_take_pipes() {
  builtin local - __kb_name __kb_old __kb_both __kb_opened __kb_at
  builtin set +f
  exec {__kb_printed}<&- {__kb_commands}<&-
  for __kb_name in in:"$__kb_stdin" out:"$__kb_stdout" err:"$__kb_stderr" requests:"$__kb_requests" events:"$__kb_events"; do
    __kb_old=()
    for __kb_at in /proc/self/fd/*; do
      [[ ! $__kb_at -ef /proc/self/fd/${__kb_name#*:} ]] || __kb_old+=("${__kb_at##*/}")
    done
    __kb_name=$__kb_directory/${__kb_name%:*}
    # There is nobody to be a runner for: what is not ours must not be read.
    [[ -p $__kb_name ]] || builtin kill -KILL "$$"
    # Opening one end never waits while the other one is open.
    exec {__kb_both}<>"$__kb_name"
    case $__kb_name in
      */in | */requests) exec {__kb_opened}<"$__kb_name" ;;
      *) exec {__kb_opened}>"$__kb_name" ;;
    esac
    exec {__kb_both}>&-
    for __kb_at in "${__kb_old[@]}"; do builtin eval "exec $__kb_at>&$__kb_opened"; done
    exec {__kb_opened}>&-
  done
  exec {__kb_commands}<> <(:) {__kb_printed}<"/proc/self/fd/$__kb_stderr"
}

# The shell ends. Under `set -eu` an unset variable does that, and there is no other hook for it: then the command is that
# one, and not ours, as it is for `exit`. All that can be written down goes to a fresh shell in this process.
__kb_survive() {
  [[ $BASHPID == "$$" && $__kb_state == running && $1 == 1 && $- == *e* && $- == *u* ]] || builtin return 0
  [[ $2 != 'builtin source "$__kb_cell"'* ]] || builtin return 0
  __kb_state=errexit __kb_status=$1
  # The last line that we have looked at; at the top level this call was looked at, too.
  [[ ${FUNCNAME[1]} != source ]] || __kb_at=$__kb_before
  ((__kb_looks >= 2000)) || __kb_failed="$1 $__kb_at"
  __kb_save "$__kb_directory/state"
  KERNELBOX_RUNNER_STATE=$__kb_directory/state \
    builtin exec "$BASH" --noprofile --noediting --rcfile "$__kb_file" -i 2>/dev/null
}

# Tells how the cell has ended.
__kb_end() {
  builtin local status=$1 line='' message
  __kb_status=$status
  __kb_unset_env
  message="the cell ended with exit status $status"
  if [[ ${__kb_failed% *} == "$status" ]]; then
    line=${__kb_failed#* }
  elif ((__kb_looks < 2000)); then
    # What cannot be expanded ends the cell without a word to traps: it is what we have looked at last.
    line=$__kb_at
  fi
  case $status in
    0) __kb_emit ok ;;
    130) __kb_emit interrupted ;;
    *) __kb_emit error ExitStatus "$message" "$line" "ExitStatus: $message${line:+ (line $line)}" ;;
  esac
}

# What could be written at the cursor: START END MATCH…, in bytes of the code.
__kb_complete() {
  builtin local LC_ALL=C before word start kind=-c found match matches IFS=$'\n'
  builtin local -A seen
  before=${1:0:$2} matches=()
  word=${before##*[$' \t\n;|&()<>="\'`']}
  start=$((${#before} - ${#word}))
  if [[ $word == \$* ]]; then
    [[ $word == \${* ]] && { start=$((start + 1)); word=${word:1}; }
    start=$((start + 1)) word=${word:1}
    found=$(builtin compgen -v -X '__kb_*' -- "$word")
  else
    [[ ${before:0:start} =~ (^|[\;\|\&\(\`\n]|'do'|'then'|'else')[[:space:]]*$ && $word != */* ]] || kind=-f
    found=$(builtin compgen $kind -X '__kb_*' -- "$word")
  fi
  for match in $found; do
    [[ -n ${seen[$match]} ]] || matches+=("$match")
    seen[$match]=1
  done
  __kb_emit answer "$start" "${#before}" "${matches[@]}"
}

# What the name at the cursor is.
__kb_inspect() {
  builtin local LC_ALL=C before="${1:0:$2}" after="${1:$2}" name said
  name=${before##*[!A-Za-z0-9_.-]}${after%%[!A-Za-z0-9_.-]*}
  [[ $name != '' ]] || { __kb_emit answer; builtin return 0; }
  said=$({ builtin declare -p "$name" || builtin type "$name"; } 2>/dev/null)
  if [[ $3 == 1 || $said == *'shell builtin'* || $said == *'shell keyword'* ]]; then
    said+=${said:+$'\n'}$(builtin help "$name" 2>/dev/null)
  fi
  if [[ $said == '' ]]; then __kb_emit answer; else __kb_emit answer text/plain "$said"; fi
}

# Whether the code is a whole one.
__kb_check() {
  builtin local said
  [[ $1 != *\\ ]] || { __kb_emit answer incomplete '  '; builtin return 0; }
  said=$(LC_ALL=C "$BASH" -O extglob -n -c "$1" 2>&1 >/dev/null)
  case $said in
    *'unexpected end of file'* | *'unexpected EOF'* | *'here-document at line'*) __kb_emit answer incomplete '  ' ;;
    *'syntax error'*) __kb_emit answer invalid ;;
    *) __kb_emit answer complete ;;
  esac
}

# Every variable that the user has made: name, type, value, size.
__kb_variables() {
  builtin local __kb_name __kb_said __kb_flags __kb_type __kb_found
  __kb_found=()
  for __kb_name in $(builtin compgen -v -X '__kb_*'); do
    [[ $__kb_known != *" $__kb_name "* ]] || builtin continue
    __kb_said=$(builtin declare -p "$__kb_name" 2>/dev/null) || builtin continue
    __kb_flags=${__kb_said#declare -} __kb_flags=${__kb_flags%% *}
    case $__kb_flags in
      *A*) __kb_type='associative array' ;;
      *a*) __kb_type=array ;;
      *i*) __kb_type=integer ;;
      *) __kb_type=string ;;
    esac
    __kb_said=${__kb_said#*"$__kb_name"} __kb_said=${__kb_said#=}
    __kb_found+=("$__kb_name" "$__kb_type" "${__kb_said:0:200}" "${#__kb_said}")
  done
  __kb_emit answer "${__kb_found[@]}"
}

# Tells of the question, where one is asked: without a terminal, bash itself shows none.
read() {
  if [[ "$*" != *-*[ps]* || ! /proc/self/fd/0 -ef /proc/self/fd/$__kb_stdin ]]; then
    builtin read "$@"
    builtin return
  fi
  builtin local __kb_index __kb_word __kb_prompt='' __kb_echo=echo __kb_status
  for ((__kb_index = 1; __kb_index <= $#; __kb_index++)); do
    __kb_word=${!__kb_index}
    [[ $__kb_word == -?* && $__kb_word != -- ]] || builtin break
    while __kb_word=${__kb_word:1} && [[ $__kb_word != '' ]]; do
      case $__kb_word in
        s*) __kb_echo=password ;;
        [adinNptu]) # Its value is the next word.
          ((++__kb_index))
          [[ $__kb_word != p ]] || __kb_prompt=${!__kb_index}
          builtin break
          ;;
        [adinNptu]*)
          [[ $__kb_word != p* ]] || __kb_prompt=${__kb_word:1}
          builtin break
          ;;
      esac
    done
  done
  __kb_emit prompt "$__kb_prompt" "$__kb_echo"
  builtin read "$@"
  __kb_status=$?
  __kb_emit prompt '' echo
  builtin return "$__kb_status"
}

# kb_display TYPE FILE: shows what is in a file (`-`: what comes in) as this MIME type.
kb_display() {
  [[ $# == 2 ]] || { builtin echo 'usage: kb_display TYPE FILE' >&2; builtin return 2; }
  builtin local copy="$__kb_directory/display-$BASHPID-$((++__kb_displays))"
  command cat -- "$2" >"$copy" || builtin return
  __kb_emit display-file '' "$1" "$copy"
  __kb_sync
}

# A text, or what comes in.
__kb_show() {
  if [[ $# == 1 ]]; then
    kb_display "$1" -
  else
    builtin printf '%s' "${*:2}" >"$__kb_directory/text-$BASHPID"
    kb_display "$1" "$__kb_directory/text-$BASHPID"
  fi
}
kb_html() { __kb_show text/html "$@"; }
kb_markdown() { __kb_show text/markdown "$@"; }
kb_svg() { __kb_show image/svg+xml "$@"; }
kb_json() { __kb_show application/json "$@"; }
kb_png() { kb_display image/png "${1:--}"; }
kb_jpeg() { kb_display image/jpeg "${1:--}"; }

if [[ $__kb_state == start && $__kb_is_copy == '' ]]; then
  __kb_known=" _ BASH_REMATCH COLUMNS FUNCNAME HISTFILESIZE HISTSIZE IFS LINES OLDPWD OPTARG status "
  __kb_known+="$(builtin compgen -v | command tr '\n' ' ') "
fi
builtin trap - DEBUG
[[ $__kb_state == start && $__kb_is_copy != '' ]] || builtin trap '__kb_survive "$?" "$BASH_COMMAND"' EXIT
# What an earlier shell had not read of its pipe has ended with it.
builtin printf '__kb_next\n' >&"$__kb_commands"
