package main

import (
	"encoding/json"
	"fmt"
)

type Person struct {
	Name string   `json:"name"`
	Born int      `json:"born"`
	Tags []string `json:"tags,omitempty"`
	note string
}

var document = `{"people": [
	{"name": "Ada", "born": 1815, "tags": ["maths", "poetry"]},
	{"name": "Kōji \"K\"", "born": 1935}
]}`
// %%
var parsed struct {
	People []Person `json:"people"`
}
if err := json.Unmarshal([]byte(document), &parsed); err != nil {
	panic(err)
}
parsed.People
// %%
for i := range parsed.People {
	person := &parsed.People[i]
	person.note = fmt.Sprintf("century %d", person.Born/100+1)
	fmt.Println(person.Name, person.note)
}
// %%
encoded, _ := json.MarshalIndent(parsed.People[0], "", "  ")
fmt.Println(string(encoded))
// %%
var anything map[string]any
json.Unmarshal([]byte(document), &anything)
anything["people"].([]any)[1].(map[string]any)["born"]
// %%
err := json.Unmarshal([]byte(`{"broken": `), &anything)
fmt.Println(err)
