# Sourced by quickstart and check: runs long commands with one line each on the screen and the rest in a log.
# Expects $log; its caller has set -euo pipefail.

# step DOING COMMAND...: prints what it does and how long it took. If the command fails, prints the end of the log and
# fails.
step() {
  local doing=$1 start=$SECONDS status=0
  shift
  printf '%s ... ' "$doing"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ $status -eq 0 ]; then
    echo "$((SECONDS - start)) s"
  else
    echo "failed"
    # The first error of a compiler matters, and it may be far from the end.
    grep -n -m 5 -A 12 -E '(error|Error|ERROR)[: ]' "$log" || true
    echo "--- the end of $log:"
    tail -n 25 "$log"
  fi
  return $status
}
