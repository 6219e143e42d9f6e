log='192.168.0.7 - - [21/Nov/2026:10:15:32 +0000] "GET /a.html HTTP/1.1" 200 512
10.0.0.1 - - [21/Nov/2026:10:15:40 +0000] "POST /form HTTP/1.1" 404 0
not a log line
192.168.0.7 - - [21/Nov/2026:10:16:02 +0000] "GET /b.png HTTP/1.1" 200 2048'
pattern='^([0-9.]+) [^[]*\[([^]]+)\] "([A-Z]+) ([^ ]+) [^"]*" ([0-9]+) ([0-9]+)$'
# %%
declare -A bytes
bad=0
while IFS= read -r line; do
  if [[ $line =~ $pattern ]]; then
    ((bytes[${BASH_REMATCH[1]}] += BASH_REMATCH[6])) || true
    echo "${BASH_REMATCH[3]} ${BASH_REMATCH[4]} -> ${BASH_REMATCH[5]}"
  else
    ((++bad))
  fi
done <<<"$log"
# %%
echo "$bad bad line, ${bytes[192.168.0.7]} bytes to 192.168.0.7"
# %%
sed -E 's/.*"([A-Z]+) ([^ ]+) .*/\1:\2/; /^not/d' <<<"$log" | paste -sd,
# %%
shopt -s extglob
name='  too   many   blanks  '
trimmed=${name##+( )} trimmed=${trimmed%%+( )}
echo "[${trimmed//+( )/ }]"
