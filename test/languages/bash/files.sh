directory=$(mktemp -d)
cd "$directory" || exit
for name in alpha beta 'with space'; do printf '%s\n' "$name" "line two" >"$name.txt"; done
# %%
ls
# %%
wc -l -- *.txt | tail -n 1 | awk '{ print $1, $2 }'
# %%
for file in *.txt; do mv -- "$file" "${file%.txt}.md"; done
find . -name '*.md' | sort
# %%
while IFS= read -r -d '' file; do
  exec {descriptor}<"$file"
  read -r -u "$descriptor" first
  exec {descriptor}<&-
  echo "$file: $first"
done < <(find . -name '*.md' -print0 | sort -z)
# %%
tar -cf all.tar -- *.md && rm -- *.md && tar -tf all.tar | paste -sd'|'
# %%
cd / && rm -r "$directory" && [[ ! -e $directory ]] && echo "gone"
