text='The quick brown fox jumps over the lazy dog.
The dog sleeps; the fox does not. Naïve foxes jump!'
# %%
words() { tr -cs '[:alpha:]ï' '\n' <<<"${1,,}" | grep .; }
declare -A count
while read -r word; do
  ((++count[$word]))
done < <(words "$text")
# %%
echo "${#count[@]} different words"
for word in "${!count[@]}"; do printf '%d %s\n' "${count[$word]}" "$word"; done | sort -k1,1nr -k2,2 | head -n 4
# %%
for word in "${!count[@]}"; do echo "${#word}"; done | sort -n | uniq -c | awk '{ print $2 ": " $1 }'
