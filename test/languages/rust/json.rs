use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, Debug, Clone)]
struct Item {
    name: String,
    cents: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}
// %%
let source = r#"[{"name": "tea", "cents": 350}, {"name": "日本", "cents": 1499, "tags": ["a", "b"]}]"#;
let mut items: Vec<Item> = serde_json::from_str(source)?;
items
// %%
items.push(Item { name: "cake".into(), cents: 1250, tags: vec![] });
println!("{}", serde_json::to_string(&items)?);
// %%
let tree: Value = json!({ "count": items.len(), "items": items, "nested": [1, 2.5, null, true] });
tree["items"][1]["name"].as_str()
// %%
let total: u64 = items.iter().map(|item| item.cents).sum();
println!("{}", serde_json::to_string_pretty(&json!({ "total": total }))?);
// %%
let wrong = serde_json::from_str::<Item>(r#"{"name": 5}"#);
wrong.unwrap_err().to_string()
// %%
kb::json(json!({ "a": [1, 2] }).to_string());
