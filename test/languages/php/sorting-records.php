enum Country: string
{
    case Japan = 'JP';
    case Norway = 'NO';
    case Peru = 'PE';
}
final readonly class City
{
    public function __construct(public string $name, public Country $country, public int $people)
    {
    }
}
// %%
$cities = array_map(
    fn($line) => new City($line[0], Country::from($line[1]), (int) $line[2]),
    array_map(fn($line) => explode(',', $line), ['Kyoto,JP,1443000', 'Oslo,NO,717710', 'Lima,PE,10092000', 'Osaka,JP,2753000']),
);
// %%
usort($cities, fn($a, $b) => $b->people <=> $a->people);
implode(' ', array_column($cities, 'name'))
// %%
usort($cities, fn($a, $b) => [$a->country->name, $a->name] <=> [$b->country->name, $b->name]);
foreach ($cities as $city) {
    printf("%-8s%-7s%9d\n", $city->country->name, $city->name, $city->people);
}
// %%
$total = [];
foreach ($cities as $city) {
    $total[$city->country->value] = ($total[$city->country->value] ?? 0) + $city->people;
}
$total
// %%
try {
    $cities[0]->people = 1;
} catch (Error $error) {
    echo $error->getMessage(), "\n";
}
// %%
$cities[0]
