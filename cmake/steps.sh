# Sourced by quickstart and check: runs long commands with one line each on the screen and the rest in a log.
# Expects $log; its caller has set -euo pipefail.

# step DOING COMMAND...: says what it does and how long it took; if the command fails, shows the log's end and fails.
step() {
  local doing=$1 start=$SECONDS status=0
  shift
  printf '%s ... ' "$doing"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ $status -eq 0 ]; then
    echo "$((SECONDS - start)) s"
  else
    echo "failed"
    # A compiler's first complaint matters, and it need not be near the end.
    grep -n -m 5 -A 12 -E '(error|Error|ERROR)[: ]' "$log" || true
    echo "--- the end of $log:"
    tail -n 25 "$log"
  fi
  return $status
}
