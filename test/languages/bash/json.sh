# needs: jq
cat >people.json <<'JSON'
{ "people": [
    { "name": "Ada", "born": 1815, "tags": ["maths", "poetry"] },
    { "name": "Grace", "born": 1906, "tags": ["navy", "compilers"] },
    { "name": "Kōji \"K\"", "born": 1935, "tags": [] } ] }
JSON
# %%
jq -r '.people[] | select(.born < 1910) | "\(.name) (\(.born))"' people.json
# %%
mapfile -t names < <(jq -r '.people[].name' people.json)
echo "${#names[@]} people, the last one is ${names[-1]}"
# %%
jq -c '{count: (.people | length), tags: ([.people[].tags[]] | sort)}' people.json
# %%
# Writing: what is not simple has to be quoted.
jq -n -c --arg name "${names[2]}" --argjson age 90 '{name: $name, age: $age}'
# %%
kb_json "$(jq '[.people[].born]' people.json)"
rm people.json
