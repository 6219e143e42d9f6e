$people = json_decode('{"people": [
    {"name": "Ada", "born": 1815, "tags": ["maths", "poetry"]},
    {"name": "Kōji \"K\"", "born": 1935, "tags": []}
]}', true, flags: JSON_THROW_ON_ERROR)['people'];
// %%
array_column($people, 'born', 'name')
// %%
class Person implements JsonSerializable
{
    public function __construct(private string $name, private int $born)
    {
    }

    public function jsonSerialize(): array
    {
        return ['name' => $this->name, 'century' => intdiv($this->born, 100) + 1];
    }
}
$all = array_map(fn($person) => new Person($person['name'], $person['born']), $people);
// %%
echo json_encode($all, JSON_UNESCAPED_UNICODE), "\n";
// %%
try {
    json_decode('{"broken": ', flags: JSON_THROW_ON_ERROR);
} catch (JsonException $error) {
    echo get_class($error), ': ', $error->getMessage(), "\n";
}
// %%
echo json_encode(['pi' => 3.0, 'list' => [], 'map' => new stdClass()], JSON_PRESERVE_ZERO_FRACTION), "\n";
